/** The real server in this process: real files, a real image process, real sockets on a port of its own. */
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import sharp from 'sharp';
import { WebSocket } from 'ws';
import * as z from 'zod/mini';
import { readConfig } from '../../electron/config.ts';
import type { Interfaces } from '../../electron/lan.ts';
import { forkNode } from '../../electron/processes/fork-node.ts';
import type { ForkWorker } from '../../electron/processes/handle.ts';
import { createServer } from '../../electron/server.ts';
import { read } from '../../protocol/codec.ts';
import { type Photo, photo, photoPage } from '../../protocol/photo.ts';
import { pairReply, type Session, session } from '../../protocol/session.ts';
import { createWebSocketClient, type MostradorClient, type WebSocketConstructor } from '../../renderer/client/index.ts';

export interface Phone {
  sessionId: string;
  token: string;
}

export type TestServer = Awaited<ReturnType<typeof startServer>>;

/** `env` are settings by their names. With the `dataDir` of an earlier one it goes on where that stopped. */
export async function startServer(
  worker: string | ForkWorker,
  {
    env = {},
    dataDir = mkdtempSync(join(tmpdir(), 'mostrador-server-')),
    interfaces,
    storing,
  }: {
    env?: Record<string, string>;
    dataDir?: string;
    interfaces?: () => Interfaces;
    storing?: ForkWorker;
  } = {},
) {
  const loaded = readConfig({
    argv: [],
    env: { HOST: '127.0.0.1', PORT: '0', DATA_DIR: dataDir, PUBLIC_URL: 'http://192.168.77.5:8080', ...env },
    dotenv: null,
    settingsOf: dir =>
      existsSync(join(dir, 'settings.json')) ? readFileSync(join(dir, 'settings.json'), 'utf8') : null,
    platform: process.platform,
    homedir: tmpdir(),
    cwd: tmpdir(),
  });
  if (!loaded.ok) throw new Error(loaded.message);
  /** Lines of the log at the level `error`: there are to be none but those that a test means to cause. */
  const errors: string[] = [];
  const log = pino({ level: 'error' }, { write: line => void errors.push(line) });
  const server = createServer(loaded.config, {
    forkImageWorker: typeof worker === 'string' ? forkNode(worker, log) : worker,
    forkStoringWorker: storing ?? forkNode(join(import.meta.dirname, '../../dist/node/storing-worker.js'), log),
    distDir: pagesIn(dataDir),
    version: '0.0.0',
    log,
    interfaces,
  });
  const started = await server.start();
  if (!started.ok) throw new Error(JSON.stringify(started.failure));
  const { port, operatorToken } = started.running;
  const url = `http://127.0.0.1:${port}`;
  const clients: MostradorClient[] = [];

  async function call(method: string, path: string, { token, ...init }: RequestInit & { token?: string | null } = {}) {
    const headers = new Headers(init.headers);
    if (token !== null) headers.set('Authorization', `Bearer ${token ?? operatorToken}`);
    return fetch(url + path, { ...init, method, headers });
  }

  const self = {
    port,
    url,
    token: operatorToken,
    dataDir,
    errors,
    call,
    /** As JSON; `null` for no body. */
    post: (path: string, body: unknown, options: { token?: string | null; headers?: Record<string, string> } = {}) =>
      call('POST', path, {
        ...options,
        body: JSON.stringify(body),
        headers: { 'Content-Type': 'application/json', ...options.headers },
      }),

    async session(input: object = { idPersona: 'DNI-1' }): Promise<Session> {
      const response = await self.post('/api/sessions', input);
      return must(z.object({ session }), await response.json()).session;
    },

    /** A phone that has scanned the QR of a new session. */
    async phone(input?: object): Promise<Phone> {
      const { id, qr } = await self.session(input);
      const token = new URL(qr?.url ?? '').pathname.split('/').at(-1);
      const response = await self.post('/api/pair', { token, claim: randomUUID() }, { token: null });
      return { sessionId: id, token: must(pairReply, await response.json()).phone_token };
    },

    put: (
      id: string,
      body: Buffer,
      options: { token?: string | null; headers?: Record<string, string>; query?: string } = {},
    ) => call('PUT', `/api/photos/${id}${options.query ?? ''}`, { ...options, body: new Uint8Array(body) }),

    async photos(): Promise<Photo[]> {
      const found: Photo[] = [];
      for (let before = ''; ; ) {
        const response = await call('GET', `/api/photos?limit=200${before}`);
        const page = must(photoPage, await response.json());
        found.push(...page.photos);
        if (page.next === null) return found;
        before = `&before=${page.next}`;
      }
    },

    client(token: string = operatorToken): MostradorClient {
      const client = createWebSocketClient(token, { url, WebSocket: WebSocket as unknown as WebSocketConstructor });
      clients.push(client);
      client.connect();
      return client;
    },

    /** What lies on the disk: unfinished uploads, and photos by the kind of file. */
    files() {
      const names = readdirSync(join(dataDir, 'photos'), { recursive: true }).map(String);
      const of = (kind: string) => names.filter(name => name.endsWith(kind)).length;
      return {
        photos: new Set(names.filter(name => name.includes('.')).map(name => name.slice(3, 39))).size,
        incoming: readdirSync(join(dataDir, 'incoming')).length,
        orig: of('.orig'),
        full: of('.full'),
        thumb: of('.thumb'),
        tmp: of('.tmp'),
      };
    },

    /** What a refused upload must not change. */
    onDisk() {
      const { incoming, photos } = self.files();
      return { incoming, photos };
    },

    /** A photo goes the whole way: nothing that was done before has broken anything. */
    async isHealthy(): Promise<void> {
      const { token } = await self.phone({ idPersona: 'Healthy' });
      const id = randomUUID();
      const sent = await self.put(id, await jpeg(), { token });
      if (sent.status !== 201) throw new Error(`a healthy phone got ${sent.status}: ${await sent.text()}`);
      const got = await call('GET', `/api/photos/${id}`);
      if (got.status !== 200) throw new Error(`the desk got ${got.status}: ${await got.text()}`);
    },

    async stop(options: { keep?: boolean } = {}): Promise<void> {
      for (const client of clients) client.close();
      await server.stop();
      if (!options.keep) rmSync(dataDir, { recursive: true });
    },
  };
  return self;
}

