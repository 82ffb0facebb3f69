/** The store on SQLite: one file, one connection, everything synchronous, so that a transaction is a function call. */
import { chmodSync, closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { ChatStore, UserStore } from '../core/chat/ports.ts';
import { type Store, StoreUnavailable } from '../core/ports.ts';
import { activityTable } from './activity-table.ts';
import { dropAside } from './aside.ts';
import { createChatStore } from './chat/chat-store.ts';
import { sqliteRunner } from './chat/sqlite-chat.ts';
import { sqliteBuilder } from './chat/tables.ts';
import { type Driver, openDriver } from './driver.ts';
import { erasureTable } from './erasure-table.ts';
import { figureTable } from './figure-table.ts';
import { fileTable } from './file-table.ts';
import { journalTable } from './journal-table.ts';
import { migrate, versionOf } from './migrations.ts';
import { pairingTable } from './pairing-table.ts';
import { peopleTable } from './people-table.ts';
import { photoTable } from './photo-table.ts';
import { s1NameTable } from './s1-name-table.ts';
import { sessionTable } from './session-table.ts';
import { tokenTable } from './token-table.ts';

export interface SqliteStore extends Store {
  /** The chat in this same file. */
  chat: { chat: ChatStore; users: UserStore };
  /** One moment of it as a file of its own, which must not be there yet; whoever else uses the database goes on. */
  copyTo(path: string): void;
}

/** Where a data folder has its database. */
export function databaseFile(dataDir: string): string {
  return join(dataDir, 'mostrador.db');
}

/**
 * `path` is a file, or `:memory:`; `checked` looks at every page of it. Throws `StoreUnavailable` where it cannot be opened, is no
 * database or is damaged, `NewerDatabase` where a newer Mostrador made it, and has let go of the file then.
 */
export function openSqlite(path: string, { checked = false } = {}): SqliteStore {
  if (path !== ':memory:') makePrivate(path);
  const driver = openDriver(path);
  try {
    versionOf(driver);
    // WAL with FULL: a commit is on the disk before it returns, also through a power cut.
    driver.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON',
    );
    if (checked) check(driver);
    migrate(driver);
    return storeOn(driver, path);
  } catch (error) {
    driver.close();
    throw error;
  }
}

function check(driver: Driver): void {
  const [found] = Object.values(driver.prepare('PRAGMA quick_check(1)').get() ?? {});
  if (found !== 'ok') throw new StoreUnavailable(`SQLITE_CORRUPT: ${String(found)}`);
}

function storeOn(driver: Driver, path: string): SqliteStore {
  return {
    transaction: work => driver.transaction(work),
    isThere: () => driver.isThere(),
    sessions: sessionTable(driver),
    pairing: pairingTable(driver),
    photos: photoTable(driver),
    files: fileTable(driver),
    journal: journalTable(driver),
    activity: activityTable(driver),
    tokens: tokenTable(driver),
    figures: figureTable(driver),
    s1Names: s1NameTable(driver),
    people: peopleTable(driver),
    erasures: erasureTable(driver),
    dropAside(before) {
      if (path !== ':memory:') dropAside(path, before);
    },
    scrub() {
      // `secure_delete` overwrites what is deleted, but not the copies left behind when rows moved to another page.
      driver.exec('VACUUM');
      return driver.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.busy === 0;
    },
    copyTo: path => void driver.prepare('VACUUM INTO ?').run(path),
    chat: createChatStore(sqliteBuilder(), sqliteRunner(driver)),
    close() {
      try {
        leaveWal(driver);
      } finally {
        driver.close();
      }
    },
  };
}

/**
 * Everything goes into the one file and the side files go, so that who copies the folder of a stopped server has it all. libsql
 * leaves them behind when it closes; while another process reads too (the command line), they stay for it.
 */
function leaveWal(driver: Driver): void {
  driver.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  try {
    driver.exec('PRAGMA journal_mode = DELETE');
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
  }
}

/** It names people: for its owner's eyes alone, whatever the folder allows. SQLite gives its side files the same mode. */
function makePrivate(path: string): void {
  try {
    closeSync(openSync(path, 'a', 0o600));
    chmodSync(path, 0o600);
  } catch (error) {
    throw new StoreUnavailable(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
