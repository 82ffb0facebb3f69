/** How much room photos and database take, and how much is left. Looking at every file takes its time: not at each question. */
import { readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { databaseFile } from './sqlite.ts';

export interface DiskUsage {
  /** In bytes. */
  photos: number;
  database: number;
  /** For this program; `null` where the system does not say. */
  free: number | null;
  /** In milliseconds since 1970. */
  at: number;
}

/** Photos, files of the chat, and what of both is on its way. */
const folders = ['photos', 'incoming', 'files', 'incoming-files'];
/** A measurement counts that long; a slow one, twenty times as long as it took. */
const keptFor = 60_000;

export function createDiskUsage(dataDir: string, now: () => number): () => Promise<DiskUsage> {
  let last: { answer: Promise<DiskUsage>; until: number } | null = null;

  async function measure(): Promise<DiskUsage> {
    const at = now();
    let photos = 0;
    for (const folder of folders) photos += await sizeOf(join(dataDir, folder));
    const parts = ['', '-wal', '-shm'].map(part => `${databaseFile(dataDir)}${part}`);
    const sizes = await Promise.all(parts.map(bytesOf));
    const free = await statfs(dataDir).then(
      ({ bavail, bsize }) => bavail * bsize,
      () => null,
    );
    return { photos, database: sizes.reduce((sum, size) => sum + size, 0), free, at };
  }

  return () => {
    if (last && performance.now() < last.until) return last.answer;
    const entry = { answer: measure(), until: Number.POSITIVE_INFINITY };
    const started = performance.now();
    void entry.answer.finally(() => {
      const done = performance.now();
      entry.until = done + Math.max(keptFor, 20 * (done - started));
    });
    last = entry;
    return entry.answer;
  };
}

/** All files in a folder, one folder after the other so that everything else that waits for the disk gets its turn. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  let sum = 0;
  for (const entry of entries) {
    const path = join(folder, entry.name);
    sum += entry.isDirectory() ? await sizeOf(path) : await bytesOf(path);
  }
  return sum;
}

/** 0 for one that is gone, or is not there yet. */
async function bytesOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
