import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { fail, ok } from '../../../protocol/errors.ts';
import { openDesk } from '../../../tests/desk-fixture.ts';
import { operator, type Principal, phone } from '../../core/access.ts';
import { StoreUnavailable } from '../../core/ports.ts';
import { tokenOf } from '../authenticate.ts';
import { createConnections } from '../connections.ts';
import { createNativeEndpoint } from './endpoint.ts';

const ana: Principal = { role: 'user', userId: 'ana' };
const tokens: Record<string, Principal> = { operator, ana, phone: phone('a session', 1) };

/** The endpoint behind a real HTTP server; a token is its bearer's name. */
async function place({
  onUser = async () => {},
  head = () => 0,
}: {
  onUser?: () => Promise<void>;
  head?: () => number;
}) {
  const { dispatch, presence, present, sessions } = openDesk();
  const { clock, ids } = sessions;
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const connections = createConnections(log);
  const revoked = new Set<string>();
  const authenticate = async (token: string | null) => {
    const found = token === null || revoked.has(token) ? null : tokens[token];
    return found ? ok(found) : fail('unauthorized', 'El token no es válido.');
  };
  const endpoint = createNativeEndpoint({
    ...{ dispatch, connections, presence, present, clock, ids, log, onUser, head },
    maxMessageBytes: 1_000,
    authenticate,
    onPhone() {},
  });
  const client = { address: '127.0.0.1', isLocal: true, isLegacy: true };
  const server = createServer().listen(0, '127.0.0.1');
  server.on('upgrade', async (request, wire, head) => {
    const token = tokenOf(request);
    const presented = token === null ? null : { token, found: await authenticate(token) };
    endpoint.upgrade(request, wire, head, { client, presented, identified() {}, released() {} });
  });
  await once(server, 'listening');
  onTestFinished(() => {
    endpoint.stop();
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;

  function join(query = '') {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws${query}`);
    const heard: string[] = [];
    socket.on('message', data => {
      const { type, payload } = JSON.parse(String(data));
      heard.push(type === 'event' ? payload.type : type === 'error' ? payload.code : type);
    });
    onTestFinished(() => socket.terminate());
    return { socket, heard, closed: once(socket, 'close') };
  }
  return { join, connections, revoked };
}

/** A database that answers when it is told to. */
function slowDatabase() {
  let answers = () => {};
  let isAsked = () => {};
  const asked = new Promise<void>(resolve => {
    isAsked = resolve;
  });
  const answered = new Promise<void>(resolve => {
    answers = resolve;
  });
  const onUser = () => {
    isAsked();
    return answered;
  };
  return { onUser, asked, answers: () => answers() };
}

test('[FAULT11] while the database cannot be read a native client is told `unavailable`, to try again later', async () => {
  const { join, connections } = await place({
    head: () => {
      throw new StoreUnavailable('SQLITE_IOERR');
    },
  });
  const byAddress = join('?token=operator');
  const byMessage = join();
  await once(byMessage.socket, 'open');
  byMessage.socket.send('{"type":"auth","token":"operator"}');
  for (const { closed, heard } of [byAddress, byMessage]) {
    expect((await closed)[0]).toBe(1013);
    expect(heard).toEqual(['unavailable']);
  }
  expect(connections.count()).toBe(0);
});

test('[SOCK402] the handshake of a user is answered once the user is kept; a phone’s does not wait', async () => {
  const { onUser, asked, answers } = slowDatabase();
  const { join } = await place({ onUser });
  const user = join('?token=ana');
  await asked;
  const visitor = join('?token=phone');
  await once(visitor.socket, 'message');
  expect(visitor.heard).toEqual(['connected']);
  expect(user.socket.readyState).toBe(WebSocket.CONNECTING);
  answers();
  await once(user.socket, 'open');
});

test('[SOCK403] what is sent behind `auth` while its user is being kept is answered then, in order and within the rate', async () => {
  const { onUser, asked, answers } = slowDatabase();
  const { join } = await place({ onUser });
  const many = join();
  const large = join();
  for (const { socket } of [many, large]) {
    await once(socket, 'open');
    socket.send('{"type":"auth","token":"ana"}');
    socket.send('{"type":"ping"}');
  }
  await asked;
  for (let i = 1; i < 300; i++) many.socket.send('{"type":"ping"}');
  large.socket.send('x'.repeat(1_001));
  expect([...many.heard, ...large.heard]).toEqual([]);
  answers();
  expect((await large.closed)[0]).toBe(1009);
  expect(large.heard).toEqual(['connected', 'pong', 'too_large']);
  while (many.heard.length < 301) await once(many.socket, 'message');
  expect(many.heard.slice(0, 201)).toEqual(['connected', ...Array(200).fill('pong')]);
  // Some come back in the milliseconds that this takes.
  expect(many.heard.filter(word => word === 'rate_limited').length).toBeGreaterThan(50);
});

test('[SOCK404] a token that is revoked while its user is being kept lets nobody in', async () => {
  const { onUser, asked, answers } = slowDatabase();
  const { join, revoked, connections } = await place({ onUser });
  const { heard, closed } = join('?token=ana');
  await asked;
  revoked.add('ana');
  answers();
  expect((await closed)[0]).toBe(4401);
  expect(heard).toEqual(['unauthorized']);
  expect(connections.count()).toBe(0);
});
