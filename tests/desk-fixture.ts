/** For tests: the rules as `server.ts` puts them together, on a real SQLite, with a clock, ids and a network that the test moves. */
import { createHash, createHmac } from 'node:crypto';
import * as z from 'zod/mini';
import { operator, type Principal, phone } from '../electron/core/access.ts';
import { activityHandlers } from '../electron/core/activity/handlers.ts';
import { createBroadcast } from '../electron/core/broadcast.ts';
import { conversationHandlers, messageHandlers } from '../electron/core/chat/handlers.ts';
import { createSessionChat } from '../electron/core/chat/session-chat.ts';
import { createCommit } from '../electron/core/commit.ts';
import { createCommitTogether } from '../electron/core/commit-together.ts';
import { createDispatch, type Dispatched, replyOf } from '../electron/core/dispatch.ts';
import { eventHandlers } from '../electron/core/events/handlers.ts';
import type { Outcome, StoredEvent } from '../electron/core/outcome.ts';
import { createErasures } from '../electron/core/people/erasures.ts';
import { peopleHandlers } from '../electron/core/people/handlers.ts';
import { createDarkroom } from '../electron/core/photo/darkroom.ts';
import { photoHandlers } from '../electron/core/photo/handlers.ts';
import { createIntake, type IntakeLimits } from '../electron/core/photo/intake.ts';
import type { After, ImageWork, Log, PhotoFiles, Store, Storing } from '../electron/core/ports.ts';
import { createPresent } from '../electron/core/present.ts';
import { createQuota } from '../electron/core/quota.ts';
import { roomHandlers } from '../electron/core/rooms/handlers.ts';
import { roomsOf } from '../electron/core/rooms/rooms.ts';
import { createCredentials } from '../electron/core/session/credentials.ts';
import { sessionHandlers, sessionTick } from '../electron/core/session/handlers.ts';
import { pair } from '../electron/core/session/pair.ts';
import { createPresence } from '../electron/core/session/presence.ts';
import { createQrDesk } from '../electron/core/session/qr.ts';
import { userHandlers } from '../electron/core/users/handlers.ts';
import { createUserPresence } from '../electron/core/users/presence.ts';
import { openSqlite, type SqliteStore } from '../electron/store/sqlite.ts';
import { read } from '../protocol/codec.ts';
import type { ErrorCode, Result } from '../protocol/errors.ts';
import { type PairReply, type PairRequest, type Session, session } from '../protocol/session.ts';

export const noon = Date.parse('2026-03-02T12:00:00.000Z');
export const baseUrl = 'http://192.168.1.50:8080';

export type Desk = ReturnType<typeof openDesk>;

interface Options {
  /** A file, to be opened again later; else a database in memory. */
  path?: string;
  store?: Store;
  now?: number;
  files?: PhotoFiles;
  storing?: Storing;
  work?: ImageWork;
  after?: After;
  limits?: Partial<IntakeLimits>;
  log?: Log;
  /** Where the chat is, if not in the same database. */
  chat?: SqliteStore['chat'];
  chatPerMinute?: number;
}

const later: After = (ms, then) => {
  const timer = setTimeout(then, ms);
  return () => clearTimeout(timer);
};
const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };
const MiB = 1024 * 1024;

