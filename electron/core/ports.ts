/**
 * What the rules need from outside, as interfaces: time, chance, a place to keep things, a way out for events, a log.
 * `server.ts` builds the real ones; tests pass their own.
 */
import type { Readable } from 'node:stream';
import type { ActivityKind } from '../../protocol/activity.ts';
import type { Result } from '../../protocol/errors.ts';
import type { PersonFound } from '../../protocol/people.ts';
import type { PhotoMime } from '../../protocol/photo.ts';
import type { ActivityRow } from './activity/activity.ts';
import type { Counts, Step } from './dashboard/counters.ts';
import type { FileRow } from './file/file.ts';
import type { OutgoingEvent, StoredEvent, Told } from './outcome.ts';
import type { PhotoRow } from './photo/photo.ts';
import type { LiveSession, PairingRow, SessionRow } from './session/session.ts';

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
}

/** Calls `then` once, `ms` milliseconds later, unless what it gives back is called before. It keeps no process from ending. */
export type After = (ms: number, then: () => void) => () => void;

export interface Ids {
  uuid(): string;
  /** A number from 0 to `below` - 1. */
  pick(below: number): number;
}

/** Everything secret is derived from the one SECRET_KEY, so that nothing secret needs to be stored. */
export interface Secrets {
  /** HMAC-SHA256 of the parts, 32 bytes. */
  derive(purpose: string, ...parts: string[]): Uint8Array;
}

export interface Log {
  debug(data: object, message: string): void;
  info(data: object, message: string): void;
  warn(data: object, message: string): void;
  error(data: object, message: string): void;
}

export interface Bus {
  publish(events: readonly StoredEvent[]): void;
  /** Ends the connections of a phone whose token is no longer good. */
  revoke(sessionId: string): void;
}

export interface SessionStore {
  insert(row: SessionRow): void;
  update(row: SessionRow): void;
  get(id: string): SessionRow | null;
  byPhone(tokenHash: string): SessionRow | null;
  /** Those not yet ended. */
  live(): LiveSession[];
  /** Live ones, and those ended at or after `endedSince`; newest first, `limit` at most. */
  recent(endedSince: number, limit: number): SessionRow[];
  /** How many there are of each status. */
  count(): Record<string, number>;
  ofPersona(idPersona: string): SessionRow[];
  /** With its tokens and codes. Not while a photo is of it. */
  remove(id: string): void;
  /** Removes sessions ended before `before` that have no photos left; gives back their ids. */
  prune(before: number): string[];
}

export interface PairingStore {
  insert(row: PairingRow): void;
  update(row: PairingRow): void;
  byHash(hash: string): PairingRow | null;
  /** Marks every unused token and code of a session as used at `now`. */
  revoke(sessionId: string, now: number): void;
  /** Forgets what expired before `before`. */
  prune(before: number): void;
}

interface PhotoQuery {
  idPersona?: string | undefined;
  sessionId?: string | undefined;
  /** Only those with a smaller `n`. */
  before?: number | undefined;
  limit: number;
}

/** What a row gets from its place among the others. */
export type NewPhoto = Omit<PhotoRow, 'n' | 'duplicateOf'>;

export interface PhotoStore {
  insert(row: NewPhoto): PhotoRow;
  update(row: PhotoRow): void;
  get(id: string): PhotoRow | null;
  /** Newest first; without the deleted ones. */
  list(query: PhotoQuery): PhotoRow[];
  ofSession(sessionId: string): { count: number; bytes: number };
  unfinished(): PhotoRow[];
  /** Worked on, and still nobody's. */
  ofNobody(): PhotoRow[];
  receivedBefore(time: number): PhotoRow[];
  /** All of one person, oldest first; the deleted ones too. */
  ofPersona(idPersona: string): PhotoRow[];
  /** Those of the same person with the same bytes, itself aside, oldest first; without the deleted ones. */
  same(row: PhotoRow): PhotoRow[];
  /** Those deleted at `until` or before (all of them), whose files may still be there. */
  deleted(until?: number): PhotoRow[];
  /** The deleted ones of a session. */
  deletedOf(sessionId: string): PhotoRow[];
  /** No deletion so far can be taken back any more. */
  sealDeleted(): void;
  remove(id: string): void;
  has(id: string): boolean;
  totals(): { count: number; bytes: number };
}

/** Files of the chat. The conversation itself may be in another database. */
export interface FileStore {
  insert(row: FileRow): void;
  get(id: string): FileRow | null;
  /** Discarded ones too, as long as they may be on the disk. */
  has(id: string): boolean;
  /** Oldest first; without the discarded ones. */
  ofConversation(conversationId: string): FileRow[];
  ofSender(owner: string, conversationId: string): { count: number; bytes: number };
  createdBefore(time: number): FileRow[];
  /** From the commit on nobody gets it; it leaves the disk within seconds, and then its row goes. */
  discard(id: string, at: number): void;
  /** Those whose file may still be there. */
  discarded(): FileRow[];
  /** For good; only of a discarded one. */
  remove(id: string): void;
}

