/** WebSockets of strangers, broken programs and slow readers: each costs itself and nobody else. (CONTRACT 4 and 7; TRUST.) */
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import * as z from 'zod/mini';
import { createHeartbeat } from '../../electron/edge/heartbeat.ts';
import { type BuiltWorker, buildWorker } from '../../electron/images/built-worker.ts';
import { jpeg, must, raw, startServer, type TestServer } from './running.ts';

const secret = 'a secret key for tests, 32 bytes or more';
let worker: BuiltWorker;
let server: TestServer;
beforeAll(async () => {
  worker = await buildWorker();
  server = await startServer(worker.entry, {
    env: { SECRET_KEY: secret, CORS_ALLOWED_ORIGINS: 'https://crm.example' },
  });
});
afterAll(async () => {
  await server.isHealthy();
  expect(server.errors).toEqual([]);
  await server.stop();
  await worker.remove();
});

const frame = z.looseObject({
  type: z.string(),
  id: z.optional(z.nullable(z.string())),
  payload: z.optional(z.looseObject({ code: z.optional(z.string()) })),
});

interface Peer {
  socket: WebSocket;
  heard: z.infer<typeof frame>[];
  /** Resolves with the first frame, heard before or later, that fits. */
  find(fits: (heard: z.infer<typeof frame>) => boolean): Promise<z.infer<typeof frame>>;
  closed: Promise<number>;
  say(message: object): void;
}

/** A bare client. With a token it has been told `connected` when this resolves, unless it is to be `until` it is open. */
async function peer(
  on: TestServer,
  token: string | null,
  options: { from?: string; origin?: string; until?: 'open' } = {},
): Promise<Peer> {
  const { from = '127.0.0.1', origin, until } = options;
  const query = token === null ? '' : `?token=${token}`;
  const socket = new WebSocket(`ws://127.0.0.1:${on.port}/ws${query}`, {
    localAddress: from,
    ...(origin ? { origin } : {}),
  });
  const heard: z.infer<typeof frame>[] = [];
  const waiting = new Set<() => void>();
  socket.on('message', data => {
    heard.push(must(frame, JSON.parse(String(data))));
    for (const look of waiting) look();
  });
  socket.on('error', () => {});
  const closed = new Promise<number>(resolve => void socket.once('close', resolve));
  const self: Peer = {
    socket,
    heard,
    closed,
    say: message => socket.send(JSON.stringify(message)),
    find: fits =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = heard.find(fits);
          if (!found) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
        void closed.then(code => reject(new Error(`closed with ${code} before that was heard`)));
      }),
  };
  await opened(socket);
  if (token !== null && until !== 'open') await Promise.race([self.find(one => one.type === 'event'), closed]);
  return self;
}

async function opened(socket: WebSocket): Promise<WebSocket> {
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('unexpected-response', (_request, response) => reject(new Error(String(response.statusCode))));
    socket.once('error', reject);
  });
  return socket;
}

const request = (id: string, resource: string, action: string, more: object = {}) => ({
  type: 'request',
  id,
  resource,
  payload: { action, ...more },
});
const codeOf = (found: z.infer<typeof frame>) => found.payload?.code;

