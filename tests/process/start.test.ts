import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { readRuntime, writeRuntime } from '../../electron/data-folder.ts';
import { photoPage } from '../../protocol/photo.ts';
import { jpeg, must } from '../server/running.ts';
import { programs, root, takePort } from './program.ts';

const { start, folder, clean } = programs();
afterEach(clean);

const posix = process.platform !== 'win32';

test('[START1] when it listens it writes runtime.json (0600), and its address answers', async () => {
  const server = start([]);
  const runtime = await server.ready();
  expect(runtime).toEqual({
    pid: server.child.pid,
    port: expect.any(Number),
    startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    lanUrls: expect.arrayContaining([expect.stringMatching(new RegExp(`^http://[\\d.]+:${runtime.port}$`))]),
    operatorUrl: expect.stringMatching(new RegExp(`^http://127\\.0\\.0\\.1:${runtime.port}/kiosk#token=`)),
    operatorToken: expect.stringMatching(/^[\w-]{43,}$/),
  });
  expect(runtime.operatorUrl).toContain(runtime.operatorToken);
  if (posix) expect(statSync(join(server.dataDir, 'runtime.json')).mode & 0o777).toBe(0o600);
  if (posix) expect(statSync(server.dataDir).mode & 0o777).toBe(0o700);
  const health = await fetch(`http://127.0.0.1:${runtime.port}/health`);
  expect(await health.json()).toMatchObject({ status: 'ok' });
});

test.runIf(posix).each(['SIGTERM', 'SIGINT'] as const)(
  '[START2] %s stops it cleanly in under 3 s, even with a connection open, and runtime.json is gone',
  async signal => {
    const server = start([]);
    const { port } = await server.ready();
    const held = await fetch(`http://127.0.0.1:${port}/health`, { headers: { connection: 'keep-alive' } });
    await held.text();
    const asked = performance.now();
    server.child.kill(signal);
    expect(await server.ended).toEqual({ code: 0, signal: null });
    expect(performance.now() - asked).toBeLessThan(3000);
    expect(existsSync(join(server.dataDir, 'runtime.json'))).toBe(false);
  },
);

test('[START3] the operator’s address is nowhere in its output nor in its log when that is no terminal', async () => {
  const server = start([]);
  const { operatorToken } = await server.ready();
  server.child.kill('SIGTERM');
  await server.ended;
  expect(server.said()).not.toContain(operatorToken);
  const logs = join(server.dataDir, 'logs');
  const written = readdirSync(logs).map(name => readFileSync(join(logs, name), 'utf8'));
  expect(written.join('')).toContain('ready');
  expect(written.join('')).not.toContain(operatorToken);
});

test('[START4] a bad setting ends it with 2 and one line: the setting, its value, what is allowed', async () => {
  const server = start(['--port', '99999']);
  expect(await server.ended).toMatchObject({ code: 2 });
  expect(server.said().trim().split('\n')).toHaveLength(1);
  for (const part of ['--port', '"99999"', '65535']) expect(server.said()).toContain(part);
  expect(existsSync(server.dataDir)).toBe(false);
});

test('[START5] .env of the working folder and settings.json of the data folder count', async () => {
  const cwd = folder();
  const dataDir = folder();
  writeFileSync(join(cwd, '.env'), 'LOG_LEVEL=loud\n');
  const badEnv = start([], { cwd });
  expect(await badEnv.ended).toMatchObject({ code: 2 });
  expect(badEnv.said()).toContain('LOG_LEVEL = "loud" (.env)');
  writeFileSync(join(dataDir, 'settings.json'), '{"RETENTION_DAYS": "soon"}');
  const badSaved = start([], { dataDir });
  expect(await badSaved.ended).toMatchObject({ code: 2 });
  expect(badSaved.said()).toContain('RETENTION_DAYS = "soon" (settings.json)');
});

test('[START6] a second start on the same folder ends with 3 and the first one’s address; the first goes on', async () => {
  const first = start([]);
  const { port, lanUrls } = await first.ready();
  const second = start([], { dataDir: first.dataDir });
  expect(await second.ended).toMatchObject({ code: 3 });
  expect(second.said()).toContain(lanUrls[0]);
  expect(second.said()).toContain('--data-dir');
  expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);
});

