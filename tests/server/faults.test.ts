/** What goes wrong by itself: doubles, crowds, races, dying processes, broken pictures, full disks, restarts. (TRUST, promises.) */
import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type BuiltWorker, buildWorker } from '../../electron/images/built-worker.ts';
import { undecodable } from '../../electron/images/sample-photos.ts';
import { forkNode } from '../../electron/processes/fork-node.ts';
import type { ForkWorker } from '../../electron/processes/handle.ts';
import type { Photo } from '../../protocol/photo.ts';
import { createWebSocketClient, type MostradorClient, type WebSocketConstructor } from '../../renderer/client/index.ts';
import { ask, jpeg, must, type Phone, photoReply, startServer, type TestServer } from './running.ts';

const MiB = 1024 * 1024;
const silent = { debug() {}, info() {}, warn() {}, error() {} };
let worker: BuiltWorker;
const open: TestServer[] = [];
beforeAll(async () => {
  worker = await buildWorker();
});
afterEach(async () => {
  for (const server of open.splice(0)) await server.stop();
});
afterAll(() => worker.remove());

async function start(...[fork = worker.entry, options]: Partial<Parameters<typeof startServer>>): Promise<TestServer> {
  const server = await startServer(fork, options);
  open.push(server);
  return server;
}

/** Stops a server whose data another one goes on with. */
async function end(server: TestServer): Promise<void> {
  open.splice(open.indexOf(server), 1);
  await server.stop({ keep: true });
}

/** Resolves once `count` different photos have been told by this event and look right. */
function told(client: MostradorClient, type: string, count: number, fits = (_photo: Photo) => true): Promise<Photo[]> {
  const found = new Map<string, Photo>();
  return new Promise(resolve => {
    client.on(type, data => {
      const { photo } = must(photoReply, data);
      if (fits(photo)) found.set(photo.id, photo);
      if (found.size === count) resolve([...found.values()]);
    });
  });
}
const connected = (client: MostradorClient) =>
  new Promise<void>(resolve => {
    client.on('connected', () => resolve());
  });
const worked = (photo: Photo) => photo.stored_sha256 !== null;

describe('many at once', () => {
  test('[FAULT1] one photo sent ten times at once is one photo, and any order of answers is one 201 and nine 200', async () => {
    const server = await start();
    const { token } = await server.phone();
    const id = randomUUID();
    const body = await jpeg(300_000);
    const sent = await Promise.all(Array.from({ length: 10 }, () => server.put(id, body, { token })));
    expect(sent.map(response => response.status).sort()).toEqual([...Array(9).fill(200), 201]);
    expect((await server.put(id, body, { token })).status).toBe(200);
    expect((await server.put(id.toUpperCase(), body, { token })).status).toBe(200);
    expect((await server.put(id, await jpeg(300_001), { token })).status).toBe(409);
    const other = await server.phone();
    expect((await server.put(id, body, { token: other.token })).status).toBe(409);
    expect(await server.photos()).toHaveLength(1);
    expect(server.onDisk()).toEqual({ incoming: 0, photos: 1 });
    expect(server.errors).toEqual([]);
  });

  test('[FAULT2] 100 phones at once, 1 MB each: all 201, each told once, all worked on, nothing left over', async () => {
    const server = await start();
    const phones: Phone[] = [];
    for (let made = 0; made < 100; made++) phones.push(await server.phone({ idPersona: `P${made}` }));
    const desk = server.client();
    await connected(desk);
    const ids = new Map<string, number>();
    desk.on('photo_received', ({ photo }) => void ids.set(photo.id, (ids.get(photo.id) ?? 0) + 1));
    const received = told(desk, 'photo_received', 100);
    const updated = told(desk, 'photo_updated', 100, worked);
    const body = await jpeg(MiB);
    const statuses = await Promise.all(
      phones.map(async ({ token }) => (await server.put(randomUUID(), body, { token })).status),
    );
    expect(statuses).toEqual(Array(100).fill(201));
    const owners = (await received).map(photo => photo.idPersona).sort();
    expect(owners).toEqual(phones.map((_, at) => `P${at}`).sort());
    await updated;
    expect([...ids.values()]).toEqual(Array(100).fill(1));
    expect(await server.photos()).toHaveLength(100);
    await expect
      .poll(() => server.files())
      .toEqual({ incoming: 0, photos: 100, orig: 0, full: 100, thumb: 100, tmp: 0 });
    expect(server.errors).toEqual([]);
  });

  test('[FAULT3] two phones on one QR, 100 times: exactly one wins and the other is told why', async () => {
    const server = await start();
    for (let round = 0; round < 100; round++) {
      const { id, qr } = await server.session();
      const token = new URL(qr?.url ?? '').pathname.slice(3);
      const scan = () => server.post('/api/pair', { token, claim: randomUUID() }, { token: null });
      const answers = await Promise.all([scan(), scan()]);
      expect(answers.map(answer => answer.status).sort()).toEqual([200, 410]);
      for (const answer of answers) await answer.text();
      await server.call('DELETE', `/api/sessions/${id}`);
    }
    expect(server.errors).toEqual([]);
  });
});

