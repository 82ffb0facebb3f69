/** Programs written for S2, driven by the libraries that they use, on the whole server and a Django stand-in. */
import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { Runtime } from '../../electron/data-folder.ts';
import { requests } from '../../protocol/requests.ts';
import { createHttpClient } from '../../renderer/client/index.ts';
import { programs, takePort } from '../process/program.ts';
import { must } from '../server/running.ts';
import { type DjangoStandIn, openDjango } from './django-stand-in.ts';
import { connect, type Peer } from './peer.ts';
import { everyClient, type Listener, listen } from './socket-clients.ts';

const runs = programs();
const secret = 's'.repeat(40);
const outside = { 'X-Forwarded-For': '192.168.1.77' };
let django: DjangoStandIn;
/** With Django, on a port of S2's own beside its first; without. */
let withDjango: Runtime;
let extraPort: number;
let without: Runtime;

beforeAll(async () => {
  django = await openDjango();
  for (const role of ['cliente', 'proveedor', 'admin']) {
    for (const n of [1, 2]) django.profiles.set(`${role}-${n}`, { id: `${role[0]}${n}`, role });
  }
  const extra = await takePort();
  extraPort = extra.port;
  await extra.free();
  const env = { SECRET_KEY: secret, TRUSTED_PROXIES: '127.0.0.1', LOG_LEVEL: 'warn' };
  // The first answer of both programs may take long where others share the machine: a Django that is taken for away lets nobody in.
  const settings = { DJANGO_BASE_URL: django.baseUrl, DJANGO_TIMEOUT_MS: '2000', EXTRA_PORTS: String(extraPort) };
  const [one, two] = [runs.start(['--no-open'], { env: { ...env, ...settings } }), runs.start(['--no-open'], { env })];
  [withDjango, without] = await Promise.all([one.ready(), two.ready()]);
});
afterAll(async () => {
  await runs.clean();
  await django.down();
});

