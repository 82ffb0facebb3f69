import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renameFile, renameFileSync } from './rename.ts';

const platform = process.platform;
const on = (system: NodeJS.Platform) => Object.defineProperty(process, 'platform', { value: system });
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mostrador-rename-'));
  writeFileSync(join(folder, 'from'), 'whole');
});
afterEach(() => {
  on(platform);
  rmSync(folder, { recursive: true });
});

/** A file that somebody else holds the first `times` times. */
function held(times: number, code: string) {
  let asked = 0;
  return {
    asked: () => asked,
    rename(from: string, to: string): void {
      asked += 1;
      if (asked <= times) throw Object.assign(new Error(code), { code });
      renameSync(from, to);
    },
  };
}

type Held = ReturnType<typeof held>;
const ways = {
  'while others wait': (from: string, to: string, disk: Held) => renameFileSync(from, to, disk.rename),
  'while others go on': (from: string, to: string, disk: Held) =>
    renameFile(from, to, { rename: async (...paths) => disk.rename(...paths) }),
};

describe.each(Object.entries(ways))('%s', (_way, rename) => {
  const tried = async (disk: Held) => rename(join(folder, 'from'), join(folder, 'to'), disk);

  it.each(['EPERM', 'EACCES', 'EBUSY'])(
    '[FILES390] on Windows a file that a scanner holds gets its name a little later: %s',
    async code => {
      on('win32');
      await tried(held(3, code));
      expect(readFileSync(join(folder, 'to'), 'utf8')).toBe('whole');
    },
  );

  it('[FILES390] one that is never let go is told as what it is, and so is a disk that is full', async () => {
    on('win32');
    await expect(tried(held(99, 'EPERM'))).rejects.toThrow('EPERM');
    const full = held(99, 'ENOSPC');
    await expect(tried(full)).rejects.toThrow('ENOSPC');
    expect(full.asked()).toBe(1);
  });

  it('[FILES390] elsewhere these codes mean what they say', async () => {
    on('linux');
    const refused = held(1, 'EACCES');
    await expect(tried(refused)).rejects.toThrow('EACCES');
    expect(refused.asked()).toBe(1);
  });
});
