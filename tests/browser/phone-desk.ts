/**
 * For the phone page's tests: the whole server with the page as it is built, a desk that is signed in, and phones in
 * Chromium that reach it as phones do, by an address that is not loopback and over plain HTTP.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pino } from 'pino';
import { type Browser, type BrowserContext, chromium, devices, type Page } from 'playwright';
import { build } from 'vite';
import { WebSocket } from 'ws';
import { readConfig } from '../../electron/config.ts';
import { buildWorker } from '../../electron/images/built-worker.ts';
import { forkNode } from '../../electron/images/fork-node.ts';
import { createServer } from '../../electron/server.ts';
import type { Session } from '../../protocol/session.ts';
import { createWebSocketClient, type MostradorClient } from '../../renderer/client/index.ts';

/** What a phone on the Wi-Fi would type; Chromium is told that it is this machine. */
const lanName = '192.168.77.5';

export interface Desk {
  client: MostradorClient;
  /** Where phones find it. */
  url: string;
  /** The same place for this very process. */
  localUrl: string;
  distDir: string;
  /** A session with its QR's address as phones reach it, and its code. */
  show(input?: { idPersona?: string; label?: string; shots?: string[] }): Promise<Shown>;
  /** As a restart of the desk's PC, on the same port and data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface Shown {
  session: Session;
  address: string;
  code: string;
}

export async function openDesk(env: Record<string, string> = {}): Promise<Desk> {
  const dataDir = await mkdtemp(join(tmpdir(), 'mostrador-phone-'));
  const distDir = join(dataDir, 'dist');
  const [worker] = await Promise.all([buildWorker(), buildPhonePage(distDir)]);
  const log = pino({ level: 'silent' });
  let port = 0;

  async function start() {
    const config = readConfig({
      argv: [],
      env: {
        PORT: String(port),
        HOST: '127.0.0.1',
        DATA_DIR: join(dataDir, 'data'),
        PUBLIC_URL: `http://${lanName}`,
        DESK_NAME: 'Recepción Central',
        ...env,
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
  const client = createWebSocketClient(token, { url: `http://127.0.0.1:${port}`, WebSocket });
  client.connect();
  return {
    client,
    url: `http://${lanName}:${port}`,
    localUrl: `http://127.0.0.1:${port}`,
    distDir,
    async show(input = {}) {
      const { session } = await client.send('sessions', 'create', input);
      if (!session.qr) throw new Error('the session shows no QR');
      const address = `http://${lanName}:${port}${new URL(session.qr.url).pathname}`;
      return { session, address, code: session.qr.code };
    },
    async restart() {
      await server.stop();
      ({ server, token } = await start());
      client.reconnectNow();
    },
    async stop() {
      client.close();
      await server.stop();
      await worker.remove();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** The page as `vite.config.ts` builds it; the desk's page is not looked at here. */
async function buildPhonePage(distDir: string): Promise<void> {
  const root = resolve(import.meta.dirname, '../../renderer');
  await build({
    configFile: false,
    root,
    logLevel: 'silent',
    html: { cspNonce: 'MOSTRADOR_NONCE' },
    build: {
      outDir: join(distDir, 'client'),
      emptyOutDir: true,
      target: 'es2020',
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      rolldownOptions: { input: { phone: join(root, 'phone/index.html') } },
    },
  });
  await mkdir(join(distDir, 'client/kiosk'), { recursive: true });
  await writeFile(join(distDir, 'client/kiosk/index.html'), '<!doctype html><title>The desk</title>');
}

/** `npm test` finds the browser and names it; `null` where there is none. */
export const browserPath: string | null =
  process.env.CHROME_PATH ?? ['/usr/bin/chromium', '/usr/bin/google-chrome'].find(path => existsSync(path)) ?? null;

export function openChromium(): Promise<Browser> {
  return chromium.launch({
    ...(browserPath === null ? {} : { executablePath: browserPath }),
    args: ['--no-sandbox', `--host-resolver-rules=MAP ${lanName} 127.0.0.1`],
  });
}

export interface Phone {
  context: BrowserContext;
  page: Page;
  /** What a developer would see in red: errors of the console and uncaught ones, and requests that went elsewhere. */
  complaints: string[];
}

export interface PhoneOptions {
  device?: string;
  locale?: string;
  colorScheme?: 'light' | 'dark';
}

export async function openPhone(browser: Browser, desk: Desk, options: PhoneOptions = {}): Promise<Phone> {
  const { device = 'Pixel 7', locale = 'es-ES', colorScheme = 'light' } = options;
  const { defaultBrowserType: _type, ...description } = devices[device] ?? {};
  const context = await browser.newContext({ ...description, locale, colorScheme });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', message => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', error => complaints.push(String(error)));
  page.on('request', request => {
    const url = request.url();
    if (!url.startsWith(desk.url) && !/^(blob|data):/.test(url)) complaints.push(`asked elsewhere: ${url}`);
  });
  return { context, page, complaints };
}

/** A file chosen in the page's file input of that test id. */
export async function chooseFiles(page: Page, testid: string, ...files: { name: string; bytes: Buffer }[]) {
  const mimeType = 'image/jpeg';
  await page.getByTestId(testid).setInputFiles(files.map(({ name, bytes }) => ({ name, mimeType, buffer: bytes })));
}

/** The next event of that name that the desk hears. */
export async function deskHears(desk: Desk, event: 'photo_received' | 'photo_updated') {
  return new Promise<import('../../protocol/photo.ts').Photo>(resolve => {
    const stop = desk.client.on(event, ({ photo }) => {
      stop();
      resolve(photo);
    });
  });
}