const open: { close(): void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

const heardOf = ['auth_success', 'auth_error', 'event', 'room_joined', 'room_left', 'error'];

function join(server: { port: number } = withDjango, options: object = {}, version?: string): Listener {
  const one = listen(`http://127.0.0.1:${server.port}`, heardOf, { transports: ['websocket'], ...options }, version);
  open.push(one);
  return one;
}

/** `cliente`, 1 → the signed-in client c1. */
async function signIn(role: string, n = 1, options: object = {}, version?: string): Promise<Listener> {
  const one = join(withDjango, options, version);
  one.emit('authenticate', { token: `${role}-${n}`, userId: `${role[0]}${n}`, role });
  await one.next('auth_success');
  return one;
}

const settled = (...all: Listener[]) => Promise.all(all.map(one => one.settled()));

const reservation = { clienteId: 'c1', proveedorId: 'p1', servicioId: 's9', fecha: '2026-03-02', estado: 'pendiente' };

test.each(everyClient)(
  '[S2R1] %s by %s: signs in, joins, leaves, sends and hears events',
  async (version, transport) => {
    const cliente = join({ port: extraPort }, { transports: [transport] }, version);
    cliente.emit('authenticate', { token: 'cliente-1', userId: 'c1', role: 'cliente' });
    expect(await cliente.next('auth_success')).toEqual({
      userId: 'c1',
      role: 'cliente',
      rooms: ['cliente_c1', 'all_clientes'],
    });
    cliente.emit('join_room', 'service_s9');
    expect(await cliente.next('room_joined')).toEqual({ room: 'service_s9' });
    cliente.emit('join_room', { room: 'location_l4' });
    expect(await cliente.next('room_joined')).toEqual({ room: 'location_l4' });
    cliente.emit('leave_room', { room: 'location_l4' });
    expect(await cliente.next('room_left')).toEqual({ room: 'location_l4' });
    cliente.emit('leave_room', 'location_l4');
    expect(await cliente.next('room_left')).toEqual({ room: 'location_l4' });
    cliente.emit('reservation_created', reservation);
    expect(await cliente.next('event')).toEqual({
      type: 'reservation_created',
      data: reservation,
      from: 'c1',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
  },
);

test.each([
  ['cliente', ['cliente_c1', 'all_clientes']],
  ['proveedor', ['proveedor_p1', 'all_proveedores']],
  ['admin', ['admin_dashboard']],
])('[S2R2] %s is in its automatic rooms from the start', async (role, rooms) => {
  const one = join();
  one.emit('authenticate', { token: `${role}-1`, userId: `${role[0]}1`, role });
  expect(await one.next('auth_success')).toEqual({ userId: `${role[0]}1`, role, rooms });
});

test.each(['reservation_created', 'reservation_accepted', 'payment_created', 'comment_created'])(
  '[S2R3] %s goes once to each connection of the people, service and location it names and to the admins, to nobody else',
  async type => {
    const [c1, c1Again, c2, p1, p2, admin, place] = await Promise.all([
      signIn('cliente'),
      signIn('cliente'),
      signIn('cliente', 2),
      signIn('proveedor'),
      signIn('proveedor', 2),
      signIn('admin'),
      signIn('cliente', 2),
    ]);
    p1.emit('join_room', 'service_s9');
    place.emit('join_room', 'location_l1');
    await Promise.all([p1.next('room_joined'), place.next('room_joined')]);
    const data = { ...reservation, locationId: 'l1' };
    p1.emit(type, data);
    for (const one of [c1, c1Again, p1, admin, place]) {
      expect(await one.next('event')).toMatchObject({ type, data, from: 'p1' });
    }
    await settled(c1, c1Again, c2, p1, p2, admin, place);
    for (const one of [c1, c1Again, p1, admin, place]) expect(one.heard('event')).toHaveLength(1);
    for (const one of [c2, p2]) expect(one.heard('event')).toHaveLength(0);
  },
);

test.each([
  [{ cliente_id: 'c1' }],
  [{ cliente: { id: 'c1', nombre: 'Ana' } }],
  [{ usuarioId: 'c1' }],
  [{ user_id: 'c1', ubicacionId: 4 }],
])('[S2R4] people are found by the names that Django programs give them: %j', async data => {
  const [c1, admin] = await Promise.all([signIn('cliente'), signIn('admin')]);
  admin.emit('comment_created', data);
  expect(await c1.next('event')).toMatchObject({ data, from: 'a1' });
});

test('[S2R5] only one of the people named, or an admin, may send an event', async () => {
  const [c1, c2, p2] = await Promise.all([signIn('cliente'), signIn('cliente', 2), signIn('proveedor', 2)]);
  c2.emit('reservation_created', reservation);
  expect(await c2.next('error')).toMatchObject({ code: 'forbidden', event: 'reservation_created' });
  p2.emit('payment_created', {});
  expect(await p2.next('error')).toMatchObject({ code: 'forbidden', event: 'payment_created' });
  await settled(c1);
  expect(c1.heard('event')).toEqual([]);
});

test('[S2R6] nobody joins another person’s or role’s room, nor one of the server’s own', async () => {
  const [c1, admin] = await Promise.all([signIn('cliente'), signIn('admin')]);
  const foreign = ['cliente_c2', 'proveedor_p1', 'all_proveedores', 'admin_dashboard', '@desk', 'activity', 'service_'];
  for (const room of foreign) {
    c1.emit('join_room', room);
    expect(await c1.next('error')).toMatchObject({ code: 'forbidden', event: 'join_room', details: { room } });
  }
  admin.emit('join_room', 'cliente_c1');
  expect(await admin.next('error')).toMatchObject({ code: 'forbidden' });
  c1.emit('leave_room', 'cliente_c1');
  await c1.next('room_left');
  c1.emit('join_room', 'cliente_c1');
  expect(await c1.next('room_joined')).toEqual({ room: 'cliente_c1' });
});

test('[S2R7] nothing works before auth_success, and nothing is heard', async () => {
  const [stranger, c1] = [join(), await signIn('cliente')];
  stranger.emit('join_room', 'service_s9');
  expect(await stranger.next('auth_error')).toMatchObject({
    code: 'unauthorized',
    message: expect.stringMatching(/authenticate/),
  });
  for (const event of ['leave_room', 'reservation_created', 'comment_created']) {
    stranger.emit(event, reservation);
    expect(await stranger.next('auth_error')).toMatchObject({ code: 'unauthorized' });
  }
  c1.emit('reservation_created', reservation);
  await c1.next('event');
  stranger.emit('join_room', 'x');
  await stranger.next('auth_error');
  expect(stranger.heard('event')).toEqual([]);
});

test('[S2R8] what is sent right behind authenticate waits for its answer', async () => {
  const one = join();
  one.emit('authenticate', { token: 'cliente-1', userId: 'c1', role: 'cliente' });
  one.emit('reservation_created', reservation);
  expect(await one.next('event')).toMatchObject({ data: reservation });
  expect(one.heard('auth_error')).toEqual([]);
});

test.each([
  ['unknown', 'c1', 'cliente', 'unauthorized', { status: 401, detail: 'Invalid token.' }],
  ['blocked', 'c1', 'cliente', 'unauthorized', { status: 403 }],
  ['cliente-1', 'c2', 'cliente', 'forbidden', { reason: 'userId' }],
  ['cliente-1', 'c1', 'proveedor', 'forbidden', { reason: 'role' }],
  ['cliente-1', 'c1', 'admin', 'forbidden', { reason: 'role' }],
  ['slow', 'c1', 'cliente', 'unavailable', { reason: 'django' }],
  ['broken', 'c1', 'cliente', 'unavailable', { reason: 'django', status: 500 }],
  ['elsewhere', 'c1', 'cliente', 'unavailable', { reason: 'django', status: 302 }],
  ['page', 'c1', 'cliente', 'unavailable', { reason: 'django' }],
  ['a b\r\nX: y', 'c1', 'cliente', 'unauthorized', { reason: 'malformed' }],
])(
  '[S2R9] token %j of %s as %s: auth_error %s, and the next attempt may succeed',
  async (token, userId, role, code, details) => {
    const one = join();
    one.emit('authenticate', { token, userId, role });
    expect(await one.next('auth_error')).toMatchObject({ code, message: expect.any(String), details });
    one.emit('authenticate', { token: 'cliente-1', userId: 'c1', role: 'cliente' });
    await one.next('auth_success');
  },
);

test.each([
  [{ pk: 7, rol: 'CLIENTE' }, '7', 'cliente', true],
  [{ user_id: 'u', tipo: 'proveedor' }, 'u', 'proveedor', true],
  [{ uuid: 'x-1', user_type: 'admin' }, 'x-1', 'admin', true],
  [{ username: 'ana' }, 'ana', 'cliente', true],
  [{ username: 'ana' }, 'ana', 'proveedor', true],
  [{ username: 'ana' }, 'ana', 'admin', false],
  [{ id: 3, is_staff: true }, '3', 'admin', true],
  [{ id: 3, role: 'cliente', is_staff: true }, '3', 'cliente', true],
  [{ id: 3, username: 'ana' }, 'ana', 'cliente', false],
  [{ email: 'ana@example.com' }, 'ana', 'cliente', false],
  [['c1'], 'c1', 'cliente', false],
])('[S2R10] the profile %j lets %s in as %s: %s', async (profile, userId, role, isIn) => {
  const token = `profile-${django.profiles.size}`;
  django.profiles.set(token, profile);
  const one = join();
  one.emit('authenticate', { token, userId, role });
  if (isIn) expect(await one.next('auth_success')).toMatchObject({ userId, role });
  else await one.next('auth_error');
});

test('[S2R10] a userId may be a number', async () => {
  django.profiles.set('number', { id: 12 });
  const one = join();
  one.emit('authenticate', { token: 'number', userId: 12, role: 'cliente' });
  expect(await one.next('auth_success')).toMatchObject({ userId: '12', rooms: ['cliente_12', 'all_clientes'] });
});

test('[S2R11] Django is asked once a minute for a token; that it is away is said, and not kept', async () => {
  django.profiles.set('kept', { id: 'k1', role: 'cliente' });
  const asks = () => django.asked.filter(header => header === 'Token kept').length;
  const credentials = { token: 'kept', userId: 'k1', role: 'cliente' };
  const many = [join(), join(), join()];
  for (const one of many) one.emit('authenticate', credentials);
  await Promise.all(many.map(one => one.next('auth_success')));
  expect(asks()).toBe(1);
  await django.down();
  try {
    const one = join();
    one.emit('authenticate', credentials);
    await one.next('auth_success');
    one.emit('authenticate', { ...credentials, token: 'late' });
    expect(await one.next('auth_error')).toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/Django/),
    });
    await django.up();
    django.profiles.set('late', { id: 'k1', role: 'cliente' });
    one.emit('authenticate', { ...credentials, token: 'late' });
    await one.next('auth_success');
  } finally {
    if (!django.asked.includes('Token late')) await django.up();
  }
});

