/** SQLite behind its guard. (STACK, "libsql aborts the process".) */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { StoreGone, StoreUnavailable } from '../core/ports.ts';
import { type Driver, openDriver } from './driver.ts';
import { migrate } from './migrations.ts';
import { openSqlite } from './sqlite.ts';

let folder: string;
let driver: Driver;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'driver-'));
  driver = openDriver(join(folder, 'd.db'), 50);
  driver.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (n INTEGER PRIMARY KEY, v ANY) STRICT');
});
afterEach(() => {
  driver.close();
  rmSync(folder, { recursive: true });
});

const values = () =>
  driver
    .prepare('SELECT v FROM t ORDER BY n')
    .all()
    .map(row => row.v);

test('[DB1] what would abort the process is converted or refused', () => {
  const insert = driver.prepare('INSERT INTO t (v) VALUES (?)');
  const when = new Date('2026-01-02T03:04:05.678Z');
  for (const value of [true, false, when, null, undefined, 'ñ🦊', 7, 1.5, 2n ** 40n]) insert.run(value);
  expect(values()).toEqual([1, 0, when.toISOString(), null, null, 'ñ🦊', 7, 1.5, 2 ** 40]);
  insert.run(new Uint8Array([0, 255]));
  expect(driver.prepare('SELECT hex(v) AS v FROM t ORDER BY n DESC LIMIT 1').get()).toEqual({ v: '00FF' });
  const count = values().length;
  for (const value of [{}, [], () => 1, Symbol('s'), Number.NaN, new Map(), 2n ** 63n, new Date(Number.NaN)]) {
    expect(() => Reflect.apply(insert.run, insert, [value]), String(value)).toThrow(/not a database value/);
  }
  expect(values()).toHaveLength(count);
});

test('[DB2] text comes back as it was; with a NUL, which libsql cuts off in silence, it is refused', () => {
  const insert = driver.prepare('INSERT INTO t (v) VALUES (?)');
  const texts = ['', '\u{1F98A}', 'x'.repeat(100_000), "'; DROP TABLE t; --", '\ufeff'];
  for (const text of texts) insert.run(text);
  expect(values()).toEqual(texts);
  expect(() => insert.run('a\0b')).toThrow(/not a database value/);
});

test('[DB3] a wrong number of values is a bug that shows', () => {
  const two = driver.prepare('SELECT ?, ?');
  for (const given of [[], [1], [1, 2, 3]]) {
    for (const call of [two.run, two.get, two.all]) expect(() => call(...given)).toThrow(/values for 2 places/);
  }
});

test('[DB4] a transaction is all or nothing, and the next one works', () => {
  const insert = driver.prepare('INSERT INTO t (v) VALUES (?)');
  expect(() =>
    driver.transaction(() => {
      insert.run('lost');
      throw new Error('a bug');
    }),
  ).toThrow('a bug');
  expect(driver.transaction(() => insert.run('kept').changes)).toBe(1);
  expect(values()).toEqual(['kept']);
});

test('[DB5] a full disk is `StoreUnavailable`, rolls back whole, and heals', () => {
  const insert = driver.prepare('INSERT INTO t (v) VALUES (?)');
  insert.run('before');
  const pages = Number(driver.prepare('PRAGMA page_count').get()?.page_count);
  driver.exec(`PRAGMA max_page_count = ${pages + 2}`);
  const fill = () =>
    driver.transaction(() => {
      insert.run('small');
      insert.run('x'.repeat(100_000));
    });
  expect(fill).toThrow(StoreUnavailable);
  expect(fill).toThrow('SQLITE_FULL');
  expect(values()).toEqual(['before']);
  driver.exec('PRAGMA max_page_count = 100000');
  fill();
  expect(values()).toHaveLength(3);
});

test.skipIf(process.platform === 'win32')(
  '[FAULT380] nothing is written into a file that was moved or deleted, and it goes on once it is back',
  () => {
    const path = join(folder, 'd.db');
    const write = () => driver.transaction(() => driver.prepare('INSERT INTO t (v) VALUES (1)').run());
    renameSync(path, `${path}.away`);
    expect(driver.isThere()).toBe(false);
    expect(write).toThrow(StoreGone);
    // Another one in its place is not it.
    writeFileSync(path, '');
    expect(write).toThrow(StoreGone);
    renameSync(`${path}.away`, path);
    expect(driver.isThere()).toBe(true);
    write();
    expect(values()).toHaveLength(1);
  },
);

test('[DB6] another process that holds the database is `StoreUnavailable`, and only for as long', () => {
  const other = openDriver(join(folder, 'd.db'), 50);
  other.exec('BEGIN IMMEDIATE');
  const write = () => driver.transaction(() => driver.prepare('INSERT INTO t (v) VALUES (1)').run());
  expect(write).toThrow(StoreUnavailable);
  other.exec('ROLLBACK');
  other.close();
  expect(write().changes).toBe(1);
});

test('[DB7] a broken rule of the tables is a bug, not the disk', () => {
  const insert = driver.prepare('INSERT INTO t (n, v) VALUES (?, ?)');
  insert.run(1, 'a');
  const again = () => insert.run(1, 'b');
  expect(again).toThrow(/UNIQUE/);
  expect(again).not.toThrow(StoreUnavailable);
});

test('[DB8] what is no database is said to be none, and a newer one is not touched', () => {
  const path = join(folder, 'notes.db');
  writeFileSync(path, 'dear diary '.repeat(100));
  expect(() => openSqlite(path)).toThrow(StoreUnavailable);
  driver.exec('PRAGMA user_version = 99');
  expect(() => migrate(driver)).toThrow(/newer/);
});

test('[STORE14] what is still to be written once it is closed is unavailable, and no bug', () => {
  driver.close();
  const write = () => driver.transaction(() => driver.prepare('INSERT INTO t (v) VALUES (1)').run());
  expect(write).toThrow(StoreUnavailable);
});
