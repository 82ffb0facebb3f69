/** The dashboard's JSON, as S2's programs read it and as native clients do, on the whole server. */
import { SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Runtime } from '../../electron/data-folder.ts';
import { programs } from '../process/program.ts';
import { type DjangoStandIn, openDjango } from './django-stand-in.ts';
import { connect, type Peer } from './peer.ts';
import { type Listener, listen } from './socket-clients.ts';

const runs = programs();
let django: DjangoStandIn;
let runtime: Runtime;
let url: string;
let cliente: Listener;
let raw: Peer;
const secret = 's'.repeat(40);

beforeAll(async () => {
  django = await openDjango();
  django.profiles.set('t', { id: 'c1', role: 'cliente' });
  const env = { SECRET_KEY: secret, TRUSTED_PROXIES: '127.0.0.1', DJANGO_BASE_URL: django.baseUrl };
  runtime = await runs.start(['--no-open'], { env }).ready();
  url = `http://127.0.0.1:${runtime.port}`;
  cliente = listen(url, ['auth_success', 'event'], { transports: ['websocket'] });
  cliente.emit('authenticate', { token: 't', userId: 'c1', role: 'cliente' });
  await cliente.next('auth_success');
  cliente.emit('reservation_created', { clienteId: 'c1', servicioId: 's9' });
  await cliente.next('event');
  raw = await connect(url);
});
afterAll(async () => {
  cliente.close();
  raw.close();
  await runs.clean();
  await django.down();
});

async function get(path: string, headers: Record<string, string> = {}, method = 'GET') {
  const response = await fetch(`${url}${path}`, { method, headers: { Accept: 'application/json', ...headers } });
  return { status: response.status, body: await response.json() };
}

const ofClient = {
  id: expect.any(String),
  user_id: 'c1',
  role: 'cliente',
  address: '127.0.0.1',
  protocol: 's2',
  connected_s: expect.any(Number),
  rooms: ['cliente_c1', 'all_clientes'],
};
const figures = {
  clients: 2,
  by_role: { cliente: 1, none: 1 },
  by_protocol: { s2: 1, s0: 1 },
  rooms: 2,
  events: expect.any(Number),
  events_per_minute: expect.any(Number),
  mean_connection_s: expect.any(Number),
  memory: { rss: expect.any(Number), heap_used: expect.any(Number) },
  uptime_s: expect.any(Number),
};
const api = {
  django: { configured: true, reachable: true, latency_ms: expect.any(Number), checked_at: expect.any(String) },
  database: { ok: true },
};
const rooms = [
  { name: 'all_clientes', clients: 1 },
  { name: 'cliente_c1', clients: 1 },
];
const nobody = expect.objectContaining({ protocol: 's0', user_id: null, role: null, rooms: [] });

test('[DASH1] /dashboard and its parts say who is connected, in which rooms, what happened, and how the server is', async () => {
  const clients = expect.arrayContaining([ofClient, nobody]);
  expect(await get('/dashboard/clients')).toEqual({ status: 200, body: { clients } });
  expect(await get('/dashboard/rooms')).toEqual({ status: 200, body: { rooms } });
  expect(await get('/dashboard/stats')).toEqual({ status: 200, body: figures });
  expect(await get('/dashboard/api-status')).toEqual({ status: 200, body: api });
  expect(await get('/dashboard')).toEqual({ status: 200, body: { stats: figures, api, clients, rooms } });
  const { body } = await get('/dashboard/events');
  expect(body.events_per_minute).toBeGreaterThanOrEqual(1);
  expect(body.events).toContainEqual({
    id: expect.stringMatching(/^evt-/),
    seq: expect.any(Number),
    type: 'reservation_created',
    rooms: ['cliente_c1', 'service_s9', 'admin_dashboard'],
    at: expect.stringMatching(/Z$/),
    from: 'c1',
    data: { clienteId: 'c1', servicioId: 's9' },
  });
  expect(await get('/dashboard/cleanup', {}, 'POST')).toEqual({ status: 200, body: { connections: 0, sessions: 0 } });
});

