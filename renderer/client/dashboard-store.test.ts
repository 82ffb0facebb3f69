/** When the dashboard's page asks, and what it makes of the answers. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type * as z from 'zod/mini';
import { read } from '../../protocol/codec.ts';
import { fail, ok, type Result } from '../../protocol/errors.ts';
import { DashboardStore, renewEvery } from './dashboard-store.ts';
import type { JsonClient } from './http-client.ts';

const at = '2026-03-02T12:00:00.000Z';
const stats = {
  clients: 0,
  by_role: {},
  by_protocol: {},
  rooms: 0,
  events: 0,
  events_per_minute: 0,
  mean_connection_s: 0,
  memory: { rss: 1, heap_used: 1 },
  uptime_s: 1,
};
const django = { configured: false, reachable: false, latency_ms: null, checked_at: null };
const summary = { stats, api: { django, database: { ok: true } }, clients: [], rooms: [] };

function overviewOf(span: string, photos: number) {
  const failures = { refused: 0, quarantined: 0, broken_off: 0 };
  return {
    at,
    span,
    today: { since: at, sessions: 0, photos, median_scan_to_photo_s: null, failures, reconnects: 0 },
    live: { paired: 0, waiting: 0 },
    disk: { photos: 0, database: 0, free: null, measured_at: at },
    series: { from: at, step_s: 60, sessions: [], photos: [], events: [], messages: [], failures: [] },
    funnel: { shown: 0, scanned: 0, connected: 0, photo: 0, accepted: 0 },
    mysql: { configured: false, reachable: false },
    desk: { desk_name: 'Recepción', lang: 'es', theme: 'system' },
  };
}

/** A server whose answers the test holds in its hand. */
function fakeHttp() {
  const asked: string[] = [];
  let answer = async (path: string): Promise<Result<unknown>> => {
    if (path.startsWith('dashboard/overview')) return ok(overviewOf(path.split('=')[1] ?? '', 1));
    return ok(path === 'dashboard' ? summary : { events: [], events_per_minute: 0 });
  };
  const http: JsonClient = {
    async getJson<S extends z.ZodMiniType>(path: string, schema: S) {
      asked.push(path);
      const found = await answer(path);
      return found.ok ? read(schema, found.value) : found;
    },
    async postJson<S extends z.ZodMiniType>(path: string, _body: unknown, schema: S) {
      asked.push(path);
      return read(schema, { connections: 1, sessions: 2 });
    },
  };
  return {
    http,
    asked,
    rounds: () => asked.filter(path => path === 'dashboard').length,
    answers(next: typeof answer) {
      answer = next;
    },
  };
}

let stop = () => {};
beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  stop();
  vi.useRealTimers();
});

test('[DASH42] it asks every five seconds, at once for another span, and not while nobody looks', async () => {
  const server = fakeHttp();
  const store = new DashboardStore(server.http);
  stop = store.start();
  await vi.advanceTimersByTimeAsync(0);
  expect(store.getSnapshot()).toMatchObject({ connection: 'connected', overview: { span: '15m' }, summary });
  await vi.advanceTimersByTimeAsync(2 * renewEvery);
  expect(server.rounds()).toBe(3);
  store.choose('7d');
  expect(store.getSnapshot()).toMatchObject({ span: '7d', overview: { span: '15m' } });
  await vi.advanceTimersByTimeAsync(0);
  expect(store.getSnapshot()).toMatchObject({ overview: { span: '7d' } });
  expect(server.rounds()).toBe(4);
  store.watch(false);
  await vi.advanceTimersByTimeAsync(10 * renewEvery);
  expect(server.rounds()).toBe(4);
  store.watch(true);
  await vi.advanceTimersByTimeAsync(0);
  expect(server.rounds()).toBe(5);
});

test('[DASH42] a late answer of an earlier round does not count', async () => {
  const server = fakeHttp();
  const store = new DashboardStore(server.http);
  let late = (_found: Result<unknown>) => {};
  server.answers(async path => {
    if (path === 'dashboard/overview?span=15m') return new Promise(resolve => (late = resolve));
    return path.startsWith('dashboard/overview') ? ok(overviewOf('24h', 5)) : ok(summary);
  });
  stop = store.start();
  store.choose('24h');
  await vi.advanceTimersByTimeAsync(0);
  late(ok(overviewOf('15m', 99)));
  await vi.advanceTimersByTimeAsync(0);
  expect(store.getSnapshot()).toMatchObject({ overview: { span: '24h', today: { photos: 5 } } });
});

test('[DASH42] [DASH39] a failure keeps what was heard and tries on; a refusal ends it', async () => {
  const server = fakeHttp();
  const store = new DashboardStore(server.http);
  stop = store.start();
  await vi.advanceTimersByTimeAsync(0);
  const { renewedAt } = store.getSnapshot();
  server.answers(async () => fail('unavailable', 'Django no responde.'));
  await vi.advanceTimersByTimeAsync(renewEvery);
  expect(store.getSnapshot()).toMatchObject({
    connection: 'offline',
    failure: { message: 'Django no responde.' },
    overview: { span: '15m' },
    renewedAt,
  });
  server.answers(async () => fail('forbidden', 'Su cuenta de Django no es de administrador.'));
  await vi.advanceTimersByTimeAsync(renewEvery);
  expect(store.getSnapshot()).toMatchObject({
    connection: 'refused',
    refusal: 'Su cuenta de Django no es de administrador.',
  });
  const rounds = server.rounds();
  await vi.advanceTimersByTimeAsync(10 * renewEvery);
  expect(server.rounds()).toBe(rounds);
});

test('[DASH38] events are gathered newest first, each once, without the lines of the log', async () => {
  const server = fakeHttp();
  const store = new DashboardStore(server.http);
  const event = (id: string, type = 'photo_received') => ({ id, seq: null, type, rooms: [], at });
  const given = (events: object[]) =>
    server.answers(async path => (path === 'dashboard/events' ? ok({ events, events_per_minute: 1 }) : ok(summary)));
  given([event('2'), event('x', 'activity'), event('1')]);
  stop = store.start();
  await vi.advanceTimersByTimeAsync(0);
  given([event('4'), event('3'), event('2')]);
  await vi.advanceTimersByTimeAsync(renewEvery);
  expect(store.getSnapshot().events?.map(({ id }) => id)).toEqual(['4', '3', '2', '1']);
});