test.each([
  ['authenticate', undefined],
  ['authenticate', 'token'],
  ['authenticate', { token: 'cliente-1', userId: 'c1' }],
  ['authenticate', { token: 'cliente-1', userId: 'c1', role: 'phone' }],
  ['authenticate', { token: 5, userId: 'c1', role: 'cliente' }],
  ['authenticate', { token: 'cliente-1', userId: { id: 'c1' }, role: 'cliente' }],
  ['authenticate', { token: 'cliente-1', userId: '', role: 'cliente' }],
  ['join_room', undefined],
  ['join_room', 7],
  ['join_room', { sala: 'service_1' }],
  ['join_room', ''],
  ['leave_room', null],
  ['leave_room', { room: ['service_1'] }],
  ['reservation_created', 'text'],
  ['reservation_accepted', undefined],
  ['payment_created', [1]],
  ['comment_created', null],
])('[S2R12] %s with %j is refused with a reason, and the connection goes on', async (event, data) => {
  const one = await signIn('cliente');
  one.emit(event, data);
  const answer = event === 'authenticate' ? await one.next('auth_error') : await one.next('error');
  expect(answer).toMatchObject({ code: 'invalid_message', message: expect.stringMatching(/\S/) });
  await settled(one);
});

async function token(claims: object, options: { key?: string; expires?: string } = {}): Promise<string> {
  const { key = secret, expires = '1h' } = options;
  const jwt = new SignJWT({ ...claims }).setProtectedHeader({ alg: 'HS256' }).setExpirationTime(expires);
  return jwt.sign(new TextEncoder().encode(key));
}

