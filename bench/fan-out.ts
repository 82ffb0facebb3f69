/**
 * One chat message to 1,000 connections: how long until the last of them has it, and what it costs the server. Ours reads,
 * checks, authorises and stores it before anybody is told. Next to it a bare Socket.IO server that passes the same data on and
 * keeps nothing. The clients of both are the same program, which counts frames and decodes none.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { SignJWT } from 'jose';
import { WebSocket } from 'ws';
import * as z from 'zod/mini';
import { createWebSocketClient } from '../renderer/client/index.ts';
import { cpu } from './cpu.ts';
import { startServer } from './server-process.ts';
import { quantile, type Row } from './table.ts';

const members = 10;
const connectionsEach = 100;
/** As many as a server has seen that has run for a morning: both are warm then. */
const warmUp = 200;
const messages = 200;
const content = 'Ya puede pasar a la ventanilla 4. Traiga el original y una copia, por favor.';

export async function fanOut(): Promise<Row[]> {
  if (process.platform !== 'linux') {
    process.stderr.write('fan: skipped, CPU times of other processes are read from /proc\n');
    return [];
  }
  const secret = randomBytes(32).toString('hex');
  const server = await startServer({ SECRET_KEY: secret });
  const bare = run(socketIoServer);
  const children = [bare];
  try {
    const [address, bareSide] = await Promise.all([group(server, secret), told(bare).then(port => ({ port }))]);
    const ours = run(clients);
    const theirs = run(clients);
    children.push(ours, theirs);
    ours.send({ ...address, content });
    theirs.send({
      urls: Array(members * connectionsEach).fill(
        `ws://127.0.0.1:${bareSide.port}/socket.io/?EIO=4&transport=websocket`,
      ),
      sample: address.sample,
    });
    await Promise.all([told(ours), told(theirs)]);
    const sides = [
      { child: ours, pid: server.pid, times: [] as number[], cpu: 0 },
      { child: theirs, pid: bare.pid ?? 0, times: [] as number[], cpu: 0 },
    ];
    // By turns, so that whatever else this machine does is in the way of both alike.
    for (let index = 0; index < warmUp + messages; index++) {
      if (index === warmUp) for (const side of sides) side.cpu = cpu(side.pid);
      for (const side of sides) {
        side.child.send({ send: index });
        const ms = await told(side.child);
        if (index >= warmUp) side.times.push(ms);
      }
    }
    const [own, other] = sides.map(side => ({
      p50: quantile(side.times, 0.5),
      p95: quantile(side.times, 0.95),
      cpu: (cpu(side.pid) - side.cpu) / messages,
    }));
    if (!own || !other) return [];
    const what = `one message to ${members * connectionsEach} connections`;
    const row = (name: string, value: number, limit: number | null = null) => ({
      what: `${what}, ${name}`,
      value,
      unit: 'ms',
      limit: limit === null ? null : Math.round(limit * 10) / 10,
    });
    return [
      row('until the last has it, p50: ours, checked and stored', own.p50, other.p50),
      row('until the last has it, p95: ours', own.p95, other.p95),
      row('CPU a message: ours', own.cpu, other.cpu),
      row('p50: bare Socket.IO, nothing kept', other.p50),
      row('p95: bare Socket.IO', other.p95),
      row('CPU a message: bare Socket.IO', other.cpu),
    ];
  } finally {
    for (const child of children) child.kill();
    await server.stop();
  }
}

/** A group of users, where each of their connections comes in, and the data of a message in it. */
async function group(server: { url: string; operatorToken: string }, secret: string) {
  const desk = createWebSocketClient(server.operatorToken, { url: server.url, WebSocket });
  try {
    const connected = new Promise<void>(done => desk.on('connected', () => done()));
    desk.connect();
    await connected;
    const names = Array.from({ length: members }, (_, index) => `user-${index + 1}`);
    for (const name of names) await desk.send('users', 'create', { user_id: name, name });
    const { conversation } = await desk.send('conversations', 'create', {
      type: 'group',
      members: names,
      title: 'All of them',
    });
    const heard = new Promise<unknown>(done => desk.on('new_message', done));
    const message = { conversation_id: conversation.id, content, sender_id: 'operator' };
    await desk.send('messages', 'create', { message });
    const at = `${server.url.replace('http', 'ws')}/ws?token=`;
    const tokens = await Promise.all(names.map(name => tokenOf(name, secret)));
    const urls = tokens.flatMap(token => Array<string>(connectionsEach).fill(at + token));
    return { urls, sender: at + server.operatorToken, conversation: conversation.id, sample: await heard };
  } finally {
    desk.close();
  }
}

function tokenOf(name: string, secret: string): Promise<string> {
  return new SignJWT({ role: 'user' })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(name)
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(secret));
}

