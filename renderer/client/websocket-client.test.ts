import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { FakeServer } from './fake-server.ts';
import {
  type ConnectionState,
  createWebSocketClient,
  type Failure,
  type MostradorClient,
  RequestError,
  type Timing,
} from './index.ts';

let server: FakeServer;
let clients: MostradorClient[];

beforeEach(async () => {
  server = await FakeServer.start();
  clients = [];
});

afterEach(async () => {
  for (const client of clients) client.close();
  await server.stop();
});

const quick: Partial<Timing> = { backoffFirst: 10, backoffMost: 20 };

function client(timing: Partial<Timing> = {}, resume = true): MostradorClient {
  const made = createWebSocketClient('secret', { url: server.url, WebSocket, resume, timing: { ...quick, ...timing } });
  clients.push(made);
  return made;
}

function entered(of: MostradorClient, state: ConnectionState): Promise<void> {
  return new Promise(resolve => {
    if (of.state === state) resolve();
    const stop = of.onState(now => {
      if (now !== state) return;
      stop();
      resolve();
    });
  });
}

/** The next `count` things that a listener hears. */
function heard<T>(count: number): { push: (value: T) => void; all: Promise<T[]>; sofar: T[] } {
  const sofar: T[] = [];
  let done: (all: T[]) => void = () => {};
  const all = new Promise<T[]>(resolve => {
    done = resolve;
  });
  const push = (value: T) => {
    sofar.push(value);
    if (sofar.length === count) done([...sofar]);
  };
  return { push, all, sofar };
}

async function connected(of: MostradorClient, head = 0) {
  of.connect();
  const peer = await server.peer();
  await peer.greet(head);
  await entered(of, 'connected');
  return peer;
}

test('[SDK1] the token goes out as the first message, never in the address', async () => {
  const it = client();
  it.connect();
  const peer = await server.peer();
  expect(await peer.greet(0)).toEqual({ type: 'auth', token: 'secret' });
  expect(peer.path).toBe('/ws');
});

test('[SDK2] it is connected only after the server said so', async () => {
  const it = client();
  const states: ConnectionState[] = [];
  it.onState(state => states.push(state));
  const hello = new Promise(resolve => {
    it.onConnect = resolve;
  });
  it.connect();
  const peer = await server.peer();
  expect(it.state).toBe('connecting');
  await peer.greet(7);
  expect(await hello).toMatchObject({ user_id: 'phone-1', head: 7 });
  expect(states).toEqual(['connecting', 'connected']);
});

/** From here on to the end of the test; gives what nobody has handled so far. */
function watchRejections(): () => Promise<unknown[]> {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  onTestFinished(() => void process.off('unhandledRejection', note));
  return async () => {
    await new Promise(resolve => setImmediate(resolve));
    return unhandled;
  };
}

test('[SDK3] a request gets its own answer, by promise and by callback', async () => {
  const it = client();
  const peer = await connected(it);
  const byCallback = new Promise(resolve => {
    void it.send('rooms', 'list', {}, (data, error) => resolve({ data, error }));
  });
  const byPromise = it.send('rooms', 'join', { room: 'activity' });
  const first = await peer.next();
  const second = await peer.next();
  expect(second).toMatchObject({ resource: 'rooms', payload: { action: 'join', room: 'activity' } });
  peer.say({ type: 'response', id: second.id, payload: { room: 'activity' } });
  peer.say({ type: 'response', id: first.id, payload: { rooms: ['a'] } });
  expect(await byPromise).toEqual({ room: 'activity' });
  expect(await byCallback).toEqual({ data: { rooms: ['a'] }, error: null });
});

