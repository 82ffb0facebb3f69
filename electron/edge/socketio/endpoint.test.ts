import { request as httpRequest } from 'node:http';
import { afterEach, expect, test, vi } from 'vitest';
import { fail, ok } from '../../../protocol/errors.ts';
import { everyClient, type Listener, listen } from '../../../tests/legacy/socket-clients.ts';
import type { StoredEvent } from '../../core/outcome.ts';
import { StoreUnavailable } from '../../core/ports.ts';
import { createAdmissions } from '../admissions.ts';
import type { Authenticate } from '../authenticate.ts';
import { createReadAddress } from '../client-address.ts';
import { createConnections } from '../connections.ts';
import { createS2 } from '../dialects/s2/s2.ts';
import { createListeners } from '../listeners.ts';
import { createOrigins } from '../origins.ts';
import { pathOf } from '../request-url.ts';
import { createUpgrades } from '../upgrades.ts';
import type { Seat, SocketDialect } from './dialect.ts';
import { createSocketIoEndpoint } from './endpoint.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (let step = undo.pop(); step; step = undo.pop()) await step();
});

/** The endpoint behind a real HTTP server, with a dialect that answers what it is told and can be made to fail. */
async function open(
  limits: {
    maxPerAddress?: number;
    legacy?: string[];
    head?: () => number;
    onUser?: () => Promise<void>;
    dialects?: SocketDialect[];
  } = {},
) {
  const connections = createConnections(silent);
  const seats: Seat[] = [];
  const slow: (() => void)[] = [];
  const echo: SocketDialect = {
    takes: ({ userId }) => userId !== 'nobody',
    greet: ({ caller }) => caller ?? ok(null),
    open(peer) {
      const seat = peer.sit('s2', { userId: 'u1', role: 'user' }, word, ['hall']);
      seats.push(seat);
      peer.say('hello', { sid: peer.sid, user: peer.handshake.userId, caller: peer.handshake.caller });
      return {
        hear: {
          say: data => peer.say('said', data),
          fail: () => {
            throw new Error('a bug');
          },
          much: async data => {
            for (let i = 0; i < Number(data); i++) {
              peer.say('said', 'x'.repeat(512 * 1024));
              if (!(await peer.drained())) return;
            }
          },
          wait: () => new Promise<void>(resolve => slow.push(resolve)),
        },
        closed: () => void seats.splice(seats.indexOf(seat), 1),
      };
    },
  };
  const word = ({ type, data }: { type: string; data: unknown }) =>
    type === 'session_updated' ? null : { event: type, data };
  const origins = createOrigins({ publicUrl: null, allowedHosts: [], corsOrigins: ['https://shop.example'] });
  const readAddress = createReadAddress({ trustedProxies: [], legacyAllow: limits.legacy ?? ['127.0.0.1'] });
  const authenticate: Authenticate = async token =>
    token === 'good' ? ok({ role: 'user', userId: 'u1' }) : fail('unauthorized', 'El token no es válido.');
  const admit = createAdmissions({
    readAddress,
    authenticate,
    log: silent,
    maxPerAddress: limits.maxPerAddress ?? 64,
    maxUnidentified: 8,
  });
  const endpoint = createSocketIoEndpoint({
    origins,
    admit,
    authenticate,
    dispatch: () => fail('internal', 'not used here'),
    connections,
    present: event => event.data,
    log: silent,
    maxMessageBytes: 64 * 1024,
    head: limits.head ?? (() => 0),
    onUser: limits.onUser ?? (async () => undefined),
    dialects: limits.dialects ?? [echo],
  });
  const listeners = createListeners({
    request: (request, response) => {
      if (endpoint.takes(pathOf(request))) return endpoint.request(request, response);
      response.writeHead(404).end();
    },
    upgrade: createUpgrades({ origins, admit, endpoints: [endpoint] }),
    log: silent,
    maxTcpPerAddress: 256,
    exempt: [],
  });
  const listening = await listeners.listen(0, '127.0.0.1');
  if (!listening.ok) throw new Error(listening.code);
  const { port } = listening;
  undo.push(() => listeners.close(100));
  undo.push(() => endpoint.stop());
  return { url: `http://127.0.0.1:${port}`, port, connections, endpoint, seats, slow };
}

function client(...args: Parameters<typeof listen>): Listener {
  const made = listen(...args);
  undo.push(made.close);
  return made;
}

