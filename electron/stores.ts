/** Where things are kept: in this process's own database, and the chat and its users in MySQL where the settings name one. */
import { join } from 'node:path';
import type { Config } from './config.ts';
import type { ChatStore, UserStore } from './core/chat/ports.ts';
import { type Log, type Store, StoreUnavailable } from './core/ports.ts';
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
  const file = join(dataDir, 'mostrador.db');
  try {
    store = openSqlite(file);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const isDamaged = error instanceof StoreUnavailable && /^SQLITE_(CORRUPT|NOTADB)/.test(message);
    return { ok: false, message: isDamaged ? damaged(lang, file, message, join(dataDir, 'photos')) : message };
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

/** It is left as it is: a copy may be put in its place, or somebody may still read most of it. */
function damaged(lang: Config['lang'], file: string, code: string, photos: string): string {
  return {
    es: `${file} está dañado (${code}); las fotos siguen en ${photos}. Ponga en su lugar una copia, o guárdelo en otro sitio para empezar con una base de datos vacía`,
    en: `${file} is damaged (${code}); the photos are still in ${photos}. Put a copy in its place, or keep it elsewhere to begin with an empty database`,
  }[lang];
}
