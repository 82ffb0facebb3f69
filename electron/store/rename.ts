/** Gives a file its name. On Windows that may have to be asked twice. */
import { renameSync } from 'node:fs';
import * as realDisk from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

/** What Windows says while a virus scanner or an indexer looks at a file that was just written: it lets go soon. */
const held = new Set(['EPERM', 'EACCES', 'EBUSY']);
/** Milliseconds; 635 in all. Elsewhere these codes mean what they say. */
const waits = () => (process.platform === 'win32' ? [5, 10, 20, 40, 80, 160, 320] : []);

export async function renameFile(
  from: string,
  to: string,
  disk: { rename(from: string, to: string): Promise<void> } = realDisk,
): Promise<void> {
  for (const wait of waits()) {
    try {
      return await disk.rename(from, to);
    } catch (error) {
      if (!isHeld(error)) throw error;
    }
    await pause(wait);
  }
  return disk.rename(from, to);
}

/** For a process that has nothing else to do meanwhile, and for the small files of the data folder: they are seldom written. */
export function renameFileSync(
  from: string,
  to: string,
  rename: (from: string, to: string) => void = renameSync,
): void {
  for (const wait of waits()) {
    try {
      return rename(from, to);
    } catch (error) {
      if (!isHeld(error)) throw error;
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, wait);
  }
  rename(from, to);
}

function isHeld(error: unknown): boolean {
  return error instanceof Error && 'code' in error && held.has(String(error.code));
}
