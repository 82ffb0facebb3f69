/** What the dashboard says of the disk. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createDiskUsage } from './disk-usage.ts';

test('[DASH43] photos in all their folders, the chat’s files and the database are summed; asked again soon, nothing is counted again', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'mostrador-disk-'));
  try {
    const empty = await createDiskUsage(dataDir, () => 5)();
    expect(empty).toMatchObject({ photos: 0, database: 0, at: 5 });
    const write = (path: string, bytes: number) => {
      mkdirSync(join(dataDir, path, '..'), { recursive: true });
      writeFileSync(join(dataDir, path), Buffer.alloc(bytes));
    };
    write('photos/ab/1.full', 1_000);
    write('photos/ab/1.thumb', 200);
    write('photos/cd/2.orig', 30);
    write('incoming/x', 4);
    write('files/ef/3', 50_000);
    write('mostrador.db', 600_000);
    write('mostrador.db-wal', 7_000_000);
    write('settings.json', 99);
    const usage = createDiskUsage(dataDir, () => 6);
    const found = await usage();
    expect(found).toMatchObject({ photos: 51_234, database: 7_600_000, at: 6 });
    write('photos/ab/4.full', 1_000);
    expect(await usage()).toBe(found);
    expect(await createDiskUsage(dataDir, () => 7)()).toMatchObject({ photos: 52_234 });
  } finally {
    rmSync(dataDir, { recursive: true });
  }
});

test('[FILE8] the space that is left is told; `null` where the system does not say', async () => {
  expect((await createDiskUsage(tmpdir(), () => 5)()).free).toBeGreaterThan(0);
  expect((await createDiskUsage(join(tmpdir(), 'mostrador-nowhere'), () => 5)()).free).toBe(null);
});
