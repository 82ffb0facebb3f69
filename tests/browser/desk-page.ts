/** For the desk page's tests: the whole server with the page as it is built, the desk in Chromium, and phones that speak HTTP. */
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { pino } from 'pino';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright';
import { build } from 'vite';
import * as z from 'zod/mini';
import { readConfig } from '../../electron/config.ts';
import { buildWorker } from '../../electron/images/built-worker.ts';
import { forkNode } from '../../electron/images/fork-node.ts';
import { createServer } from '../../electron/server.ts';
import { read } from '../../protocol/codec.ts';
import { type Photo, photo } from '../../protocol/photo.ts';
import { pairReply } from '../../protocol/session.ts';

export interface Place {
  /** `http://127.0.0.1:PORT` */
  url: string;
  token: string;
  stopServer(): Promise<void>;
  /** On the same port and data. */
  startServer(): Promise<void>;
  close(): Promise<void>;
}

export async function openPlace(): Promise<Place> {
  const dataDir = await mkdtemp(join(tmpdir(), 'mostrador-desk-'));
  const distDir = join(dataDir, 'dist');
  const [worker] = await Promise.all([buildWorker(), buildPages(distDir)]);
  const log = pino({ level: 'silent' });
  let port = 0;

  async function start() {
    const config = readConfig({
      argv: [],
      env: {
        PORT: String(port),
        HOST: '127.0.0.1',
        DATA_DIR: join(dataDir, 'data'),
        PUBLIC_URL: 'http://192.168.1.50:8080',
        DESK_NAME: 'Recepción Central',
      },
      dotenv: null,
      settingsOf: () => null,
      platform: process.platform,
      homedir: dataDir,
      cwd: dataDir,
    });
    if (!config.ok) throw new Error(config.message);
    const server = createServer(config.config, {
      forkImageWorker: forkNode(worker.entry, log),
      distDir,
      version: '0.0.0',
      log,
    });
    const started = await server.start();
    if (!started.ok) throw new Error(JSON.stringify(started.failure));
    port = started.running.port;
    return { server, token: started.running.operatorToken };
  }

  let { server, token } = await start();
  return {
    url: `http://127.0.0.1:${port}`,
    token,
    stopServer: () => server.stop(),
    async startServer() {
      ({ server, token } = await start());
    },
    async close() {
      await server.stop();
      await worker.remove();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** As `vite.config.ts` builds them, without Node's side. */
async function buildPages(distDir: string): Promise<void> {
  const root = resolve(import.meta.dirname, '../../renderer');
  await build({
    configFile: false,
    root,
    logLevel: 'silent',
    plugins: [react({ exclude: [/renderer\/phone\//] })],
    define: { __VERSION__: '"0.0.0"' },
    html: { cspNonce: 'MOSTRADOR_NONCE' },
    build: {
      outDir: join(distDir, 'client'),
      emptyOutDir: true,
      target: 'es2020',
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      rolldownOptions: { input: { kiosk: join(root, 'kiosk/index.html'), phone: join(root, 'phone/index.html') } },
    },
  });
}

export interface DeskPage {
  context: BrowserContext;
  page: Page;
  /** What a developer would see in red, and requests that went to another machine. */
  complaints: string[];
}

export async function openPage(
  browser: Browser,
  place: Place,
  options: BrowserContextOptions & { signedIn?: boolean } = {},
): Promise<DeskPage> {
  const { signedIn = true, ...more } = options;
  const context = await browser.newContext({
    viewport: { width: 1920, height: 1080 },
    reducedMotion: 'reduce',
    ...more,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', error => complaints.push(String(error)));
  page.on('request', asked => {
    if (!asked.url().startsWith(place.url) && !/^(blob|data):/.test(asked.url())) complaints.push(asked.url());
  });
  await page.goto(`${place.url}/kiosk${signedIn ? `#token=${place.token}` : ''}`);
  if (signedIn) await page.locator('[data-testid=connection][data-state=connected]').waitFor();
  return { context, page, complaints };
}

const anAnswer = z.object({ photo });

/** A visitor's phone, as the server sees one: it pairs with the code on the screen and sends raw bodies. */
export async function pairPhone(place: Place, code: string) {
  const answer = await fetch(`${place.url}/api/pair`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      'User-Agent': 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36',
    },
    body: JSON.stringify({ code, claim: randomBytes(16).toString('hex') }),
  });
  const reply = read(pairReply, await answer.json());
  if (!reply.ok) throw new Error(reply.error.message);
  const { phone_token } = reply.value;
  const headers = { Authorization: `Bearer ${phone_token}`, 'Content-Type': 'image/jpeg' };

  return {
    session: reply.value.session,

    async send(image: Buffer, id: string = randomUUID()): Promise<Photo> {
      const put = await fetch(`${place.url}/api/photos/${id}`, { method: 'PUT', headers, body: new Uint8Array(image) });
      const body: unknown = await put.json();
      const found = read(anAnswer, body);
      if (!found.ok) throw new Error(`${put.status} ${JSON.stringify(body)}`);
      return found.value.photo;
    },

    /** Sends the first half, and waits with the rest until `finish` is called. */
    async sendHalf(image: Buffer, id: string = randomUUID()) {
      const put = request(`${place.url}/api/photos/${id}`, {
        method: 'PUT',
        headers: { ...headers, 'Content-Length': image.length },
      });
      const half = Math.floor(image.length / 2);
      put.write(image.subarray(0, half));
      return {
        id,
        async finish(): Promise<number> {
          const answered = once(put, 'response');
          put.end(image.subarray(half));
          const [response] = await answered;
          response.resume();
          return response.statusCode;
        },
      };
    },
  };
}
