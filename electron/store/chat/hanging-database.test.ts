/** The chat's database takes connections and says nothing, as one whose machine is out of memory, or whose disk hangs, does. */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { StoreUnavailable } from '../../core/ports.ts';
import { openMysql } from './mysql-chat.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

test('[CHAT380] forty that ask a database that hangs are all told within seconds, and a stop does not wait for it', async () => {
  const sockets = new Set<Socket>();
  const mute = createServer(socket => void sockets.add(socket.on('error', () => {}))).listen(0, '127.0.0.1');
  await once(mute, 'listening');
  const address = mute.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const mysql = openMysql({ host: '127.0.0.1', port, user: 'chat', password: '', name: 'chat' }, silent);
  try {
    const began = performance.now();
    const asked = Array.from({ length: 40 }, () => mysql.users.get('ana'));
    const answers = await Promise.allSettled(asked);
    expect(performance.now() - began).toBeLessThan(9_000);
    for (const answer of answers) expect(answer).toMatchObject({ reason: expect.any(StoreUnavailable) });
    const asking = mysql.users.get('ana').catch(() => null);
    const stopped = performance.now();
    await mysql.close();
    expect(performance.now() - stopped).toBeLessThan(2_000);
    for (const socket of sockets) socket.destroy();
    await asking;
  } finally {
    mute.close();
  }
});
