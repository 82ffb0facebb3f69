/** The SDK's S2 entry against the whole server, as it stands in the sources and as the desk serves it. */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Runtime } from '../../electron/data-folder.ts';
import { createClient, type S2Client, type S2Events, type S2Role } from '../../renderer/client/s2.ts';
import { type Program, programs, takePort } from '../process/program.ts';
import { openDjango } from './django-stand-in.ts';

const runs = programs();
const secret = 's'.repeat(40);
let program: Program;
let server: Runtime;
let port: number;
let url: string;

const start = (dataDir?: string) =>
  runs.start(['--no-open'], {
    env: { SECRET_KEY: secret, LOG_LEVEL: 'warn', PORT: String(port) },
    ...(dataDir === undefined ? {} : { dataDir }),
  });

beforeAll(async () => {
  const taken = await takePort();
  port = taken.port;
  await taken.free();
  program = start();
  server = await program.ready();
  url = `http://127.0.0.1:${server.port}`;
});
afterAll(() => runs.clean());

const open: S2Client[] = [];
afterEach(() => {
  for (const client of open.splice(0)) client.close();
});

function token(sub: string, claims: Record<string, string> = {}): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(sub)
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(secret));
}

const signedIn = new WeakMap<S2Client, Promise<S2Events['auth_success']>>();

/** From its first moment: it connects by itself. */
function watched(made: S2Client): S2Client {
  open.push(made);
  signedIn.set(made, next(made, 'auth_success'));
  return made;
}

async function client(userId: string, role: S2Role, create = createClient): Promise<S2Client> {
  return watched(create(userId, role, await token(userId, role === 'admin' ? { role } : {}), { url }));
}

function next<E extends keyof S2Events>(of: S2Client, event: E): Promise<S2Events[E]> {
  return new Promise(resolve => {
    const stop = of.on(event, data => {
      stop();
      resolve(data);
    });
  });
}

const connected = async (of: S2Client) => signedIn.get(of);

const reservation = { clienteId: 'c1', proveedorId: 'p1', servicioId: 's1', estado: 'pendiente' };

test('[SDKS1] each of its calls is heard by those it names, and a call before it is signed in is sent once it is', async () => {
  const [cliente, proveedor] = [await client('c1', 'cliente'), await client('p1', 'proveedor')];
  expect(await connected(proveedor)).toEqual({
    userId: 'p1',
    role: 'proveedor',
    rooms: ['proveedor_p1', 'all_proveedores'],
  });
  const heard: unknown[] = [];
  proveedor.on('event', event => heard.push(event));
  const all = new Promise<void>(resolve => proveedor.on('event', () => void (heard.length === 4 && resolve())));
  cliente.createReservation(reservation);
  cliente.acceptReservation(reservation);
  cliente.createPayment({ ...reservation, monto: 20 });
  cliente.createComment({ ...reservation, texto: 'Gracias' });
  await all;
  expect(heard).toMatchObject([
    { type: 'reservation_created', data: reservation, from: 'c1', timestamp: expect.stringMatching(/Z$/) },
    { type: 'reservation_accepted', data: reservation, from: 'c1' },
    { type: 'payment_created', data: { monto: 20 }, from: 'c1' },
    { type: 'comment_created', data: { texto: 'Gracias' }, from: 'c1' },
  ]);
});

test('[SDKS400] one that only listens connects by itself, and asking it to meanwhile does no harm', async () => {
  const silent = await client('p2', 'proveedor');
  const listening = await client('p1', 'proveedor');
  const happened: string[] = [];
  listening.onDisconnect = () => void happened.push('disconnect');
  listening.onError = ({ code }) => void happened.push(code);
  const ready = new Promise(resolve => {
    listening.onConnect = data => {
      happened.push('connect');
      resolve(data);
    };
  });
  const asking = setInterval(() => listening.connect(), 1);
  expect(await ready).toMatchObject({ userId: 'p1' });
  const heard = next(listening, 'event');
  (await client('c1', 'cliente')).createReservation(reservation);
  expect(await heard).toMatchObject({ type: 'reservation_created', from: 'c1' });
  clearInterval(asking);
  expect(await connected(silent)).toMatchObject({ userId: 'p2' });
  expect(happened).toEqual(['connect']);
});

test('[SDKS401] one that is closed right after it was made never connects, until it is told to', async () => {
  const asked: string[] = [];
  const desks = ['closed', 'open'].map(name =>
    createServer((_request, response) => {
      asked.push(name);
      response.writeHead(503).end();
    }).listen(0, '127.0.0.1'),
  );
  await Promise.all(desks.map(desk => once(desk, 'listening')));
  const [closed, other] = desks.map(desk => {
    const made = createClient('c1', 'cliente', 't', {
      url: `http://127.0.0.1:${(desk.address() as AddressInfo).port}`,
    });
    open.push(made);
    return made;
  });
  closed?.close();
  await new Promise(resolve => {
    if (other) other.onError = resolve;
  });
  expect(new Set(asked)).toEqual(new Set(['open']));
  closed?.connect();
  await expect.poll(() => asked).toContain('closed');
  for (const desk of desks) desk.close();
});