describe('frames', () => {
  test('[SOCK1] a malformed frame is answered with invalid_message, by its id where it has one, and the connection goes on', async () => {
    const { socket, heard, say, find } = await peer(server, server.token);
    const bad = [
      '',
      '{',
      'null',
      '[]',
      '7',
      '{"type":"shout","id":"a"}',
      '{"type":"request","id":"b"}',
      '{"type":"auth","token":"x"}',
    ];
    for (const text of bad) socket.send(text);
    socket.send(Buffer.from([1, 2, 3]));
    socket.send(`${'['.repeat(20_000)}`);
    say(request('last', 'sessions', 'list'));
    expect((await find(one => one.id === 'last')).type).toBe('response');
    const errors = heard.filter(one => one.type === 'error');
    expect(errors.map(codeOf)).toEqual(Array(bad.length + 2).fill('invalid_message'));
    expect(errors.map(one => one.id).filter(id => id !== null)).toEqual(['a', 'b']);
    socket.close();
  });

  test('[SOCK2] unknown resources and actions are named so, those of every JavaScript object too', async () => {
    const { socket, say, find } = await peer(server, server.token);
    for (const name of ['nothing', '__proto__', 'constructor', 'hasOwnProperty', '']) {
      say(request(`r${name}`, name, 'list'));
      say(request(`a${name}`, 'photos', name));
      expect(codeOf(await find(one => one.id === `r${name}`))).toBe('unknown_resource');
      expect(codeOf(await find(one => one.id === `a${name}`))).toBe('unknown_action');
    }
    socket.send('{"type":"request","id":"p","resource":"photos","payload":{"action":"list","__proto__":{"limit":0}}}');
    expect((await find(one => one.id === 'p')).type).toBe('response');
    socket.close();
  });

  test('[SOCK3] a message of more than 64 KB is told so and closes with 1009; one beyond all measure is not even read', async () => {
    for (const bytes of [65 * 1024, 3 * 1024 * 1024]) {
      const { socket, heard, closed } = await peer(server, server.token);
      socket.send('x'.repeat(bytes));
      expect(await closed).toBe(1009);
      if (bytes < 100_000) expect(codeOf(heard.at(-1) ?? { type: '' })).toBe('too_large');
    }
    const kept = await peer(server, server.token);
    kept.say(request('r', 'photos', 'list', { pad: 'x'.repeat(63 * 1024) }));
    expect((await kept.find(one => one.id === 'r')).type).toBe('response');
    kept.socket.close();
  });

  test('[SOCK4] bytes that are no WebSocket frame end the connection and nothing else', async () => {
    const head = `GET /ws?token=${server.token} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}\r\n\r\n`;
    const masked = Buffer.from([0x81, 0x84, 1, 2, 3, 4, 0xff, 0xfe, 0xfd, 0xfc]);
    const junk = [
      Buffer.from([0x81, 0x05, 1, 2, 3, 4, 5]),
      Buffer.from([0xff, 0x80, 0, 0, 0, 0]),
      masked,
      Buffer.from([0x89, 0xff, 0, 0, 0, 0, 0, 0, 1, 0]),
    ];
    for (const bytes of junk) {
      const heard = await raw(server.port, Buffer.concat([Buffer.from(head), bytes]));
      expect(heard).toMatch(/^HTTP\/1\.1 101 /);
    }
  });
});

