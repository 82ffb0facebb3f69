/**
 * A shelf for what is uploaded, photos and files of the chat alike: `<shelf>/ab/<uuid>.orig` as it came, until `.full` has
 * been made of it. An upload is streamed to a folder beside the shelf and synced there; keeping it is then only a rename.
 * What `keep` has answered with ok survives the power going off. (TRUST promise 1.)
 */
import { createHash, randomUUID } from 'node:crypto';
import * as realDisk from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fail, ok, type Result } from '../../protocol/errors.ts';
import type { ImageResult, Incoming } from '../core/ports.ts';
import { renameFile } from './rename.ts';
import { syncFolder } from './sync-folder.ts';

/** The part of `node:fs/promises` that is used, so that tests can pass a disk that is full or broken. */
export interface Disk {
  mkdir(path: string, options: { recursive: true; mode: number }): Promise<unknown>;
  open(path: string, flags: string, mode?: number): Promise<realDisk.FileHandle>;
  readFile(path: string): Promise<Buffer>;
  readdir(path: string): Promise<string[]>;
  rename(from: string, to: string): Promise<void>;
  rm(path: string, options: { force: true; recursive?: boolean }): Promise<void>;
  stat(path: string): Promise<{ size: number; mtimeMs: number }>;
  statfs(path: string): Promise<{ bavail: number; bsize: number }>;
}

export interface ReceiveLimits {
  maxBytes: number;
  /** Told after each piece, with the bytes so far. */
  onProgress?: (bytes: number) => void;
}

/** One kind of uploads: its two folders below the data folder, and what people are told about one of them. */
export interface ShelfKind {
  shelf: string;
  /** Emptied at the start: what is there belongs to uploads that were never acknowledged. */
  incoming: string;
  words: { taken: string; incomplete: string; missing: string; tooLarge(megabytes: number): string; lost: string };
}

export interface ShelfPaths {
  original: string;
  full: string;
  thumb: string;
}

export interface OpenFile {
  bytes: number;
  /** Closes the file when it ends or is destroyed. */
  stream: Readable;
}

export interface StoredFile {
  uuid: string;
  /** It has a thumbnail or a full picture, so it once was in the database. */
  workedOn: boolean;
  /** The file as it was uploaded is still there. */
  hasOriginal: boolean;
}

export interface Swept {
  /** How many uploads it removed. */
  removed: number;
  /** Where the database was lost, those that it does not know: nothing is removed then. */
  orphans: string[];
}

export type FileShelf = Awaited<ReturnType<typeof fileShelf>>;

const uuidShape = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = 0o600;

/**
 * What uploads leave free on the disk, in bytes. Of a disk that photos had filled to the last byte none could be deleted either:
 * the database could not write that down, nor a session or a word of the chat.
 */
export const leftFree = 32 * 1024 * 1024;

