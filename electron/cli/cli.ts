/**
 * `npm run mostrador -- token …` and `secret`: keys for programs and people; `backup`: a copy of everything. With the server running or not.
 * Exit codes: 2 for what cannot be understood, 1 for what cannot be done. What a program reads goes to standard output alone.
 */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { backUp } from '../backup.ts';
import { type Config, loadConfig } from '../config.ts';
import { createCredentials } from '../core/session/credentials.ts';
import { lockDataFolder, readRuntime, secretKeyOf } from '../data-folder.ts';
import { secretsOf } from '../secrets.ts';
import { NewerDatabase } from '../store/migrations.ts';
import { databaseFile, openSqlite, type SqliteStore } from '../store/sqlite.ts';
import { folderFlags, isEnglish, type Say, understand, usage } from './command.ts';
import { issue, list, revoke } from './tokens.ts';

/** Gives the exit code. */
export async function mostrador(argv: readonly string[]): Promise<number> {
  const say: Say = (es, en) => (isEnglish(argv) ? en : es);
  const command = understand(argv, say);
  if (command.do === 'help') {
    process.stdout.write(`${usage(say)}\n`);
    return 0;
  }
  if (command.do === 'refuse') {
    process.stderr.write(`${command.why}\n\n${usage(say)}\n`);
    return 2;
  }
  if (command.do === 'secret') {
    process.stdout.write(`${randomBytes(32).toString('base64url')}\n`);
    return 0;
  }
  const loaded = loadConfig(folderFlags(argv), { electron: false });
  if (!loaded.ok) {
    process.stderr.write(`${loaded.message}\n`);
    return loaded.exitCode;
  }
  const { dataDir } = loaded.config;
  if (command.do !== 'issue' && !existsSync(databaseFile(dataDir))) {
    // A mistyped folder is not made: it would say that there are no tokens.
    const es = `En ${dataDir} no hay datos de Mostrador. Indique la carpeta con --data-dir`;
    process.stderr.write(
      `${say(es, `There are no data of Mostrador in ${dataDir}. Name the folder with --data-dir`)}\n`,
    );
    return 1;
  }
  try {
    return await withStore(loaded.config, say, (store, secretKey) => {
      switch (command.do) {
        case 'issue':
          return issue(command.wish, store, secretKey, say);
        case 'list':
          return list(store, say);
        case 'revoke':
          return revoke(command.id, store, say);
        case 'backup':
          return backup(dataDir, command.to, store, say);
        default:
          return command satisfies never;
      }
    });
  } catch (error) {
    const what =
      error instanceof NewerDatabase
        ? say(error.words.es, error.words.en)
        : error instanceof Error
          ? error.message
          : String(error);
    process.stderr.write(`${say('No se pudo hacer', 'It could not be done')}: ${what}\n`);
    return 1;
  }
}

/** The folder is held while no server has it; beside a running one the database is shared. */
async function withStore(
  config: Config,
  say: Say,
  work: (store: SqliteStore, secretKey: string) => number | Promise<number>,
): Promise<number> {
  const { dataDir } = config;
  const lock = lockDataFolder(dataDir);
  if (!lock.ok && lock.reason === 'unusable') throw new Error(lock.message);
  try {
    const secretKey = config.secretKey ?? secretKeyOf(dataDir);
    const running = lock.ok ? null : readRuntime(dataDir);
    // A token signed with another key than the server's would open nothing, and nobody would know why.
    if (running && createCredentials(secretsOf(secretKey)).operatorToken() !== running.operatorToken) {
      throw new Error(
        say(
          'el servidor abierto usa otra SECRET_KEY; indique la misma aquí',
          'the running server uses another SECRET_KEY; give the same one here',
        ),
      );
    }
    const store = openSqlite(databaseFile(dataDir));
    try {
      return await work(store, secretKey);
    } finally {
      store.close();
    }
  } finally {
    if (lock.ok) lock.release();
  }
}

async function backup(dataDir: string, to: string, store: SqliteStore, say: Say): Promise<number> {
  if (existsSync(to))
    throw new Error(
      say(`${to} ya existe; la copia hace la carpeta`, `${to} is already there; the copy makes the folder`),
    );
  const { photos, files } = await backUp(dataDir, to, store);
  const es = `Copiado en ${to}: la base de datos, ${photos} fotos y ${files} archivos.`;
  process.stderr.write(`${say(es, `Copied to ${to}: the database, ${photos} photos and ${files} files.`)}\n`);
  return 0;
}
