import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { expect, test, vi } from 'vitest';
import { readAgain } from './other-upgrade.ts';

function waiting() {
  const server = createServer();
  const connected = vi.fn();
  server.on('connection', connected);
  const socket = new Socket();
  const request = new IncomingMessage(socket);
  Object.assign(request, { method: 'GET', url: '/', httpVersion: '1.1' });
  const before = new ServerResponse(request);
  readAgain(server, { request, socket, head: Buffer.alloc(0), before });
  return { socket, before, connected };
}

test('[BAD352] a request whose turn has not come waits for the answer before it', () => {
  const { socket, before, connected } = waiting();
  expect(connected).not.toHaveBeenCalled();
  before.emit('close');
  expect(connected).toHaveBeenCalledWith(socket);
  socket.destroy();
});

test('[BAD352] one that hangs up meanwhile is let go, and what its socket says of that is heard', async () => {
  const { socket, before, connected } = waiting();
  const closed = new Promise(resolve => socket.once('close', resolve));
  socket.destroy(new Error('write ECONNRESET'));
  // The answer closes before the socket says why it did.
  before.emit('close');
  expect(socket.listenerCount('error')).toBe(1);
  await closed;
  expect(connected).not.toHaveBeenCalled();
});
