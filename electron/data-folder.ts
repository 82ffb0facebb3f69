/**
 * The data folder: where it is, whose it is while a server runs, and the small files in it that are not data:
 * `runtime.json` (how to reach the running server), `secret.key` (made once) and `settings.json`. (CONTRACT 1 and 2.)
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, posix, win32 } from 'node:path';
import Database from 'libsql';
import * as z from 'zod/mini';
import { StoreUnavailable } from './core/ports.ts';
import { makeFolder } from './make-folder.ts';
import { writeWhole } from './write-whole.ts';

/** One folder for Electron and headless alike. */
export function dataDirDefault(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
  home: string,
): string {
  if (platform === 'win32') {
    return win32.join(env.LOCALAPPDATA || win32.join(home, 'AppData', 'Local'), 'Mostrador');
  }
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', 'Mostrador');
  // The XDG rule: a relative path there is to be ignored.
  const xdg = env.XDG_DATA_HOME;
  return posix.join(xdg?.startsWith('/') ? xdg : posix.join(home, '.local', 'share'), 'mostrador');
}

const runtimeFile = z.object({
  pid: z.int().check(z.positive()),
  port: z.int().check(z.minimum(1), z.maximum(65535)),
  /** ISO 8601, UTC. */
  startedAt: z.string(),
  lanUrls: z.array(z.string()),
  /** Opens the desk page on this PC, signed in. */
  operatorUrl: z.string(),
  operatorToken: z.string(),
});
export type Runtime = z.infer<typeof runtimeFile>;

export type DataFolderLock =
  | { ok: true; release(): void }
  /** Another server has it; `address` is where that one listens, as far as it has said so. */
  | { ok: false; reason: 'locked'; address: string | null }
  | { ok: false; reason: 'unusable'; message: string };

/**
 * Makes the folder where there is none (0700; the mode of one that is there is its owner's choice) and takes it for this process until `release` or the end of the process, however it ends.
 * The lock is a transaction left open on a tiny SQLite database: the system itself takes it back from a killed process,
 * so it is never stale and nobody waits. Keep the result: the lock goes with it. (No other code may open `lock.db`: on POSIX, closing any handle of a file drops
 * all of the process's locks on it.)
 */
export function lockDataFolder(dir: string): DataFolderLock {
  let database: Database.Database | undefined;
  try {
    makeFolder(dir);
    database = new Database(join(dir, 'lock.db'), { timeout: 0 });
    database.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE;');
    database.exec('BEGIN EXCLUSIVE');
    const held = database;
    return { ok: true, release: () => held.close() };
  } catch (error) {
    database?.close();
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
      return { ok: false, reason: 'locked', address: readRuntime(dir)?.lanUrls[0] ?? null };
    }
    return { ok: false, reason: 'unusable', message: error instanceof Error ? error.message : String(error) };
  }
}

/** Written beside and renamed, so that a reader finds the old one or the new one whole. Mode 0600: it holds a token. */
export function writeRuntime(dir: string, runtime: Runtime): void {
  writeWhole(join(dir, 'runtime.json'), `${JSON.stringify(runtime, null, 2)}\n`);
}

/** That of a server that still lives; a file left behind by a dead one counts as none. */
export function readRuntime(dir: string): Runtime | null {
  let found: unknown;
  try {
    found = JSON.parse(readFileSync(join(dir, 'runtime.json'), 'utf8'));
  } catch {
    return null;
  }
  const read = runtimeFile.safeParse(found);
  return read.success && lives(read.data.pid) ? read.data : null;
}

export function removeRuntime(dir: string): void {
  rmSync(join(dir, 'runtime.json'), { force: true });
}

/** Whether there is a process of that id on this computer. */
export function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, but another user's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** What stands in `secret.key` is no key. */
export class DamagedKey extends Error {
  override name = 'DamagedKey';
  readonly path: string;
  constructor(path: string) {
    super(`${path} is damaged: restore it, or delete it to make a new key`);
    this.path = path;
  }
}

/**
 * The folder's own signing key: 32 random bytes as base64url, made at the first call and the same ever after.
 * Call it with the folder locked. @throws when the folder cannot be written, or when what stands there is no key.
 */
export function secretKeyOf(dir: string): string {
  const path = join(dir, 'secret.key');
  try {
    const kept = readFileSync(path, 'utf8').trim();
    // A new key in place of a damaged one would silently end every session and token.
    if (!/^[\w-]{43}$/.test(kept)) throw new DamagedKey(path);
    return kept;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  const key = randomBytes(32).toString('base64url');
  writeWhole(path, `${key}\n`);
  return key;
}

/** `settings.json` of the data folder. */
export interface SavedSettings {
  /** What stands in it, by the names of the environment; empty where there is no file. */
  read(): Record<string, unknown>;
  /** All or nothing. @throws `StoreUnavailable` when the disk refuses. */
  write(saved: Record<string, unknown>): void;
}

/** `settings.json` as it stands now; it was looked at before the start, so it is an object where it is there. Mode 0600: it may hold a password. */
export function settingsFile(dir: string): SavedSettings {
  const path = join(dir, 'settings.json');
  return {
    read() {
      if (!existsSync(path)) return {};
      return z.parse(z.record(z.string(), z.unknown()), JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, '')));
    },
    write(saved) {
      try {
        writeWhole(path, `${JSON.stringify(saved, null, 2)}\n`);
      } catch (error) {
        throw new StoreUnavailable('settings.json cannot be written', { cause: error });
      }
    },
  };
}