test('[SDK4] a refusal rejects with its code; with a callback nothing is left unhandled', async () => {
  const unhandled = watchRejections();
  const it = client();
  const peer = await connected(it);
  const told = new Promise<Failure | null>(resolve => {
    void it.send('photos', 'erase', {}, (_data, error) => resolve(error));
  });
  const request = await peer.next();
  const error = { code: 'unknown_action', message: 'No existe.', details: { action: 'erase' } };
  peer.say({ type: 'error', id: request.id, payload: error });
  expect(await told).toMatchObject(error);
  const rejected = it.send('photos', 'erase', {}).catch(reason => reason);
  peer.say({ type: 'error', id: (await peer.next()).id, payload: error });
  const reason = await rejected;
  expect(reason).toBeInstanceOf(RequestError);
  expect(reason).toMatchObject(error);
  expect(await unhandled()).toEqual([]);
});

test('[SDK5] a request made before the connection waits for it, and fails when none comes', async () => {
  const it = client();
  const early = it.send('rooms', 'list', {});
  const peer = await connected(it);
  await peer.answer({ rooms: [] });
  expect(await early).toEqual({ rooms: [] });

  const lonely = client({ requestConnection: 30 });
  await expect(lonely.send('rooms', 'list', {})).rejects.toMatchObject({ code: 'unavailable' });
});

test('[SDK6] a request in flight when the connection breaks is unavailable', async () => {
  const it = client();
  const peer = await connected(it);
  const asked = it.send('rooms', 'list', {});
  const failed = expect(asked).rejects.toMatchObject({ code: 'unavailable' });
  await peer.next();
  peer.socket.terminate();
  await failed;
});

test('[SDK7] it reconnects by itself and resumes after the last seq it has, in order, each event once', async () => {
  const it = client();
  const notes = heard<number | null>(5);
  it.on('note', (_data, meta) => notes.push(meta.seq));
  let resyncs = 0;
  it.onResync(() => {
    resyncs += 1;
  });
  const peer = await connected(it, 10);
  peer.event(11);
  peer.socket.terminate();
  const again = await server.peer();
  await again.greet(14);
  const resume = await again.next();
  expect(resume).toMatchObject({ resource: 'events', payload: { action: 'resume', after: 11 } });
  again.event(15); // a live one overtakes the replay
  again.event(12);
  again.event(14);
  again.event(14);
  expect(notes.sofar).toEqual([11]);
  again.say({ type: 'response', id: resume.id, payload: { from: 11, to: 14, count: 2, complete: true } });
  again.event(15);
  again.event(16);
  expect(await notes.all).toEqual([11, 12, 14, 15, 16]);
  expect(resyncs).toBe(0);
});

test('[SDK8] an incomplete replay, a refused one and a new journal ask for everything anew', async () => {
  const it = client();
  const resyncs = heard<true>(3);
  it.onResync(() => resyncs.push(true));
  let peer = await connected(it, 10);
  peer.socket.terminate();

  peer = await server.peer();
  await peer.greet(5000);
  await peer.answer({ from: 10, to: 5000, count: 0, complete: false });
  peer.socket.close(1001);

  peer = await server.peer();
  await peer.greet(5001);
  const resume = await peer.next();
  expect(resume.payload).toMatchObject({ after: 5000 });
  peer.say({ type: 'error', id: resume.id, payload: { code: 'rate_limited', message: 'Despacio.' } });
  peer.socket.close(1001);

  peer = await server.peer();
  await peer.greet(3);
  await resyncs.all;
  const notes = heard<number | null>(1);
  it.on('note', (_data, meta) => notes.push(meta.seq));
  peer.event(4);
  expect(await notes.all).toEqual([4]);
});

test('[SDK9] a connection that breaks during a replay resumes again from the same place', async () => {
  const it = client();
  const notes = heard<number | null>(2);
  it.on('note', (_data, meta) => notes.push(meta.seq));
  let peer = await connected(it, 1);
  peer.socket.terminate();
  peer = await server.peer();
  await peer.greet(3);
  await peer.next();
  peer.event(2);
  peer.socket.terminate();
  peer = await server.peer();
  await peer.greet(3);
  const resume = await peer.next();
  expect(resume.payload).toMatchObject({ after: 1 });
  peer.event(2);
  peer.event(3);
  peer.say({ type: 'response', id: resume.id, payload: { from: 1, to: 3, count: 2, complete: true } });
  expect(await notes.all).toEqual([2, 3]);
});