test('[START7] a taken port is followed by the next free one, and runtime.json says which', async () => {
  const other = await takePort();
  const server = start(['--port', String(other.port)]);
  const { port, lanUrls } = await server.ready();
  expect(port).toBeGreaterThan(other.port);
  expect(port).toBeLessThanOrEqual(other.port + 10);
  expect(lanUrls[0]).toMatch(new RegExp(`:${port}$`));
  await other.free();
});

test('[START8] EXTRA_PORTS reach the same server; a taken one is a warning', async () => {
  const [extra, taken] = [await takePort(), await takePort()];
  await extra.free();
  const server = start([], { env: { EXTRA_PORTS: `${extra.port},${taken.port}` } });
  const { port } = await server.ready();
  expect(port).not.toBe(extra.port);
  expect((await fetch(`http://127.0.0.1:${extra.port}/health`)).status).toBe(200);
  expect(server.said()).toContain(String(taken.port));
  await taken.free();
});

test.each(['a page in it', 'its beginning'])(
  '[START380] a damaged database (%s) is kept aside, and its photos come back from their files, as nobody’s',
  async what => {
    const first = start([]);
    const { port, operatorToken } = await first.ready();
    const ask = (at: number, token: string, path: string, init: RequestInit = {}) =>
      fetch(`http://127.0.0.1:${at}${path}`, { ...init, headers: { Authorization: `Bearer ${token}` } });
    const id = randomUUID();
    const body = new Uint8Array(await jpeg());
    expect((await ask(port, operatorToken, `/api/photos/${id}?idPersona=A`, { method: 'PUT', body })).status).toBe(201);
    expect((await ask(port, operatorToken, `/api/photos/${id}/thumb`)).status).toBe(200);
    first.child.kill('SIGTERM');
    await first.ended;
    const file = join(first.dataDir, 'mostrador.db');
    const harmed = readFileSync(file);
    if (what === 'its beginning') harmed.fill(0xa5, 0, 100);
    else harmed.fill(0xa5, 4096);
    writeFileSync(file, harmed);

    const second = start(['--lang', 'en'], { dataDir: first.dataDir });
    const again = await second.ready();
    const listed = async () => {
      const answer = await ask(again.port, again.operatorToken, '/api/photos');
      return must(photoPage, await answer.json()).photos.map(photo => [photo.id, photo.idPersona]);
    };
    await expect.poll(listed, { timeout: 10_000 }).toEqual([[id, null]]);
    expect((await ask(again.port, again.operatorToken, `/api/photos/${id}`)).status).toBe(200);
    const [aside = ''] = readdirSync(first.dataDir).filter(name => /^mostrador\.db\.damaged-[\dTZ-]+$/.test(name));
    expect(readFileSync(join(first.dataDir, aside)).equals(harmed)).toBe(true);
    second.child.kill('SIGTERM');
    expect(await second.ended).toMatchObject({ code: 0 });
  },
);

test('[START10] --help says how to use it and starts nothing', async () => {
  const server = start(['--help', '--lang', 'en']);
  expect(await server.ended).toMatchObject({ code: 0 });
  expect(server.said()).toContain('--data-dir DIR');
  expect(existsSync(server.dataDir)).toBe(false);
});

test('[START11] a data folder that cannot be made or used ends it with 2 and one line: the setting, its path, what is allowed', async () => {
  const file = join(folder(), 'file');
  writeFileSync(file, '');
  const unlockable = folder();
  mkdirSync(join(unlockable, 'lock.db'));
  for (const dataDir of [join(file, 'data'), unlockable]) {
    const server = start(['--lang', 'en'], { dataDir });
    expect(await server.ended).toMatchObject({ code: 2 });
    const lines = server.said().trim().split('\n');
    expect(lines).toEqual([expect.stringContaining(`DATA_DIR = ${JSON.stringify(dataDir)} cannot be used`)]);
    expect(lines[0]).toContain('allowed is');
  }
});

