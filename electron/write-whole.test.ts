import { mkdtempSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { writeWhole } from './write-whole.ts';

test('[DATA380] a disk that takes a file in pieces has the whole of it, and one that ends in the middle keeps the old one', () => {
  const dir = mkdtempSync(join(tmpdir(), 'mostrador-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const path = join(dir, 'settings.json');
  let left = Number.POSITIVE_INFINITY;
  const inPieces = (file: number, bytes: Uint8Array, from: number) => {
    const length = Math.min(5, left, bytes.length - from);
    if (length === 0) throw Object.assign(new Error('ENOSPC: a test says so'), { code: 'ENOSPC' });
    left -= length;
    return writeSync(file, bytes, from, length);
  };
  writeWhole(path, 'what was there before', inPieces);
  expect(readFileSync(path, 'utf8')).toBe('what was there before');
  left = 12;
  expect(() => writeWhole(path, 'what is there after it', inPieces)).toThrow('ENOSPC');
  expect(readFileSync(path, 'utf8')).toBe('what was there before');
  expect(readdirSync(dir)).toEqual(['settings.json']);
});