test('[S2R13] without Django our own tokens are what counts, from anywhere', async () => {
  const claims = { sub: 'c1', role: 'cliente' };
  const one = join(without, { extraHeaders: outside });
  const refused = [
    { token: await token(claims, { key: 'f'.repeat(40) }), userId: 'c1', role: 'cliente' },
    { token: await token(claims, { expires: '1s ago' }), userId: 'c1', role: 'cliente' },
    { token: await token(claims), userId: 'c2', role: 'cliente' },
    { token: await token(claims), userId: 'c1', role: 'admin' },
    { token: await token({ sub: 'c1' }), userId: 'c1', role: 'admin' },
    { token: 'token_123', userId: 'c1', role: 'cliente' },
  ];
  for (const credentials of refused) {
    one.emit('authenticate', credentials);
    expect(await one.next('auth_error')).toMatchObject({ code: expect.stringMatching(/^(unauthorized|forbidden)$/) });
  }
  one.emit('authenticate', { token: await token(claims), userId: 'c1', role: 'cliente' });
  expect(await one.next('auth_success')).toMatchObject({ userId: 'c1' });
  one.emit('authenticate', { token: await token({ sub: 'c9' }), userId: 'c9', role: 'proveedor' });
  expect(await one.next('auth_success')).toMatchObject({ rooms: ['proveedor_c9', 'all_proveedores'] });
});

test('[S2R14] an address that is not listed has eight connections that have not signed in, and more that have', async () => {
  const options = { extraHeaders: outside };
  const eight = Array.from({ length: 8 }, () => join(without, options));
  await Promise.all(eight.map(one => one.next('connect')));
  await join(without, options).next('connect_error');
  eight[0]?.emit('authenticate', { token: await token({ sub: 'c1' }), userId: 'c1', role: 'cliente' });
  await eight[0]?.next('auth_success');
  await join(without, options).next('connect');
});

test('[S2R15] 1,000 messages in a second are refused past the allowance, and nobody else waits', async () => {
  const [noisy, other] = await Promise.all([signIn('cliente'), signIn('proveedor')]);
  for (let i = 0; i < 1_000; i++) noisy.emit('leave_room', 'service_1');
  other.emit('join_room', 'service_2');
  expect(await other.next('room_joined')).toEqual({ room: 'service_2' });
  const answers = () => noisy.heard('room_left').length + noisy.heard('error').length;
  await vi.waitFor(() => expect(answers()).toBe(1_000), { timeout: 20_000 });
  expect(noisy.heard('error').at(-1)).toMatchObject({ code: 'rate_limited' });
});

/** A native client as its frames are. */
async function native(claims: { sub: string; role: string }) {
  const peer = await connect(`http://127.0.0.1:${without.port}/ws?token=${await token(claims)}`);
  open.push(peer);
  const says = (type: string) => (message: Record<string, unknown>) =>
    (message.payload as { type?: string }).type === type;
  await peer.find(says('connected'));
  return {
    hears: async (type: string) => ((await peer.find(says(type))).payload as { data: unknown }).data,
    async ask(resource: string, action: string, input: object) {
      const id = `${resource} ${action} ${Math.random()}`;
      peer.send({ type: 'request', id, resource, payload: { ...input, action } });
      return (await peer.find(message => message.id === id)).payload;
    },
  };
}

