/** The store on SQLite: one file, one connection, everything synchronous, so that a transaction is a function call. */
import type { ChatStore, UserStore } from '../core/chat/ports.ts';
import type { Store } from '../core/ports.ts';
import { activityTable } from './activity-table.ts';
import { createChatStore } from './chat/chat-store.ts';
import { sqliteRunner } from './chat/sqlite-chat.ts';
import { sqliteBuilder } from './chat/tables.ts';
import { openDriver } from './driver.ts';
import { journalTable } from './journal-table.ts';
import { migrate } from './migrations.ts';
import { pairingTable } from './pairing-table.ts';
import { photoTable } from './photo-table.ts';
import { sessionTable } from './session-table.ts';
import { tokenTable } from './token-table.ts';

export interface SqliteStore extends Store {
  /** The chat in this same file. */
  chat: { chat: ChatStore; users: UserStore };
}

/** `path` is a file, or `:memory:`. Throws `StoreUnavailable` where it cannot be opened or is no database. */
export function openSqlite(path: string): SqliteStore {
  const driver = openDriver(path);
  // WAL with FULL: a commit is on the disk before it returns, also through a power cut.
  driver.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON',
  );
  migrate(driver);
  return {
    transaction: work => driver.transaction(work),
    sessions: sessionTable(driver),
    pairing: pairingTable(driver),
    photos: photoTable(driver),
    journal: journalTable(driver),
    activity: activityTable(driver),
    tokens: tokenTable(driver),
    chat: createChatStore(sqliteBuilder(), sqliteRunner(driver)),
    close() {
      driver.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      driver.close();
    },
  };
}