/** One that has been let in. */
async function greeted(hears: string[], options?: Record<string, unknown>, version?: string) {
  const place = await open();
  const one = client(place.url, [...hears, 'hello'], options, version);
  await one.next('hello');
  return { ...place, one };
}

const published = (data: object): StoredEvent =>
  ({ id: 'evt-1', seq: 1, type: 'photo_deleted', data, rooms: ['hall', '@desk'] }) as StoredEvent;

/** By hand, as no client of ours would. */
function ask(port: number | null, path: string, options: { method?: string; headers?: object; body?: string } = {}) {
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: string }>((resolve, reject) => {
    const { method = 'GET', headers = {}, body } = options;
    const request = httpRequest({ port, host: '127.0.0.1', path, method, headers: { ...headers } }, response => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
      });
      response.once('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    request.once('error', reject);
    request.end(body);
  });
}
const poll = '/socket.io/?EIO=4&transport=polling';

test.each(everyClient)('[SIO1] %s by %s: says, is answered, hears its rooms', async (version, transport) => {
  const { url, connections, seats } = await open();
  const options = { transports: [transport], query: { user_id: '123', token: 'good' } };
  const one = client(url, ['hello', 'said', 'photo_deleted'], options, version);
  expect(await one.next('hello')).toMatchObject({ user: '123', caller: { ok: true, value: { userId: 'u1' } } });
  one.emit('say', { text: 'Ñandú ✓', deep: [1, null, { a: true }] });
  expect(await one.next('said')).toEqual({ text: 'Ñandú ✓', deep: [1, null, { a: true }] });
  connections.publish([published({ photo_id: 'p', session_id: null })]);
  expect(await one.next('photo_deleted')).toEqual({ photo_id: 'p', session_id: null });
  expect(connections.count()).toBe(1);
  const gone = new Promise<void>(resolve => {
    const remove = connections.remove;
    connections.remove = connection => {
      remove(connection);
      resolve();
    };
  });
  one.close();
  await gone;
  expect(connections.count()).toBe(0);
  expect(seats).toEqual([]);
});

test.each(['version 4', 'version 3', 'version 2'])(
  '[SIO2] %s begins by polling and goes on by WebSocket, and counts as one connection',
  async version => {
    const { url, seats } = await open({ maxPerAddress: 2, legacy: [] });
    const one = client(url, ['said', 'hello'], {}, version);
    await one.next('hello');
    const manager = (one.socket as unknown as { io: { engine: { transport: { name: string }; on: OnUpgrade } } }).io;
    if (manager.engine.transport.name === 'polling') {
      await new Promise<void>(resolve => manager.engine.on('upgrade', () => resolve()));
    }
    one.emit('say', 1);
    expect(await one.next('said')).toBe(1);
    const other = client(url, ['hello'], { transports: ['polling'] }, version);
    await other.next('hello');
    expect(seats).toHaveLength(2);
  },
);
type OnUpgrade = (event: 'upgrade', listener: () => void) => void;

test('[FAULT11] while the database cannot be read a peer is let go, and the next one comes in', async () => {
  let isAway = true;
  const head = () => {
    if (isAway) throw new StoreUnavailable('SQLITE_IOERR');
    return 0;
  };
  const { url } = await open({ head });
  await client(url, []).next('disconnect');
  isAway = false;
  await client(url, ['hello']).next('hello');
});

test.each(everyClient)('[SIO3] %s by %s is told why it is turned away', async (version, transport) => {
  const { url } = await open();
  const query = { token: 'forged' };
  const one = client(url, ['error', 'hello'], { transports: [transport], query }, version);
  const why =
    version === 'version 2' ? await one.next('error') : (await one.next<{ data: object }>('connect_error')).data;
  expect(why).toMatchObject({ code: 'unauthorized', message: 'El token no es válido.' });
  expect(one.heard('hello')).toEqual([]);
});

test.each(everyClient)(
  '[SIO4] %s by %s: what is unknown, binary or a bug gets `error` with a reason, and the connection goes on',
  async (version, transport) => {
    const { one } = await greeted(['error', 'said'], { transports: [transport] }, version);
    one.emit('dance', {});
    expect(await one.next('error')).toMatchObject({ type: 'error', code: 'unknown_action', event: 'dance' });
    one.emit('say', Buffer.from('bytes'));
    expect(await one.next('error')).toMatchObject({
      code: 'invalid_message',
      message: expect.stringMatching(/binarios/),
    });
    one.emit('fail', {});
    expect(await one.next('error')).toMatchObject({ code: 'internal', event: 'fail' });
    one.emit('constructor', {});
    expect(await one.next('error')).toMatchObject({ code: 'unknown_action', event: 'constructor' });
    one.emit('say', 'still here');
    expect(await one.next('said')).toBe('still here');
  },
);