function run(program: string): ChildProcess {
  return spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd: resolve(import.meta.dirname, '..'),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

function told(child: ChildProcess): Promise<number> {
  return new Promise((done, reject) => {
    const ended = (code: number | null) => reject(new Error(`ended with ${code}`));
    child.once('exit', ended);
    child.once('message', value => {
      child.off('exit', ended);
      done(z.parse(z.number(), value));
    });
  });
}

const socketIoServer = `
import { createServer } from 'node:http';
import { Server } from 'socket.io';
const http = createServer();
const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false });
io.on('connection', socket => {
  socket.join('group');
  socket.on('new_message', data => io.to('group').emit('new_message', data));
});
http.listen(0, '127.0.0.1', () => process.send(http.address().port));
`;

/**
 * Opens all connections, then sends one message whenever it is asked to, and tells when the last connection has it. Bare TCP
 * sockets past the handshake: a client that takes longer to read a frame than a server to write it would measure itself.
 */
const clients = `
import { connect } from 'node:net';
const shared = Buffer.alloc(64 * 1024);
const upgrade = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: bW9zdHJhZG9yLWJlbmNoIQ==',
];
const isNative = given => given.sender !== undefined;
let ask = () => {};
process.on('message', given => (given.urls ? begin(given) : ask(given.send)));
process.on('disconnect', () => process.exit());

async function begin(given) {
  let heard = 0;
  let began = 0;
  const hear = data => {
    if (data.includes('"new_message"') && ++heard === given.urls.length) process.send(performance.now() - began);
  };
  const sockets = [];
  for (let from = 0; from < given.urls.length; from += 50) {
    sockets.push(...(await Promise.all(given.urls.slice(from, from + 50).map(url => open(url, given, hear)))));
  }
  const sender = isNative(given) ? await open(given.sender, given, () => {}) : sockets[0];
  ask = index => {
    heard = 0;
    const message = { conversation_id: given.conversation, content: given.content, sender_id: 'operator' };
    const text = isNative(given)
      ? JSON.stringify({ type: 'request', id: 'r' + index, resource: 'messages', payload: { action: 'create', message } })
      : '42' + JSON.stringify(['new_message', given.sample]);
    began = performance.now();
    sender.write(frame(text));
  };
  process.send(0);
}

/**
 * Done when its first word is there: native's event \`connected\`; of Socket.IO the answer to our own. All sockets are read into
 * one buffer: what a client costs would be in the way of both servers alike, and hide what is between them.
 */
function open(url, given, hear) {
  const { host, hostname, port, pathname, search } = new URL(url);
  return new Promise((resolve, reject) => {
    let isOpen = false;
    const answerPing = () => socket.write(Buffer.from([138, 128, 0, 0, 0, 0]));
    const framed = frames(answerPing, data => {
      if (!isNative(given) && data.length === 1 && data[0] === 50) return socket.write(frame('3'));
      if (isOpen) return hear(data);
      if (!isNative(given) && data[0] === 48) return socket.write(frame('40'));
      isOpen = true;
      resolve(socket);
    });
    let take = answer => {
      const end = answer.indexOf('\\r\\n\\r\\n');
      if (end < 0 || !answer.includes(' 101 ')) return reject(new Error(String(answer)));
      take = framed;
      if (answer.length > end + 4) take(answer.subarray(end + 4));
    };
    const callback = (count, buffer) => {
      take(buffer.subarray(0, count));
      return true;
    };
    const socket = connect({ host: hostname, port: Number(port), noDelay: true, onread: { buffer: shared, callback } });
    socket.once('error', reject);
    // One that is gone would be waited for without end.
    socket.once('close', () => process.exit(1));
    socket.write(
      ['GET ' + pathname + search + ' HTTP/1.1', 'Host: ' + host, ...upgrade, '', ''].join('\\r\\n'),
    );
  });
}

/** A text frame of a client, masked with zeros. */
function frame(text) {
  const payload = Buffer.from(text);
  const length = payload.length < 126 ? [payload.length | 128] : [126 | 128, payload.length >> 8, payload.length & 255];
  return Buffer.concat([Buffer.from([129, ...length, 0, 0, 0, 0]), payload]);
}

/** Cuts what comes into the frames of a server: gives each text its payload, and answers a ping, without which a server ends the connection. */
function frames(answerPing, give) {
  let rest = null;
  return piece => {
    let data = rest ? Buffer.concat([rest, piece]) : piece;
    for (;;) {
      if (data.length < 2 || (data[1] === 126 && data.length < 4)) break;
      const [start, length] = data[1] < 126 ? [2, data[1]] : [4, (data[2] << 8) | data[3]];
      if (data.length < start + length) break;
      if ((data[0] & 15) === 9) answerPing();
      if ((data[0] & 15) === 1) give(data.subarray(start, start + length));
      data = data.subarray(start + length);
    }
    rest = data.length > 0 ? Buffer.from(data) : null;
  };
}
`;