export function openDesk(options: Options = {}) {
  let now = options.now ?? noon;
  const network = { url: baseUrl as string | null };
  const clock = { now: () => now };
  let made = 0;
  // Different for each start as well, as real ones are.
  const ids = {
    uuid: () => uuidFrom(`${options.now ?? noon} ${made++}`),
    pick: (below: number) => (made * 7) % below,
  };
  const log = options.log ?? silent;
  const opened = openSqlite(options.path ?? ':memory:');
  const store = options.store ?? opened;
  const credentials = createCredentials({
    derive: (...words) => createHmac('sha256', 'a test key').update(JSON.stringify(words)).digest(),
  });
  const published: StoredEvent[] = [];
  const revoked: string[] = [];
  const bus = {
    publish: (events: readonly StoredEvent[]) => void published.push(...events),
    revoke: (id: string) => void revoked.push(id),
  };
  const presence = createPresence(clock);
  const commit = createCommit({ store, bus, clock, ids, log });
  const broadcast = createBroadcast(bus, ids);
  const qrDesk = createQrDesk({ credentials, pairing: store.pairing, clock, baseUrl: () => network.url });
  const present = createPresent({ sessions: store.sessions, qrDesk });
  const sessions = { store, clock, ids, presence, qrDesk };
  const files = options.files ?? noFiles;
  const darkroom = createDarkroom({
    store,
    commit,
    files,
    work: options.work ?? noWork,
    after: options.after ?? later,
    log,
  });
  const intake = createIntake({
    ...sessions,
    commit,
    together: createCommitTogether(commit, queueMicrotask),
    storing: options.storing ?? { keep: async () => null },
    broadcast,
    files,
    darkroom,
    inspect: () => ({ ok: true, value: { mime: 'image/jpeg', width: 40, height: 30 } }),
    limits: { maxPhotoBytes: 12 * MiB, maxSessionPhotos: 100, maxSessionBytes: 500 * MiB, ...options.limits },
  });
  const kept = options.chat ?? opened.chat;
  const online = new Set<string>();
  const isOnline = (userId: string) => online.has(userId);
  const users = createUserPresence({ ...kept, clock, isOnline, commit, broadcast, after: options.after ?? later, log });
  const openChat = createSessionChat({ ...kept, sessions, commit, log });
  const quota = createQuota(clock, options.chatPerMinute ?? 30);
  const chat = { ...kept, sessions: store.sessions, files: store.files, clock, ids, quota, maxChars: 2_000 };
  const erasures = createErasures({ store, chat: kept.chat, files, clock, darkroom, commit, log });
  const refOf = (idPersona: string) => claim(`a test key ${idPersona}`).slice(0, 16);
  const dispatch = createDispatch(
    {
      conversations: conversationHandlers(chat),
      messages: messageHandlers(chat),
      users: userHandlers({ ...kept, clock, ids, isOnline }),
      sessions: sessionHandlers(sessions),
      photos: photoHandlers(sessions),
      people: peopleHandlers({ ...sessions, commit, erasures, refOf }),
      events: eventHandlers({ store, clock }),
      rooms: roomHandlers(),
      activity: activityHandlers({ store }),
    },
    { commit, log, journal: store.journal },
  );

  /** What a connection made now would have. */
  function connect(principal: Principal) {
    const rooms = new Set(roomsOf(principal));
    let replaying = false;
    const connection = {
      head: store.journal.head(),
      rooms,
      isReplaying: () => replaying,
      join: (room: string) => void rooms.add(room),
      leave: (room: string) => void rooms.delete(room),
    };
    return {
      rooms,
      replaying(state: boolean) {
        replaying = state;
      },
      ask: (resource: string, action: string, payload: object = {}) =>
        atOnce(dispatch({ principal, connection }, { resource, payload: { ...payload, action } })),
    };
  }

  function ask(principal: Principal, resource: string, action: string, payload: object = {}): Result<unknown> {
    return replyOf(atOnce(dispatch({ principal, connection: null }, { resource, payload: { ...payload, action } })));
  }

  /** `ask`, for what is kept elsewhere too. */
  async function askLater(principal: Principal, resource: string, action: string, payload: object = {}) {
    return replyOf(await dispatch({ principal, connection: null }, { resource, payload: { ...payload, action } }));
  }

  function askSession(action: string, payload: object = {}, principal: Principal = operator): Session {
    return granted(read(sessionReply, granted(ask(principal, 'sessions', action, payload)))).session;
  }

  return {
    store,
    commit,
    dispatch,
    credentials,
    presence,
    present,
    sessions,
    darkroom,
    intake,
    network,
    online,
    users,
    erasures,
    refOf,
    openChat,
    kept,
    published,
    revoked,
    connect,
    ask,
    askLater,
    askSession,
    now: clock.now,
    /** Time goes by and the clock's work is done, second by second as upkeep does it. */
    pass(ms: number) {
      for (const end = now + ms; now < end; ) {
        now = Math.min(end, now + 1_000);
        commit(() => sessionTick(sessions));
      }
    },
    /** The clock alone: it was set, or the PC slept. */
    jump(ms: number) {
      now += ms;
    },
    pair: (request: PairRequest, device = 'Teléfono'): Result<PairReply> =>
      replyOf(commit(() => pair(request, device, { ...sessions, credentials }))),
    /** A session with a phone in it. */
    paired(input: object = { idPersona: 'DNI-123456' }) {
      const { id, qr } = askSession('create', input);
      const reply = granted(
        replyOf(commit(() => pair({ token: tokenIn(qr), claim: claim(id) }, 'iPhone', { ...sessions, credentials }))),
      );
      const who = phone(id, store.sessions.get(id)?.generation ?? 0);
      return { id, token: reply.phone_token, who };
    },
    /** A photo as it stands in the database once it was acknowledged. */
    photo(of: { sessionId?: string | null; idPersona?: string | null; bytes?: number } = {}) {
      const id = uuidFrom(`photo ${made++}`);
      return store.photos.insert({
        id,
        sessionId: of.sessionId ?? null,
        idPersona: of.idPersona ?? null,
        mime: 'image/jpeg',
        width: 40,
        height: 30,
        bytes: of.bytes ?? 1_000,
        sha256: createHash('sha256').update(id).digest('hex'),
        storedSha256: null,
        status: 'received',
        reason: null,
        shot: null,
        receivedAt: now,
        deletedAt: null,
        relayed: false,
      });
    },
  };
}

const sessionReply = z.object({ session });

/** Of what is in this process's own store. */
export function atOnce(dispatched: Dispatched): Result<Outcome<unknown>> {
  if (dispatched instanceof Promise) throw new Error('this one is elsewhere');
  return dispatched;
}

export function granted<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Error(`${result.error.code}: ${result.error.message}`);
}

/** `ok`, or the failure's code with its `details.reason`. */
export function verdict(result: Result<unknown>): ErrorCode | 'ok' | string {
  if (result.ok) return 'ok';
  const reason = result.error.details?.reason;
  return typeof reason === 'string' ? `${result.error.code} ${reason}` : result.error.code;
}

/** What a phone that scans this QR gets. */
export function tokenIn(qr: Session['qr']): string {
  const token = qr && new URL(qr.url).pathname.split('/').at(-1);
  if (!token) throw new Error('this session shows no QR');
  return token;
}

/** As a phone makes one up. */
export function claim(name: string): string {
  return createHash('sha256').update(name).digest('hex');
}

export function uuidFrom(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const noWork: ImageWork = { run: () => new Promise(() => {}), drop() {}, stop: async () => {} };
const gone = { ok: false, error: { code: 'not_found', message: 'no files in this test' } } as const;
const noFiles: PhotoFiles = {
  receive: async () => gone,
  paths: id => ({ original: `${id}.orig`, full: `${id}.full`, thumb: `${id}.thumb` }),
  open: async () => gone,
  dropOriginal: async () => ({ ok: true, value: undefined }),
  remove: async () => ({ ok: true, value: undefined }),
  find: async () => null,
};