/** Makes the folders, and empties the one of unfinished uploads. */
export async function fileShelf(dir: string, { words, ...kind }: ShelfKind, disk: Disk = realDisk) {
  const shelf = join(dir, kind.shelf);
  const incoming = join(dir, kind.incoming);
  const diskTrouble = (error: unknown) => troubleOf(error, words.lost);
  await disk.rm(incoming, { recursive: true, force: true });
  for (const path of [shelf, incoming]) await disk.mkdir(path, { recursive: true, mode: PRIVATE_FOLDER });
  const shards = new Set(await disk.readdir(shelf));
  /** Kept in this run and not yet worked on: they may not be in the database yet, so nobody may take them for strays. */
  const fresh = new Set<string>();
  /** Strays on their way out. The same upload may be sent again at that very moment: its new file must not go with the old. */
  const going = new Map<string, Promise<unknown>>();

  function folderOf(uuid: string): string {
    if (!uuidShape.test(uuid)) throw new TypeError('what is kept is named by a UUID in lower case');
    return join(shelf, uuid.slice(0, 2));
  }

  function paths(uuid: string): ShelfPaths {
    const start = join(folderOf(uuid), uuid);
    return { original: `${start}.orig`, full: `${start}.full`, thumb: `${start}.thumb` };
  }

  /**
   * Streams an upload to the disk. Never rejects. `too_large` past `maxBytes`; `invalid_message` with `details.reason`
   * `incomplete` when the sender goes away; `unavailable` with `disk` when the disk refuses or is almost full. Whatever fails leaves no file
   * and the rest of `stream` unread; like `for await` it ends the iterator then, so a request whose sender is still to be
   * answered comes as `request.iterator({ destroyOnReturn: false })`.
   */
  async function receive(stream: AsyncIterable<Uint8Array>, limits: ReceiveLimits): Promise<Result<Incoming>> {
    // Before it is written, and after: others may have come meanwhile, and there may be only room enough for some.
    if (await isTight()) return diskFull(words.lost, 'ENOSPC');
    const path = join(incoming, randomUUID());
    const written = await writeDown(stream, path, limits);
    const received = written.ok && (await isTight()) ? diskFull(words.lost, 'ENOSPC') : written;
    if (!received.ok) {
      await discard(path);
      return received;
    }
    return ok({
      bytes: received.value.bytes,
      sha256: received.value.sha256,
      read: async () => (received.value.only ? ok(received.value.only) : readBack(path)),
      remake: make => remake(path, make),
      keep: uuid => keep(path, uuid),
      discard: () => discard(path),
    });
  }

  async function readBack(path: string): Promise<Result<Buffer>> {
    try {
      return ok(await disk.readFile(path));
    } catch (error) {
      return diskTrouble(error);
    }
  }

  async function writeDown(
    stream: AsyncIterable<Uint8Array>,
    path: string,
    { maxBytes, onProgress }: ReceiveLimits,
  ): Promise<Result<{ bytes: number; sha256: string; only: Buffer | null }>> {
    const hash = createHash('sha256');
    let bytes = 0;
    /** The whole of it, when it came in one piece: then it need not be read again. */
    let only: Buffer | null = null;
    try {
      const file = await disk.open(path, 'wx', PRIVATE_FILE);
      // By hand and not `for await`, to tell a sender that went away from a disk that fails.
      const pieces = stream[Symbol.asyncIterator]();
      try {
        for (;;) {
          const piece = await pieces.next().catch(() => null);
          if (!piece) return fail('invalid_message', words.incomplete, { reason: 'incomplete' });
          if (piece.done) break;
          only = bytes === 0 ? Buffer.from(piece.value.buffer, piece.value.byteOffset, piece.value.length) : null;
          bytes += piece.value.length;
          if (bytes > maxBytes) return tooLarge(maxBytes, words);
          const written = file.writeFile(piece.value);
          hash.update(piece.value);
          await written;
          onProgress?.(bytes);
        }
        await file.datasync();
      } finally {
        await pieces.return?.().catch(() => {});
        await file.close();
      }
    } catch (error) {
      return diskTrouble(error);
    }
    return ok({ bytes, sha256: hash.digest('hex'), only });
  }

  /** The image process writes whole files and syncs them, so what takes the upload's place is as safe as it was. */
  async function remake(path: string, make: Parameters<Incoming['remake']>[0]): Promise<Result<ImageResult>> {
    const made = { source: path, full: `${path}.full`, thumb: `${path}.thumb` };
    const result = await make(made);
    await discard(made.thumb);
    if (!result.ok) {
      await discard(made.full);
      return ok(result);
    }
    try {
      await renameFile(made.full, path, disk);
      return ok(result);
    } catch (error) {
      await discard(made.full);
      return diskTrouble(error);
    }
  }

  /** For another process of this server that writes it there; from now on nobody takes it for a stray. */
  function place(uuid: string) {
    fresh.add(uuid);
    const temporary = join(incoming, randomUUID());
    return { temporary, target: paths(uuid).original, folder: folderOf(uuid), shelf, leftFree };
  }

  async function keep(path: string, uuid: string): Promise<Result<void>> {
    const folder = folderOf(uuid);
    await going.get(uuid);
    if (fresh.has(uuid)) {
      await discard(path);
      return fail('conflict', words.taken);
    }
    fresh.add(uuid);
    let renamed = false;
    try {
      await makeShard(folder, uuid.slice(0, 2));
      await renameFile(path, paths(uuid).original, disk);
      renamed = true;
      await syncFolder(folder, disk);
      return ok(undefined);
    } catch (error) {
      await discard(renamed ? paths(uuid).original : path);
      fresh.delete(uuid);
      return diskTrouble(error);
    }
  }

  async function makeShard(folder: string, name: string): Promise<void> {
    if (shards.has(name)) return;
    await disk.mkdir(folder, { recursive: true, mode: PRIVATE_FOLDER });
    await syncFolder(shelf, disk);
    shards.add(name);
  }

  /** A file that cannot be removed now is removed at the next start, by the emptying of `incoming/` or by `sweep`. */
  async function discard(path: string): Promise<void> {
    await disk.rm(path, { force: true }).catch(() => {});
  }

  /** Opens a picture to be sent. `not_found` while it has not been made; `unavailable` where the disk refuses. */
  async function open(uuid: string, part: keyof ShelfPaths): Promise<Result<OpenFile>> {
    try {
      const file = await disk.open(paths(uuid)[part], 'r');
      try {
        const { size } = await file.stat();
        return ok({ bytes: size, stream: file.createReadStream() });
      } catch (error) {
        await file.close();
        throw error;
      }
    } catch (error) {
      return isMissing(error) ? fail('not_found', words.missing) : diskTrouble(error);
    }
  }

  /**
   * For what needs no work: the file as it came is the full one. To be called once it is in the database; where the disk
   * refuses, it stays what it was.
   */
  async function settle(uuid: string): Promise<Result<void>> {
    try {
      await renameFile(paths(uuid).original, paths(uuid).full, disk);
      await syncFolder(folderOf(uuid), disk);
      fresh.delete(uuid);
      return ok(undefined);
    } catch (error) {
      return diskTrouble(error);
    }
  }

  /** To be called once `full` and `thumb` are in the database. Takes along what an image process that was killed left half done. */
  async function dropOriginal(uuid: string): Promise<Result<void>> {
    const removed = await removeAll(uuid, name => name.endsWith('.orig') || name.endsWith('.tmp'));
    if (removed.ok) fresh.delete(uuid);
    return removed;
  }

  /** All files of one upload, temporary ones of the image process too. What is missing is fine. */
  async function remove(uuid: string): Promise<Result<void>> {
    const removed = await removeAll(uuid, () => true);
    if (removed.ok) fresh.delete(uuid);
    return removed;
  }

  async function removeAll(uuid: string, isMeant: (name: string) => boolean): Promise<Result<void>> {
    const folder = folderOf(uuid);
    let names: string[];
    try {
      names = await disk.readdir(folder);
    } catch (error) {
      if (!isMissing(error)) return diskTrouble(error);
      names = [];
    }
    for (const name of names) {
      if (!name.startsWith(`${uuid}.`) || !isMeant(name)) continue;
      const removed = await removeFile(join(folder, name));
      if (!removed.ok) return removed;
    }
    return ok(undefined);
  }

  async function removeFile(path: string): Promise<Result<void>> {
    try {
      await disk.rm(path, { force: true });
      return ok(undefined);
    } catch (error) {
      return diskTrouble(error);
    }
  }

  /** Everything that has a file here, folder by folder, each once: to sweep, or to rebuild a database that was lost. */
  async function* stored(): AsyncGenerator<StoredFile> {
    for (const shard of await disk.readdir(shelf)) {
      const names = await disk.readdir(join(shelf, shard)).catch(() => []);
      const there = new Set(names);
      const uuids = new Set(names.map(name => name.slice(0, 36)));
      for (const uuid of uuids) {
        if (!uuidShape.test(uuid) || !uuid.startsWith(shard)) continue;
        const workedOn = there.has(`${uuid}.full`) || there.has(`${uuid}.thumb`);
        yield { uuid, workedOn, hasOriginal: there.has(`${uuid}.orig`) };
      }
    }
  }

  /**
   * Removes the files that nobody knows: uploads that were kept but whose row was never committed. Meant for the
   * start; what this run has received meanwhile is left alone. Work begins only after the commit, so one that was worked
   * on and is unknown means that it is the database that was lost, if that is not known (`isLost`): then nothing is removed. Originals of photos that are done
   * go too, where the last run was killed, or a virus scanner held them, before it could: they name the place and the camera.
   * Never rejects.
   */
  async function sweep(
    isKnown: (uuid: string) => boolean,
    isDone: (uuid: string) => boolean,
    isLost = false,
  ): Promise<Swept> {
    const isStray = (uuid: string) => !fresh.has(uuid) && !isKnown(uuid);
    const swept: Swept = { removed: 0, orphans: [] };
    let anyWorkedOn = false;
    try {
      const strays: string[] = [];
      for await (const { uuid, workedOn, hasOriginal } of stored()) {
        if (hasOriginal && isDone(uuid)) await dropOriginal(uuid);
        if (!isStray(uuid)) continue;
        strays.push(uuid);
        anyWorkedOn ||= workedOn;
      }
      if (isLost || anyWorkedOn) return { removed: 0, orphans: strays };
      // Asked again: one of them may have been sent again since.
      for (const uuid of strays) {
        if (!isStray(uuid)) continue;
        const removal = remove(uuid);
        going.set(uuid, removal);
        if ((await removal).ok) swept.removed += 1;
        going.delete(uuid);
      }
    } catch {
      // A folder that cannot be listed keeps its strays until the next start.
    }
    return swept;
  }

  /** What there is of an upload, the best of it; `null` where nothing can be read. `at`: when it was written, in Unix milliseconds. */
  async function find(
    uuid: string,
  ): Promise<{ bytes: Buffer; sha256: string; isOriginal: boolean; at: number } | null> {
    const { full, original } = paths(uuid);
    for (const path of [full, original]) {
      try {
        const [bytes, { mtimeMs }] = await Promise.all([disk.readFile(path), disk.stat(path)]);
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        return { bytes, sha256, isOriginal: path === original, at: Math.round(mtimeMs) };
      } catch {
        // The other one, then.
      }
    }
    return null;
  }

  /** `false` also where the system does not say. */
  async function isTight(): Promise<boolean> {
    const found = await disk.statfs(shelf).catch(() => null);
    return found !== null && found.bavail * found.bsize < leftFree;
  }

  return { receive, place, paths, open, settle, dropOriginal, remove, stored, sweep, find };
}

function tooLarge(maxBytes: number, words: ShelfKind['words']) {
  const megabytes = Math.floor(maxBytes / 104_857.6) / 10;
  return fail('too_large', words.tooLarge(megabytes), { reason: 'bytes', max_bytes: maxBytes });
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error ? String(error.code) : null;
}

function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}

function troubleOf(error: unknown, lost: string) {
  const code = codeOf(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(lost, code);
  return fail('unavailable', `El disco del mostrador no responde bien: ${lost}. Avise al personal.`, {
    reason: 'disk',
    code,
  });
}

function diskFull(lost: string, code: 'ENOSPC' | 'EDQUOT') {
  return fail('unavailable', `El disco del mostrador está lleno: ${lost}. Avise al personal.`, {
    reason: 'disk',
    code,
  });
}
