/** What older clients see of time going by: the server is in this process, and its clock is set forward. */
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { type BuiltWorker, buildWorker } from '../../electron/images/built-worker.ts';
import { startServer, type TestServer } from '../server/running.ts';
import { connect } from './peer.ts';
import { type Listener, listen } from './socket-clients.ts';

let worker: BuiltWorker;
let server: TestServer;
beforeAll(async () => {
  worker = await buildWorker();
  server = await startServer(worker.entry, { env: { TRUSTED_PROXIES: '127.0.0.1' } });
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
  await worker.remove();
});
const open: { close(): void }[] = [];
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  for (const one of open.splice(0)) one.close();
});

function io(events: string[], extraHeaders: Record<string, string> = {}): Listener {
  const one = listen(server.url, events, { transports: ['websocket'], extraHeaders });
  open.push(one);
  return one;
}

test('[S1R23] after its 60 s a QR is followed by the next, sent by itself to S1 by raw JSON and by Socket.IO, once', async () => {
  const raw = await connect(server.url);
  open.push(raw);
  const socket = io(['qr_code', 'status']);
  raw.send({ type: 'get_qr' });
  socket.emit('get_qr', {});
  const isQr = ({ type }: Record<string, unknown>) => type === 'qr_code';
  let [before, also] = [await raw.find(isQr), await socket.next('qr_code')];
  for (let rotation = 0; rotation < 2; rotation++) {
    // The rounds of upkeep come by once a second and look at the clock.
    vi.setSystemTime(Date.now() + 60_000);
    const [next, other] = [await raw.find(isQr), await socket.next('qr_code')];
    expect(next).toMatchObject({ session_id: before.session_id, qr_data: expect.stringContaining('/J/') });
    expect(next.qr_data).not.toBe(before.qr_data);
    expect(other.qr_data).not.toBe(also.qr_data);
    [before, also] = [next, other];
  }
  raw.send({ type: 'get_status' });
  expect(await raw.find(({ type }) => type === 'status')).toMatchObject({ status: 'qr_ready' });
  expect(raw.heard.filter(text => isQr(JSON.parse(text)))).toHaveLength(3);
  expect(socket.heard('qr_code')).toHaveLength(3);
});

test('[S2R22] cleaning up lets those go who have not signed in for five minutes, and nobody else', async () => {
  const outside = { 'X-Forwarded-For': '192.168.1.77' };
  const [idle, s1, chat] = [
    io(['error'], outside),
    io(['connected', 'qr_code']),
    listen(server.url, ['connected'], { transports: ['websocket'], query: { user_id: 'ana' } }),
  ];
  open.push(chat);
  s1.emit('get_qr', {});
  await Promise.all([idle.next('connect'), s1.next('qr_code'), chat.next('connected')]);
  const cleanUp = async () => (await server.post('/dashboard/cleanup', {})).json();
  const now = performance.now.bind(performance);
  const pass = (ms: number) => vi.spyOn(performance, 'now').mockImplementation(() => now() + ms);
  pass(4 * 60_000);
  expect(await cleanUp()).toMatchObject({ connections: 0 });
  pass(5 * 60_000);
  const young = io(['error'], outside);
  await young.next('connect');
  expect(await cleanUp()).toMatchObject({ connections: 1 });
  await idle.next('disconnect');
  expect([s1.socket.connected, chat.socket.connected, young.socket.connected]).toEqual([true, true, true]);
});
