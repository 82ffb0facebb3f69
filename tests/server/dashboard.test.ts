/** The figures of the dashboard's page, made by what really happens on a whole server. */
import { randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BuiltWorker, buildWorker } from '../../electron/images/built-worker.ts';
import { type Overview, overview } from '../../protocol/dashboard.ts';
import { jpeg, must, startServer, type TestServer } from './running.ts';

let worker: BuiltWorker;
let server: TestServer;

beforeAll(async () => {
  worker = await buildWorker();
  server = await startServer(worker.entry);
});
afterAll(async () => {
  await server.stop();
  worker.remove();
});

async function look(span = '15m'): Promise<Overview> {
  const response = await server.call('GET', `/dashboard/overview?span=${span}`);
  expect(response.status).toBe(200);
  return must(overview, await response.json());
}

/** The figures as soon as they are as wanted. */
async function until(isSo: (seen: Overview) => boolean): Promise<Overview> {
  for (;;) {
    const seen = await look();
    if (isSo(seen)) return seen;
  }
}

/** Begins a photo and hangs up in the middle of it. */
function breakOff(token: string): Promise<void> {
  return new Promise(resolve => {
    const request = httpRequest(`${server.url}/api/photos/${randomUUID()}`, {
      method: 'PUT',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'image/jpeg', 'Content-Length': 50_000 },
    });
    request.on('error', () => resolve());
    request.write(Buffer.alloc(20_000), () => request.destroy());
    request.on('close', () => resolve());
  });
}

test('[DASH28] a scan, a phone, a photo and a verdict move tiles, charts and funnel; a broken upload and a refused one are failures', async () => {
  expect((await look()).funnel).toEqual({ shown: 0, scanned: 0, connected: 0, photo: 0, accepted: 0 });
  const { qr } = await server.session({ idPersona: 'DNI-7' });
  const shown = await look();
  expect(shown.funnel).toEqual({ shown: 1, scanned: 0, connected: 0, photo: 0, accepted: 0 });
  expect(shown.live).toEqual({ paired: 0, waiting: 1 });
  const scanned = new URL(qr?.url ?? '').pathname;
  expect((await server.call('GET', scanned.toLowerCase(), { token: null })).status).toBe(200);
  await until(({ funnel }) => funnel.scanned === 1);
  const pairing = await server.post(
    '/api/pair',
    { token: scanned.split('/').at(-1), claim: randomUUID() },
    { token: null },
  );
  const { phone_token } = await pairing.json();
  expect((await look()).funnel).toMatchObject({ scanned: 1, connected: 1, photo: 0 });
  const id = randomUUID();
  expect((await server.put(id, await jpeg(), { token: phone_token })).status).toBe(201);
  const desk = server.client();
  await desk.send('photos', 'review', { photo_id: id, verdict: 'accepted' });
  expect((await server.put(randomUUID(), Buffer.from('no picture'), { token: phone_token })).status).toBe(400);
  await breakOff(phone_token);
  const seen = await until(({ today }) => today.failures.broken_off === 1);
  expect(seen.funnel).toEqual({ shown: 1, scanned: 1, connected: 1, photo: 1, accepted: 1 });
  expect(seen.live).toEqual({ paired: 1, waiting: 0 });
  expect(seen.today).toMatchObject({
    sessions: 1,
    photos: 1,
    failures: { refused: 1, quarantined: 0, broken_off: 1 },
    reconnects: 0,
  });
  expect(seen.today.median_scan_to_photo_s).toBeLessThan(60);
  const sum = (list: readonly number[]) => list.reduce((total, each) => total + each, 0);
  expect([sum(seen.series.sessions), sum(seen.series.photos), sum(seen.series.failures)]).toEqual([1, 1, 2]);
  expect(sum(seen.series.events)).toBeGreaterThanOrEqual(4);
  expect(seen.disk.database).toBeGreaterThan(1_000);
  expect(seen.disk.free).toBeGreaterThan(0);
  expect(seen.mysql).toEqual({ configured: false, reachable: false });
  for (const span of ['24h', '7d'] as const) {
    const wide = await look(span);
    expect([wide.span, sum(wide.series.photos), wide.funnel.accepted]).toEqual([span, 1, 1]);
  }
});

test('[DASH28] the same by the native protocol; a span that is none is refused, a phone always', async () => {
  const desk = server.client();
  const { span, funnel } = await desk.send('dashboard', 'overview', { span: '7d' });
  expect([span, funnel.shown]).toEqual(['7d', 1]);
  expect((await server.call('GET', '/dashboard/overview?span=1y')).status).toBe(400);
  expect((await server.call('GET', '/dashboard/overview')).status).toBe(200);
  const { token } = await server.phone();
  expect((await server.call('GET', '/dashboard/overview', { token })).status).toBe(403);
  const phone = server.client(token);
  await expect(phone.send('dashboard', 'overview', {})).rejects.toMatchObject({ code: 'forbidden' });
});

test('[DASH70] the overview says what the desk is called, and its language and colours, as they are now', async () => {
  expect((await look()).desk).toEqual({ desk_name: 'Mostrador', lang: 'es', theme: 'system' });
  await server.client().send('settings', 'update', { settings: { desk_name: 'Planta 2', lang: 'en', theme: 'dark' } });
  expect((await look()).desk).toEqual({ desk_name: 'Planta 2', lang: 'en', theme: 'dark' });
});