test('[PUB1] what S2’s clients announce is heard by native ones in the same rooms, and the other way round', async () => {
  const [cliente, admin] = await Promise.all([
    native({ sub: 'c1', role: 'cliente' }),
    native({ sub: 'a1', role: 'admin' }),
  ]);
  expect(await cliente.ask('rooms', 'list', {})).toEqual({ rooms: ['cliente_c1', 'all_clientes'] });
  const old = join(without);
  old.emit('authenticate', { token: await token({ sub: 'p1' }), userId: 'p1', role: 'proveedor' });
  await old.next('auth_success');
  const both = [cliente, admin].map(one => one.hears('reservation_accepted'));
  old.emit('reservation_accepted', reservation);
  expect(await Promise.all(both)).toEqual([reservation, reservation]);
  await admin.ask('events', 'publish', { type: 'aviso', data: { texto: 'hola' }, room: 'all_proveedores' });
  await old.next('event');
  expect(await old.next('event')).toMatchObject({ type: 'aviso', data: { texto: 'hola' }, from: 'a1' });
  expect(await cliente.ask('rooms', 'join', { room: 'cliente_c2' })).toMatchObject({ code: 'forbidden' });
});

/** A phone that has scanned the QR of a new session, connected. */
async function phoneOf({ port, operatorToken: token }: Runtime): Promise<Peer> {
  const url = `http://127.0.0.1:${port}`;
  const desk = createHttpClient({ url, token });
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const made = await fetch(`${url}/api/sessions`, { method: 'POST', headers, body: '{"idPersona":"P"}' });
  const { session } = must(requests.sessions.create.reply, await made.json());
  const paired = await desk.pair({ token: session.qr?.url.split('/').at(-1) ?? '', claim: 'c'.repeat(20) });
  if (!paired.ok) throw new Error(paired.error.message);
  const peer = await connect(`${url}/ws?token=${paired.value.phone_token}`);
  open.push(peer);
  await peer.find(({ payload }) => (payload as { type?: string }).type === 'connected');
  return peer;
}

test('[PUB2] POST /api/events publishes; without a room to every native connection but phones, and to no S2 client', async () => {
  const cliente = await native({ sub: 'c1', role: 'cliente' });
  const old = join(without);
  old.emit('authenticate', { token: await token({ sub: 'c1' }), userId: 'c1', role: 'cliente' });
  await old.next('auth_success');
  const heard = cliente.hears('nuevo_precio');
  const phone = await phoneOf(without);
  const post = async (body: object, role = 'integration') => {
    const authorization = `Bearer ${await token({ sub: 'back-office', role })}`;
    const headers = { authorization, 'Content-Type': 'application/json' };
    const url = `http://127.0.0.1:${without.port}/api/events`;
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: response.status, body: await response.json() };
  };
  expect(await post({ type: 'nuevo_precio', data: { precio: 5 } })).toMatchObject({
    status: 200,
    body: { type: 'nuevo_precio' },
  });
  expect(await heard).toEqual({ precio: 5 });
  // The phone is connected and is answered, and of that it has heard nothing.
  phone.send({ type: 'ping' });
  await phone.find(({ type }) => type === 'pong');
  expect(phone.heard.filter(text => text.includes('nuevo_precio'))).toEqual([]);
  expect(await post({ type: 'photo_received', data: {} })).toMatchObject({ status: 403 });
  expect(await post({ type: 'x', room: '@desk' })).toMatchObject({ status: 403 });
  expect(await post({ type: 'x', data: {} }, 'cliente')).toMatchObject({ status: 403 });
  expect(await post({ data: {} })).toMatchObject({ status: 400 });
  old.emit('join_room', 'service_1');
  await old.next('room_joined');
  expect(old.heard('event')).toEqual([]);
});

test('[USER2] one who signs in by S2 or connects by S3 is kept as a user, with the role that it came in', async () => {
  const url = `http://127.0.0.1:${withDjango.port}`;
  await signIn('proveedor', 2);
  const old = listen(url, ['connected'], { query: { user_id: 's3-luis' } });
  const desk = await connect(`${url}/ws?token=${withDjango.operatorToken}`);
  open.push(old, desk);
  await old.next('connected');
  await vi.waitFor(async () => {
    const id = randomUUID();
    desk.send({ type: 'request', id, resource: 'users', payload: { action: 'get_all' } });
    const { payload } = await desk.find(message => message.id === id);
    expect(payload).toMatchObject({
      users: expect.arrayContaining([
        expect.objectContaining({ id: 'p2', name: 'p2', role: 'proveedor', online: true }),
        expect.objectContaining({ id: 's3-luis', role: 'user', online: true }),
      ]),
    });
  }, 10_000);
});
