/**
 * How a photo comes in, whichever protocol brings it: stream to a temporary file, check, sync, rename, commit, and only
 * then a yes. What was once acknowledged cannot be lost; what was refused leaves nothing behind. (TRUST, promise 1.)
 */
import { fail, ok, type Result } from '../../../protocol/errors.ts';
import type { Photo } from '../../../protocol/photo.ts';
import { maySeeSession, type Phone, type Principal } from '../access.ts';
import type { Broadcast } from '../broadcast.ts';
import type { Commit } from '../commit.ts';
import type { CommitTogether } from '../commit-together.ts';
import type { Outcome } from '../outcome.ts';
import type { Clock, Incoming, PhotoFacts, PhotoFiles, Store, Storing } from '../ports.ts';
import { deskRoom } from '../rooms/rooms.ts';
import type { Presence } from '../session/presence.ts';
import type { SessionRow } from '../session/session.ts';
import { createTurns } from '../turns.ts';
import type { Darkroom } from './darkroom.ts';
import { type PhotoRow, photoEvent, photoLine, toPhoto } from './photo.ts';

export interface Upload {
  /** Chosen by the sender, so that it can send again without doubling. */
  id: string;
  sessionId: string | null;
  idPersona: string | null;
  shot: string | null;
  /** What the sender says the body's hash is. */
  sha256: string | null;
  /** What the sender says the body's size is, in bytes. */
  total: number | null;
  /** Went out to other listeners as it came. */
  relayed?: boolean;
  body: AsyncIterable<Uint8Array>;
}

/** One that is here whole, and went out to other listeners as it came. Its id is new. */
interface Relayed {
  id: string;
  idPersona: string;
  picture: Buffer;
}

export interface Intake {
  /** `created` is false where the very same photo was here already. */
  receive(upload: Upload, principal: Principal): Promise<Result<{ photo: Photo; created: boolean }>>;
  /** The same for what nobody waits for an answer about: those that come together are committed together. */
  keep(photo: Relayed, principal: Principal): Promise<Result<unknown>>;
}

export interface IntakeLimits {
  maxPhotoBytes: number;
  maxSessionPhotos: number;
  maxSessionBytes: number;
}

interface Parts {
  store: Store;
  commit: Commit;
  together: CommitTogether;
  broadcast: Broadcast;
  clock: Clock;
  files: PhotoFiles;
  storing: Storing;
  presence: Presence;
  darkroom: Darkroom;
  inspect(bytes: Buffer): Result<Omit<PhotoFacts, 'bytes' | 'sha256'>>;
  limits: IntakeLimits;
}

/** What all photos take turns for; no photo's id. */
const memory = 'memory';
/** The desk's bar moves this often, in milliseconds. */
const progressEvery = 150;

