import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import * as realDisk from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Incoming } from '../core/ports.ts';
import { type Disk, type FileShelf, leftFree } from './file-shelf.ts';
import { photoFiles } from './photo-files.ts';

let dir: string;
let files: FileShelf;

beforeEach(async () => {
  dir = await realDisk.mkdtemp(join(tmpdir(), 'mostrador-files-'));
  files = await photoFiles(dir);
});
afterEach(() => realDisk.rm(dir, { recursive: true, force: true }));

const uuid = 'ab0e8400-e29b-41d4-a716-446655440000';
const other = 'ab0e8400-e29b-41d4-a716-446655440001';
const limits = { maxBytes: 1000 };

async function* pieces(...texts: string[]) {
  for (const text of texts) yield Buffer.from(text);
}

async function received(text: string, by = files): Promise<Incoming> {
  const result = await by.receive(pieces(text), limits);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

async function kept(id: string, text = 'a photo', by = files) {
  expect(await (await received(text, by)).keep(id)).toEqual({ ok: true, value: undefined });
}

/** Every file of the data folder, as paths from it. */
async function everything(): Promise<string[]> {
  const entries = await realDisk.readdir(dir, { recursive: true, withFileTypes: true });
  return entries
    .filter(entry => entry.isFile())
    .map(entry =>
      join(entry.parentPath, entry.name)
        .slice(dir.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('the server does not listen');
  return address.port;
}

function systemError(code: string) {
  return Object.assign(new Error(`${code}: a test says so`), { code, syscall: 'write' });
}

/** A disk whose files fail where `broken` says so; everything else really happens. */
function diskWith(
  broken: Partial<Record<'writeFile' | 'datasync' | 'close' | 'sync', string>>,
  more: Partial<Disk> = {},
): Disk {
  const open: Disk['open'] = async (...args) => {
    const file = await realDisk.open(...args);
    return new Proxy(file, {
      get(target, name) {
        const code = Reflect.get(broken, name);
        if (code) {
          return async () => {
            if (name === 'close') await target.close();
            throw systemError(code);
          };
        }
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  };
  return { ...realDisk, open, ...more };
}

describe('[FILE1] an upload is streamed to the disk, hashed on its way, and becomes a photo by one rename', () => {
  test('[FILE1] size, hash and bytes are those that were sent', async () => {
    const steps: number[] = [];
    const result = await files.receive(pieces('one ', 'photo', '!'), {
      ...limits,
      onProgress: bytes => steps.push(bytes),
    });
    const sha256 = createHash('sha256').update('one photo!').digest('hex');
    expect(result).toMatchObject({ ok: true, value: { bytes: 10, sha256 } });
    expect(steps).toEqual([4, 9, 10]);
    if (!result.ok) return;
    expect(await result.value.read()).toEqual({ ok: true, value: Buffer.from('one photo!') });
    expect(await result.value.keep(uuid)).toMatchObject({ ok: true });
    expect(await everything()).toEqual([`photos/ab/${uuid}.orig`]);
    expect(await realDisk.readFile(files.paths(uuid).original, 'utf8')).toBe('one photo!');
  });

  test('[FILE1] one that is not wanted leaves nothing', async () => {
    await (await received('unwanted')).discard();
    expect(await everything()).toEqual([]);
  });

  test('[FILE1] many at once do not get mixed up', async () => {
    const ids = Array.from({ length: 30 }, () => randomUUID());
    await Promise.all(ids.map(id => kept(id, `photo ${id}`)));
    for (const id of ids) expect(await realDisk.readFile(files.paths(id).original, 'utf8')).toBe(`photo ${id}`);
    expect(await everything()).toHaveLength(30);
  });

  test.skipIf(process.platform === 'win32')('[FILE1] nobody else on the machine can read them', async () => {
    await kept(uuid);
    const modes = await Promise.all(
      ['photos', 'incoming', 'photos/ab', `photos/ab/${uuid}.orig`].map(
        async path => (await realDisk.stat(join(dir, path))).mode & 0o777,
      ),
    );
    expect(modes).toEqual([0o700, 0o700, 0o700, 0o600]);
  });

  test('[FILE1] a second one for the same photo does not take the place of the first', async () => {
    const [first, second] = [await received('first'), await received('second')];
    const results = await Promise.all([first.keep(uuid), second.keep(uuid)]);
    expect(results).toMatchObject([{ ok: true }, { ok: false, error: { code: 'conflict' } }]);
    expect(await everything()).toEqual([`photos/ab/${uuid}.orig`]);
    expect(await realDisk.readFile(files.paths(uuid).original, 'utf8')).toBe('first');
  });

  test('[FILE1] what lay there from a run that never committed it is replaced', async () => {
    await kept(uuid, 'never committed');
    await kept(uuid, 'sent again', await photoFiles(dir));
    expect(await realDisk.readFile(files.paths(uuid).original, 'utf8')).toBe('sent again');
  });
});

describe('[FILE2] an upload over the limit is refused without being read on', () => {
  test('[FILE2] at the limit and one byte over it', async () => {
    expect(await files.receive(pieces('12345', '67890'), { maxBytes: 10 })).toMatchObject({ ok: true });
    expect(await files.receive(pieces('12345', '678901'), { maxBytes: 10 })).toMatchObject({
      ok: false,
      error: { code: 'too_large', details: { max_bytes: 10 } },
    });
  });

  test('[FILE2] nothing after the piece that was too much is asked for, and nothing is left', async () => {
    let asked = 0;
    async function* endless() {
      for (;;) {
        asked += 1;
        yield Buffer.alloc(400);
      }
    }
    expect(await files.receive(endless(), limits)).toMatchObject({ ok: false });
    expect(asked).toBe(3);
    expect(await everything()).toEqual([]);
  });

  test.each([
    ['too much', realDisk, 'too_large'],
    ['the disk is full', diskWith({ writeFile: 'ENOSPC' }), 'unavailable'],
  ] as const)(
    '[FILE2] a stream that is left early because %s is told, so that it can clean up',
    async (_why, disk, code) => {
      let cleaned = false;
      async function* watched() {
        try {
          for (;;) yield Buffer.alloc(600);
        } finally {
          cleaned = true;
        }
      }
      files = await photoFiles(dir, disk);
      expect(await files.receive(watched(), limits)).toMatchObject({ ok: false, error: { code } });
      expect(cleaned).toBe(true);
    },
  );

  test('[FILE2] over HTTP its sender still gets the answer', async () => {
    const server = createServer(async (req, res) => {
      const result = await files.receive(req.iterator({ destroyOnReturn: false }), limits);
      res.writeHead(result.ok ? 201 : 413, { connection: 'close' }).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const port = portOf(server);
    const sending = request({ port, host: '127.0.0.1', method: 'PUT', headers: { 'content-length': 10_000_000 } });
    sending.on('error', () => {});
    sending.write(Buffer.alloc(2000));
    const [answer] = await once(sending, 'response');
    expect(answer.statusCode).toBe(413);
    sending.destroy();
    server.close();
    await once(server, 'close');
  });
});

describe('[FILE3] a sender that goes away leaves nothing behind', () => {
  test('[FILE3] a stream that breaks', async () => {
    async function* broken() {
      yield Buffer.from('half');
      throw new Error('gone');
    }
    expect(await files.receive(broken(), limits)).toMatchObject({
      ok: false,
      error: { code: 'invalid_message', details: { reason: 'incomplete' } },
    });
    expect(await everything()).toEqual([]);
  });

  test('[FILE3] a request that is cut off', async () => {
    let finish = (_result: Awaited<ReturnType<FileShelf['receive']>>) => {};
    let begin = () => {};
    const result = new Promise<Awaited<ReturnType<FileShelf['receive']>>>(resolve => {
      finish = resolve;
    });
    const begun = new Promise<void>(resolve => {
      begin = resolve;
    });
    const server = createServer(async req => finish(await files.receive(req, { ...limits, onProgress: begin })));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const port = portOf(server);
    const sending = request({ port, host: '127.0.0.1', method: 'PUT', headers: { 'content-length': 500 } });
    sending.on('error', () => {});
    sending.write(Buffer.alloc(100));
    await begun;
    sending.destroy();
    expect(await result).toMatchObject({ ok: false, error: { details: { reason: 'incomplete' } } });
    expect(await everything()).toEqual([]);
    server.close();
    await once(server, 'close');
  });
});

describe('[FILE4] a disk that is full or broken means no photo, no rest of one, and no exception', () => {
  const troubles = [
    ['writing', 'ENOSPC', { writeFile: 'ENOSPC' }],
    ['writing', 'EIO', { writeFile: 'EIO' }],
    ['syncing', 'EIO', { datasync: 'EIO' }],
    ['closing', 'EDQUOT', { close: 'EDQUOT' }],
  ] as const;
  test.each(troubles)('[FILE4] while %s: %s', async (_when, code, broken) => {
    files = await photoFiles(dir, diskWith(broken));
    expect(await files.receive(pieces('a photo'), limits)).toMatchObject({
      ok: false,
      error: { code: 'unavailable', message: expect.stringContaining('disco'), details: { reason: 'disk', code } },
    });
    expect(await everything()).toEqual([]);
  });

  test('[FILE4] a full disk is called full', async () => {
    files = await photoFiles(dir, diskWith({ writeFile: 'ENOSPC' }));
    const result = await files.receive(pieces('a photo'), limits);
    expect(result.ok ? '' : result.error.message).toContain('lleno');
  });

  test('[FILE4] the file cannot even be begun', async () => {
    const open: Disk['open'] = () => Promise.reject(systemError('EROFS'));
    files = await photoFiles(dir, { ...realDisk, open });
    expect(await files.receive(pieces('a photo'), limits)).toMatchObject({ ok: false, error: { code: 'unavailable' } });
  });

  const keeping: [string, Partial<Disk>][] = [
    [
      'the folder cannot be made',
      {
        mkdir: async (path, options) => {
          if (String(path).endsWith('ab')) throw systemError('ENOSPC');
          return realDisk.mkdir(path, options);
        },
      },
    ],
    ['the rename fails', { rename: () => Promise.reject(systemError('EIO')) }],
  ];
  test.each(keeping)('[FILE4] while keeping it: %s', async (_what, more) => {
    files = await photoFiles(dir, diskWith({}, more));
    expect(await (await received('a photo')).keep(uuid)).toMatchObject({
      ok: false,
      error: { code: 'unavailable', details: { reason: 'disk' } },
    });
    expect(await everything()).toEqual([]);
  });

  test.skipIf(process.platform === 'win32')(
    '[FILE4] while keeping it: the folder cannot be synced; once it can, the same photo is taken',
    async () => {
      const broken: { sync?: string } = {};
      files = await photoFiles(dir, diskWith(broken));
      await kept(other);
      broken.sync = 'EIO';
      expect(await (await received('a photo')).keep(uuid)).toMatchObject({ ok: false, error: { code: 'unavailable' } });
      expect(await everything()).toEqual([`photos/ab/${other}.orig`]);
      delete broken.sync;
      await kept(uuid);
    },
  );
});

describe('[FILE380] photos leave a rest of the disk free, so that the database can still write that some are deleted', () => {
  /** What is free of it at each look. */
  function diskOf(...free: number[]): Disk {
    return { ...realDisk, statfs: async () => ({ bavail: free.shift() ?? 0, bsize: 1 }) };
  }

  test('[FILE380] what comes when only that is left is refused as on a full disk, and taken as soon as there is more', async () => {
    files = await photoFiles(dir, diskOf(leftFree - 1, leftFree + 7, leftFree));
    let asked = 0;
    async function* body() {
      asked += 1;
      yield Buffer.from('a photo');
    }
    expect(await files.receive(body(), limits)).toMatchObject({
      ok: false,
      error: { code: 'unavailable', message: expect.stringContaining('lleno'), details: { code: 'ENOSPC' } },
    });
    expect(asked).toBe(0);
    expect(await files.receive(body(), limits)).toMatchObject({ ok: true });
  });

  test('[FILE380] one after which less is left is refused and leaves nothing', async () => {
    files = await photoFiles(dir, diskOf(leftFree + 6, leftFree - 1));
    expect(await files.receive(pieces('a photo'), limits)).toMatchObject({ ok: false, error: { code: 'unavailable' } });
    expect(await everything()).toEqual([]);
  });
});

test.skipIf(process.platform === 'win32')(
  '[FILE5] everything is synced before it is told: the bytes, then the name, and each new folder',
  async () => {
    const order: string[] = [];
    const open: Disk['open'] = async (path, ...rest) => {
      const file = await realDisk.open(path, ...rest);
      const name = String(path)
        .slice(dir.length + 1)
        .replace(/incoming\/.*/, 'upload');
      return new Proxy(file, {
        get(target, key) {
          const value: unknown = Reflect.get(target, key);
          if (typeof value !== 'function') return value;
          if (key === 'sync' || key === 'datasync') order.push(`sync ${name}`);
          return value.bind(target);
        },
      });
    };
    const rename: Disk['rename'] = (from, to) => {
      order.push('rename');
      return realDisk.rename(from, to);
    };
    files = await photoFiles(dir, { ...realDisk, open, rename });
    await kept(uuid);
    expect(order).toEqual(['sync upload', 'sync photos', 'rename', 'sync photos/ab']);
    await kept(other);
    expect(order.slice(4)).toEqual(['sync upload', 'rename', 'sync photos/ab']);
  },
);

describe("[FILE6] pictures are opened and removed by the photo's id alone", () => {
  const write = (part: 'full' | 'thumb', text: string) => realDisk.writeFile(files.paths(uuid)[part], text);

  test('[FILE6] full and thumbnail are streamed with their size', async () => {
    await kept(uuid);
    await write('full', 'the full picture');
    const opened = await files.open(uuid, 'full');
    expect(opened).toMatchObject({ ok: true, value: { bytes: 16 } });
    if (opened.ok) expect(String(await buffer(opened.value.stream))).toBe('the full picture');
    expect(await files.open(uuid, 'thumb')).toMatchObject({ ok: false, error: { code: 'not_found' } });
  });

  test('[FILE6] the original goes once the picture has been made of it', async () => {
    await kept(uuid);
    await write('full', 'full');
    expect(await files.dropOriginal(uuid)).toMatchObject({ ok: true });
    expect(await files.dropOriginal(uuid)).toMatchObject({ ok: true });
    expect(await everything()).toEqual([`photos/ab/${uuid}.full`]);
  });

  test('[FILE381] with the original goes what a killed image process left half done, of this photo alone', async () => {
    await kept(uuid);
    await kept(other);
    await write('full', 'full');
    for (const id of [uuid, other]) await realDisk.writeFile(`${files.paths(id).full}.1a2b3c4d.tmp`, 'half');
    expect(await files.dropOriginal(uuid)).toMatchObject({ ok: true });
    const others = [`photos/ab/${other}.full.1a2b3c4d.tmp`, `photos/ab/${other}.orig`];
    expect(await everything()).toEqual([`photos/ab/${uuid}.full`, ...others].sort());
  });

  test('[FILE6] removing takes every file of the photo, half-made ones too, and none of another; what is missing is fine', async () => {
    await kept(uuid);
    await kept(other);
    await write('full', 'full');
    await write('thumb', 'thumb');
    await realDisk.writeFile(`${files.paths(uuid).full}.1a2b3c4d.tmp`, 'half');
    expect(await files.remove(uuid)).toMatchObject({ ok: true });
    expect(await files.remove(uuid)).toMatchObject({ ok: true });
    expect(await files.remove(randomUUID())).toMatchObject({ ok: true });
    expect(await everything()).toEqual([`photos/ab/${other}.orig`]);
  });

  test('[FILE6] a disk that does not let go of a file says so', async () => {
    await kept(uuid);
    const rm: Disk['rm'] = async (path, options) => {
      if (String(path).includes(uuid)) throw systemError('EIO');
      await realDisk.rm(path, options);
    };
    files = await photoFiles(dir, { ...realDisk, rm });
    expect(await files.remove(uuid)).toMatchObject({ ok: false, error: { code: 'unavailable' } });
    expect(await files.dropOriginal(uuid)).toMatchObject({ ok: false, error: { code: 'unavailable' } });
  });

  test.each(['../../etc/passwd', uuid.toUpperCase(), `${uuid}/x`, ''])('[FILE6] %j names no photo', async name => {
    expect(() => files.paths(name)).toThrow(TypeError);
  });
});

const nobody = () => false;

describe('[FILE7] a start clears away what was never acknowledged', () => {
  test('[FILE7] uploads that were cut off by the end of the last run', async () => {
    await received('cut off by a crash');
    expect(await everything()).toHaveLength(1);
    await photoFiles(dir);
    expect(await everything()).toEqual([]);
  });

  test('[FILE7] photos that the database does not know, all their files; known ones and what is not ours stay', async () => {
    const [known, unknown] = ['cd0e8400-e29b-41d4-a716-446655440000', uuid];
    await kept(known);
    await kept(unknown);
    await realDisk.writeFile(files.paths(known).full, 'full');
    await realDisk.writeFile(`${files.paths(unknown).full}.1a2b3c4d.tmp`, 'half');
    await realDisk.writeFile(join(dir, 'photos', 'ab', 'README.txt'), 'not ours');
    await realDisk.writeFile(join(dir, 'photos', '.DS_Store'), 'not ours');
    files = await photoFiles(dir);
    expect(await files.sweep(id => id === known, nobody)).toEqual({ removed: 1, orphans: [] });
    expect(await everything()).toEqual([
      'photos/.DS_Store',
      'photos/ab/README.txt',
      `photos/cd/${known}.full`,
      `photos/cd/${known}.orig`,
    ]);
  });

  test('[FILE7] nothing, where a photo that was worked on is unknown: it is the database that was lost', async () => {
    await kept(uuid);
    await kept(other);
    await realDisk.writeFile(files.paths(other).thumb, 'thumb');
    files = await photoFiles(dir);
    const { removed, orphans } = await files.sweep(nobody, nobody);
    expect([removed, orphans.sort()]).toEqual([0, [uuid, other].sort()]);
    expect(await everything()).toHaveLength(3);
    await realDisk.rm(files.paths(other).thumb);
    // Known to be lost: then one that nobody has worked on yet is no stray either.
    expect((await files.sweep(nobody, nobody, true)).orphans).toHaveLength(2);
    expect((await files.sweep(nobody, nobody)).removed).toBe(2);
  });

  test('[FILE7] a photo that came in meanwhile and is about to be committed stays', async () => {
    await kept(uuid);
    expect(await files.sweep(nobody, nobody)).toEqual({ removed: 0, orphans: [] });
    expect(await everything()).toEqual([`photos/ab/${uuid}.orig`]);
  });

  test('[FILE7] a stray that is sent again while it is being removed is kept', async () => {
    await kept(uuid);
    let held: Promise<unknown> | null = null;
    const rm: Disk['rm'] = async (path, options) => {
      // Just before the old file goes, the same photo arrives anew.
      if (path === files.paths(uuid).original && held === null) {
        const incoming = await received('the same photo again');
        held = incoming.keep(uuid);
        await new Promise(resolve => setImmediate(resolve));
      }
      return realDisk.rm(path, options);
    };
    files = await photoFiles(dir, { ...realDisk, rm });
    expect(await files.sweep(nobody, nobody)).toEqual({ removed: 1, orphans: [] });
    expect(await held).toEqual({ ok: true, value: undefined });
    expect(await realDisk.readFile(files.paths(uuid).original, 'utf8')).toBe('the same photo again');
  });

  test('[FILE9] the original of a photo that is done goes, one that still waits for its work stays', async () => {
    await kept(uuid);
    await kept(other);
    await realDisk.writeFile(files.paths(uuid).full, 'full');
    files = await photoFiles(dir);
    expect(
      await files.sweep(
        () => true,
        id => id === uuid,
      ),
    ).toEqual({ removed: 0, orphans: [] });
    expect(await everything()).toEqual(
      [`photos/ab/${uuid}.full`, files.paths(other).original.slice(dir.length + 1)].sort(),
    );
  });

  test('[FILE7] every photo on the disk can be listed, to rebuild a database from', async () => {
    await kept(uuid);
    await kept(other);
    await realDisk.writeFile(files.paths(uuid).full, 'full');
    const found: Record<string, boolean> = {};
    for await (const photo of files.stored()) found[photo.uuid] = photo.workedOn;
    expect(found).toEqual({ [uuid]: true, [other]: false });
  });

  test('[FILE7] a folder that cannot be listed ends the sweep quietly', async () => {
    let listed = 0;
    const readdir: Disk['readdir'] = async path => {
      listed += 1;
      if (listed > 1) throw systemError('EIO');
      return realDisk.readdir(path);
    };
    files = await photoFiles(dir, { ...realDisk, readdir });
    expect(await files.sweep(nobody, nobody)).toEqual({ removed: 0, orphans: [] });
    expect(listed).toBe(2);
  });
});