export interface PeopleStore {
  /** Last active first, `limit` at most. `query`: a part of the idPersona, in any case; `before`: the last one of the page before. */
  list(query: { query: string; before: { last: number; idPersona: string } | null; limit: number }): PersonFound[];
}

/** What is left to do of what was erased here: opaque ids alone, which name nobody. */
export interface ErasureRow {
  id: string;
  /** `person`: nothing may stay readable in the database's own file either. `age`: sessions past their time. */
  reason: 'person' | 'age';
  sessions: readonly string[];
  conversations: readonly string[];
}

export interface ErasureStore {
  insert(row: ErasureRow): void;
  /** Oldest first. */
  list(): ErasureRow[];
  remove(id: string): void;
}

/** What names a person in the journal and in the log: the idPersona, and the ids of what was theirs. */
export interface Traces {
  idPersona: string | null;
  ids: readonly string[];
  rooms: readonly string[];
}

export interface JournalStore {
  append(event: OutgoingEvent & { id: string; at: number }): number;
  head(): number;
  /** Oldest `seq` still kept; `head() + 1` when there is none. */
  oldest(): number;
  /** after < seq ≤ to, oldest first; with `rooms` only what was sent to one of them. */
  between(after: number, to: number, rooms?: ReadonlySet<string>): StoredEvent[];
  /** Whether such an event is missing: it is not there, though what is kept reaches back that far. */
  lacks(event: Told): boolean;
  /** Removes every event in which one of them stands; says how many. */
  purge(traces: Traces): number;
  prune(keepRows: number, since: number): void;
}

/** A JWT that was given out. The token itself is not kept. */
interface TokenRow {
  /** Its `jti`. */
  id: string;
  sub: string;
  role: string;
  issuedAt: number;
  expiresAt: number;
  revokedAt: number | null;
}

/** Another process, the command line, may write here while the server reads. */
export interface TokenStore {
  insert(row: TokenRow): void;
  get(id: string): TokenRow | null;
  /** Oldest first. */
  list(): TokenRow[];
  revoke(id: string, now: number): void;
  /** Ids of those revoked at `time` or after. */
  revokedSince(time: number): string[];
  /** Forgets those that expired before `before`. */
  prune(before: number): void;
}

/** What programs of S1 call the sessions that they made. A name goes with its session. */
export interface S1NameStore {
  all(): { name: string; sessionId: string }[];
  /** A name that is known is from now on the other session's. */
  keep(name: string, sessionId: string): void;
  drop(name: string): void;
}

export interface ActivityStore {
  append(row: Omit<ActivityRow, 'id'>): ActivityRow;
  /** Those after one id, or the newest before one, or the newest of all. */
  list(query: {
    after?: number | undefined;
    before?: number | undefined;
    limit: number;
    kinds?: readonly ActivityKind[] | undefined;
  }): ActivityRow[];
  /** When the newest line of that time was written that came more than `by` milliseconds after the one before it. */
  leapAt(by: number, time: { after: number; until: number }): number | null;
  /** All lines of one person, oldest first. */
  ofPersona(idPersona: string): ActivityRow[];
  /** Removes every line in which one of them stands; says how many. */
  purge(traces: Traces): number;
  prune(before: number): void;
}

/** What the dashboard counts. Times are milliseconds; a counter belongs to the whole minute that it was counted in. */
export interface FigureStore {
  add(at: number, counts: Partial<Counts>): void;
  /** A session came to a step; only the first time is kept. */
  reached(sessionId: string, step: Step, at: number): void;
  /** Another phone has this session now. */
  newPhone(sessionId: string): void;
  /** Its phone has connected; whether it had before. */
  phoneCame(sessionId: string): boolean;
  /** From and to are included. */
  total(from: number, to: number): Counts;
  /** `many` buckets of `stepMinutes` each, oldest first. */
  series(from: number, stepMinutes: number, many: number): Counts[];
  /** How far the visits came that came to a step in this time. */
  funnel(from: number, to: number): Record<Step, number>;
  /** Of the visits whose first photo came in this time; `null` where there was none. */
  medianScanToPhoto(from: number, to: number): number | null;
  /** Sessions that have not ended: with a phone, and still waiting for one. */
  live(): { paired: number; waiting: number };
  prune(before: number): void;
}

