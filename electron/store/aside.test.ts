import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { dropAside, setAside } from './aside.ts';
import { openSqlite } from './sqlite.ts';

test('[START300] a damaged database lies aside whole; it goes when its time is over, and with the first person who is deleted', () => {
  const dir = mkdtempSync(join(tmpdir(), 'mostrador-aside-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const file = join(dir, 'mostrador.db');
  for (const end of ['', '-wal']) writeFileSync(file + end, `damaged${end}`);
  const old = setAside(file, new Date('2026-03-02T12:00:00.000Z'));
  expect(readdirSync(dir).sort()).toEqual([
    'mostrador.db.damaged-2026-03-02T12-00-00-000Z',
    'mostrador.db.damaged-2026-03-02T12-00-00-000Z-wal',
  ]);
  for (const end of ['', '-wal']) utimesSync(old + end, 1_000, 1_000);
  writeFileSync(file, 'damaged again');
  const young = setAside(file, new Date('2026-03-03T12:00:00.000Z'));
  dropAside(file, 2_000_000);
  expect(readdirSync(dir)).toEqual([young.slice(dir.length + 1)]);
  const store = openSqlite(file);
  store.dropAside();
  store.close();
  expect(readdirSync(dir)).toEqual(['mostrador.db']);
});
