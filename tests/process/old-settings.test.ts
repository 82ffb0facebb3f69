/** The names that older servers gave their settings, on a real start, with the clients that they were meant for. (CONTRACT 2.) */
import { connect as connectTcp } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { connect } from '../legacy/peer.ts';
import { listen } from '../legacy/socket-clients.ts';
import { raw } from '../server/running.ts';
import { programs, takePort } from './program.ts';

const runs = programs();
afterAll(() => runs.clean());

async function freePort(): Promise<number> {
  const { port, free } = await takePort();
  await free();
  return port;
}

/** Whether somebody listens there. */
function isOpen(port: number, host: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connectTcp({ port, host });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** What is told of it is for whoever looks for a fault. */
async function failedSocket(port: number): Promise<void> {
  const key = Buffer.alloc(16).toString('base64');
  const lines = ['GET / HTTP/1.1', 'Host: 127.0.0.1', 'Upgrade: websocket', 'Connection: Upgrade'];
  const head = [...lines, 'Sec-WebSocket-Version: 13', `Sec-WebSocket-Key: ${key}`].join('\r\n');
  await raw(port, Buffer.concat([Buffer.from(`${head}\r\n\r\n`), Buffer.from([0xff, 0x80, 0, 0, 0, 0])]));
}

test('[START400] any other DEBUG says nothing: libraries, which take it for theirs, write no address and no token', async () => {
  const program = runs.start(['--headless', '--no-open'], { env: { DEBUG: '*' }, script: 'start.mjs' });
  const { port } = await program.ready();
  for (const path of ['/J/ATOKEN', '/socket.io/?EIO=4&transport=polling&token=ATOKEN']) {
    expect((await fetch(`http://127.0.0.1:${port}${path}`)).status).toBe(200);
  }
  program.child.kill('SIGTERM');
  expect(await program.ended).toMatchObject({ code: 0 });
  expect(program.said()).toContain('ready');
  expect(program.said()).not.toMatch(/ATOKEN|express|engine|router/);
});

test('[START31] WS_HOST, WS_PORT, DEBUG and FRONTEND_URL are those of an older server: its clients and its page find this one', async () => {
  const page = 'http://shop.example:5173';
  const port = await freePort();
  const env = { HOST: '', PORT: '', WS_PORT: `${port}`, WS_HOST: '127.0.0.1', DEBUG: 'true', FRONTEND_URL: page };
  const program = runs.start(['--no-open'], { env });
  const runtime = await program.ready();
  expect(runtime.port).toBe(port);
  const url = `http://127.0.0.1:${port}`;
  // Another address of this machine: whoever listens on all of them would answer.
  expect([await isOpen(port, '127.0.0.1'), await isOpen(port, '127.0.0.2')]).toEqual([true, false]);

  const s0 = await connect(url, { Origin: page });
  const s2 = listen(url, ['auth_error'], { transports: ['websocket'], extraHeaders: { Origin: page } });
  s2.emit('join_room', 'service_1');
  expect(await s2.next('auth_error')).toMatchObject({ code: 'unauthorized' });
  const polling = `${url}/socket.io/?EIO=4&transport=polling`;
  const answer = await fetch(polling, { headers: { Origin: page } });
  expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, page]);
  expect((await fetch(polling, { headers: { Origin: 'http://other.example' } })).status).toBe(403);
  for (const one of [s0, s2]) one.close();
  // DEBUG=true: what only that level tells is told.
  await failedSocket(port);
  await expect.poll(() => program.said()).toContain('a WebSocket failed');
});

test('[START31] WEBSOCKET_PORT counts before WS_PORT, PORT before both, and another DEBUG is some other program’s', async () => {
  const [first, second, third] = [await freePort(), await freePort(), await freePort()];
  const env = { PORT: '', WEBSOCKET_PORT: `${first}`, WS_PORT: `${second}`, DEBUG: 'express:*' };
  const program = runs.start(['--no-open'], { env });
  expect((await program.ready()).port).toBe(first);
  const heard = await connect(`http://127.0.0.1:${first}`);
  expect(heard.socket.readyState).toBe(WebSocket.OPEN);
  heard.close();
  expect(await isOpen(second, '127.0.0.1')).toBe(false);
  await failedSocket(first);
  program.child.kill('SIGTERM');
  await program.ended;
  expect(program.said()).not.toContain('a WebSocket failed');
  const plain = runs.start(['--no-open'], { env: { ...env, PORT: `${third}` } });
  expect((await plain.ready()).port).toBe(third);
});
