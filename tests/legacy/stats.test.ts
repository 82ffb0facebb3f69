/** What those who look after the server ask: S1's `/stats`, and Prometheus. (CONTRACT 3.) */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BuiltWorker, buildWorker } from '../../electron/images/built-worker.ts';
import { jpeg, startServer, type TestServer } from '../server/running.ts';
import { connect } from './peer.ts';
import { listen } from './socket-clients.ts';

let worker: BuiltWorker;
let server: TestServer;
beforeAll(async () => {
  worker = await buildWorker();
  server = await startServer(worker.entry);
});
afterAll(async () => {
  await server.stop();
  await worker.remove();
});

async function stats() {
  return (await server.call('GET', '/stats', { token: null })).json();
}

/** `name{labels}` → value. */
async function metrics(): Promise<Map<string, number>> {
  const answer = await server.call('GET', '/metrics', { token: null });
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  const lines = (await answer.text()).split('\n').filter(line => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map(line => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}

test('[OLD5] /stats and /metrics count sessions, connections, photos and events as they are at the moment', async () => {
  const none = { pending: 0, qr_ready: 0, authenticated: 0, disconnected: 0 };
  expect(await stats()).toEqual({
    status: 'ok',
    uptime_s: expect.any(Number),
    sessions: none,
    total_sessions: 0,
    connections: 0,
    photos: { total: 0, bytes: 0 },
    journal_head: expect.any(Number),
  });
  // One waits by S1, one is paired and has sent a photo, one has ended; one more program only listens.
  const s1 = listen(server.url, ['qr_code'], { transports: ['websocket'] });
  s1.emit('get_qr', {});
  await s1.next('qr_code');
  const s0 = await connect(server.url);
  const { token } = await server.phone({ idPersona: 'A' });
  const ended = await server.phone({ idPersona: 'B' });
  await server.call('DELETE', `/api/sessions/${ended.sessionId}`);
  const body = await jpeg(5_000);
  expect((await server.put(randomUUID(), body, { token })).status).toBe(201);

  const now = await stats();
  expect(now).toMatchObject({
    sessions: { ...none, qr_ready: 1, authenticated: 1, disconnected: 1 },
    total_sessions: 3,
    connections: 2,
    photos: { total: 1, bytes: body.length },
  });
  expect(now.journal_head).toBeGreaterThan(5);
  const told = await metrics();
  expect(Object.fromEntries([...told].filter(([name]) => name.startsWith('mostrador_')))).toMatchObject({
    mostrador_connections: 2,
    'mostrador_sessions{status="qr_ready"}': 1,
    'mostrador_sessions{status="authenticated"}': 1,
    'mostrador_sessions{status="disconnected"}': 1,
    mostrador_photos_stored: 1,
  });
  expect(told.get('mostrador_events_total')).toBeGreaterThanOrEqual(now.journal_head);
  for (const name of ['process_resident_memory_bytes', 'nodejs_heap_size_used_bytes']) {
    expect(told.get(name), name).toBeGreaterThan(0);
  }

  s1.close();
  s0.close();
  await expect.poll(async () => (await stats()).connections).toBe(0);
  expect((await metrics()).get('mostrador_connections')).toBe(0);
  // No name, id or token of anybody is in it.
  const text = await (await server.call('GET', '/metrics', { token: null })).text();
  expect(text).not.toContain(ended.sessionId);
});