test('[SDKS2] rooms are joined and left, and a room that is closed to it goes to onError', async () => {
  const [cliente, other] = [await client('c1', 'cliente'), await client('c2', 'cliente')];
  await Promise.all([connected(cliente), connected(other)]);
  other.joinRoom('service_s1');
  expect(await next(other, 'room_joined')).toEqual({ room: 'service_s1' });
  const heard = next(other, 'event');
  cliente.createReservation(reservation);
  expect(await heard).toMatchObject({ type: 'reservation_created', from: 'c1' });
  other.leaveRoom('service_s1');
  expect(await next(other, 'room_left')).toEqual({ room: 'service_s1' });
  const refused = new Promise(resolve => {
    other.onError = resolve;
  });
  other.joinRoom('cliente_c1');
  expect(await refused).toMatchObject({ code: 'forbidden' });
});

test('[SDKS3] a refused sign-in goes to onError, and the client is closed', async () => {
  const cliente = createClient('c1', 'cliente', await token('c2'), { url });
  open.push(cliente);
  const errors: unknown[] = [];
  const refused = new Promise(resolve => {
    cliente.onError = resolve;
  });
  cliente.on('auth_error', error => errors.push(error));
  cliente.createReservation(reservation);
  expect(await refused).toMatchObject({ code: 'forbidden' });
  expect(errors).toMatchObject([{ code: 'forbidden' }]);
});

test('[SDKS10] while Django is away it tries again by itself, and keeps its rooms and what it was told to send', async () => {
  const django = await openDjango();
  django.profiles.set('t', { id: 'c9', role: 'cliente' });
  django.profiles.set('p', { id: 'p9', role: 'proveedor' });
  const env = { LOG_LEVEL: 'warn', DJANGO_BASE_URL: django.baseUrl };
  const { port: other } = await runs.start(['--no-open'], { env }).ready();
  const make = (userId: string, role: S2Role, token: string) =>
    watched(createClient(userId, role, token, { url: `http://127.0.0.1:${other}` }));
  const proveedor = make('p9', 'proveedor', 'p');
  await connected(proveedor);
  await django.down();
  const cliente = make('c9', 'cliente', 't');
  const away = new Promise(resolve => {
    cliente.onError = resolve;
  });
  cliente.joinRoom('service_s9');
  cliente.createReservation({ clienteId: 'c9', proveedorId: 'p9' });
  expect(await away).toMatchObject({ code: 'unavailable' });
  const [room, heard] = [next(cliente, 'room_joined'), next(proveedor, 'event')];
  await django.up();
  expect(await room).toEqual({ room: 'service_s9' });
  expect(await heard).toMatchObject({ type: 'reservation_created', from: 'c9' });

  // What Django says once it is back may be a refusal, and that is the end.
  await django.down();
  const stranger = make('c9', 'cliente', 'nobody');
  const errors: unknown[] = [];
  const refused = new Promise<void>(resolve => {
    stranger.onError = error => {
      errors.push(error);
      if (error.code === 'unavailable') void django.up();
      else resolve();
    };
  });
  await refused;
  expect(errors).toMatchObject([{ code: 'unavailable' }, { code: 'unauthorized' }]);
  await django.down();
});

test('[SDKS4] after the server was killed it signs in again by itself, with its rooms', async () => {
  const [cliente, proveedor] = [await client('c1', 'cliente'), await client('p2', 'proveedor')];
  await Promise.all([connected(cliente), connected(proveedor)]);
  proveedor.joinRoom('location_l1');
  await next(proveedor, 'room_joined');
  const gone = new Promise(resolve => {
    proveedor.onDisconnect = resolve;
  });
  const back = next(proveedor, 'room_joined');
  program.child.kill('SIGKILL');
  await gone;
  await program.ended;
  program = start(program.dataDir);
  await program.ready();
  expect(await back).toEqual({ room: 'location_l1' });
  const heard = next(proveedor, 'event');
  cliente.createComment({ clienteId: 'c1', locationId: 'l1' });
  expect(await heard).toMatchObject({ type: 'comment_created', from: 'c1' });
});

test('[SDKS11] the desk serves the declarations of both entries beside them', async () => {
  for (const [entry, has] of [
    ['mostrador-client', 'createWebSocketClient'],
    ['mostrador-s2-client', 'createClient'],
  ]) {
    const answer = await fetch(`${url}/sdk/${entry}.d.ts`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
    const text = await answer.text();
    expect(text).toContain(`export declare function ${has}(`);
    // Each by itself: it leads to no other file.
    expect(text).not.toMatch(/^import |\bimport\(|\} from ['"]/m);
  }
});

test('[SDKS5] the desk serves it as one file that works in Node by itself', async () => {
  const answer = await fetch(`${url}/sdk/mostrador-s2-client.js`);
  expect(answer.headers.get('content-type')).toMatch(/javascript/);
  const path = join(runs.folder(), 's2.mjs');
  writeFileSync(path, await answer.text());
  const served: { createClient: typeof createClient } = await import(/* @vite-ignore */ pathToFileURL(path).href);
  const cliente = await client('c1', 'cliente', served.createClient);
  const heard = next(cliente, 'event');
  cliente.createReservation(reservation);
  expect(await heard).toMatchObject({ type: 'reservation_created', data: reservation });
});