describe('who may come in', () => {
  test('[SOCK5] a bad token is told why and closed with 4401, in the address or as the first message', async () => {
    const ended = await server.phone();
    await server.call('DELETE', `/api/sessions/${ended.sessionId}`);
    const key = new TextEncoder().encode(secret);
    const late = await new SignJWT({ sub: 'x', role: 'admin' })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('-1s')
      .sign(key);
    const bad: [string, string][] = [
      ['x', 'unauthorized'],
      [late, 'unauthorized'],
      [ended.token, 'expired'],
    ];
    for (const [token, code] of bad) {
      const first = await peer(server, null);
      first.say({ type: 'auth', token });
      const inAddress = await peer(server, token);
      for (const { heard, closed } of [first, inAddress]) {
        expect(await closed).toBe(4401);
        expect(heard.map(codeOf)).toEqual([code]);
      }
    }
  });

  test('[SOCK6] nothing is done before the token has been read, and what is sent right behind it is', async () => {
    const hasty = await peer(server, null);
    hasty.say(request('r', 'sessions', 'create'));
    expect(await hasty.closed).toBe(4401);
    const prompt = await peer(server, null);
    prompt.say({ type: 'auth', token: server.token });
    prompt.say(request('r', 'sessions', 'list'));
    expect((await prompt.find(one => one.id === 'r')).type).toBe('response');
    prompt.socket.close();
  });

  test('[SOCK402] one who has just come in is a user, for what it asks at once and for what others ask of it', async () => {
    const sign = (sub: string) =>
      new SignJWT({ sub })
        .setProtectedHeader({ alg: 'HS256' })
        .setExpirationTime('1h')
        .sign(new TextEncoder().encode(secret));
    for (let round = 0; round < 20; round++) {
      const first = `first-${round}`;
      const other = `other-${round}`;
      const one = await peer(server, null);
      one.say({ type: 'auth', token: await sign(first) });
      one.say(request('me', 'users', 'get', { user_id: first }));
      one.say(request('name', 'users', 'update', { user_id: first, name: 'Ana' }));
      expect((await one.find(({ id }) => id === 'me')).type).toBe('response');
      expect((await one.find(({ id }) => id === 'name')).type).toBe('response');
      const { socket } = await peer(server, await sign(other), { until: 'open' });
      one.say(request('chat', 'conversations', 'create', { type: 'direct', members: [other] }));
      expect((await one.find(({ id }) => id === 'chat')).type).toBe('response');
      socket.close();
      one.socket.close();
    }
  });

  test('[SOCK400] a token said in the address and again as the first message is the same token; another is refused', async () => {
    const twice = await peer(server, server.token);
    twice.say({ type: 'auth', token: server.token });
    twice.say({ type: 'auth', token: 'another' });
    twice.say(request('r', 'sessions', 'list'));
    await twice.find(one => one.id === 'r');
    expect(twice.heard.filter(one => one.type === 'error').map(codeOf)).toEqual(['invalid_message']);
    twice.socket.close();
  });

  test('[SOCK7] a client that never says who it is is let go after 5 s', async () => {
    const began = performance.now();
    const { closed } = await peer(server, null);
    expect(await closed).toBe(4401);
    expect(performance.now() - began).toBeGreaterThan(4_900);
  });

  test('[SOCK8] another Host is 421, a page of another origin 403; a listed origin may', async () => {
    const upgrade = (path: string, headers: string) =>
      raw(
        server.port,
        `GET ${path} HTTP/1.1\r\n${headers}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}\r\n\r\n`,
      );
    expect(await upgrade('/ws', 'Host: evil.example')).toMatch(/^HTTP\/1\.1 421 /);
    expect(await upgrade('/ws', 'Host: 127.0.0.1\r\nOrigin: http://evil.example')).toMatch(/^HTTP\/1\.1 403 /);
    expect(await upgrade('/ws', 'Host: 127.0.0.1\r\nOrigin: null')).toMatch(/^HTTP\/1\.1 403 /);
    for (const origin of ['https://crm.example', server.url]) {
      const { socket } = await peer(server, server.token, { origin });
      socket.close();
    }
  });

  test('[SOCK350] one that was refused and does not hang up is cut off', async () => {
    const shake = 'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13';
    const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true });
    let heard = '';
    socket.setEncoding('utf8').on('data', text => {
      heard += text;
    });
    socket.write(`GET /ws HTTP/1.1\r\nHost: evil.example\r\n${shake}\r\n\r\n`);
    const refused = performance.now();
    // Whoever writes to a socket that is gone is told so.
    const drip = setInterval(() => socket.write('x'), 250);
    const code = await new Promise(resolve =>
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code)),
    );
    clearInterval(drip);
    expect(['ECONNRESET', 'EPIPE']).toContain(code);
    expect(heard).toMatch(/^HTTP\/1\.1 421 /);
    expect(performance.now() - refused).toBeGreaterThan(4_000);
    expect(performance.now() - refused).toBeLessThan(8_000);
  });

  test("[SOCK9] a phone gets another session's things by no action, and hears nothing of them", async () => {
    const mine = await server.phone();
    const other = await server.phone({ idPersona: 'DNI-OTHER' });
    const photo_id = randomUUID();
    const { say, find, heard, socket } = await peer(server, mine.token);
    await server.put(photo_id, await jpeg(), { token: other.token });
    const asked: [string, string, object, string][] = [
      ['photos', 'get', { photo_id }, 'not_found'],
      ['photos', 'list', { session_id: other.sessionId }, 'forbidden'],
      ['photos', 'review', { photo_id, verdict: 'accepted' }, 'forbidden'],
      ['photos', 'delete', { photo_id }, 'forbidden'],
      ['photos', 'move', { photo_id, idPersona: 'x' }, 'forbidden'],
      ['sessions', 'get', { session_id: other.sessionId }, 'not_found'],
      ['sessions', 'end', { session_id: other.sessionId }, 'not_found'],
      ['sessions', 'list', {}, 'forbidden'],
      ['activity', 'list', {}, 'forbidden'],
      ['rooms', 'join', { room: `@session:${other.sessionId}` }, 'forbidden'],
      ['rooms', 'join', { room: 'activity' }, 'forbidden'],
    ];
    for (const [at, [resource, action, more]] of asked.entries()) say(request(String(at), resource, action, more));
    for (const [at, [, , , code]] of asked.entries())
      expect(codeOf(await find(one => one.id === String(at)))).toBe(code);
    say(request('resume', 'events', 'resume', { after: 0 }));
    await find(one => one.id === 'resume');
    const all = JSON.stringify(heard.filter(one => one.type === 'event'));
    expect(all).toContain(mine.sessionId);
    expect(all).not.toContain('OTHER');
    expect(all.split(other.sessionId)).toHaveLength(1);
    socket.close();
  });

  test('[SOCK10] a phone whose session was renewed is told, closed with 4401, and nothing that it still sends counts', async () => {
    const { sessionId, token } = await server.phone();
    const socket = connect(server.port, '127.0.0.1');
    const head = `GET /ws?token=${token} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}\r\n\r\n`;
    let heard = '';
    const until = (text: string) =>
      new Promise<void>(resolve => {
        const look = () => {
          if (!heard.includes(text)) return;
          socket.off('data', look);
          resolve();
        };
        socket.on('data', look);
        look();
      });
    socket.setEncoding('latin1').on('data', chunk => {
      heard += chunk;
    });
    socket.write(head);
    await until('"connected"');
    const desk = server.client();
    await desk.send('sessions', 'renew', { session_id: sessionId });
    // Its goodbye is never answered: it speaks on instead.
    await until('"expired"');
    const text = Buffer.from(JSON.stringify(request('r', 'sessions', 'end', { session_id: sessionId })));
    socket.write(
      Buffer.concat([Buffer.from([0x81, 0x80 | 126, text.length >> 8, text.length & 255, 0, 0, 0, 0]), text]),
    );
    await until('\u0088');
    const { session } = await desk.send('sessions', 'get', { session_id: sessionId });
    // A second round trip: by then the server has read what the phone sent.
    expect((await desk.send('sessions', 'get', { session_id: sessionId })).session.status).toBe('qr_ready');
    expect(session.status).toBe('qr_ready');
    socket.destroy();
    desk.close();
  });

  test('[SOCK310] a phone that ends its own session has the answer first, then the goodbye, and is closed with 4401', async () => {
    const { sessionId, token } = await server.phone();
    const phone = await peer(server, token);
    const other = await peer(server, token);
    phone.say(request('end', 'sessions', 'end', { session_id: sessionId }));
    expect(await phone.closed).toBe(4401);
    const answers = phone.heard.filter(one => one.type !== 'event');
    expect(answers).toMatchObject([
      { type: 'response', id: 'end', payload: { session: { id: sessionId, status: 'disconnected' } } },
      { type: 'error', id: null, payload: { code: 'expired' } },
    ]);
    expect(await other.closed).toBe(4401);
    expect(other.heard.map(codeOf)).toContain('expired');
  });
});

