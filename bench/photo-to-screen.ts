/**
 * From a photo's last byte to the desk's `photo_received`. Next to it the old way (S0): the same photo as base64 in a JSON
 * frame, relayed by a bare WebSocket server that checks and keeps nothing.
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import { WebSocket, WebSocketServer } from 'ws';
import { createHttpClient, createWebSocketClient } from '../renderer/client/index.ts';
import { startServer } from './server-process.ts';
import { quantile, type Row } from './table.ts';

const photos = 60;
const warmUp = 5;
const wantedBytes = 1_500_000;
/** Five a second, as at a busy desk, so that the image process works along. */
const pauseMs = 200;

export async function photoToScreen(): Promise<Row[]> {
  const picture = await photo();
  const ours = await measureOurs(picture);
  const relay = await measureRelay(picture);
  const size = `${(picture.length / 1e6).toFixed(1)} MB`;
  return [
    {
      what: `photo PUT (${size}), last byte to photo_received, p50`,
      value: quantile(ours, 0.5),
      unit: 'ms',
      limit: 100,
    },
    {
      what: `photo PUT (${size}), last byte to photo_received, p95`,
      value: quantile(ours, 0.95),
      unit: 'ms',
      limit: 250,
    },
    { what: 'bare relay of base64 frames, nothing kept, p50', value: quantile(relay, 0.5), unit: 'ms', limit: null },
    { what: 'bare relay of base64 frames, nothing kept, p95', value: quantile(relay, 0.95), unit: 'ms', limit: null },
  ];
}

async function measureOurs(picture: Buffer): Promise<number[]> {
  const server = await startServer();
  const desk = createWebSocketClient(server.operatorToken, { url: server.url, WebSocket });
  try {
    desk.connect();
    const times: number[] = [];
    let phoneToken = '';
    for (let index = 0; index < warmUp + photos; index++) {
      // A phone may send so many a minute: a new one takes over.
      if (index % 25 === 0) phoneToken = await pairPhone(server.url, desk);
      const id = randomUUID();
      const seen = new Promise<number>(resolve => {
        const off = desk.on('photo_received', ({ photo }) => {
          if (photo.id !== id) return;
          off();
          resolve(performance.now());
        });
      });
      const sent = await put(`${server.url}/api/photos/${id}`, phoneToken, unique(picture));
      const took = (await seen) - sent;
      if (index >= warmUp) times.push(took);
      await new Promise(resolve => setTimeout(resolve, pauseMs));
    }
    return times;
  } finally {
    desk.close();
    await server.stop();
  }
}

async function pairPhone(url: string, desk: ReturnType<typeof createWebSocketClient>): Promise<string> {
  const { session } = await desk.send('sessions', 'create', { idPersona: randomUUID() });
  const token = session.qr?.url.split('/').at(-1) ?? '';
  const paired = await createHttpClient({ url }).pair({ token, claim: randomUUID() });
  if (!paired.ok) throw new Error(paired.error.message);
  return paired.value.phone_token;
}

/** Resolves with the time at which the last byte had been handed to the system. */
function put(url: string, token: string, body: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    let sentAt = 0;
    const headers = {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'image/jpeg',
      'Content-Length': body.length,
      'X-Content-SHA256': createHash('sha256').update(body).digest('hex'),
    };
    const call = request(url, { method: 'PUT', headers }, response => {
      response.resume();
      response.once('end', () => {
        if (response.statusCode === 201) resolve(sentAt);
        else reject(new Error(`status ${response.statusCode}`));
      });
    });
    call.once('error', reject);
    call.once('finish', () => {
      sentAt = performance.now();
    });
    call.end(body);
  });
}

async function measureRelay(picture: Buffer): Promise<number[]> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', socket => {
    socket.on('message', (data: Buffer) => {
      for (const other of server.clients) if (other !== socket) other.send(data, { binary: false });
    });
  });
  await new Promise(resolve => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const open = (): Promise<WebSocket> =>
    new Promise(resolve => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}`);
      socket.once('open', () => resolve(socket));
    });
  const [phone, desk] = [await open(), await open()];
  const times: number[] = [];
  for (let index = 0; index < warmUp + photos; index++) {
    const frame = JSON.stringify({ idPersona: '1', image: unique(picture).toString('base64') });
    const seen = new Promise<number>(resolve => desk.once('message', () => resolve(performance.now())));
    const sent = await new Promise<number>(resolve => phone.send(frame, () => resolve(performance.now())));
    const took = (await seen) - sent;
    if (index >= warmUp) times.push(Math.max(0, took));
  }
  phone.close();
  desk.close();
  server.close();
  return times;
}

/** A photo-like JPEG of about `wantedBytes`: soft shapes with grain, as a camera gives. */
async function photo(): Promise<Buffer> {
  const [width, height] = [2560, 1920];
  for (let sigma = 6; ; sigma += 2) {
    const noise = { type: 'gaussian' as const, mean: 128, sigma };
    const picture = await sharp({ create: { width, height, channels: 3, background: '#888', noise } })
      .jpeg({ quality: 85 })
      .toBuffer();
    if (picture.length >= wantedBytes) return picture;
  }
}

/** The same picture with a comment of its own, so that no two are the same file. */
export function unique(picture: Buffer): Buffer {
  const comment = randomBytes(16);
  const segment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, comment.length + 2]), comment]);
  return Buffer.concat([picture.subarray(0, 2), segment, picture.subarray(2)]);
}
