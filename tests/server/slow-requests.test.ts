/** Senders that are slow or silent: how long each may take. Timers of this process are set forward. (TRUST, "HTTP".) */
import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { ForkWorker } from '../../electron/processes/handle.ts';
import { ask, startServer, type TestServer } from './running.ts';

const made: Server[] = [];
vi.mock('node:http', async original => {
  const http = await original<typeof import('node:http')>();
  return {
    ...http,
    createServer: (...args: Parameters<typeof http.createServer>) => {
      const server = http.createServer(...args);
      made.push(server);
      return server;
    },
  };
});

const idle: ForkWorker = () => {
  let exit = () => {};
  return {
    post() {},
    onMessage() {},
    onExit(listener) {
      exit = listener;
    },
    kill: () => exit(),
  };
};

let server: TestServer;
beforeAll(async () => {
  server = await startServer(idle);
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** A request whose body is still to come, as bytes. */
function begin(head: string): { socket: Socket; heard(): string; closed: Promise<void>; isClosed(): boolean } {
  const socket = connect({ port: server.port, host: '127.0.0.1' });
  let heard = '';
  let isClosed = false;
  socket.setEncoding('latin1').on('data', (text: string) => {
    heard += text;
  });
  socket.on('error', () => {});
  const closed = new Promise<void>(resolve =>
    socket.once('close', () => {
      isClosed = true;
      resolve();
    }),
  );
  socket.write(`${head}\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${server.token}\r\n`);
  return { socket, heard: () => heard, closed, isClosed: () => isClosed };
}

/** From here on time goes by when the test says so; `set` resolves once so many timers of `ms` have been set in all. */
function takeTime() {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const spy = vi.spyOn(globalThis, 'setTimeout');
  return {
    set: (ms: number, count: number) =>
      new Promise<void>(resolve => {
        const look = () =>
          spy.mock.calls.filter(([, wait]) => wait === ms).length >= count ? resolve() : setImmediate(look);
        look();
      }),
    pass: (ms: number) => vi.advanceTimersByTimeAsync(ms),
  };
}

test('[BAD31] an upload without a byte for 20 s is cut off and leaves nothing; one that goes on sending may take longer', async () => {
  const time = takeTime();
  const id = randomUUID();
  const put = begin(`PUT /api/photos/${id}?idPersona=A HTTP/1.1`);
  put.socket.write('Content-Type: image/jpeg\r\nContent-Length: 1000\r\n\r\n');
  await time.set(20_000, 1);
  // Each byte begins the 20 s anew.
  for (let sent = 1; sent <= 3; sent++) {
    put.socket.write('x');
    await time.set(20_000, 1 + sent);
    await time.pass(19_999);
    expect(put.isClosed()).toBe(false);
  }
  await time.pass(1);
  await put.closed;
  vi.useRealTimers();
  await expect.poll(() => server.onDisk()).toEqual({ incoming: 0, photos: 0 });
  expect((await server.call('GET', `/api/photos/${id}`)).status).toBe(404);
});

test('[BAD401] an upload that is cut off for its silence is told so, and to try again: 408, then the connection ends', async () => {
  const time = takeTime();
  const put = begin(`PUT /api/photos/${randomUUID()}?idPersona=A HTTP/1.1`);
  put.socket.write('Content-Type: image/jpeg\r\nContent-Length: 1000\r\n\r\nx');
  await time.set(20_000, 2);
  await time.pass(20_000);
  await put.closed;
  expect(put.heard()).toMatch(/^HTTP\/1\.1 408 .*Connection: close.*"code":"unavailable"/s);
});

test('[BAD401] so is one that goes on sending past the time that an upload may take in all', async () => {
  const [listening] = made;
  if (!listening) throw new Error('a server was made');
  // Ten minutes cannot be waited for; Node counts them itself, and looks every two seconds.
  const { requestTimeout } = listening;
  listening.requestTimeout = 1_000;
  const put = begin(`PUT /api/photos/${randomUUID()}?idPersona=A HTTP/1.1`);
  put.socket.write('Content-Type: image/jpeg\r\nContent-Length: 1000\r\n\r\nx');
  const drip = setInterval(() => void put.socket.write('x'), 200);
  try {
    await put.closed;
  } finally {
    clearInterval(drip);
    listening.requestTimeout = requestTimeout;
  }
  expect(put.heard()).toMatch(/^HTTP\/1\.1 408 .*Connection: close.*"code":"unavailable"/s);
  await expect.poll(() => server.onDisk()).toEqual({ incoming: 0, photos: 0 });
});

test('[BAD32] any other request is over within 30 s, body and all, with a 408', async () => {
  const time = takeTime();
  const post = begin('POST /api/sessions HTTP/1.1');
  post.socket.write('Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{');
  await time.set(30_000, 1);
  await time.pass(29_000);
  // Going on sending does not help.
  post.socket.write('"');
  await time.pass(999);
  expect(post.isClosed()).toBe(false);
  await time.pass(1);
  await post.closed;
  expect(post.heard()).toMatch(/^HTTP\/1\.1 408 .*"code":"unavailable"/s);
});

test('[BAD33] a connection without a request is kept for 5 s, headers have 5 s, and no upload takes more than ten minutes in all', async () => {
  const [{ keepAliveTimeout, headersTimeout, requestTimeout } = {}] = made;
  expect({ keepAliveTimeout, headersTimeout, requestTimeout }).toEqual({
    keepAliveTimeout: 5_000,
    headersTimeout: 5_000,
    requestTimeout: 600_000,
  });
  // As its clients are told.
  const headers = { Connection: 'keep-alive' };
  const { headers: told } = await ask(server.port, { path: '/health', headers });
  expect(told['keep-alive']).toBe('timeout=5');
});
