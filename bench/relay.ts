/**
 * What relaying a photo costs the server: S0 frames of 400 KB to 10 receivers, each photo a different one, CPU time a photo.
 * Ours checks and stores each of them (in the storing process). What re-encodes them afterwards, at low priority, is held back until
 * then and shown apart: the others would otherwise be measured on a machine that has nothing else to do, and ours beside a full
 * load on its other core. Next to it (a) a server that forwards the frame unread and (b) one that parses, checks and stringifies it
 * for each receiver; both keep nothing.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import sharp from 'sharp';
import { WebSocket } from 'ws';
import { createWebSocketClient } from '../renderer/client/index.ts';
import { cpu } from './cpu.ts';
import { startServer } from './server-process.ts';
import type { Row } from './table.ts';

const receivers = 10;
const warmUp = 300;
const photos = 100;
const frameBytes = 400_000;
/** Each server is measured in turn: what else the machine does then meets all of them alike. */
const rounds = 5;

/** A server that is warm; each call gives what a photo costs it, in milliseconds. */
interface Warm<Cost> {
  measure(): Promise<Cost>;
  stop(): Promise<void>;
}

interface Ours {
  server: number;
  all: number;
  /** The server's process while the photos are re-encoded. */
  afterwards: number;
  images: number;
}

export async function relay(): Promise<Row[]> {
  if (process.platform !== 'linux') {
    process.stderr.write('relay: skipped, CPU times of other processes are read from /proc\n');
    return [];
  }
  const frame = await frames();
  const unread = await startOther(forwardUnread, frame);
  const parsed = await startOther(parseAndStringify, frame);
  const ours = await startOurs(frame);
  const costs: { unread: number; parsed: number; ours: Ours }[] = [];
  try {
    for (let round = 0; round < rounds; round++) {
      costs.push({ unread: await unread.measure(), ours: await ours.measure(), parsed: await parsed.measure() });
    }
  } finally {
    await Promise.all([unread, parsed, ours].map(server => server.stop()));
  }
  const mean = (of: (cost: (typeof costs)[number]) => number) =>
    costs.reduce((sum, cost) => sum + of(cost), 0) / costs.length;
  const what = `S0 frame of ${frameBytes / 1000} KB to ${receivers}, CPU a photo`;
  const row = (name: string, value: number, limit: number | null = null) => ({
    what: `${what}: ${name}`,
    value,
    unit: 'ms',
    limit: limit === null ? null : Math.round(limit * 100) / 100,
  });
  const [forwarding, stringifying] = [mean(cost => cost.unread), mean(cost => cost.parsed)];
  return [
    row(
      "ours, checked and stored, the server's process",
      mean(cost => cost.ours.server),
      Math.min(1.5 * forwarding, stringifying),
    ),
    row(
      'ours, checked and stored, all processes but the re-encoding one',
      mean(cost => cost.ours.all),
      3 * forwarding,
    ),
    row(
      "ours, re-encoding it afterwards, the server's process",
      mean(cost => cost.ours.afterwards),
    ),
    row(
      'ours, re-encoding it afterwards, the image process',
      mean(cost => cost.ours.images),
    ),
    row('forwarded unread, nothing kept', forwarding),
    row('parsed, checked, stringified for each, nothing kept', stringifying),
  ];
}

/** Gives a frame with another photo at each call. */
async function frames(): Promise<() => string> {
  const wanted = Math.floor(((frameBytes - 60) * 3) / 4);
  let picture = Buffer.alloc(0);
  for (let sigma = 6; picture.length < wanted; sigma += 1) {
    const noise = { type: 'gaussian' as const, mean: 128, sigma };
    const create = { width: 1280, height: 960, channels: 3 as const, background: '#888', noise };
    picture = await sharp({ create }).jpeg({ quality: 85 }).toBuffer();
  }
  return () => {
    const comment = randomBytes(16);
    const segment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, comment.length + 2]), comment]);
    const unique = Buffer.concat([picture.subarray(0, 2), segment, picture.subarray(2)]);
    return JSON.stringify({ idPersona: '12345678', image: `data:image/jpeg;base64,${unique.toString('base64')}` });
  };
}

