/** Small files of the data folder: settings, the signing key, how to reach the running server. */
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { renameFileSync } from './store/rename.ts';

/** As `fs.writeSync`: says how many bytes it took. */
type Write = (file: number, bytes: Uint8Array, from: number) => number;

/** All or nothing, even through a power cut: synced, then renamed, then the folder synced (POSIX). A refusal leaves nothing beside it. */
export function writeWhole(path: string, content: string, write: Write = writeSync): void {
  const beside = `${path}.${process.pid}.new`;
  rmSync(beside, { force: true });
  try {
    const file = openSync(beside, 'wx', 0o600);
    try {
      const bytes = Buffer.from(content);
      // A disk with little room takes the beginning and says so in a number alone; only the next write fails.
      for (let done = 0; done < bytes.length; ) done += write(file, bytes, done);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameFileSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
  if (process.platform === 'win32') return;
  const folder = openSync(join(path, '..'), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