test('[SIO4] an event by the name of `error` harms nobody', async () => {
  const { one } = await greeted(['error', 'said']);
  one.emit('error', new Date(0));
  expect(await one.next('error')).toMatchObject({ code: 'unknown_action', event: 'error' });
});

test.each(everyClient)(
  '[SIO5] %s by %s: a frame over the limit is named, and its sender let go',
  async (version, transport) => {
    const { url } = await open();
    const other = client(url, ['hello', 'said'], { transports: [transport] }, version);
    await other.next('hello');
    const one = client(url, ['error', 'said', 'hello'], { transports: [transport] }, version);
    await one.next('hello');
    one.emit('say', 'x'.repeat(70 * 1024));
    expect(await one.next('error')).toMatchObject({ code: 'too_large', details: { limit_bytes: 65_536 } });
    await one.next('disconnect');
    expect(one.heard('said')).toEqual([]);
    other.emit('say', 'unharmed');
    expect(await other.next('said')).toBe('unharmed');
  },
);

test('[SIO6] of 1,000 messages in a burst some 200 are heard, the others refused, and nobody else waits', async () => {
  const { url } = await open();
  const one = client(url, ['error', 'said', 'hello'], { transports: ['websocket'] });
  const other = client(url, ['said', 'hello'], { transports: ['websocket'] });
  await Promise.all([one.next('hello'), other.next('hello')]);
  for (let i = 0; i < 1_000; i++) one.emit('say', i);
  other.emit('say', 'me too');
  expect(await other.next('said')).toBe('me too');
  const answers = () => one.heard('said').length + one.heard('error').length;
  await vi.waitFor(() => expect(answers()).toBe(1_000), { timeout: 20_000 });
  expect(one.heard('said').length).toBeGreaterThanOrEqual(199);
  expect(one.heard('said').length).toBeLessThan(500);
  expect(one.heard('error')[0]).toMatchObject({ code: 'rate_limited' });
});

test('[SIO7] who goes on after 2,000 refusals is let go', async () => {
  const { one } = await greeted([], { transports: ['websocket'] });
  for (let i = 0; i < 4_000; i++) one.emit('say', i);
  await one.next('disconnect');
});

test('[SIO8] one event waits for the one before it; an unknown one is answered at once', async () => {
  const { slow, one } = await greeted(['error', 'said'], { transports: ['websocket'] });
  one.emit('wait');
  one.emit('say', 'after');
  one.emit('dance');
  await one.next('error');
  expect(one.heard('said')).toEqual([]);
  slow.shift()?.();
  expect(await one.next('said')).toBe('after');
});

test.each(everyClient)(
  '[SIO320] %s by %s: a callback is called without a word, once what the event led to has gone out',
  async (version, transport) => {
    const { one } = await greeted(['error', 'said'], { transports: [transport] }, version);
    const order: unknown[] = [];
    for (const event of ['said', 'error']) one.socket.on(event, () => order.push(event));
    const called = (event: string, ...data: unknown[]) =>
      new Promise<void>(resolve => {
        one.emit(event, ...data, (...words: unknown[]) => {
          order.push(words);
          resolve();
        });
      });
    await called('say', { text: 'hello' });
    await called('say');
    await called('fail', {});
    expect(order).toEqual(['said', [], 'said', [], 'error', []]);
    expect(one.heard('said')).toEqual([{ text: 'hello' }, null]);
  },
);

test.each(everyClient)(
  '[SIO321] %s by %s: more than a reader may leave waiting reaches one that reads',
  async (version, transport) => {
    const { one } = await greeted(['said'], { transports: [transport] }, version);
    one.emit('much', 16);
    for (let i = 0; i < 16; i++) expect(await one.next<string>('said')).toHaveLength(512 * 1024);
    expect(one.heard('disconnect')).toEqual([]);
  },
);

test('[SIO9] a reader that reads nothing is cut off', async () => {
  const { port, connections, seats } = await open();
  const handshake = await ask(port, poll);
  const { sid }: { sid: string } = JSON.parse(handshake.body.slice(1));
  await ask(port, `${poll}&sid=${sid}`, { method: 'POST', body: '40' });
  expect(seats).toHaveLength(1);
  const big = 'x'.repeat(512 * 1024);
  for (let i = 0; i < 12; i++) connections.publish([published({ big })]);
  expect(seats).toHaveLength(0);
  expect(connections.count()).toBe(0);
});

