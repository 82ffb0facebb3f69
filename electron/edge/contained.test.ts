/** Bugs that nobody has written yet: each stays with the connection that it shows at. */
import { once } from 'node:events';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { StoredEvent } from '../core/outcome.ts';
import { type Connection, createConnections, type Encode } from './connections.ts';
import { guarded } from './guarded.ts';
import { createListeners } from './listeners.ts';

const open = () => ({ debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() });

test('[FAULT300] a handshake that leads to a bug ends alone, and the server goes on', async () => {
  const log = open();
  const listeners = createListeners({
    request: (_request, response) => void response.end('here'),
    upgrade() {
      throw new Error('a bug');
    },
    log,
    maxTcpPerAddress: 8,
    exempt: [],
  });
  const listening = await listeners.listen(0, '127.0.0.1');
  if (!listening.ok) throw new Error(listening.code);
  onTestFinished(() => listeners.close(100));
  const [error] = await once(new WebSocket(`ws://127.0.0.1:${listening.port}/`), 'error');
  expect(String(error)).toContain('hang up');
  expect(log.error).toHaveBeenCalledOnce();
  expect(await (await fetch(`http://127.0.0.1:${listening.port}/`)).text()).toBe('here');
});

test('[FAULT301] a message that leads to a bug ends its own connection with 1011, and no other', async () => {
  const log = open();
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => server.close());
  server.on('connection', socket => {
    const receive = (data: Buffer) => {
      if (String(data) === 'a bug') throw new Error('a bug');
      socket.send(data);
    };
    socket.on('message', guarded(socket, receive, log));
  });
  await once(server, 'listening');
  const address = server.address();
  const url = `ws://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const [one, other] = [new WebSocket(url), new WebSocket(url)];
  await Promise.all([once(one, 'open'), once(other, 'open')]);
  const closed = once(one, 'close');
  one.send('a bug');
  expect((await closed)[0]).toBe(1011);
  expect(log.error).toHaveBeenCalledOnce();
  other.send('still here');
  expect(String((await once(other, 'message'))[0])).toBe('still here');
  other.close();
});

test('[FAULT302] an event that one protocol cannot write, or one part of the server fails at, reaches everybody else', () => {
  const log = open();
  const connections = createConnections(log);
  const heard: string[] = [];
  const join = (id: string, encode: Encode): Connection => ({
    about: { id, userId: null, role: null, address: '127.0.0.1', protocol: 'native', since: 0 },
    view: 'staff',
    encode,
    rooms: new Set(['room']),
    send: frame => void heard.push(`${id}: ${frame}`),
    revoke() {},
  });
  const buggy: Encode = () => {
    throw new Error('a bug');
  };
  for (const [id, encode] of [
    ['one', buggy],
    ['two', ({ id }: StoredEvent) => id],
    ['three', buggy],
  ] as const) {
    connections.add(join(id, encode));
  }
  connections.listen(() => {
    throw new Error('a bug');
  });
  connections.listen(({ id }) => void heard.push(`inside: ${id}`));
  const event: StoredEvent = {
    type: 'typing',
    data: { conversation_id: 'c', user_id: 'u' },
    rooms: ['room'],
    id: 'e1',
    seq: null,
  };
  connections.publish([event]);
  expect(heard).toEqual(['two: e1', 'inside: e1']);
  // Once for the protocol, however many speak it; once for the part of the server.
  expect(log.error).toHaveBeenCalledTimes(2);
});
