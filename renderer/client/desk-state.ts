/**
 * What the desk's screen is drawn from: sessions, photos and uploads gathered into one entry a person. Pure: `desk-store.ts`
 * says when something changes, this file says what it then looks like.
 */
import type { Activity } from '../../protocol/activity.ts';
import type { Photo, PhotoStatus, UploadProgress } from '../../protocol/photo.ts';
import type { Session } from '../../protocol/session.ts';

/** `offline`: trying again has failed at least once since the connection was lost. `refused`: the token is no longer good. */
export type Connection = 'connecting' | 'connected' | 'reconnecting' | 'offline' | 'refused';

export type Load = { status: 'loading' } | { status: 'ready' } | { status: 'failed'; message: string };

/** One tab: a visitor with an idPersona, or one session (or loose photos) that nobody has assigned yet. */
export interface Person {
  key: string;
  idPersona: string | null;
  /** The newest one still alive. */
  session: Session | null;
  /** Newest first. */
  photos: readonly Photo[];
  uploads: readonly UploadProgress[];
  unread: number;
  load: Load;
  /** Whether the server has older ones. */
  more: boolean;
}

export interface DeskState {
  connection: Connection;
  /** What the server said about a token that it refused. */
  refusal: string | null;
  /** Milliseconds to add to this machine's clock to get the server's. */
  clockOffset: number;
  load: Load;
  /** All the server still remembers, newest first; the ended ones too. */
  sessions: readonly Session[];
  people: readonly Person[];
  /** Key of the person whose photos are on the screen. */
  viewed: string | null;
  /** The newest one that came while the page was open, to be read out. */
  arrived: Photo | null;
  activity: { load: Load; lines: readonly Activity[] };
}

/** A verdict that the desk has given and the server has not yet confirmed. */
export interface Verdict {
  status: PhotoStatus;
  reason: string | null;
}

export interface Pages {
  load: Load;
  /** Cursor of the next older page, `null` on the last one, `undefined` before the first was fetched. */
  next: string | null | undefined;
}

/** Everything that `people` is made of. */
export interface Gathered {
  sessions: ReadonlyMap<string, Session>;
  photos: ReadonlyMap<string, Photo>;
  verdicts: ReadonlyMap<string, Verdict>;
  uploads: ReadonlyMap<string, UploadProgress>;
  unseen: ReadonlySet<string>;
  pages: ReadonlyMap<string, Pages>;
  /** Keys in the order of their tabs, so that a tab never moves away from under a finger. */
  order: readonly string[];
}

/** The tab that something belongs to. What has no idPersona is kept apart by session: two strangers never share a tab. */
export function personKey(about: { idPersona: string | null; session_id: string | null }): string {
  return about.idPersona === null ? `s:${about.session_id ?? ''}` : `p:${about.idPersona}`;
}

export function sessionKey(session: Session): string {
  return personKey({ idPersona: session.idPersona, session_id: session.id });
}

export function isLive(session: Session): boolean {
  return session.status !== 'disconnected';
}

export function newestFirst(sessions: Iterable<Session>): Session[] {
  return [...sessions].sort((a, b) => b.created_at.localeCompare(a.created_at));
}

/** A person while the list is being made. */
type Entry = Person & { photos: Photo[]; uploads: UploadProgress[] };

export function gatherPeople(from: Gathered): Person[] {
  const found = new Map<string, Entry>();
  const entry = (key: string, idPersona: string | null): Entry => {
    const known = found.get(key);
    if (known) return known;
    const pages = from.pages.get(key);
    const fresh: Entry = {
      key,
      idPersona,
      session: null,
      photos: [],
      uploads: [],
      unread: 0,
      load: pages?.load ?? { status: 'loading' },
      more: typeof pages?.next === 'string',
    };
    found.set(key, fresh);
    return fresh;
  };
  for (const session of newestFirst(from.sessions.values())) {
    if (!isLive(session)) continue;
    const person = entry(sessionKey(session), session.idPersona);
    person.session ??= session;
  }
  for (const photo of from.photos.values()) {
    const person = entry(personKey(photo), photo.idPersona);
    person.photos.push(withVerdict(photo, from.verdicts.get(photo.id)));
    if (from.unseen.has(photo.id)) person.unread += 1;
  }
  for (const upload of from.uploads.values()) entry(personKey(upload), upload.idPersona).uploads.push(upload);
  for (const person of found.values()) {
    person.photos.sort((a, b) => b.received_at.localeCompare(a.received_at) || b.id.localeCompare(a.id));
  }
  const place = new Map(from.order.map((key, index) => [key, index]));
  return [...found.values()].sort((a, b) => (place.get(a.key) ?? -1) - (place.get(b.key) ?? -1));
}

/** Remembered, because a card is drawn anew only when its photo is another object. */
const judged = new WeakMap<Photo, { verdict: Verdict; photo: Photo }>();

function withVerdict(photo: Photo, verdict: Verdict | undefined): Photo {
  if (!verdict) return photo;
  const known = judged.get(photo);
  if (known?.verdict === verdict) return known.photo;
  const shown = { ...photo, status: verdict.status, reason: verdict.reason };
  judged.set(photo, { verdict, photo: shown });
  return shown;
}

/** Oldest first, each once, the newest `most` at most. Ids are numbers in text, in the order of writing. */
export function mergeLines(known: readonly Activity[], added: readonly Activity[], most: number): readonly Activity[] {
  const last = known.at(-1);
  const inOrder = !last || added.every((line, i) => Number(line.id) > Number((i ? added[i - 1] : last)?.id));
  const all = inOrder
    ? [...known, ...added]
    : [...new Map([...known, ...added].map(line => [line.id, line])).values()].sort(
        (a, b) => Number(a.id) - Number(b.id),
      );
  return all.slice(-most);
}