test('[SIO10] polling obeys the rules for Host and Origin; a listed page may, with or without credentials', async () => {
  const { port } = await open();
  expect(await ask(port, poll, { headers: { host: 'evil.example' } })).toMatchObject({ status: 421 });
  expect(await ask(port, poll, { headers: { origin: 'https://evil.example' } })).toMatchObject({ status: 403 });
  const listed = await ask(port, poll, { headers: { origin: 'https://shop.example' } });
  expect(listed.status).toBe(200);
  expect(listed.headers).toMatchObject({
    'access-control-allow-origin': 'https://shop.example',
    'access-control-allow-credentials': 'true',
  });
  const preflight = {
    method: 'OPTIONS',
    headers: { origin: 'https://shop.example', 'access-control-request-method': 'POST' },
  };
  expect(await ask(port, poll, preflight)).toMatchObject({ status: 204 });
});

test('[SIO11] JSONP, which any page could read, is refused', async () => {
  const { port } = await open();
  expect(await ask(port, `${poll}&j=0`)).toMatchObject({ status: 400, body: expect.stringContaining('JSONP') });
});

test('[SIO12] an address has as many connections by polling as it may, and gets them back', async () => {
  const { url, port } = await open({ maxPerAddress: 2, legacy: [] });
  const clients = [1, 2].map(() => client(url, ['hello'], { transports: ['polling'] }));
  await Promise.all(clients.map(one => one.next('hello')));
  expect(await ask(port, poll)).toMatchObject({ status: 429, body: expect.stringContaining('rate_limited') });
  expect(await ask(port, '/socket.io/?EIO=4&transport=smoke')).toMatchObject({ status: 429 });
  clients[0]?.close();
  const refusedByEngine = () => ask(port, '/socket.io/?EIO=4&transport=smoke');
  while ((await refusedByEngine()).status === 429);
  // One that engine.io refuses leaves no trace.
  for (let i = 0; i < 3; i++) {
    expect(await refusedByEngine()).toMatchObject({ status: 400 });
  }
  await client(url, ['hello'], { transports: ['polling'] }).next('hello');
});

test('[SIO401] past eight that have not said who they are, a good token in the handshake lets in, and a bad one does not', async () => {
  const { url, port } = await open({ legacy: [] });
  for (let made = 0; made < 8; made++) expect(await ask(port, poll)).toMatchObject({ status: 200 });
  expect(await ask(port, poll)).toMatchObject({ status: 429 });
  expect(await ask(port, `${poll}&token=bad`)).toMatchObject({ status: 429 });
  expect(await ask(port, poll, { headers: { authorization: 'Bearer good' } })).toMatchObject({ status: 200 });
  for (const transport of ['polling', 'websocket']) {
    await client(url, ['hello'], { transports: [transport], query: { token: 'good' } }).next('hello');
  }
});

test('[SIO13] when it stops its clients lose the connection as by a network, and come back by themselves', async () => {
  const { url, endpoint } = await open();
  const one = client(url, ['hello'], { transports: ['websocket'] });
  const two = client(url, ['hello'], { transports: ['polling'] });
  await Promise.all([one.next('hello'), two.next('hello')]);
  await endpoint.stop();
  for (const gone of [one, two]) expect(await gone.next('disconnect')).toMatch(/^transport/);
});

test('[SIO400] a client hears that it is in once its user is kept: by its handshake, or by what S2 asks with', async () => {
  let kept = () => {};
  const onUser = vi.fn(
    () =>
      new Promise<void>(resolve => {
        kept = resolve;
      }),
  );
  const early = await open({ onUser });
  const one = client(early.url, ['hello'], { query: { token: 'good' } });
  await vi.waitFor(() => expect(onUser).toHaveBeenCalledOnce());
  expect(early.connections.count()).toBe(0);
  kept();
  await one.next('hello');

  const identify = async () => ok({ userId: 'u1', roles: ['cliente' as const] });
  const late = await open({ onUser, dialects: [createS2({ identify })] });
  const two = client(late.url, ['auth_success', 'connect']);
  await two.next('connect');
  two.emit('authenticate', { token: 'good', userId: 'u1', role: 'cliente' });
  await vi.waitFor(() => expect(onUser).toHaveBeenCalledTimes(2));
  expect(late.connections.count()).toBe(0);
  kept();
  await two.next('auth_success');
});