test('[SDK10] a refused token is told and ends it: no further attempt', async () => {
  const it = client();
  const errors = heard<Failure>(1);
  it.onError = errors.push;
  const gone = new Promise(resolve => {
    it.onDisconnect = resolve;
  });
  it.connect();
  const peer = await server.peer();
  await peer.next();
  peer.say({ type: 'error', id: null, payload: { code: 'unauthorized', message: 'Ese permiso ya no vale.' } });
  peer.socket.close(4401, 'unauthorized');
  expect(await gone).toMatchObject({ code: 4401 });
  expect(await errors.all).toMatchObject([{ code: 'unauthorized' }]);
  expect(it.state).toBe('closed');
  it.reconnectNow();
  expect(it.state).toBe('closed');
});

test('[SDK370] where the token is refused, requests are told so and why; one that was already sent may have been done', async () => {
  const refusal = { code: 'unauthorized', message: 'Ese permiso ya no vale.', details: { reason: 'revoked' } };
  const it = client();
  const early = expect(it.send('rooms', 'list', {})).rejects.toMatchObject(refusal);
  it.connect();
  const peer = await server.peer();
  await peer.next();
  peer.say({ type: 'error', id: null, payload: refusal });
  peer.socket.close(4401, 'unauthorized');
  await early;
  await expect(it.send('rooms', 'list', {})).rejects.toMatchObject(refusal);

  const again = await connected(it);
  const sent = expect(it.send('rooms', 'list', {})).rejects.toMatchObject({ code: 'unavailable' });
  await again.next();
  again.socket.close(4401, 'unauthorized');
  await sent;
  await expect(it.send('rooms', 'list', {})).rejects.toMatchObject({ code: 'unauthorized' });

  it.close();
  await expect(it.send('rooms', 'list', {})).rejects.toMatchObject({ code: 'unavailable' });
});

test('[SDK371] a program that closes it while it is told of the connection hears nothing more of that one', async () => {
  const log: string[] = [];
  let closeAt = '';
  const it = client();
  const note = (what: string) => {
    log.push(what);
    if (what === closeAt) it.close();
  };
  const gone = heard<void>(2);
  it.onState(note);
  it.onConnect = () => note('onConnect');
  it.on('connected', () => note('event'));
  it.onResync(() => note('resync'));
  it.onDisconnect = () => {
    note('onDisconnect');
    gone.push();
  };
  for (closeAt of ['connected', 'onConnect']) {
    it.connect();
    await (await server.peer()).greet(5);
    await entered(it, 'closed');
  }
  await gone.all;
  await new Promise(resolve => setImmediate(resolve));
  expect(log).toEqual([
    ...['connecting', 'connected', 'closed', 'onDisconnect'],
    ...['connecting', 'connected', 'onConnect', 'closed', 'onDisconnect'],
  ]);
});

test('[SDK372] what JSON cannot say is refused like any other request, to the callback too', async () => {
  const unhandled = watchRejections();
  const it = client();
  const peer = await connected(it);
  const told = new Promise<Failure | null>(resolve => {
    void it.send('events', 'publish', { type: 'x', data: { n: 1n } }, (_data, error) => resolve(error));
  });
  expect(await told).toMatchObject({ code: 'invalid_message' });
  const circle: Record<string, unknown> = {};
  circle.circle = circle;
  await expect(it.send('events', 'publish', { type: 'x', data: circle })).rejects.toBeInstanceOf(RequestError);
  const asked = it.send('rooms', 'list', {});
  expect(await peer.answer({ rooms: [] })).toMatchObject({ payload: { action: 'list' } });
  await asked;
  expect(await unhandled()).toEqual([]);
});

