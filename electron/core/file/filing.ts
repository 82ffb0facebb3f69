/**
 * How a file comes into a conversation: as photos do, streamed to a temporary file, checked, synced, renamed, committed, and
 * only then a yes. A picture goes through the image process first, so that none of its metadata ever goes out. (TRUST, promise 1.)
 */
import { fail, ok, type Result } from '../../../protocol/errors.ts';
import type { ChatFile, FileMime } from '../../../protocol/file.ts';
import type { Principal } from '../access.ts';
import { chatAccess, chatLines } from '../chat/handlers.ts';
import type { ChatStore } from '../chat/ports.ts';
import type { Commit } from '../commit.ts';
import type { Outcome } from '../outcome.ts';
import type { After, ChatFiles, Clock, ImageWork, Incoming, Log, PhotoFacts, Store } from '../ports.ts';
import { createTurns } from '../turns.ts';
import { type FileRow, toFile } from './file.ts';
import { cleanFileName } from './file-name.ts';
import { fileTypeOf } from './file-type.ts';

export interface FileUpload {
  /** Chosen by the sender, so that it can send again without doubling. */
  id: string;
  conversationId: string;
  /** The sender's, as it came. */
  name: string;
  /** What the sender says the body's hash is. */
  sha256: string | null;
  /** What the sender says the body's size is, in bytes. */
  total: number | null;
  body: AsyncIterable<Uint8Array>;
}

export interface Filing {
  /** `created` is false where the very same file was here already. */
  receive(upload: FileUpload, principal: Principal): Promise<Result<{ file: ChatFile; created: boolean }>>;
  /** A file of a conversation that this caller is a member of; for anybody else there is none. */
  find(id: string, principal: Principal): Promise<Result<FileRow>>;
}

interface FilingLimits {
  maxPhotoBytes: number;
  /** What one sender may keep in one conversation; a phone's photos count too. */
  maxSessionPhotos: number;
  maxSessionBytes: number;
}

interface Parts {
  store: Store;
  chat: ChatStore;
  commit: Commit;
  clock: Clock;
  after: After;
  files: ChatFiles;
  work: ImageWork;
  inspect(bytes: Buffer): Result<Omit<PhotoFacts, 'bytes' | 'sha256'>>;
  limits: FilingLimits;
  log: Log;
}

/** What all files take turns for; no file's id. */
const memory = 'memory';
/** A picture that the image process has not done by then is refused, in milliseconds. */
const cleanWithin = 60_000;

export const noSuchFile = (id: string) =>
  fail('not_found', 'Ese archivo no existe o ya se borró.', { reason: 'file', file_id: id });