describe('pictures and their process', () => {
  test('[FAULT4] a picture that passes for whole and cannot be decoded is quarantined, told, and asked for in vain', async () => {
    const server = await start();
    const { token } = await server.phone();
    const desk = server.client();
    await connected(desk);
    const updated = told(desk, 'photo_updated', 1);
    const id = randomUUID();
    expect((await server.put(id, undecodable(await jpeg()), { token })).status).toBe(201);
    expect((await updated)[0]).toMatchObject({ id, status: 'quarantined', stored_sha256: null });
    for (const path of [`/api/photos/${id}`, `/api/photos/${id}/thumb`]) {
      expect((await server.call('GET', path)).status).toBe(409);
    }
    await server.isHealthy();
  });

  /** Ends the image process as it is given its first `times` tasks. */
  function killing(times: number): { fork: ForkWorker; killed(): number } {
    const real = forkNode(worker.entry, silent);
    let killed = 0;
    return {
      killed: () => killed,
      fork() {
        const handle = real();
        return {
          ...handle,
          post(message) {
            handle.post(message);
            if (killed === times) return;
            killed += 1;
            handle.kill();
          },
        };
      },
    };
  }

  test('[FAULT5] an image process that is killed in the middle is started again, and the photo gets done', async () => {
    const { fork, killed } = killing(1);
    const server = await start(fork);
    const { token } = await server.phone();
    const desk = server.client();
    await connected(desk);
    const updated = told(desk, 'photo_updated', 1);
    const id = randomUUID();
    expect((await server.put(id, await jpeg(), { token })).status).toBe(201);
    const stored = expect.stringMatching(/^[0-9a-f]{64}$/);
    expect(await updated).toMatchObject([{ id, status: 'received', stored_sha256: stored }]);
    expect(killed()).toBe(1);
    expect((await server.call('GET', `/api/photos/${id}`)).status).toBe(200);
    expect(server.files()).toMatchObject({ full: 1, thumb: 1, tmp: 0 });
    await server.isHealthy();
  });

  test('[FAULT20] a photo that ends the image process twice, the second time alone, is quarantined, and no other', async () => {
    const { fork, killed } = killing(2);
    const server = await start(fork);
    const { token } = await server.phone();
    const desk = server.client();
    await connected(desk);
    const updated = told(desk, 'photo_updated', 1);
    const id = randomUUID();
    expect((await server.put(id, await jpeg(), { token })).status).toBe(201);
    expect(await updated).toMatchObject([{ id, status: 'quarantined', stored_sha256: null }]);
    expect(killed()).toBe(2);
    expect((await server.call('GET', `/api/photos/${id}`)).status).toBe(409);
    await server.isHealthy();
  });

  const idle: ForkWorker = () => {
    let exit = () => {};
    return {
      post() {},
      onMessage() {},
      onExit(listener) {
        exit = listener;
      },
      kill: () => exit(),
    };
  };

  test('[FAULT21] a picture that is still being worked on is waited for 10 s, then it is 503', async () => {
    const server = await start(idle);
    const id = randomUUID();
    expect((await server.put(id, await jpeg(), { query: '?idPersona=A' })).status).toBe(201);
    const headers = { Authorization: `Bearer ${server.token}` };
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const set = vi.spyOn(globalThis, 'setTimeout');
    try {
      let answered = 0;
      const answers = ['', '/thumb'].map(async part => {
        const answer = await ask(server.port, { path: `/api/photos/${id}${part}`, headers });
        answered += 1;
        return answer;
      });
      // Both wait once their time is counted.
      await new Promise<void>(resolve => {
        const waits = () => set.mock.calls.filter(([, ms]) => ms === 10_000).length;
        const look = () => (waits() === 2 ? resolve() : setImmediate(look));
        look();
      });
      await vi.advanceTimersByTimeAsync(9_999);
      expect(answered).toBe(0);
      await vi.advanceTimersByTimeAsync(1);
      for (const { status, body } of await Promise.all(answers)) {
        expect(status).toBe(503);
        expect(JSON.parse(body)).toMatchObject({ error: { code: 'unavailable', details: { reason: 'working' } } });
      }
    } finally {
      set.mockRestore();
      vi.useRealTimers();
    }
  });

  test('[FAULT6] photos that were not worked on when the server stopped are, after its next start', async () => {
    const first = await start(idle);
    const { token, sessionId } = await first.phone();
    const ids = Array.from({ length: 5 }, () => randomUUID());
    for (const id of ids) expect((await first.put(id, await jpeg(), { token })).status).toBe(201);
    await end(first);
    writeFileSync(join(first.dataDir, 'incoming', 'left over'), 'x');
    const second = await start(worker.entry, { dataDir: first.dataDir });
    for (const id of ids) {
      const response = await second.call('GET', `/api/photos/${id}`, { token });
      expect(response.status).toBe(200);
      expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(100);
    }
    await expect.poll(() => second.files()).toEqual({ incoming: 0, photos: 5, orig: 0, full: 5, thumb: 5, tmp: 0 });
    const { status } = await second.call('GET', `/api/sessions/${sessionId}`, { token });
    expect(status).toBe(200);
  });
});