test('[SDK373] the request whose frame was too large for the server is told so, the others that the connection broke', async () => {
  const it = client();
  const peer = await connected(it);
  const small = expect(it.send('rooms', 'list', {})).rejects.toMatchObject({ code: 'unavailable' });
  const large = it.send('events', 'publish', { type: 'x', data: { text: 'x'.repeat(70_000) } });
  const refused = expect(large).rejects.toMatchObject({ code: 'too_large' });
  await peer.next();
  await peer.next();
  peer.socket.close(1009, 'message too large');
  await Promise.all([small, refused]);
  await (await server.peer()).greet(0);
  await entered(it, 'connected');
});

test('[SDK11] a socket that goes silent after a ping is given up and replaced', async () => {
  const it = client({ pingEvery: 20, silence: 40 });
  const peer = await connected(it);
  expect(await peer.next()).toEqual({ type: 'ping' });
  peer.say({ type: 'pong' });
  peer.socket.pause(); // from here on the server hears and says nothing
  const again = await server.peer();
  await again.greet(0);
  await entered(it, 'connected');
});

test('[SDK12] frames that cannot be read go to onError and nothing else breaks', async () => {
  const it = client();
  const peer = await connected(it);
  const errors = heard<Failure>(4);
  it.onError = errors.push;
  peer.say('{"type":"eve');
  peer.say({ type: 'event', id: 'evt-1', payload: {} });
  peer.say({ type: 'event', id: 'evt-2', seq: 1, payload: { type: 'photo_received', data: { photo: 7 } } });
  peer.socket.send(Buffer.from([1, 2, 3]));
  expect((await errors.all).map(error => error.code)).toEqual(Array(4).fill('invalid_message'));
  const asked = it.send('rooms', 'list', {});
  await peer.answer({ rooms: [] });
  expect(await asked).toEqual({ rooms: [] });
});

test('[SDK13] a listener that throws does not stop the others', async () => {
  const it = client();
  const reported = heard<unknown>(1);
  const report = console.error;
  console.error = reported.push;
  const notes = heard<string>(2);
  it.on('note', () => {
    throw new Error('from a listener');
  });
  const stop = it.on('note', (_data, meta) => notes.push(meta.type));
  it.on('*', (_data, meta) => notes.push(meta.type));
  const peer = await connected(it);
  peer.event(1);
  expect((await notes.all).sort()).toEqual(['connected', 'note']);
  console.error = report;
  expect(reported.sofar).toHaveLength(1);
  stop();
});

test('[SDK14] reconnectNow does not wait for the next attempt, and checks a connection that looks fine', async () => {
  const it = client({ backoffFirst: 60_000, backoffMost: 60_000, silenceWhenShown: 30 });
  const peer = await connected(it);
  peer.socket.terminate();
  await entered(it, 'waiting');
  it.reconnectNow();
  const again = await server.peer();
  await again.greet(0);
  await entered(it, 'connected');
  again.socket.pause();
  it.reconnectNow();
  await entered(it, 'waiting');
});

test('[SDK14] of an attempt that is under way little is waited for, and if it fails the next one is made at once', async () => {
  const it = client({ backoffFirst: 60_000, backoffMost: 60_000, handshake: 60_000, silenceWhenShown: 30 });
  it.connect();
  await server.peer();
  it.reconnectNow();
  const again = await server.peer();
  it.reconnectNow();
  again.socket.terminate();
  const third = await server.peer();
  await third.greet(0);
  await entered(it, 'connected');
});

test('[SDK15] close ends it for good and fails what waits; connect begins anew', async () => {
  const it = client();
  const waiting = expect(it.send('rooms', 'list', {})).rejects.toMatchObject({ code: 'unavailable' });
  it.close();
  await waiting;
  expect(it.state).toBe('closed');
  await connected(it);
  expect(it.state).toBe('connected');
});
