/** Where things are kept: in this process's own database, and the chat and its users in MySQL where the settings name one. */
import { join } from 'node:path';
import type { Config } from './config.ts';
import type { ChatStore, UserStore } from './core/chat/ports.ts';
import type { Log, Store } from './core/ports.ts';
import type { MysqlChat } from './store/chat/mysql-chat.ts';
import { WrongSchema } from './store/chat/mysql-schema.ts';
import { openSqlite } from './store/sqlite.ts';

interface Stores {
  store: Store;
  chat: ChatStore;
  users: UserStore;
  mysql: MysqlChat | null;
  close(): Promise<void>;
}

/** A MySQL that is away may come later; one without what it must have refuses the start, as a file does that is no database. */
export async function openStores(
  { dataDir, database, lang }: Config,
  log: Log,
): Promise<({ ok: true } & Stores) | { ok: false; message: string }> {
  let store: ReturnType<typeof openSqlite>;
  try {
    store = openSqlite(join(dataDir, 'mostrador.db'));
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
  if (!database) return { ok: true, store, ...store.chat, mysql: null, close: async () => store.close() };
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
  return { ok: true, store, chat: mysql.chat, users: mysql.users, mysql, close };
}
