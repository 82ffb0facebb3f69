/**
 * What the desk's screen is drawn from: sessions, photos and uploads gathered into one entry a person. Pure: `desk-store.ts`
 * says when something changes, this file says what it then looks like.
 */
import type { Photo, PhotoStatus, UploadProgress } from '../../protocol/photo.ts';
import type { Session } from '../../protocol/session.ts';
import type { Settings } from '../../protocol/settings.ts';
import type { Connection } from './connection.ts';
import type { Log } from './desk-log.ts';
import { type Load, loading } from './load.ts';

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
  activity: Log;
  /** How many persons were deleted while the page was open: what names one of them is to go. */
  forgotten: number;
  /** `null` until they are known, and for a token that may not see them. */
  settings: Settings | null;
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
  /** Whether old ones were let go: then the pages begin anew, and what is still here is passed over. */
  shortened?: boolean;
}

/** Everything that `people` is made of. */
export interface Gathered {
  /** Newest first. */
  sessions: readonly Session[];
  /** Newest first in each, by key. */
  lists: ReadonlyMap<string, readonly Photo[]>;
  uploads: ReadonlyMap<string, UploadProgress>;
  /** How many of whose photos have not been seen. */
  unread: ReadonlyMap<string, number>;
  pages: ReadonlyMap<string, Pages>;
  /** Keys of those who have a tab because somebody asked for them. */
  lookedUp: ReadonlySet<string>;
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
  return [...sessions].sort((a, b) => (a.created_at < b.created_at ? 1 : Number(a.created_at === b.created_at) - 1));
}

/** A person while the list is being made. */
type Entry = Person & { uploads: UploadProgress[] };

/** `before` is the last answer: a person to whom nothing has happened stays the same object. */
export function gatherPeople(from: Gathered, before: readonly Person[]): readonly Person[] {
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
      unread: from.unread.get(key) ?? 0,
      load: pages?.load ?? loading,
      more: typeof pages?.next === 'string' || pages?.shortened === true,
    };
    found.set(key, fresh);
    return fresh;
  };
  for (const session of from.sessions) {
    if (!isLive(session)) continue;
    const person = entry(sessionKey(session), session.idPersona);
    person.session ??= session;
  }
  for (const [key, photos] of from.lists) entry(key, photos[0]?.idPersona ?? null).photos = photos;
  for (const key of from.lookedUp) entry(key, key.slice(2));
  for (const upload of from.uploads.values()) entry(personKey(upload), upload.idPersona).uploads.push(upload);
  const place = new Map(from.order.map((key, index) => [key, index]));
  const old = new Map(before.map(person => [person.key, person]));
  // A new tab moves all others anyway: then those who are here come before those who have left. At other times each stays.
  const isMoving = [...found.keys()].some(key => !place.has(key));
  const group = (person: Entry) => (!place.has(person.key) ? 0 : isMoving && !person.session ? 2 : 1);
  const people = [...found.values()]
    .sort((a, b) => (isMoving ? group(a) - group(b) : 0) || (place.get(a.key) ?? -1) - (place.get(b.key) ?? -1))
    .map(person => same(old.get(person.key), person));
  return people.length === before.length && people.every((person, i) => person === before[i]) ? before : people;
}

function same(old: Person | undefined, fresh: Person): Person {
  if (!old) return fresh;
  const { uploads, ...facts } = fresh;
  const kept =
    (Object.keys(facts) as (keyof typeof facts)[]).every(name => old[name] === fresh[name]) &&
    uploads.length === old.uploads.length &&
    uploads.every((upload, i) => upload === old.uploads[i]);
  return kept ? old : fresh;
}
