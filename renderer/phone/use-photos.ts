/** How the photos of a visit stand: what waits on the phone, what the desk has and said, and what is missing. */
import type { Photo } from '../../protocol/photo.ts';
import type { App } from './app.ts';
import type { QueuedPhoto } from './queue.ts';
import { type Shot, shotsOf } from './shots.ts';
import { useSnapshot } from './use-snapshot.ts';
import type { Visit } from './visit.ts';

interface PhotosOfVisit {
  /** The desk has them. */
  photos: readonly Photo[];
  /** Chosen and not yet sent off. */
  drafts: number;
  onTheWay: readonly QueuedPhoto[];
  /** Of other visits, still on their way. */
  older: number;
  shots: readonly Shot[];
  /** Ids of those of which the desk still wants another. */
  refused: ReadonlySet<string>;
  /** Nothing is left to be sent for now. */
  done: boolean;
  /** There is a verdict on each. */
  judged: boolean;
}

export function usePhotos(app: App, visit: Visit): PhotosOfVisit {
  const { session, photos } = useSnapshot(visit);
  const everything = useSnapshot(app.queue).filter(({ file }) => file === null);
  const own = everything.filter(photo => photo.sessionId === visit.id);
  // The event that the desk has one may be ahead of the answer to its upload: it is shown once, as the desk has it.
  const there = new Set(photos.map(photo => photo.id));
  const queued = own.filter(photo => !there.has(photo.id));
  const onTheWay = queued.filter(photo => photo.phase.name !== 'draft');
  const shots = shotsOf(session.shots, photos, queued);
  const refused = app.unanswered(visit);
  const isComplete = shots.every(({ state }) => state !== 'missing') && refused.size === 0;
  return {
    photos,
    drafts: queued.length - onTheWay.length,
    onTheWay,
    older: everything.length - own.length,
    shots,
    refused,
    done: photos.length > 0 && queued.length === 0 && isComplete,
    judged: photos.every(({ status }) => status !== 'received'),
  };
}