export function createIntake(parts: Parts): Intake {
  const { store, commit, together, broadcast, clock, files, storing, presence, darkroom, inspect, limits } = parts;
  /** The same photo here twice at once: the second is looked at after the first. Only then; a retry does not wait for a dead connection. */
  const inTurn = createTurns();

  async function receive(upload: Upload, principal: Principal): Promise<Result<{ photo: Photo; created: boolean }>> {
    const { maxPhotoBytes } = limits;
    const megabytes = Math.floor(maxPhotoBytes / 1024 / 1024);
    const tooLarge = fail('too_large', `La foto pesa más de ${megabytes} MB.`, { limit_bytes: maxPhotoBytes });
    if (upload.total !== null && upload.total > maxPhotoBytes) return tooLarge;
    const early = store.photos.get(upload.id) ? null : room(upload.sessionId, upload.total ?? 0);
    if (early) return early;

    const progress = createProgress(upload);
    const incoming = await files.receive(upload.body, { maxBytes: maxPhotoBytes, onProgress: progress.at });
    if (!incoming.ok) {
      progress.end('failed', 0);
      return incoming.error.code === 'too_large' ? tooLarge : incoming;
    }
    let result: Awaited<ReturnType<typeof settle>> | null = null;
    try {
      result = await inTurn(upload.id, () => settle(upload, incoming.value, principal));
      return result;
    } finally {
      if (!result?.ok || !result.value.created) await incoming.value.discard();
      progress.end(result?.ok ? 'done' : 'failed', incoming.value.bytes);
    }
  }

  async function keep(relayed: Relayed, principal: Principal): Promise<Result<unknown>> {
    const { id, idPersona, picture } = relayed;
    const upload = { id, idPersona, sessionId: null, shot: null, sha256: null, total: picture.length, relayed: true };
    const facts = picture.length > limits.maxPhotoBytes ? null : await storing.keep(id, picture);
    if (facts === null) {
      // What there may be of it goes, and it is received like any other.
      await files.remove(id);
      return receive({ ...upload, body: once(picture) }, principal);
    }
    if (!facts.ok) return facts;
    return recorded(upload, () =>
      together.commit(() => {
        const done = insert(upload, facts.value, principal);
        return done.ok ? ok({ ...done.value, reply: null }) : done;
      }),
    );
  }

  /** The file is there: now its row, or neither. */
  async function recorded<T extends Result<unknown>>(
    upload: Omit<Upload, 'body'>,
    write: () => T | Promise<T>,
  ): Promise<T> {
    let isIn = false;
    try {
      const done = await write();
      isIn = done.ok;
      if (isIn) darkroom.add(upload);
      return done;
    } finally {
      if (!isIn && !store.photos.has(upload.id)) await files.remove(upload.id);
    }
  }

  async function settle(upload: Upload, incoming: Incoming, principal: Principal) {
    if (upload.sha256 !== null && upload.sha256 !== incoming.sha256) {
      const details = { reason: 'hash', expected: upload.sha256, received: incoming.sha256 };
      return fail('invalid_message', 'La foto llegó dañada; envíela otra vez.', details);
    }
    const known = duplicate(upload.id, incoming.sha256, principal);
    if (known) return known;
    // One whole photo in memory at a time, however many arrive.
    const facts = await inTurn(memory, async () => {
      const bytes = await incoming.read();
      return bytes.ok ? inspect(bytes.value) : bytes;
    });
    if (!facts.ok) return facts;
    const kept = await incoming.keep(upload.id);
    if (!kept.ok) return kept;
    const done = await recorded(upload, () =>
      commit(() => insert(upload, { ...facts.value, bytes: incoming.bytes, sha256: incoming.sha256 }, principal)),
    );
    return done.ok ? ok({ photo: done.value.reply, created: true }) : done;
  }

  function isPairedWith(session: SessionRow | null, phone: Phone): boolean {
    return session?.status === 'authenticated' && session.generation === phone.generation;
  }

  function insert(upload: Omit<Upload, 'body'>, facts: PhotoFacts, principal: Principal): Result<Outcome<Photo>> {
    const session = upload.sessionId === null ? null : store.sessions.get(upload.sessionId);
    // The phone may have been replaced while its photo was on the way: then the session is another phone's.
    if (principal.role === 'phone' && !isPairedWith(session, principal)) {
      return fail('expired', 'La sesión terminó antes de que llegara la foto.', { reason: 'session' });
    }
    const full = room(upload.sessionId, facts.bytes);
    if (full) return full;
    const row = store.photos.insert({
      ...facts,
      id: upload.id,
      idPersona: session ? session.idPersona : upload.idPersona,
      sessionId: upload.sessionId,
      storedSha256: null,
      status: 'received',
      reason: null,
      shot: upload.shot,
      receivedAt: clock.now(),
      relayed: upload.relayed === true,
      deletedAt: null,
    });
    if (row.sessionId !== null) presence.touch(row.sessionId);
    return ok({
      reply: toPhoto(row),
      events: [photoEvent('photo_received', row)],
      log: [photoLine('photo_received', row, principal.userId, { bytes: row.bytes, shot: row.shot })],
    });
  }

  /** The very same photo again is no error; another one under its id is. A deleted one stays deleted. */
  function duplicate(id: string, sha256: string, principal: Principal) {
    const row: PhotoRow | null = store.photos.get(id);
    if (!row) return null;
    const same = row.sha256 === sha256 && row.deletedAt === null && maySeeSession(principal, row.sessionId);
    if (same) return ok({ photo: toPhoto(row), created: false });
    return fail('conflict', 'Ya hay otra foto con ese identificador.', { photo_id: id });
  }

  function room(sessionId: string | null, bytes: number) {
    if (sessionId === null) return null;
    const photos = store.photos.ofSession(sessionId);
    // What the phone has sent in the chat takes room as well.
    const conversation = store.sessions.get(sessionId)?.conversationId ?? null;
    const files = conversation === null ? { count: 0, bytes: 0 } : store.files.ofSender(sessionId, conversation);
    const fits = photos.count + files.count < limits.maxSessionPhotos;
    if (fits && photos.bytes + files.bytes + bytes <= limits.maxSessionBytes) return null;
    const details = {
      reason: 'session_full',
      limit_photos: limits.maxSessionPhotos,
      limit_bytes: limits.maxSessionBytes,
    };
    return fail('too_large', 'Esta sesión ya no admite más fotos; avise en el mostrador.', details);
  }

  function createProgress(upload: Upload) {
    let next = 0;
    const send = (received: number, state: 'receiving' | 'done' | 'failed') => {
      const { id, sessionId, total } = upload;
      const idPersona = sessionId === null ? upload.idPersona : (store.sessions.get(sessionId)?.idPersona ?? null);
      const data = { photo_id: id, session_id: sessionId, idPersona, received, total, state };
      broadcast({ type: 'upload_progress', data, rooms: [deskRoom] });
    };
    return {
      at(received: number) {
        const now = clock.now();
        if (now < next) return;
        next = now + progressEvery;
        if (upload.sessionId !== null) presence.touch(upload.sessionId);
        send(received, 'receiving');
      },
      end: (state: 'done' | 'failed', received: number) => send(received, state),
    };
  }

  return { receive, keep };
}

async function* once(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes;
}