describe('too much', () => {
  let strict: TestServer;
  beforeAll(async () => {
    strict = await startServer(worker.entry, { env: { LEGACY_ALLOW: 'none' } });
  });
  afterAll(() => strict.stop());

  test('[SOCK11] eight connections of an address may be without a name, the ninth is 429, with a bad token too; those who bring a good one get in', async () => {
    const anonymous = await Promise.all(Array.from({ length: 8 }, () => peer(strict, null, { from: '127.0.0.2' })));
    for (const token of [null, 'bad', 'a.b.c']) {
      await expect(peer(strict, token, { from: '127.0.0.2' })).rejects.toThrow('429');
    }
    const headers = { Authorization: `Bearer ${strict.token}` };
    const named = [
      (await peer(strict, strict.token, { from: '127.0.0.2' })).socket,
      await opened(new WebSocket(`ws://127.0.0.1:${strict.port}/ws`, { localAddress: '127.0.0.2', headers })),
      await opened(new WebSocket(`ws://127.0.0.1:${strict.port}/photos`, { localAddress: '127.0.0.2', headers })),
    ];
    for (const socket of named) socket.terminate();
    await expect(peer(strict, null, { from: '127.0.0.2' })).rejects.toThrow('429');
    const other = await peer(strict, strict.token, { from: '127.0.0.3' });
    anonymous[0]?.say({ type: 'auth', token: strict.token });
    await anonymous[0]?.find(one => one.type === 'event');
    const next = await peer(strict, null, { from: '127.0.0.2' });
    for (const { socket } of [...anonymous, other, next]) socket.terminate();
  });

  test('[SOCK12] 64 connections an address, the 65th is 429, and a place that is left is free again', async () => {
    const all: Peer[] = [];
    for (let made = 0; made < 64; made++) all.push(await peer(strict, strict.token, { from: '127.0.0.4' }));
    await expect(peer(strict, strict.token, { from: '127.0.0.4' })).rejects.toThrow('429');
    all[0]?.socket.close();
    await all[0]?.closed;
    all.push(await peer(strict, strict.token, { from: '127.0.0.4' }));
    for (const { socket } of all) socket.terminate();
  });

  test('[SOCK13] a flood is refused, then closed with 4429, while a neighbour is answered as ever', async () => {
    const neighbour = await peer(server, server.token);
    const flood = await peer(server, server.token);
    for (let sent = 0; sent < 5_000; sent++) flood.say(request(String(sent), 'sessions', 'list'));
    const began = performance.now();
    neighbour.say(request('n', 'sessions', 'list'));
    await neighbour.find(one => one.id === 'n');
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(await flood.closed).toBe(4429);
    const refused = flood.heard.filter(one => codeOf(one) === 'rate_limited');
    const answered = flood.heard.filter(one => one.type === 'response');
    expect(refused.length).toBe(2_000);
    expect(answered.length).toBeGreaterThanOrEqual(200);
    expect(answered.length).toBeLessThan(1_000);
    expect(refused.every(one => typeof one.id === 'string')).toBe(true);
    neighbour.socket.close();
  });

  test('[SOCK14] a reader that does not read is cut off at a bounded backlog, and the others go on', async () => {
    for (let made = 0; made < 60; made++) await server.session({ shots: Array(12).fill('x'.repeat(190)) });
    const slow = await peer(server, server.token);
    const reader = await peer(server, server.token);
    slow.socket.pause();
    const before = process.memoryUsage().rss;
    // Some 30 MB of answers, which is more than all the buffers on the way hold.
    for (let sent = 0; sent < 180; sent++) slow.say(request(String(sent), 'sessions', 'list'));
    const count = async () => {
      const stats = await (await server.call('GET', '/stats')).json();
      return must(z.looseObject({ connections: z.int() }), stats).connections;
    };
    const most = await count();
    while ((await count()) === most) {
      reader.say(request('r', 'sessions', 'get', { session_id: 'x' }));
      await reader.find(one => one.id === 'r');
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
    slow.socket.resume();
    expect(await slow.closed).toBe(1006);
    reader.socket.close();
  });
});

describe('silence', () => {
  test('[SOCK300] of the older raw protocols a peer may be silent, unless what it is sent does not leave', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    const heartbeat = createHeartbeat({ idleFor: null, idleCode: 4408, mayBeSilent: true });
    const done: string[] = [];
    let waiting = 0;
    const socket: WebSocket = Reflect.construct(WebSocket, [null, undefined, {}]);
    Object.defineProperty(socket, 'bufferedAmount', { get: () => waiting });
    socket.ping = () => void done.push('ping');
    socket.terminate = () => void done.push('terminate');
    heartbeat.watch(socket);
    vi.advanceTimersByTime(10 * 60_000);
    expect(done).toEqual(Array(60).fill('ping'));
    waiting = 1;
    vi.advanceTimersByTime(2_000);
    expect(done.at(-1)).toBe('terminate');
    heartbeat.stop();
    vi.useRealTimers();
  });

  test('[SOCK15] a silent peer is pinged after 10 s and dropped after 18; one that only answers pings goes after 5 minutes', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    const heartbeat = createHeartbeat({ idleFor: 5 * 60_000, idleCode: 4408 });
    const fake = () => {
      const done: string[] = [];
      const socket: WebSocket = Reflect.construct(WebSocket, [null, undefined, {}]);
      socket.ping = () => void done.push('ping');
      socket.terminate = () => void done.push('terminate');
      socket.close = code => void done.push(`close ${code}`);
      heartbeat.watch(socket);
      return { socket, done };
    };
    const dead = fake();
    const quiet = fake();
    const talking = fake();
    for (let seconds = 0; seconds < 302; seconds += 1) {
      vi.advanceTimersByTime(1_000);
      if (seconds === 9) expect(dead.done).toEqual(['ping']);
      if (seconds === 17) expect(dead.done).not.toContain('terminate');
      if (seconds === 20) {
        expect(dead.done).toContain('terminate');
        dead.socket.emit('close', 1006, Buffer.alloc(0));
      }
      quiet.socket.emit('pong', Buffer.alloc(0));
      if (seconds % 60 === 0) talking.socket.emit('message', Buffer.alloc(0), false);
      talking.socket.emit('pong', Buffer.alloc(0));
    }
    expect(quiet.done.at(-1)).toBe('close 4408');
    expect(talking.done.every(what => what === 'ping')).toBe(true);
    heartbeat.stop();
    vi.useRealTimers();
  });
});
