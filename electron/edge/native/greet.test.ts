import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { ok } from '../../../protocol/errors.ts';
import { openDesk } from '../../../tests/desk-fixture.ts';
import { operator } from '../../core/access.ts';
import { StoreUnavailable } from '../../core/ports.ts';
import { createConnections } from '../connections.ts';
import { greet } from './greet.ts';

test('[FAULT11] while the database cannot be read a native client is told `unavailable`, to try again later', async () => {
  const { dispatch, presence, present, sessions } = openDesk();
  const { clock, ids } = sessions;
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const connections = createConnections(log);
  const parts = {
    ...{ dispatch, connections, presence, present, clock, ids },
    log,
    maxMessageBytes: 1_000,
    authenticate: async () => ok(operator),
    head: () => {
      throw new StoreUnavailable('SQLITE_IOERR');
    },
    onPhone() {},
    onUser() {},
  };
  const client = { address: '127.0.0.1', isLocal: true, isLegacy: true };
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => server.close());
  server.on('connection', (socket, { socket: wire }) => {
    socket.on('message', greet(socket, wire, 'a token', { client, identified() {}, released() {} }, parts));
  });
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const socket = new WebSocket(`ws://127.0.0.1:${port}`);
  const [[said], [code]] = await Promise.all([once(socket, 'message'), once(socket, 'close')]);
  expect(JSON.parse(String(said))).toMatchObject({ type: 'error', payload: { code: 'unavailable' } });
  expect(code).toBe(1013);
  expect(connections.count()).toBe(0);
});