/** Pages that are pages enough where nobody looks at them. */
export function pagesIn(dataDir: string): string {
  const dist = join(dataDir, 'dist');
  for (const page of [
    'client/kiosk/index.html',
    'client/dashboard/index.html',
    'client/display/index.html',
    'client/phone/index.html',
    'sdk/mostrador-client.js',
    'sdk/mostrador-s2-client.js',
  ]) {
    mkdirSync(join(dist, page, '..'), { recursive: true });
    writeFileSync(join(dist, page), '<!doctype html><meta name="mostrador" content="MOSTRADOR_FACTS"><title>x</title>');
  }
  return dist;
}

export function must<S extends z.ZodMiniType>(schema: S, value: unknown): z.output<S> {
  const found = read(schema, value);
  if (found.ok) return found.value;
  throw new Error(`${found.error.message} in ${JSON.stringify(value)?.slice(0, 300)}`);
}

export const photoReply = z.object({ photo });

let smallest: Promise<Buffer> | undefined;
/** A small picture that is whole. With `bytes` it is padded to that size by a comment, as real ones carry previews. */
export async function jpeg(bytes = 0): Promise<Buffer> {
  smallest ??= sharp({ create: { width: 64, height: 48, channels: 3, background: '#246' } })
    .jpeg()
    .toBuffer();
  const picture = await smallest;
  const parts = [picture.subarray(0, 2)];
  for (let left = bytes - picture.length; left > 0; ) {
    const length = Math.min(left, 65_000);
    const segment = randomBytes(Math.max(length, 8)).fill(1, 0, 4);
    segment.writeUInt16BE(0xfffe, 0);
    segment.writeUInt16BE(segment.length - 2, 2);
    parts.push(segment);
    left -= segment.length;
  }
  return Buffer.concat([...parts, picture.subarray(2)]);
}

/** All that comes back on a socket until the other side closes it. What is sent is sent as it is. */
export function raw(port: number, text: string | Buffer, from = '127.0.0.1'): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: from }, () => void socket.write(text));
    let heard = '';
    socket.setEncoding('latin1').on('data', chunk => {
      heard += chunk;
    });
    socket.on('close', () => resolve(heard));
    socket.on('error', error => (heard === '' ? reject(error) : resolve(heard)));
  });
}

/** An HTTP request that may lie about its headers and come from another loopback address. */
export function ask(
  port: number,
  options: { method?: string; path: string; headers?: Record<string, string>; body?: string; from?: string },
): Promise<{ status: number; body: string; headers: Record<string, unknown> }> {
  const { method = 'GET', path, headers, body, from = '127.0.0.1' } = options;
  return new Promise((resolve, reject) => {
    const request = httpRequest({ port, host: '127.0.0.1', method, path, headers, localAddress: from, agent: false });
    request.on('error', reject);
    request.on('response', response => {
      let text = '';
      response.setEncoding('utf8').on('data', chunk => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text, headers: response.headers }));
    });
    request.end(body);
  });
}
