/**
 * A damaged database is kept beside the new one, with what had not been written into it yet: somebody may still read most of it.
 * It names people as the other does: it goes when its time is over, and with the first person who is deleted.
 */
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const mark = '.damaged-';

/** Says where it lies now. */
export function setAside(file: string, now: Date): string {
  const aside = `${file}${mark}${now.toISOString().replaceAll(/[:.]/g, '-')}`;
  for (const end of ['', '-wal', '-shm']) if (existsSync(file + end)) renameSync(file + end, aside + end);
  return aside;
}

/** Those last written to before `before`, in Unix milliseconds; all of them without it. */
export function dropAside(file: string, before = Number.POSITIVE_INFINITY): void {
  for (const name of readdirSync(dirname(file))) {
    if (!name.startsWith(basename(file) + mark)) continue;
    const path = join(dirname(file), name);
    if (statSync(path).mtimeMs < before) rmSync(path, { force: true });
  }
}
