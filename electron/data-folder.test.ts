import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  dataDirDefault,
  lockDataFolder,
  type Runtime,
  readRuntime,
  removeRuntime,
  secretKeyOf,
  writeRuntime,
} from './data-folder.ts';

let dir: string;
beforeEach(() => {
  dir = join(mkdtempSync(join(tmpdir(), 'mostrador-')), 'data');
});
afterEach(() => rmSync(join(dir, '..'), { recursive: true, force: true }));

const mode = (path: string) => statSync(path).mode & 0o777;
const posix = process.platform !== 'win32';

const runtime: Runtime = {
  pid: process.pid,
  port: 8080,
  startedAt: '2026-01-02T03:04:05.000Z',
  lanUrls: ['http://192.168.1.50:8080'],
  operatorUrl: 'http://127.0.0.1:8080/kiosk#token=t',
  operatorToken: 't',
};

/** A second process that takes the folder with the same statements and keeps it until it is killed. */
async function otherServer(): Promise<ChildProcess> {
  const script = join(dir, '..', 'holder.mjs');
  const libsql = import.meta.resolve('libsql');
  writeFileSync(
    script,
    `import Database from ${JSON.stringify(libsql)};
     const database = new Database(process.argv[2], { timeout: 0 });
     database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
     process.send('held');
     setInterval(() => database.inTransaction, 60000);`,
  );
  const child = fork(script, [join(dir, 'lock.db')], { execArgv: [] });
  await once(child, 'message');
  return child;
}

describe('the lock', () => {
  test('[DATA1] the first has the folder (0700), the second is told at once where the first listens, until it is released', () => {
    const first = lockDataFolder(dir);
    if (!first.ok) throw new Error('not locked');
    if (posix) expect(mode(dir)).toBe(0o700);
    expect(lockDataFolder(dir)).toEqual({ ok: false, reason: 'locked', address: null });
    writeRuntime(dir, runtime);
    const asked = performance.now();
    expect(lockDataFolder(dir)).toEqual({ ok: false, reason: 'locked', address: 'http://192.168.1.50:8080' });
    expect(performance.now() - asked).toBeLessThan(500);
    first.release();
    const next = lockDataFolder(dir);
    expect(next.ok).toBe(true);
    if (next.ok) next.release();
  });

  test('[DATA2] another process has it as long as it lives, and kill -9 gives it back at once', async () => {
    const before = lockDataFolder(dir);
    if (before.ok) before.release();
    const child = await otherServer();
    expect(lockDataFolder(dir)).toMatchObject({ ok: false, reason: 'locked' });
    child.kill('SIGKILL');
    await once(child, 'exit');
    const after = lockDataFolder(dir);
    expect(after.ok).toBe(true);
    if (after.ok) after.release();
  });

  test('[DATA3] a folder that cannot be made or written is said by its path', () => {
    writeFileSync(join(dir, '..', 'file'), '');
    const path = join(dir, '..', 'file', 'data');
    expect(lockDataFolder(path)).toEqual({ ok: false, reason: 'unusable', message: expect.stringContaining(path) });
  });
});

describe('runtime.json', () => {
  test('[DATA4] is written whole with mode 0600, read back, and removed', () => {
    const lock = lockDataFolder(dir);
    writeRuntime(dir, { ...runtime, port: 1 });
    writeRuntime(dir, runtime);
    if (posix) expect(mode(join(dir, 'runtime.json'))).toBe(0o600);
    expect(readRuntime(dir)).toEqual(runtime);
    expect(readdirSync(dir).filter(name => name.endsWith('.new'))).toEqual([]);
    removeRuntime(dir);
    expect(existsSync(join(dir, 'runtime.json'))).toBe(false);
    removeRuntime(dir);
    if (lock.ok) lock.release();
  });

  test('[DATA8] where it cannot be written, no half of it with its token stays beside it', () => {
    mkdirSync(join(dir, 'runtime.json'), { recursive: true });
    expect(() => writeRuntime(dir, runtime)).toThrow();
    expect(readdirSync(dir)).toEqual(['runtime.json']);
  });

  test('[DATA5] one left by a dead process, damaged or not there counts as none', async () => {
    const lock = lockDataFolder(dir);
    expect(readRuntime(dir)).toBeNull();
    const child = fork('-', [], { execArgv: ['-e', ''], silent: true });
    await once(child, 'exit');
    writeRuntime(dir, { ...runtime, pid: child.pid ?? 0 });
    expect(readRuntime(dir)).toBeNull();
    writeFileSync(join(dir, 'runtime.json'), '{"pid": 1');
    expect(readRuntime(dir)).toBeNull();
    if (lock.ok) lock.release();
  });
});

test('[DATA6] the signing key is made once, 32 random bytes, mode 0600; a damaged one is never replaced silently', () => {
  const lock = lockDataFolder(dir);
  const key = secretKeyOf(dir);
  expect(Buffer.from(key, 'base64url')).toHaveLength(32);
  expect(secretKeyOf(dir)).toBe(key);
  const path = join(dir, 'secret.key');
  if (posix) expect(mode(path)).toBe(0o600);
  writeFileSync(path, readFileSync(path, 'utf8').slice(0, 20));
  expect(() => secretKeyOf(dir)).toThrow(path);
  rmSync(path);
  expect(secretKeyOf(dir)).not.toBe(key);
  if (lock.ok) lock.release();
});

test.each([
  [
    'win32',
    { LOCALAPPDATA: 'C:\\Users\\ana\\AppData\\Local' },
    'C:\\Users\\ana',
    'C:\\Users\\ana\\AppData\\Local\\Mostrador',
  ],
  ['win32', {}, 'C:\\Users\\ana', 'C:\\Users\\ana\\AppData\\Local\\Mostrador'],
  ['darwin', { XDG_DATA_HOME: '/x' }, '/Users/ana', '/Users/ana/Library/Application Support/Mostrador'],
  ['linux', { XDG_DATA_HOME: '/x' }, '/home/ana', '/x/mostrador'],
  ['linux', { XDG_DATA_HOME: 'relative' }, '/home/ana', '/home/ana/.local/share/mostrador'],
  ['linux', {}, '/home/ana', '/home/ana/.local/share/mostrador'],
] as const)('[DATA7] on %s with %j the data folder is the platform’s own', (platform, env, home, expected) => {
  expect(dataDirDefault(platform, env, home)).toBe(expected);
});
