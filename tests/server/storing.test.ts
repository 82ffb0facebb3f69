/** The storing process as it is built: what it keeps, what it refuses, and what becomes of a photo when it cannot or dies. */
import { createHash, randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, expect, test, vi } from 'vitest';
import type { Log } from '../../electron/core/ports.ts';
import { forkNode } from '../../electron/processes/fork-node.ts';
import type { ForkWorker, WorkerHandle } from '../../electron/processes/handle.ts';
import { toStoring } from '../../electron/storing/messages.ts';
import { createStoring } from '../../electron/storing/process.ts';
import { connect } from '../legacy/peer.ts';
import { must, startServer } from './running.ts';

const entry = join(import.meta.dirname, '../../dist/node/storing-worker.js');
const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

function jpeg({ width = 64, height = 48 } = {}): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: '#246' } })
    .jpeg()
    .toBuffer();
}

function open(fork?: ForkWorker, leftFree = 0) {
  const folder = mkdtempSync(join(tmpdir(), 'mostrador-storing-'));
  const [shelf, incoming] = [join(folder, 'photos'), join(folder, 'incoming')];
  for (const path of [shelf, incoming]) mkdirSync(path);
  const log: Log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const placeOf = (id: string) => {
    const shard = join(shelf, id.slice(0, 2));
    const target = join(shard, `${id}.orig`);
    return { temporary: join(incoming, randomUUID()), target, folder: shard, shelf, leftFree };
  };
  const storing = createStoring(fork ?? forkNode(entry, log), { placeOf, maxPixels: 1e6, log });
  ends.push(
    () => storing.stop(),
    () => rmSync(folder, { recursive: true, force: true }),
  );
  return { storing, folder, shelf, incoming, log, placeOf };
}

test('[FILE380] a disk that has only the rest left that is not for photos takes none, by the storing process either', async () => {
  const { storing, shelf, incoming, log } = open(undefined, Number.MAX_SAFE_INTEGER);
  expect(await storing.keep(randomUUID(), await jpeg())).toBeNull();
  expect(log.warn).toHaveBeenCalledWith({ reason: expect.stringContaining('ENOSPC') }, expect.any(String));
  expect([readdirSync(shelf), readdirSync(incoming)]).toEqual([[], []]);
});

test('[S0R9] the storing process keeps a photo under its name, whole and for its owner alone, and says what it is', async () => {
  const { storing, incoming, placeOf } = open();
  const photos = await Promise.all(
    [64, 80, 96].map(async width => ({ id: randomUUID(), bytes: await jpeg({ width }) })),
  );
  for (const [n, found] of (await Promise.all(photos.map(({ id, bytes }) => storing.keep(id, bytes)))).entries()) {
    const { id, bytes } = photos[n] ?? { id: '', bytes: Buffer.alloc(0) };
    const { target } = placeOf(id);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(found).toMatchObject({ ok: true, value: { mime: 'image/jpeg', bytes: bytes.length, sha256 } });
    expect(readFileSync(target).equals(bytes)).toBe(true);
    expect(statSync(target).mode & 0o777).toBe(0o600);
  }
  expect(readdirSync(incoming)).toEqual([]);
});

test('[S0R9] what is no whole photo, or too large a one, is refused with the reason and leaves nothing', async () => {
  const { storing, shelf } = open();
  const whole = await jpeg();
  expect(await storing.keep(randomUUID(), Buffer.from('no photo'))).toMatchObject({
    ok: false,
    error: { code: 'invalid_message', details: { reason: 'unsupported_type' } },
  });
  expect(await storing.keep(randomUUID(), whole.subarray(0, whole.length - 9))).toMatchObject({
    ok: false,
    error: { details: { reason: 'truncated' } },
  });
  expect(await storing.keep(randomUUID(), await jpeg({ width: 2_000, height: 1_000 }))).toMatchObject({
    ok: false,
    error: { code: 'too_large', details: { reason: 'megapixels' } },
  });
  expect(readdirSync(shelf, { recursive: true })).toEqual([]);
});

test('[S0R9] a disk that does not take it, and a process that cannot be had, are no answer but `null`', async () => {
  const broken = open();
  rmSync(broken.incoming, { recursive: true });
  expect(await broken.storing.keep(randomUUID(), await jpeg())).toBeNull();
  expect(readdirSync(broken.shelf, { recursive: true })).toEqual([]);
  expect(broken.log.warn).toHaveBeenCalled();

  const none = open(() => {
    throw new Error('no such process');
  });
  expect(await none.storing.keep(randomUUID(), await jpeg())).toBeNull();
  expect(none.log.error).toHaveBeenCalled();
});

test('[S0R9] it stops with its work done, and takes nothing after that', async () => {
  const { storing, placeOf } = open();
  const ids = Array.from({ length: 6 }, () => randomUUID());
  const bytes = await jpeg();
  const kept = Promise.all(ids.map(id => storing.keep(id, bytes)));
  await storing.stop();
  for (const [n, found] of (await kept).entries()) {
    expect(found?.ok).toBe(true);
    expect(existsSync(placeOf(ids[n] ?? '').target)).toBe(true);
  }
  expect(await storing.keep(randomUUID(), bytes)).toMatchObject({ ok: false, error: { code: 'unavailable' } });
});

test('[S0R9] half a photo does not stay where the storing process died with it', async () => {
  let end = () => {};
  const { storing, incoming } = open(() => ({
    onMessage: listener => queueMicrotask(() => listener({ type: 'ready' })),
    onExit: listener => {
      end = listener;
    },
    post: message => {
      writeFileSync(must(toStoring, message).temporary, 'half of it');
      end();
    },
    kill: () => end(),
  }));
  expect(await storing.keep(randomUUID(), await jpeg())).toBeNull();
  expect(readdirSync(incoming)).toEqual([]);
});

test('[S0R9] a photo whose storing process dies is kept all the same, once, and the next one gets another process', async () => {
  const started: WorkerHandle[] = [];
  const real = forkNode(entry, { debug() {}, info() {}, warn() {}, error() {} });
  const dying: ForkWorker = () => {
    const handle = real();
    started.push(handle);
    // The first one dies with its first photo.
    if (started.length > 1) return handle;
    return {
      ...handle,
      post(message) {
        handle.post(message);
        handle.kill();
      },
    };
  };
  const server = await startServer(join(import.meta.dirname, '../../dist/node/image-worker.js'), { storing: dying });
  ends.push(() => server.stop());
  const sender = await connect(server.url);
  const listener = await connect(server.url);
  for (const [n, idPersona] of ['UNO', 'DOS'].entries()) {
    const frame = JSON.stringify({ idPersona, image: (await jpeg({ width: 64 + n })).toString('base64') });
    sender.send(frame);
    expect(await listener.next()).toBe(frame);
    await expect.poll(() => server.photos()).toHaveLength(n + 1);
  }
  expect(started).toHaveLength(2);
  expect((await server.photos()).map(photo => photo.idPersona).sort()).toEqual(['DOS', 'UNO']);
  await expect.poll(() => server.files()).toEqual({ incoming: 0, photos: 2, orig: 0, full: 2, thumb: 2, tmp: 0 });
});
