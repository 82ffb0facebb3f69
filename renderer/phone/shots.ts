/** Which of the photos that the desk asked for are there, and which is next. */
import type { Photo } from '../../protocol/photo.ts';
import type { Answer } from './kept.ts';
import type { QueuedPhoto } from './queue.ts';

export interface Shot {
  name: string;
  /** `sent`: the desk has it; `here`: chosen or on its way. A rejected or unreadable one counts as missing. */
  state: 'missing' | 'here' | 'sent' | 'accepted';
}

export function shotsOf(names: readonly string[], photos: readonly Photo[], queued: readonly QueuedPhoto[]): Shot[] {
  return names.map(name => {
    const sent = photos.filter(photo => photo.shot === name);
    if (sent.some(photo => photo.status === 'accepted')) return { name, state: 'accepted' };
    if (sent.some(photo => photo.status === 'received')) return { name, state: 'sent' };
    return { name, state: queued.some(photo => photo.shot === name) ? 'here' : 'missing' };
  });
}

/** Names for `count` chosen photos: `first`, then the ones still missing after it, then none. */
export function namesFor(count: number, first: string | null, shots: readonly Shot[]): (string | null)[] {
  const missing = shots.filter(shot => shot.state === 'missing').map(shot => shot.name);
  const rest = missing.filter(name => name !== first);
  const names = first === null ? rest : [first, ...rest];
  return Array.from({ length: count }, (_, index) => (first === null ? null : (names[index] ?? null)));
}

export function nextShot(shots: readonly Shot[]): string | null {
  return shots.find(shot => shot.state === 'missing')?.name ?? null;
}

/**
 * The photos that the desk wants another of, or could not read, and that the phone has not followed: by a newer one of the
 * same name (`queued` ones are newer than all that the desk has), or, where they have none, by the one chosen for it. That another
 * without a name is newer says nothing there: it may have come with the refused one.
 */
export function unanswered(
  photos: readonly Photo[],
  queued: readonly QueuedPhoto[],
  answers: readonly Answer[],
): ReadonlySet<string> {
  const isRefused = ({ status }: Photo) => status === 'rejected' || status === 'quarantined';
  const isHere = (id: string) => [...photos, ...queued].some(photo => photo.id === id);
  const isFollowed = (photo: Photo) =>
    photo.shot === null
      ? answers.some(({ to, by }) => to === photo.id && isHere(by))
      : queued.some(({ shot }) => shot === photo.shot) ||
        photos.some(other => other.shot === photo.shot && other.received_at > photo.received_at);
  return new Set(photos.filter(photo => isRefused(photo) && !isFollowed(photo)).map(photo => photo.id));
}