export interface Store {
  /** All or nothing; what is written is on the disk when it returns. A throw rolls back and goes on to the caller. */
  transaction<T>(work: () => T): T;
  /** Whether its file is still where it was; while it is not, nothing is written. (`StoreGone`) */
  isThere(): boolean;
  sessions: SessionStore;
  pairing: PairingStore;
  photos: PhotoStore;
  files: FileStore;
  journal: JournalStore;
  activity: ActivityStore;
  tokens: TokenStore;
  figures: FigureStore;
  s1Names: S1NameStore;
  people: PeopleStore;
  erasures: ErasureStore;
  /**
   * Makes what was deleted unreadable in the database's files too, which are written anew for it: 100 ms for 50 MB.
   * `false`: another process reads them just now; to be tried again. @throws StoreUnavailable
   */
  scrub(): boolean;
  /** What lies aside of a damaged database goes: what was last written to before `before`; all of it without that. */
  dropAside(before?: number): void;
  close(): void;
}

/** An upload that is whole and synced, but not yet a photo. End it with `keep` or `discard`. */
export interface Incoming {
  bytes: number;
  /** Lower-case hexadecimal. */
  sha256: string;
  /** Its bytes, to be inspected. `unavailable` where the disk cannot give back what it has just taken. */
  read(): Promise<Result<Buffer>>;
  /**
   * Puts what `make` writes at `full` in its place; the size and hash stay those of the upload. `unavailable` where the disk
   * refuses. Where the work failed the upload is still there.
   */
  remake(
    make: (paths: { source: string; full: string; thumb: string }) => Promise<ImageResult>,
  ): Promise<Result<ImageResult>>;
  /** Makes it the original of photo `id`. `conflict` when this run already keeps one for it; `unavailable` where the disk refuses. */
  keep(id: string): Promise<Result<void>>;
  discard(): Promise<void>;
}

/** Names are the photos' ids. Nothing here rejects: a disk that is full or broken is `unavailable`. */
export interface PhotoFiles {
  receive(
    stream: AsyncIterable<Uint8Array>,
    options: { maxBytes: number; onProgress?: (bytes: number) => void },
  ): Promise<Result<Incoming>>;
  paths(id: string): { original: string; full: string; thumb: string };
  /** `not_found` while it has not been made. */
  open(id: string, part: 'full' | 'thumb'): Promise<Result<{ bytes: number; stream: Readable }>>;
  dropOriginal(id: string): Promise<Result<void>>;
  /** Removes all files of a photo; missing ones are fine. */
  remove(id: string): Promise<Result<void>>;
  /** What there is of it, the best of it; `null` where nothing can be read. `at`: when it was written. */
  find(id: string): Promise<{ bytes: Buffer; sha256: string; isOriginal: boolean; at: number } | null>;
}

/** Keeps photos that are here whole, in a process of its own. */
export interface Storing {
  /** As `receive`, inspecting and `keep` in one. `null`: it could not, for another reason than the picture; nothing of it counts. */
  keep(id: string, bytes: Buffer): Promise<Result<PhotoFacts> | null>;
}

/** The same for files of the chat: one file each, `original` until it is settled and `full` after that. */
export interface ChatFiles {
  receive: PhotoFiles['receive'];
  open(id: string, part: 'original' | 'full'): Promise<Result<{ bytes: number; stream: Readable }>>;
  settle(id: string): Promise<Result<void>>;
  remove(id: string): Promise<Result<void>>;
}

/** What was found out about an upload before it was acknowledged. */
export interface PhotoFacts {
  mime: PhotoMime;
  width: number;
  height: number;
  bytes: number;
  sha256: string;
}

/** What the separate image process gives back. */
export type ImageResult =
  | { ok: true; width: number; height: number; sha256: string; mime: PhotoMime }
  | { ok: false; reason: string };

export interface ImageWork {
  /**
   * Decodes `source`, turns it upright, drops its metadata and writes `full` (JPEG) and
   * `thumb` (JPEG, 480 px on the longer side). `onThumb` is called as soon as the thumbnail is there. Those who wait, told
   * apart by `whose`, take turns: the many photos of one keep nobody else's waiting. Never rejects.
   */
  run(job: { source: string; full: string; thumb: string; whose: string }, onThumb: () => void): Promise<ImageResult>;
  /** The picture is not wanted any more: where nothing of it is being done at this moment, its `run` ends in failure at once. */
  drop(source: string): void;
  stop(): Promise<void>;
}

/** Thrown by a store that cannot write for a reason outside the program: disk full, input/output error, locked. */
export class StoreUnavailable extends Error {
  override name: string = 'StoreUnavailable';
}

/** The database's file is not where it was: its folder was moved or deleted, and what is written goes with it. */
export class StoreGone extends StoreUnavailable {
  override name = 'StoreGone';
}

/** The database answers, but its columns cannot hold this text: as often as it is sent. */
export class StoreTooNarrow extends StoreUnavailable {
  override name = 'StoreTooNarrow';
}

/** The database answers, but its user has not the right to do this. */
export class StoreForbids extends StoreUnavailable {
  override name = 'StoreForbids';
}
