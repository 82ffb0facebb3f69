/** The real image process, built as it is shipped and started as the headless server starts it. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ImageResult, Log } from '../core/ports.ts';
import { forkNode } from '../processes/fork-node.ts';
import type { ForkWorker, WorkerHandle } from '../processes/handle.ts';
import { type BuiltWorker, buildWorker } from './built-worker.ts';
import { createImageWork, type ImageWorkOptions } from './process.ts';
import { phonePhoto, scene } from './sample-photos.ts';

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };
let built: BuiltWorker;
let folder: string;
let stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  built = await buildWorker();
}, 30_000);
afterAll(() => built.remove());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mostrador-images-'));
});
afterEach(async () => {
  for (const stop of stops) await stop();
  stops = [];
  await rm(folder, { recursive: true, force: true });
});

/** Image work with the real process; `handles` are the processes that it started, `ends` resolve as each ends. */
function images(options: Partial<ImageWorkOptions> = {}) {
  const handles: WorkerHandle[] = [];
  const ends: Promise<void>[] = [];
  const node = forkNode(built.entry, silent);
  const watched: ForkWorker = () => {
    const handle = node();
    handles.push(handle);
    ends.push(new Promise(resolve => handle.onExit(resolve)));
    return handle;
  };
  const work = createImageWork(watched, { maxPixels: 50_000_000, log: silent, ...options });
  stops.push(() => work.stop());
  return { work, handles, ends };
}

const files = (name: string) => ({
  source: join(folder, `${name}.orig`),
  full: join(folder, `${name}.full`),
  thumb: join(folder, `${name}.thumb`),
  whose: 'a person',
});

async function run(name: string, bytes: Buffer, on = images()): Promise<ImageResult> {
  await writeFile(files(name).source, bytes);
  return on.work.run(files(name), () => {});
}

/** Red on the left and blue on the right, as `phonePhoto` is to be seen. */
async function seen(path: string): Promise<string> {
  const { data, info } = await sharp(path).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const colourAt = (x: number, y: number) => {
    const at = (y * info.width + x) * 3;
    return (data[at] ?? 0) > (data[at + 2] ?? 0) ? 'red' : 'blue';
  };
  const corners = [0.1, 0.9].flatMap(y =>
    [0.1, 0.9].map(x => colourAt(Math.floor(info.width * x), Math.floor(info.height * y))),
  );
  return `${info.width}x${info.height} ${corners.join(' ')}`;
}

describe('[IMG8] what is kept is upright and carries no metadata', () => {
  test('[IMG8] every EXIF orientation comes out as it is to be seen', async () => {
    const on = images();
    for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const name = `o${orientation}`;
      const result = await run(name, await phonePhoto(orientation), on);
      expect(result).toMatchObject({ ok: true, width: 64, height: 48, mime: 'image/jpeg' });
      expect(await seen(files(name).full)).toBe('64x48 red blue red blue');
      expect(await seen(files(name).thumb)).toBe('64x48 red blue red blue');
    }
  });

  test('[IMG8] neither place nor camera nor colour profile is left in it', async () => {
    const photo = await sharp(await phonePhoto(6))
      .keepMetadata()
      .withIccProfile('p3')
      .jpeg()
      .toBuffer();
    const before = await sharp(photo).metadata();
    expect(before).toMatchObject({
      orientation: 6,
      exif: expect.anything(),
      xmp: expect.anything(),
      icc: expect.anything(),
    });
    await run('private', photo);
    for (const path of [files('private').full, files('private').thumb]) {
      const { exif, xmp, iptc, icc, orientation, space } = await sharp(path).metadata();
      expect({ exif, xmp, iptc, icc, orientation, space }).toEqual({ space: 'srgb' });
      const bytes = await readFile(path, 'latin1');
      expect(bytes).not.toMatch(/Exif|GPS|xmpmeta|Camera|ICC_PROFILE/);
    }
  });

  test('[IMG8] the answer tells size and hash of the file that is kept, which only its owner can read', async () => {
    const result = await run('told', await scene(300, 200).jpeg().toBuffer());
    const bytes = await readFile(files('told').full);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(result).toEqual({ ok: true, width: 300, height: 200, mime: 'image/jpeg', sha256 });
    expect((await readdir(folder)).sort()).toEqual(['told.full', 'told.orig', 'told.thumb']);
    if (process.platform !== 'win32') expect((await stat(files('told').full)).mode & 0o777).toBe(0o600);
  });
});

describe('[IMG9] the thumbnail comes first', () => {
  test('[IMG9] it is there when it is told, 480 px on its longer side, and the full picture is not yet', async () => {
    const { work } = images();
    await writeFile(files('big').source, await scene(1200, 1600).jpeg().toBuffer());
    let atThumb: string[] = [];
    const result = await work.run(files('big'), () => {
      atThumb = readdirSync(folder);
    });
    expect(atThumb.sort()).toEqual(['big.orig', 'big.thumb']);
    expect(result).toMatchObject({ ok: true, width: 1200, height: 1600 });
    expect(await sharp(files('big').thumb).metadata()).toMatchObject({ width: 360, height: 480, format: 'jpeg' });
  });

  test('[IMG9] a small photo is not blown up', async () => {
    await run('small', await scene(90, 60).png().toBuffer());
    expect(await sharp(files('small').thumb).metadata()).toMatchObject({ width: 90, height: 60 });
  });
});