/** Sends `count` photos, each when all receivers have the one before. */
async function stream(url: string, frame: () => string, count: number): Promise<void> {
  const sockets = await Promise.all(Array.from({ length: receivers + 1 }, () => open(url)));
  const [sender, ...others] = sockets;
  let heard = 0;
  let done = () => {};
  for (const socket of others) {
    socket.on('message', () => {
      heard += 1;
      if (heard % receivers === 0) done();
    });
  }
  for (let index = 0; index < count; index++) {
    const all = new Promise<void>(resolve => {
      done = resolve;
    });
    sender?.send(frame());
    await all;
  }
  for (const socket of sockets) socket.terminate();
}

function open(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), { perMessageDeflate: false, skipUTF8Validation: true });
  return new Promise((resolve, reject) => socket.once('open', () => resolve(socket)).once('error', reject));
}

async function startOurs(frame: () => string): Promise<Warm<Ours>> {
  const server = await startServer();
  const desk = createWebSocketClient(server.operatorToken, { url: server.url, WebSocket });
  const counts = { stored: 0, worked: 0 };
  let look = () => {};
  desk.on('photo_received', () => {
    counts.stored += 1;
    look();
  });
  desk.on('photo_updated', () => {
    counts.worked += 1;
    look();
  });
  const until = (what: keyof typeof counts, count: number) =>
    new Promise<void>(resolve => {
      look = () => {
        if (counts[what] >= count) resolve();
      };
      look();
    });
  await new Promise<void>(resolve => {
    desk.on('connected', () => resolve());
    desk.connect();
  });
  let sent = warmUp;
  await stream(server.url, frame, warmUp);
  await until('worked', sent);
  const isImages = ({ command }: { command: string }) => command.includes('image-worker');
  const own = children(server.pid);
  const images = own.filter(isImages);
  const others = own.filter(child => !isImages(child));
  const used = () => ({ server: cpu(server.pid), others: sum(others), images: sum(images) });
  return {
    async measure() {
      sent += photos;
      for (const { pid } of images) process.kill(pid, 'SIGSTOP');
      const before = used();
      await stream(server.url, frame, photos);
      await until('stored', sent);
      const stored = used();
      for (const { pid } of images) process.kill(pid, 'SIGCONT');
      await until('worked', sent);
      const worked = used();
      const relaying = stored.server - before.server;
      return {
        server: relaying / photos,
        all: (relaying + stored.others - before.others) / photos,
        afterwards: (worked.server - stored.server) / photos,
        images: (worked.images - before.images) / photos,
      };
    },
    async stop() {
      desk.close();
      await server.stop();
    },
  };
}

async function startOther(program: string, frame: () => string): Promise<Warm<number>> {
  const cwd = resolve(import.meta.dirname, '..');
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const url = `http://127.0.0.1:${await told(child)}`;
  await stream(url, frame, warmUp);
  return {
    async measure() {
      const before = cpu(child.pid ?? 0);
      await stream(url, frame, photos);
      return (cpu(child.pid ?? 0) - before) / photos;
    },
    async stop() {
      child.kill();
    },
  };
}

function told(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('message', port => resolve(Number(port)));
    child.once('exit', code => reject(new Error(`ended with ${code}`)));
  });
}

const listen = `
import { WebSocketServer } from 'ws';
const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
server.on('listening', () => process.send(server.address().port));
const others = sender => [...server.clients].filter(client => client !== sender && client.readyState === 1);
`;

const forwardUnread = `${listen}
server.on('connection', socket => {
  socket.on('message', data => {
    for (const other of others(socket)) other.send(data, { binary: false });
  });
});
`;

const parseAndStringify = `${listen}
const base64 = /^(?:data:[^,]*,)?(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
server.on('connection', socket => {
  socket.on('message', data => {
    const { idPersona, image } = JSON.parse(data);
    if (!idPersona || !base64.test(image)) return;
    for (const other of others(socket)) other.send(JSON.stringify({ idPersona, image }));
  });
});
`;

function sum(processes: readonly { pid: number }[]): number {
  return processes.reduce((all, { pid }) => all + cpu(pid), 0);
}

function children(pid: number): { pid: number; command: string }[] {
  return readdirSync(`/proc/${pid}/task`).flatMap(task =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8')
      .split(' ')
      .filter(Boolean)
      .map(child => ({ pid: Number(child), command: readFileSync(`/proc/${child}/cmdline`, 'utf8') })),
  );
}
