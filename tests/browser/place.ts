/**
 * The place of these tests, once for each file: the built pages and image process, the server in this very process on a
 * port of its own, and a back office that is signed in to it. Phones come by an address that is not loopback, as on a Wi-Fi.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { pino } from 'pino';
import { WebSocket } from 'ws';
import { readConfig } from '../../electron/config.ts';
import type { Interfaces } from '../../electron/lan.ts';
import { forkNode } from '../../electron/processes/fork-node.ts';
import { createServer } from '../../electron/server.ts';
import type { Photo } from '../../protocol/photo.ts';
import type { Session } from '../../protocol/session.ts';
import { createWebSocketClient, type MostradorClient } from '../../renderer/client/index.ts';
import { root, takePort } from '../process/program.ts';
import { lanName } from './chromium.ts';

export interface Place {
  /** Where phones find it. */
  url: string;
  /** The same place for the desk, and for this very process. */
  localUrl: string;
  /** Where the server keeps its data; to be written to only while it is stopped. */
  dataDir: string;
  /** The operator's. */
  token: string;
  /** A token of a user of the chat, good for an hour, or until then. */
  userToken(userId: string, until?: Date): Promise<string>;
  /** Signed in as the operator. */
  client: MostradorClient;
  /** A session whose QR shows, with the QR's address and code. */
  show(input?: { idPersona?: string; label?: string; shots?: string[] }): Promise<Shown>;
  /** The next photo that the desk hears of in that way. Rejects after 20 s, so that a test says what it waited for. */
  hears(event: 'photo_received' | 'photo_updated'): Promise<Photo>;
  stopServer(): Promise<void>;
  /** As after a restart of the desk's PC: on the same port and data. */
  startServer(): Promise<void>;
  /** As if nobody had been here: on the same port, without data, with another token and another client. */
  renew(): Promise<void>;
  close(): Promise<void>;
}

interface Shown {
  session: Session;
  address: string;
  code: string;
}

/** All that are open in this process. */
const open = new Set<Place>();

/** For a test that is tried again: what its first try left behind must not decide the second. */
export async function renewPlaces(): Promise<void> {
  for (const place of open) await place.renew();
}

const secret = 'a secret key for tests, 32 bytes or more';

/**
 * `host`: where it listens; `url`: what phones ask for, which the browser or something in between has to take there;
 * `before`: puts something into the data folder first; `env`: further settings by their names, an empty one is not set;
 * `interfaces`: what this machine's network is said to be.
 * @throws where nothing has been built.
 */
export async function openPlace(
  options: {
    host?: string;
    url?: string;
    before?: (dataDir: string) => Promise<unknown>;
    env?: Record<string, string>;
    interfaces?: () => Interfaces;
  } = {},
): Promise<Place> {
  const distDir = join(root, 'dist');
  for (const built of [
    'client/phone/index.html',
    'client/kiosk/index.html',
    'client/dashboard/index.html',
    'node/image-worker.js',
  ]) {
    if (!existsSync(join(distDir, built)))
      throw new Error(`dist/${built} is missing: npm run build, or npm test, makes it`);
  }
  const folder = await mkdtemp(join(tmpdir(), 'mostrador-place-'));
  const log = pino({ level: 'silent' });
  const { port, free } = await takePort();
  await free();
  const { host = '127.0.0.1', url = `http://${lanName}:${port}` } = options;
  const localUrl = `http://${host}:${port}`;

  async function start() {
    const config = readConfig({
      argv: [],
      env: {
        PORT: String(port),
        HOST: host,
        DATA_DIR: join(folder, 'data'),
        PUBLIC_URL: url,
        DESK_NAME: 'Recepción Central',
        SECRET_KEY: secret,
        ...options.env,
      },
      dotenv: null,
      settingsOf: () => null,
      platform: process.platform,
      homedir: folder,
      cwd: folder,
    });
    if (!config.ok) throw new Error(config.message);
    const forkImageWorker = forkNode(join(distDir, 'node/image-worker.js'), log);
    const server = createServer(config.config, {
      forkImageWorker,
      forkStoringWorker: forkNode(join(distDir, 'node/storing-worker.js'), log),
      distDir,
      version: '0.0.0',
      log,
      interfaces: options.interfaces,
    });
    const started = await server.start();
    if (!started.ok) throw new Error(JSON.stringify(started.failure));
    return { server, token: started.running.operatorToken };
  }

  async function first() {
    await options.before?.(join(folder, 'data'));
    const { server, token } = await start();
    const client = createWebSocketClient(token, { url: localUrl, WebSocket });
    client.connect();
    return { server, token, client };
  }

  let { server, token, client } = await first();
  const place: Place = {
    url,
    localUrl,
    dataDir: join(folder, 'data'),
    token,
    userToken: (userId, until) =>
      new SignJWT({ role: 'user' })
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(userId)
        .setExpirationTime(until ?? '1h')
        .sign(new TextEncoder().encode(secret)),
    client,
    async show(input = {}) {
      const { session } = await client.send('sessions', 'create', input);
      if (!session.qr) throw new Error('the session shows no QR');
      return { session, address: session.qr.url, code: session.qr.code };
    },
    hears: event =>
      new Promise((resolve, reject) => {
        const settle = () => {
          clearTimeout(late);
          stop();
        };
        const stop = client.on(event, ({ photo }) => {
          settle();
          resolve(photo);
        });
        const late = setTimeout(() => {
          settle();
          reject(new Error(`the desk heard no ${event} within 20 s`));
        }, 20_000);
      }),
    stopServer: () => server.stop(),
    async startServer() {
      ({ server, token } = await start());
      client.reconnectNow();
    },
    async renew() {
      client.close();
      await server.stop();
      await rm(join(folder, 'data'), { recursive: true, force: true });
      ({ server, token, client } = await first());
      Object.assign(place, { token, client });
    },
    async close() {
      open.delete(place);
      client.close();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  open.add(place);
  return place;
}