test.each(['203.0.113.9', 'nowhere.invalid'])(
  '[START310] HOST=%s, no address of this computer, ends it with 2 and one line: the setting, its value, what is allowed',
  async host => {
    const server = start(['--lang', 'en', '--host', host]);
    expect(await server.ended).toMatchObject({ code: 2 });
    const lines = server.said().trim().split('\n');
    expect(lines).toEqual([expect.stringContaining(`HOST = ${JSON.stringify(host)} cannot be used`)]);
    expect(lines[0]).toContain('allowed is');
  },
);

test.runIf(process.platform === 'linux')(
  '[START311] a data folder that its parent cannot have ends it with 2 and one line, and nothing hangs',
  async () => {
    const server = start(['--lang', 'en'], { dataDir: '/proc/mostrador/data' });
    expect(await server.ended).toMatchObject({ code: 2 });
    expect(server.said().trim().split('\n')).toEqual([
      expect.stringContaining('DATA_DIR = "/proc/mostrador/data" cannot be used'),
    ]);
  },
);

test.runIf(process.platform === 'linux')(
  '[START13] npm start without a display says so in one line and serves all the same',
  async () => {
    const server = start([], { script: 'start.mjs' });
    const { port } = await server.ready();
    expect(server.said()).toContain('No hay pantalla');
    expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);
  },
);

test.runIf(posix)('[START22] the server alone stops when the npm that started it is told to stop', async () => {
  const dataDir = join(folder(), 'data');
  const settings = { HOST: '127.0.0.1', PORT: '0', DATA_DIR: dataDir };
  const npm = spawn('npm', ['run', 'start:headless'], {
    cwd: root,
    env: { ...process.env, ...settings },
    stdio: 'ignore',
  });
  await expect.poll(() => readRuntime(dataDir), { timeout: 20_000 }).not.toBeNull();
  const pid = readRuntime(dataDir)?.pid ?? 0;
  onTestFinished(() => {
    if (existsSync(`/proc/${pid}`)) process.kill(pid, 'SIGKILL');
  });
  expect(pid).not.toBe(npm.pid);
  npm.kill('SIGTERM');
  await expect.poll(() => readRuntime(dataDir), { timeout: 5_000 }).toBeNull();
  await expect.poll(() => existsSync(`/proc/${pid}`), { timeout: 5_000 }).toBe(false);
});

test('[START14] npm start refuses bad configuration before it opens anything', async () => {
  const server = start(['--prot', '1'], { script: 'start.mjs' });
  expect(await server.ended).toMatchObject({ code: 2 });
  expect(server.said()).toContain('--prot');
});

test('[START15] npm run desk prints the signed-in address of the running server, and says when there is none', async () => {
  const server = start([]);
  const { operatorUrl } = await server.ready();
  const desk = start(['--no-open'], { script: 'desk.mjs', dataDir: server.dataDir });
  expect(await desk.ended).toMatchObject({ code: 0 });
  expect(desk.said().trim()).toBe(operatorUrl);
  const lost = start(['--no-open'], { script: 'desk.mjs' });
  expect(await lost.ended).toMatchObject({ code: 1 });
  expect(lost.said()).toContain('npm start');
});

test('[START15] npm run desk believes no runtime.json whose pid is another program’s by now', async () => {
  const mute = createServer().listen(0, '127.0.0.1');
  const stranger = createHttpServer((_request, response) => response.end('{"status":"ok"}')).listen(0, '127.0.0.1');
  await Promise.all([once(mute, 'listening'), once(stranger, 'listening')]);
  onTestFinished(() => void [mute.close(), stranger.close()]);
  const [silentPort, otherPort] = [mute, stranger].map(server => (server.address() as AddressInfo).port);
  for (const port of [1, silentPort ?? 0, otherPort ?? 0]) {
    const dataDir = folder();
    const operatorToken = 'a-token-of-before';
    const operatorUrl = `http://127.0.0.1:${port}/kiosk#token=${operatorToken}`;
    const startedAt = new Date().toISOString();
    writeRuntime(dataDir, { pid: process.pid, port, startedAt, lanUrls: [], operatorUrl, operatorToken });
    const desk = start(['--no-open'], { script: 'desk.mjs', dataDir });
    expect(await desk.ended).toMatchObject({ code: 1 });
    expect(desk.said()).toContain('npm start');
    expect(desk.said()).not.toContain(operatorToken);
  }
});
