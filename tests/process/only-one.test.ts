/** What keeps two commands from building over each other. */
import { spawnSync } from 'node:child_process';
import { existsSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { onlyOne } from '../../scripts/only-one.mjs';
import { programs } from './program.ts';

const { folder, clean } = programs();
afterEach(clean);

test('[START370] a second one says that it waits, and begins when the first has ended', async () => {
  const lock = join(folder(), 'deep/building');
  const log: string[] = [];
  let waits: () => void = () => {};
  const waiting = new Promise<void>(resolve => {
    waits = resolve;
  });
  const first = onlyOne(lock, async () => {
    log.push('first begins');
    await waiting;
    log.push('first ends');
    return 1;
  });
  const second = onlyOne(lock, async () => log.push('second begins'), waits);
  expect(await first).toBe(1);
  await second;
  expect(log).toEqual(['first begins', 'first ends', 'second begins']);
  expect(existsSync(lock)).toBe(false);
});

test('[START370] one that failed, died over it or was left behind long ago keeps nobody waiting', async () => {
  const lock = join(folder(), 'building');
  const failed = onlyOne(lock, () => Promise.reject(new Error('no build')));
  await expect(failed).rejects.toThrow('no build');
  expect(await onlyOne(lock, async () => 'after a failure')).toBe('after a failure');

  const { pid } = spawnSync(process.execPath, ['--version']);
  writeFileSync(lock, `${pid}`);
  expect(await onlyOne(lock, async () => 'after a death')).toBe('after a death');

  writeFileSync(lock, `${process.pid}`);
  const before = Date.now() / 1000 - 3600;
  utimesSync(lock, before, before);
  expect(await onlyOne(lock, async () => 'after an hour')).toBe('after an hour');
});