test('[DASH2] it is for operators, admins and programs on this machine, never for a page or the Wi-Fi without a token', async () => {
  const token = async (role: string) =>
    new SignJWT({ sub: 'u', role })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode(secret));
  const outside = { 'X-Forwarded-For': '192.168.1.77' };
  const paths = ['', '/clients', '/rooms', '/events', '/api-status', '/stats'].map(part => `/dashboard${part}`);
  for (const path of paths) {
    expect(await get(path, outside)).toMatchObject({ status: 401, body: { error: { code: 'unauthorized' } } });
    const cliente = { ...outside, Authorization: `Bearer ${await token('cliente')}` };
    expect(await get(path, cliente)).toMatchObject({ status: 403 });
    expect(await get(path, { Origin: url })).toMatchObject({ status: 401 });
    expect(await get(path, { ...outside, Authorization: `Bearer ${await token('admin')}` })).toMatchObject({
      status: 200,
    });
  }
  expect(await get('/dashboard/cleanup', outside, 'POST')).toMatchObject({ status: 401 });
});

test('[DASH3] native clients ask for the same; only operators and admins', async () => {
  const ask = async (peer: Peer, action: string) => {
    peer.send({ type: 'request', id: action, resource: 'dashboard', payload: { action } });
    return (await peer.find(({ id }) => id === action)).payload;
  };
  const desk = await connect(`${url}/ws?token=${runtime.operatorToken}`);
  expect(await ask(desk, 'clients')).toEqual({
    clients: expect.arrayContaining([ofClient, expect.objectContaining({ protocol: 'native', role: 'operator' })]),
  });
  expect(await ask(desk, 'summary')).toMatchObject({ api, stats: { clients: 3 } });
  expect(await ask(desk, 'rooms')).toMatchObject({ rooms: expect.arrayContaining(rooms) });
  expect(await ask(desk, 'events')).toMatchObject({ events: expect.any(Array) });
  expect(await ask(desk, 'stats')).toMatchObject({ by_protocol: { native: 1, s2: 1 } });
  expect(await ask(desk, 'cleanup')).toEqual({ connections: 0, sessions: 0 });
  const phoneless = await connect(`${url}/ws?token=${runtime.operatorToken.slice(1)}`);
  expect(await phoneless.closed).toBe(4401);
  desk.close();
  await desk.closed;
});

test('[DASH4] a client that is gone leaves the list, its rooms go with it', async () => {
  const extra = listen(url, ['auth_success', 'room_joined'], { transports: ['websocket'] });
  extra.emit('authenticate', { token: 't', userId: 'c1', role: 'cliente' });
  await extra.next('auth_success');
  extra.emit('join_room', 'location_l7');
  await extra.next('room_joined');
  expect((await get('/dashboard/rooms')).body.rooms).toContainEqual({ name: 'location_l7', clients: 1 });
  extra.close();
  for (;;) {
    const { body } = await get('/dashboard/rooms');
    if (!JSON.stringify(body).includes('location_l7')) break;
  }
  expect((await get('/dashboard/clients')).body.clients).toHaveLength(2);
});

test('[DASH33] a browser gets the page, a shell without data; whoever does not ask for one gets the JSON', async () => {
  const headers = { Accept: 'text/html,*/*', 'X-Forwarded-For': '10.0.0.9' };
  const response = await fetch(`${url}/dashboard`, { headers });
  const html = await response.text();
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none';script-src 'self'/);
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(html).toMatch(/<script type="module"[^>]* src="\/assets\/dashboard-/);
  expect(html).not.toContain('cliente_c1');
  expect(await get('/dashboard', { Accept: '*/*' })).toMatchObject({ status: 200, body: { stats: figures } });
});

test('[DASH60] that Django is away is said', async () => {
  const away = await openDjango();
  await away.down();
  const { port } = await runs.start(['--no-open'], { env: { DJANGO_BASE_URL: away.baseUrl } }).ready();
  const answer = await fetch(`http://127.0.0.1:${port}/dashboard/api-status`, {
    headers: { Accept: 'application/json' },
  });
  expect((await answer.json()).django).toEqual({
    configured: true,
    reachable: false,
    latency_ms: null,
    checked_at: expect.any(String),
  });
});
