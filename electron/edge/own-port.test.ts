import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createTcp, type Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { answersAt } from './own-port.ts';

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

async function listening(server: Server): Promise<number> {
  open.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

test('[NET10] a server like ours is told from another program and from silence', async () => {
  const ours = await listening(
    createServer((_request, response) => response.end('{"status":"ok","version":"1","uptime_s":3}')),
  );
  expect(await answersAt('127.0.0.1', ours)).toBe(true);
  const others = await listening(createServer((_request, response) => response.end('<title>printer</title>')));
  expect(await answersAt('127.0.0.1', others)).toBe(false);
  // Another address of this machine, where nobody listens.
  expect(await answersAt('127.0.0.6', ours)).toBe(false);
});

test('[NET10] one that takes the connection and says nothing is waited for no longer than it was told', async () => {
  const mute = await listening(createTcp(socket => socket.on('error', () => {})));
  const began = performance.now();
  expect(await answersAt('127.0.0.1', mute, 150)).toBe(false);
  expect(performance.now() - began).toBeLessThan(2_000);
});