describe('[IMG10] whatever came, a JPEG on white is kept', () => {
  const kinds: [string, () => Promise<Buffer>][] = [
    ['transparent PNG', () => scene(60, 40, 4).png().toBuffer()],
    ['transparent WebP', () => scene(60, 40, 4).webp().toBuffer()],
    ['PNG with a palette', () => scene(60, 40, 4).png({ palette: true }).toBuffer()],
    ['opaque PNG with an alpha channel', () => scene(60, 40).ensureAlpha().png().toBuffer()],
    ['opaque WebP', () => scene(60, 40).webp().toBuffer()],
    ['16-bit PNG', () => scene(60, 40).toColourspace('rgb16').png().toBuffer()],
    ['grey JPEG', () => scene(60, 40).greyscale().jpeg().toBuffer()],
    ['CMYK JPEG', () => scene(60, 40).toColourspace('cmyk').jpeg().toBuffer()],
  ];
  test.each(kinds)('[IMG10] %s', async (_name, make) => {
    expect(await run('it', await make())).toMatchObject({ ok: true, mime: 'image/jpeg', width: 60, height: 40 });
    for (const file of [files('it').full, files('it').thumb]) {
      expect(await sharp(file).metadata()).toMatchObject({ format: 'jpeg', hasAlpha: false, depth: 'uchar' });
    }
  });

  test('[IMG10] what is transparent becomes white', async () => {
    const clear = { r: 0, g: 0, b: 0, alpha: 0 };
    await run(
      'clear',
      await sharp({ create: { width: 40, height: 30, channels: 4, background: clear } })
        .png()
        .toBuffer(),
    );
    const { channels } = await sharp(files('clear').full).stats();
    expect(channels.map(({ min }) => min)).toEqual([255, 255, 255]);
  });

  test('[IMG10] of an animation the first picture is kept', async () => {
    const pages = await Promise.all(
      ['red', 'blue'].map(background =>
        sharp({ create: { width: 40, height: 30, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    );
    await run(
      'film',
      await sharp(pages, { join: { animated: true } })
        .webp({ lossless: true })
        .toBuffer(),
    );
    expect(await seen(files('film').full)).toBe('40x30 red red red red');
  });
});

describe('[IMG11] what cannot be decoded fails with a reason and leaves nothing', () => {
  /** Header and markers are fine; the decoder's own tables are not. */
  async function brokenInside(): Promise<Buffer> {
    const bytes = await scene(60, 40).jpeg().toBuffer();
    const huffman = bytes.indexOf(Buffer.from([0xff, 0xc4]));
    return bytes.fill(0xfe, huffman + 5, huffman + 21);
  }
  const kinds: [string, () => Promise<Buffer>][] = [
    ['a JPEG that is broken inside', brokenInside],
    ['a JPEG that was cut short', async () => (await scene(60, 40).jpeg().toBuffer()).subarray(0, -60)],
    ['a PNG with broken data', async () => (await scene(60, 40).png().toBuffer()).fill(7, 60, 90)],
    [
      'an SVG, which the decoder itself could read',
      async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
    ],
    ['a GIF, which the decoder itself could read', () => scene(9, 9).gif().toBuffer()],
    ['an empty file', async () => Buffer.alloc(0)],
  ];
  test.each(kinds)('[IMG11] %s', async (_name, make) => {
    const on = images();
    expect(await run('bad', await make(), on)).toEqual({
      ok: false,
      reason: expect.stringContaining('No se pudo leer'),
    });
    expect(await readdir(folder)).toEqual(['bad.orig']);
    expect(await run('next', await scene(60, 40).jpeg().toBuffer(), on)).toMatchObject({ ok: true });
    expect(on.handles).toHaveLength(1);
  });

  test('[IMG11] a photo whose file is gone', async () => {
    expect(await images().work.run(files('gone'), () => {})).toMatchObject({ ok: false });
  });

  test('[IMG11] one with more pixels than allowed, whatever its header said before', async () => {
    const bytes = await scene(60, 40).jpeg().toBuffer();
    expect(await run('wide', bytes, images({ maxPixels: 2399 }))).toMatchObject({ ok: false });
    expect(await run('fits', bytes, images({ maxPixels: 2400 }))).toMatchObject({ ok: true });
  });
});

test('[IMG12] the process is killed in the middle of a photo: it is done again, and so is the next', async () => {
  const on = images();
  await writeFile(files('a').source, await scene(1500, 1500).jpeg().toBuffer());
  const result = on.work.run(files('a'), () => on.handles[0]?.kill());
  expect(await result).toMatchObject({ ok: true, width: 1500 });
  await on.ends[0];
  expect(await run('b', await scene(60, 40).jpeg().toBuffer(), on)).toMatchObject({ ok: true });
  expect(on.handles).toHaveLength(2);
});

test('[IMG13] a photo over its time is stopped, tried once more and fails', async () => {
  const on = images({ timeoutMs: 1 });
  const big = await scene(2000, 2000).jpeg().toBuffer();
  expect(await run('slow', big, on)).toEqual({ ok: false, reason: expect.stringContaining('demasiado tiempo') });
  await Promise.all(on.ends.slice(0, 2));
});

describe('[IMG14] the process ends', () => {
  test('[IMG14] when it is stopped', async () => {
    const on = images();
    await run('a', await scene(60, 40).jpeg().toBuffer(), on);
    await on.work.stop();
    await on.ends[0];
    expect(on.handles).toHaveLength(1);
  });

  test('[IMG14] when its parent is killed, at once, even in the middle of a picture', async () => {
    await writeFile(files('big').source, await scene(3000, 3000).png().toBuffer());
    const { source, full: target } = files('big');
    const task = { type: 'task', id: 1, kind: 'full', source, target, maxPixels: 1e8, maxMemory: 2e9 };
    const script = `
      const child = require('node:child_process').fork(process.argv[1], [], { execArgv: [] });
      child.once('message', () => child.send(JSON.parse(process.argv[2]), () => process.stdout.write('busy')));`;
    const args = ['-e', script, built.entry, JSON.stringify(task)];
    const parent = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(parent.stdout, 'data');
    // The image process holds the other end of this pipe too: it closes when both have ended.
    const closed = once(parent.stdout, 'close');
    parent.kill('SIGKILL');
    await closed;
    expect(await readdir(folder)).toEqual(['big.orig']);
  });
});

test.skipIf(process.platform === 'win32')('[IMG14] Ctrl+C leaves the end of the process to its parent', async () => {
  const child = fork(built.entry, [], { execArgv: [] });
  await once(child, 'message');
  await writeFile(files('a').source, await scene(60, 40).jpeg().toBuffer());
  child.kill('SIGINT');
  const { source, thumb: target } = files('a');
  child.send({ type: 'task', id: 1, kind: 'thumb', source, target, maxPixels: 1e6, maxMemory: 1e9 });
  const first = await Promise.race([once(child, 'message'), once(child, 'exit')]);
  expect(first[0]).toMatchObject({ type: 'made', id: 1 });
  child.kill('SIGKILL');
  await once(child, 'exit');
});

test('[IMG15] the process ends itself above its memory limit, and the photo fails after a second time', async () => {
  const on = images({ maxMemory: 20_000_000 });
  const result = await run('bomb', await scene(3000, 3000).png().toBuffer(), on);
  expect(result).toEqual({ ok: false, reason: expect.stringContaining('memoria') });
  await Promise.all(on.ends.slice(0, 2));
});

test('[IMG16] a picture that the disk does not take waits until it does', async () => {
  const away = join(folder, 'not-yet');
  await writeFile(files('a').source, await scene(60, 40).jpeg().toBuffer());
  let refused = () => {};
  const sawRefusal = new Promise<void>(resolve => {
    refused = resolve;
  });
  const log: Log = { ...silent, error: () => refused() };
  const patient = images({ retryMs: 20, log });
  const result = patient.work.run(
    { source: files('a').source, full: join(away, 'a.full'), thumb: join(away, 'a.thumb'), whose: 'x' },
    () => {},
  );
  await sawRefusal;
  await mkdir(away);
  expect(await result).toMatchObject({ ok: true });
});

test('[IMG17] the process is not told the secrets of the server', async () => {
  const spy = join(folder, 'spy.mjs');
  await writeFile(spy, 'process.send(process.env); process.disconnect();');
  process.env.SECRET_KEY = 'a secret of this test';
  try {
    const handle = forkNode(spy, silent)();
    const environment = await new Promise<unknown>(resolve => handle.onMessage(resolve));
    expect(environment).toHaveProperty('PATH');
    expect(environment).not.toHaveProperty('SECRET_KEY');
    expect(environment).not.toHaveProperty('HOME');
  } finally {
    delete process.env.SECRET_KEY;
  }
});

test('[IMG12] a process that cannot be started says so in the log, and ends', async () => {
  const words: unknown[] = [];
  const handle = forkNode(join(folder, 'missing.mjs'), { ...silent, warn: data => words.push(data) })();
  await new Promise<void>(resolve => handle.onExit(resolve));
  expect(JSON.stringify(words)).toContain('missing.mjs');
});

test('[IMG7] the process takes no notice of messages that are not tasks', async () => {
  const child: ChildProcess = fork(built.entry, [], { execArgv: [] });
  await once(child, 'message');
  for (const odd of ['?', 7, {}, { type: 'task', id: 1 }]) child.send(odd);
  await writeFile(files('a').source, await scene(60, 40).jpeg().toBuffer());
  child.send({
    type: 'task',
    id: 5,
    kind: 'full',
    source: files('a').source,
    target: files('a').full,
    maxPixels: 1e6,
    maxMemory: 1e9,
  });
  const [answer]: unknown[] = await once(child, 'message');
  expect(answer).toMatchObject({ type: 'made', id: 5 });
  const exit = once(child, 'exit');
  child.disconnect();
  await exit;
});
