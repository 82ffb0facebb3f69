/** Floods of the Socket.IO endpoint, bounded in number: its WebSockets have the bounds of ours. (TRUST, "wsEngine".) */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Runtime } from '../../electron/data-folder.ts';
import { programs } from '../process/program.ts';
import { listen } from './socket-clients.ts';

const runs = programs();
const path = '/socket.io/?EIO=4&transport=websocket';
const MiB = 1024 * 1024;
let runtime: Runtime;
let url: string;
const open: { close(): void }[] = [];

beforeAll(async () => {
  runtime = await runs.start(['--no-open'], { env: { LOG_LEVEL: 'error' } }).ready();
  url = `http://127.0.0.1:${runtime.port}`;
});
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});
afterAll(() => runs.clean());

/** Resident memory of the server, in bytes. */
async function memory(): Promise<number> {
  const answer = await fetch(`${url}/dashboard/stats`, { headers: { Accept: 'application/json' } });
  return (await answer.json()).memory.rss;
}

/** Somebody else is served at once, on a new connection and on an old one. */
async function othersAreServed(): Promise<void> {
  const one = listen(url, ['qr_code'], { transports: ['websocket'] });
  open.push(one);
  const before = performance.now();
  one.emit('get_qr');
  await one.next('qr_code');
  expect(performance.now() - before).toBeLessThan(2_000);
  one.close();
}

/** A WebSocket as bytes, so that it can do what no library does. */
async function bare(): Promise<Socket> {
  const socket = connect(runtime.port, '127.0.0.1');
  socket.on('error', () => {});
  open.push({ close: () => socket.destroy() });
  const headers = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'];
  const key = Buffer.alloc(16, 1).toString('base64');
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${headers.join('\r\n')}\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
  );
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toContain(' 101 ');
  return socket;
}

/** Masked with zeros: the payload stands as it is. */
const frame = (opcode: number, payload: Buffer) => {
  const length = payload.length < 126 ? [payload.length] : [126, payload.length >> 8, payload.length & 0xff];
  const [first = 0, ...rest] = length;
  return Buffer.concat([Buffer.from([opcode, 0x80 | first, ...rest, 0, 0, 0, 0]), payload]);
};

test('[SIO14] a flood of pings from peers that read nothing costs no memory, and others are served meanwhile', async () => {
  const before = await memory();
  const pings = Buffer.concat(Array.from({ length: 8_000 }, () => frame(0x89, Buffer.alloc(125))));
  let most = 0;
  for (let round = 0; round < 3; round++) {
    const sockets = await Promise.all([bare(), bare(), bare()]);
    await Promise.all(
      sockets.map(async socket => {
        socket.pause();
        // 160,000 each, as far as the server takes them; one that it cuts off is what is wanted too.
        for (let count = 0; count < 20 && !socket.destroyed; count++) {
          if (socket.write(pings)) continue;
          const timer = AbortSignal.timeout(500);
          await Promise.race([
            once(socket, 'drain', { signal: timer }),
            once(socket, 'close', { signal: timer }),
          ]).catch(() => {});
          if (socket.writableNeedDrain) break;
        }
      }),
    );
    await othersAreServed();
    most = Math.max(most, await memory());
    for (const socket of sockets) {
      expect(socket.bytesWritten).toBeGreaterThan(MiB);
      socket.destroy();
    }
  }
  expect((most - before) / MiB).toBeLessThan(64);
});

test('[SIO15] a message in very many fragments, or in very many pieces, ends its own connection alone', async () => {
  const before = await memory();
  const client = new WebSocket(url.replace('http', 'ws') + path);
  open.push({ close: () => client.terminate() });
  await once(client, 'open');
  const closed = once(client, 'close');
  for (let count = 0; count < 40; count++) client.send('4', { fin: false });
  expect((await closed)[0]).toBe(1008);

  // A frame of 60 KB that comes byte by byte, a millisecond apart: a server that is busy meanwhile finds some of them in one
  // piece, so the writer goes on until it is told.
  const slow = await bare();
  slow.setNoDelay(true);
  let told = 0;
  slow.on('data', (bytes: Buffer) => {
    // A close frame with its code, behind whatever came before it.
    const at = bytes.indexOf(Buffer.from([0x88, 2]));
    if (at >= 0) told = bytes.readUInt16BE(at + 2);
  });
  slow.write(frame(0x81, Buffer.alloc(60_000, 0x34)).subarray(0, 8));
  for (let count = 0; count < 59_000 && !told && !slow.destroyed; count++) {
    slow.write('4');
    await setTimeout(1);
  }
  expect(told).toBe(1008);
  await othersAreServed();
  expect(((await memory()) - before) / MiB).toBeLessThan(32);
});