describe('restarts and full disks', () => {
  test('[FAULT7] a client that was away over a restart gets every kept event once, in order', async () => {
    const key = { SECRET_KEY: 'the same key before and after it' };
    const first = await start(undefined, { env: key });
    const { url, port, token: operator } = first;
    const sdk = { url, WebSocket: WebSocket as unknown as WebSocketConstructor, timing: { backoffFirst: 50 } };
    const desk = createWebSocketClient(operator, sdk);
    desk.connect();
    await connected(desk);
    const seen: number[] = [];
    desk.on('*', (_data, { seq }) => void (seq !== null && seen.push(seq)));
    const { token } = await first.phone();
    await expect.poll(() => seen.length).toBeGreaterThanOrEqual(2);
    await end(first);
    const second = await start(undefined, { dataDir: first.dataDir, env: { ...key, PORT: String(port) } });
    // Some of it before the desk is back, some after.
    for (let sent = 0; sent < 10; sent++) await second.put(randomUUID(), await jpeg(), { token });
    await expect.poll(() => desk.state, { timeout: 5_000 }).toBe('connected');
    await Promise.all((await second.photos()).map(photo => second.call('GET', photo.urls.full)));
    const plain = createWebSocketClient(operator, { ...sdk, resume: false });
    plain.connect();
    await connected(plain);
    const all: number[] = [];
    const photos: string[] = [];
    plain.on('*', (_data, { seq, type }) => {
      if (seq !== null) all.push(seq);
      if (type.startsWith('photo_')) photos.push(type);
    });
    // From the first event that the desk saw: what was told before it was there is not its loss.
    const reply = await plain.send('events', 'resume', { after: (seen[0] ?? 0) - 1 });
    expect(reply).toMatchObject({ complete: true, count: all.length });
    expect(photos.length).toBe(20);
    await expect.poll(() => seen.length).toBe(all.length);
    expect(seen).toEqual(all);
    expect(all).toEqual([...new Set(all)].sort((a, b) => a - b));
    desk.close();
    plain.close();
  });

  test('[FAULT8] a database that takes no writes: no acknowledgement, reading goes on, and it heals by itself', async () => {
    const server = await start();
    const { token } = await server.phone();
    const kept = randomUUID();
    expect((await server.put(kept, await jpeg(), { token })).status).toBe(201);
    await server.call('GET', `/api/photos/${kept}`);
    await expect.poll(() => server.files().orig).toBe(0);
    // Another program holds the database, as a backup might.
    const holder = new Database(join(server.dataDir, 'mostrador.db'), { timeout: 0 });
    holder.exec('BEGIN IMMEDIATE');
    const id = randomUUID();
    const refused = await server.put(id, await jpeg(), { token });
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('5');
    expect((await server.call('GET', `/api/photos/${kept}`)).status).toBe(200);
    holder.exec('ROLLBACK');
    holder.close();
    expect(server.onDisk()).toEqual({ incoming: 0, photos: 1 });
    expect((await server.put(id, await jpeg(), { token })).status).toBe(201);
    await server.isHealthy();
  });

  test.skipIf(process.platform === 'win32')(
    '[FAULT380] while the data folder is away nothing is acknowledged, desk and /health say so, and it goes on once it is back',
    async () => {
      const server = await start();
      const { token } = await server.phone();
      const desk = server.client();
      await connected(desk);
      const health = () => server.call('GET', '/health', { token: null });
      expect((await health()).status).toBe(200);
      const away = `${server.dataDir}-away`;
      renameSync(server.dataDir, away);
      const gone = { code: 'unavailable', details: { reason: 'data_folder' } };
      const session = await server.post('/api/sessions', { idPersona: 'A' });
      expect([session.status, await session.json()]).toEqual([503, { error: expect.objectContaining(gone) }]);
      await expect(desk.send('sessions', 'create', { idPersona: 'A' })).rejects.toMatchObject(gone);
      expect((await server.put(randomUUID(), await jpeg(), { token })).status).toBe(503);
      const said = await health();
      expect([said.status, await said.json()]).toMatchObject([503, { status: 'unavailable', reason: 'data_folder' }]);
      renameSync(away, server.dataDir);
      expect((await health()).status).toBe(200);
      await server.isHealthy();
      expect(server.onDisk()).toEqual({ incoming: 0, photos: 1 });
    },
  );

  test('[FAULT9] a stop in the middle of uploads acknowledges nothing that is not kept, and is over in 3 s', async () => {
    const first = await start();
    const { token } = await first.phone();
    const body = await jpeg(2 * MiB);
    const ids = Array.from({ length: 12 }, () => randomUUID());
    const sending = ids.map(
      async id =>
        [
          id,
          await first.put(id, body, { token }).then(
            r => r.status,
            () => 0,
          ),
        ] as const,
    );
    await Promise.race(sending);
    const began = performance.now();
    await end(first);
    expect(performance.now() - began).toBeLessThan(3_000);
    const acknowledged = (await Promise.all(sending)).flatMap(([id, status]) => (status === 201 ? [id] : []));
    expect(acknowledged.length).toBeGreaterThan(0);
    const second = await start(undefined, { dataDir: first.dataDir });
    const there = new Set((await second.photos()).map(photo => photo.id));
    expect(acknowledged.filter(id => !there.has(id))).toEqual([]);
    expect(second.files().incoming).toBe(0);
  });

  test('[FAULT10] a start that fails lets go of the data folder: the next one gets it', async () => {
    const first = await start();
    await end(first);
    const { dataDir } = first;
    await expect(startServer(worker.entry, { dataDir, env: { HOST: '203.0.113.9' } })).rejects.toThrow(
      /host.*EADDRNOTAVAIL/,
    );
    const key = join(dataDir, 'secret.key');
    const good = readFileSync(key);
    writeFileSync(key, 'damaged');
    await expect(startServer(worker.entry, { dataDir })).rejects.toThrow(/secret_key/);
    writeFileSync(key, good);
    await (await start(undefined, { dataDir })).isHealthy();
  });
});