export function createFiling(parts: Parts): Filing {
  const { store, chat, commit, clock, files, inspect, limits, log } = parts;
  const access = chatAccess({ chat, sessions: store.sessions });
  const toLine = chatLines({ sessions: store.sessions });
  const inTurn = createTurns();

  async function receive(
    upload: FileUpload,
    principal: Principal,
  ): Promise<Result<{ file: ChatFile; created: boolean }>> {
    const may = await mayFile(upload.conversationId, principal);
    if (!may.ok) return may;
    const { maxPhotoBytes } = limits;
    const megabytes = Math.floor(maxPhotoBytes / 1024 / 1024);
    const tooLarge = fail('too_large', `El archivo pesa más de ${megabytes} MB.`, { limit_bytes: maxPhotoBytes });
    if (upload.total !== null && upload.total > maxPhotoBytes) return tooLarge;
    const early = store.files.get(upload.id) ? null : room(upload.conversationId, principal, upload.total ?? 0);
    if (early) return early;

    const incoming = await files.receive(upload.body, { maxBytes: maxPhotoBytes });
    if (!incoming.ok) return incoming.error.code === 'too_large' ? tooLarge : incoming;
    let created = false;
    try {
      const result = await inTurn(upload.id, () => settle(upload, incoming.value, principal));
      created = result.ok && result.value.created;
      return result;
    } finally {
      if (!created) await incoming.value.discard();
    }
  }

  async function mayFile(conversationId: string, principal: Principal): Promise<Result<{ members: string[] }>> {
    const may = access.mayWrite(principal);
    return may.ok ? access.conversation(conversationId, principal) : may;
  }

  async function settle(upload: FileUpload, incoming: Incoming, principal: Principal) {
    const { id, sha256 } = upload;
    if (sha256 !== null && sha256 !== incoming.sha256) {
      const details = { reason: 'hash', expected: sha256, received: incoming.sha256 };
      return fail('invalid_message', 'El archivo llegó dañado; envíelo otra vez.', details);
    }
    const known = duplicate(upload, incoming.sha256, principal);
    if (known) return known;
    // One whole file in memory at a time, however many arrive.
    const mime = await inTurn(memory, () => typed(incoming, principal));
    if (!mime.ok) return mime;
    const clean = isPicture(mime.value) ? await cleaned(incoming, principal) : mime;
    if (!clean.ok) return clean;
    // Asked again: the phone may have been replaced, the sender left, while the file was on its way.
    const may = await mayFile(upload.conversationId, principal);
    if (!may.ok) return may;
    const kept = await incoming.keep(id);
    if (!kept.ok) return kept;
    let isIn = false;
    try {
      const done = commit(() => insert(upload, incoming, { mime: clean.value, members: may.value.members }, principal));
      isIn = done.ok;
      if (!done.ok) return done;
      const settled = await files.settle(id);
      if (!settled.ok)
        log.warn({ file: id, code: settled.error.details?.code }, 'a file of the chat keeps its first name');
      return ok({ file: done.value.reply, created: true });
    } finally {
      if (!isIn && !store.files.get(id)) await files.remove(id);
    }
  }

  async function typed(incoming: Incoming, principal: Principal): Promise<Result<FileMime>> {
    const bytes = await incoming.read();
    if (!bytes.ok) return bytes;
    const mime = fileTypeOf(bytes.value);
    if (!mime.ok || !isPicture(mime.value)) return mime;
    if (principal.role === 'phone') {
      const message = 'Las imágenes de un teléfono se envían como fotos, no como archivos.';
      return fail('invalid_message', message, { reason: 'use_photos' });
    }
    const whole = inspect(bytes.value);
    return whole.ok ? mime : whole;
  }

  /** The picture anew, upright and without metadata, in the place of what came. */
  async function cleaned(incoming: Incoming, { userId: whose }: Principal): Promise<Result<FileMime>> {
    let cancel = () => {};
    const late = new Promise<Result<never>>(resolve => {
      cancel = parts.after(cleanWithin, () => resolve(busy));
    });
    const made = await Promise.race([incoming.remake(job => parts.work.run({ ...job, whose }, () => {})), late]);
    cancel();
    if (!made.ok) return made;
    if (made.value.ok) return ok(made.value.mime);
    return fail('invalid_message', 'La imagen está dañada y no se puede leer.', { reason: 'damaged' });
  }

  function insert(
    { id, conversationId, name }: FileUpload,
    { bytes, sha256 }: Incoming,
    { mime, members }: { mime: FileMime; members: readonly string[] },
    principal: Principal,
  ): Result<Outcome<ChatFile>> {
    const may = access.mayWrite(principal);
    if (!may.ok) return may;
    const createdAt = clock.now();
    const row: FileRow = {
      id,
      conversationId,
      owner: principal.userId,
      name: cleanFileName(name, mime),
      mime,
      bytes,
      sha256,
      createdAt,
      deletedAt: null,
    };
    store.files.insert(row);
    const data = { file_id: id, conversation_id: conversationId, mime, bytes };
    return ok({ reply: toFile(row), log: [toLine('file_received', principal.userId, members, data)] });
  }

  /** The very same file again is no error; another one under its id is. A deleted one stays deleted. */
  function duplicate({ id, conversationId }: FileUpload, sha256: string, { userId }: Principal) {
    const row = store.files.get(id);
    if (!row) return null;
    const isMine = row.owner === userId && row.conversationId === conversationId;
    if (isMine && row.sha256 === sha256 && row.deletedAt === null) return ok({ file: toFile(row), created: false });
    return fail('conflict', 'Ya hay otro archivo con ese identificador.', { file_id: id });
  }

  function room(conversationId: string, principal: Principal, bytes: number) {
    const sent = store.files.ofSender(principal.userId, conversationId);
    const photos = principal.role === 'phone' ? store.photos.ofSession(principal.sessionId) : { count: 0, bytes: 0 };
    const { maxSessionPhotos, maxSessionBytes } = limits;
    const fits = sent.count + photos.count < maxSessionPhotos && sent.bytes + photos.bytes + bytes <= maxSessionBytes;
    if (fits) return null;
    const details = { reason: 'session_full', limit_files: maxSessionPhotos, limit_bytes: maxSessionBytes };
    return fail('too_large', 'Esta conversación ya no admite más archivos suyos.', details);
  }

  return {
    receive,
    async find(id, principal) {
      const row = store.files.get(id);
      if (!row || row.deletedAt !== null) return noSuchFile(id);
      const member = await access.conversation(row.conversationId, principal);
      return member.ok ? ok(row) : noSuchFile(id);
    },
  };
}

const busy = fail('unavailable', 'La imagen no se pudo preparar ahora; inténtelo de nuevo en un momento.', {
  reason: 'working',
});

function isPicture(mime: FileMime): boolean {
  return mime.startsWith('image/');
}
