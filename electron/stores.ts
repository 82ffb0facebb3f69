/** Where things are kept: in this process's own database, and the chat and its users in MySQL where the settings name one. */
import type { Config } from './config.ts';
import type { ChatStore, UserStore } from './core/chat/ports.ts';
import { type Log, type Store, StoreUnavailable } from './core/ports.ts';
import { setAside } from './store/aside.ts';
import type { MysqlChat } from './store/chat/mysql-chat.ts';
import { WrongSchema } from './store/chat/mysql-schema.ts';
import { NewerDatabase } from './store/migrations.ts';
import { databaseFile, openSqlite, type SqliteStore } from './store/sqlite.ts';

interface Stores {
  store: Store;
  /** What there was is damaged and lies aside; `store` is empty. */
  isLost: boolean;
  chat: ChatStore;
  users: UserStore;
  mysql: MysqlChat | null;
  close(): Promise<void>;
}

/**
 * A damaged database is kept aside, and an empty one takes its place. A MySQL that is away may come later; one without what it must
 * have refuses the start.
 */
export async function openStores(
  { dataDir, database, lang }: Config,
  log: Log,
): Promise<({ ok: true } & Stores) | { ok: false; message: string }> {
  let store: SqliteStore;
  let isLost = false;
  const file = databaseFile(dataDir);
  try {
    try {
      store = openSqlite(file, { checked: true });
    } catch (error) {
      if (!isDamaged(error)) throw error;
      const aside = setAside(file, new Date());
      log.error(
        { why: error.message, aside },
        'the database is damaged: it is kept aside, and photos come back from their files',
      );
      isLost = true;
      store = openSqlite(file);
    }
  } catch (error) {
    if (error instanceof NewerDatabase) return { ok: false, message: error.words[lang] };
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
  if (!database) return { ok: true, store, isLost, ...store.chat, mysql: null, close: async () => store.close() };
  // Its client is large, and most desks have no such database.
  const { openMysql } = await import('./store/chat/mysql-chat.ts');
  const mysql = openMysql(database, log);
  const close = async () => {
    await mysql.close();
    store.close();
  };
  try {
    await mysql.prepare();
  } catch (error) {
    await close();
    if (!(error instanceof WrongSchema)) throw error;
    const what = { es: 'en MySQL falta', en: 'missing in MySQL' }[lang];
    return { ok: false, message: `${what}: ${database.name}.${error.message}` };
  }
  return { ok: true, store, isLost, chat: mysql.chat, users: mysql.users, mysql, close };
}

function isDamaged(error: unknown): error is StoreUnavailable {
  return error instanceof StoreUnavailable && /^SQLITE_(CORRUPT|NOTADB)/.test(error.message);
}
