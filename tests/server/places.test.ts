/** Where connections come from, and how many one address may hold. (CONTRACT 2: TRUSTED_PROXIES, LEGACY_ALLOW; CONTRACT 7.) */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type BuiltWorker, buildWorker } from '../../electron/images/built-worker.ts';
import { ask, raw, startServer, type TestServer } from './running.ts';

const most = 6;
const [proxy, crowd, neighbour] = ['127.0.0.2', '127.0.0.9', '127.0.0.10'];
let worker: BuiltWorker;
let server: TestServer;
const open: Socket[] = [];

beforeAll(async () => {
  worker = await buildWorker();
  const env = { MAX_TCP_PER_ADDRESS: String(most), TRUSTED_PROXIES: proxy, LEGACY_ALLOW: '127.0.0.1,192.168.1.5' };
  server = await startServer(worker.entry, { env });
});
afterEach(() => {
  for (const socket of open.splice(0)) socket.destroy();
});
afterAll(async () => {
  await server.isHealthy();
  expect(server.errors).toEqual([]);
  await server.stop();
  worker.remove();
});

async function tcp(localAddress: string): Promise<Socket> {
  const socket = connect({ port: server.port, host: '127.0.0.1', localAddress });
  socket.on('error', () => {});
  open.push(socket);
  await once(socket, 'connect');
  return socket;
}

const health = async (from: string) => (await ask(server.port, { path: '/health', from })).status;

test('[BAD22] an address holds MAX_TCP_PER_ADDRESS connections, further ones are closed, and nobody else is hurt', async () => {
  const held: Socket[] = [];
  for (let count = 0; count < most; count++) held.push(await tcp(crowd));
  const [first] = held;
  for (let count = 0; count < 3; count++) {
    const further = await tcp(crowd);
    if (!further.destroyed) await once(further, 'close');
  }
  expect(held.filter(({ destroyed }) => destroyed)).toEqual([]);
  expect(await health(neighbour)).toBe(200);
  // An address of LEGACY_ALLOW is not counted.
  const own: Socket[] = [];
  for (let count = 0; count < 3 * most; count++) own.push(await tcp('127.0.0.1'));
  expect(await health('127.0.0.1')).toBe(200);
  expect(own.filter(({ destroyed }) => destroyed)).toEqual([]);
  // One goes, another one may come.
  first?.destroy();
  await expect.poll(() => health(crowd)).toBe(200);
});

test('[BAD400] a connection too many is told why before it is closed, and what it asks is not done', async () => {
  for (let count = 0; count < most; count++) await tcp(crowd);
  const get = 'GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\n';
  for (const head of [get, `${get}Connection: Upgrade\r\nUpgrade: websocket\r\n`]) {
    const heard = await raw(server.port, `${head}\r\n`, crowd);
    expect(heard).toMatch(/^HTTP\/1\.1 429 .*"code":"rate_limited"/s);
  }
  const before = await ask(server.port, { path: '/stats' });
  const body = JSON.stringify({ label: 'too many' });
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${server.token}` };
  const refused = await ask(server.port, { method: 'POST', path: '/api/sessions', headers, body, from: crowd });
  expect(refused.status).toBe(429);
  const sessions = (text: string) => JSON.parse(text).total_sessions;
  expect(sessions((await ask(server.port, { path: '/stats' })).body)).toBe(sessions(before.body));
});

test('[BAD402] who comes by a listed proxy that does not say from where is nobody of this machine', async () => {
  const stats = async (headers: Record<string, string>) =>
    (await ask(server.port, { path: '/stats', headers, from: proxy })).status;
  expect(await stats({ Forwarded: 'for=unknown;proto=http' })).toBe(401);
  expect(await stats({ Forwarded: 'for=_hidden' })).toBe(401);
  expect(await stats({ 'X-Forwarded-For': '127.0.0.1, unknown' })).toBe(401);
  expect(await stats({ 'X-Forwarded-Proto': 'https' })).toBe(401);
  // It says, and what it says is this machine.
  expect(await stats({ Forwarded: 'for="127.0.0.1:4711"' })).toBe(200);
});

test('[BAD23] behind a listed proxy the forwarded address is the client’s: its limits, and none of this machine’s rights', async () => {
  const guess = async (visitor: string, from = proxy) => {
    const headers = { 'X-Forwarded-For': visitor, 'Content-Type': 'application/json' };
    const body = JSON.stringify({ code: 'ZZZZZZ', claim: 'c'.repeat(20) });
    return (await ask(server.port, { method: 'POST', path: '/api/pair', from, headers, body })).status;
  };
  for (let count = 0; count < 5; count++) expect(await guess('192.168.1.77')).toBe(404);
  expect(await guess('192.168.1.77')).toBe(429);
  expect(await guess('192.168.1.78')).toBe(404);
  // What the client itself claims before the proxy's own word does not count.
  expect(await guess('10.9.9.9, 192.168.1.77')).toBe(429);
  // Nor does anybody's word who is no listed proxy: one address, whatever it says.
  for (let count = 0; count < 5; count++) expect(await guess(`10.0.0.${count}`, crowd)).toBe(404);
  expect(await guess('10.0.0.99', crowd)).toBe(429);

  const stats = async (headers: Record<string, string>, from: string) =>
    (await ask(server.port, { path: '/stats', headers, from })).status;
  expect(await stats({}, '127.0.0.1')).toBe(200);
  expect(await stats({ 'X-Forwarded-For': '192.168.1.77' }, proxy)).toBe(401);
  expect(await stats({ Forwarded: 'for=192.168.1.77;proto=http' }, proxy)).toBe(401);
  expect(await stats({ 'X-Forwarded-For': '127.0.0.1' }, crowd)).toBe(401);
  expect(await stats({ 'X-Forwarded-Proto': 'https' }, '127.0.0.1')).toBe(401);
  expect(await stats({ 'X-Forwarded-For': '127.0.0.1' }, proxy)).toBe(200);
});
