/**
 * `npm run mostrador -- token …` and `secret`: keys for programs and people; `backup`: a copy of everything. With the server running or not.
 * Exit codes: 2 for what cannot be understood, 1 for what cannot be done. What a program reads goes to standard output alone.
 */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { read } from '../../protocol/codec.ts';
import { id as name } from '../../protocol/primitives.ts';
import { type Config, loadConfig } from '../config.ts';
import type { Store } from '../core/ports.ts';
import { createCredentials } from '../core/session/credentials.ts';
import { lockDataFolder, readRuntime, secretKeyOf } from '../data-folder.ts';
import { secretsOf } from '../secrets.ts';
import { backUp } from '../store/backup.ts';
import { NewerDatabase } from '../store/migrations.ts';
import { databaseFile, openSqlite, type SqliteStore } from '../store/sqlite.ts';
import { issueToken, tokenRoles, type Wish } from './token.ts';

type Say = (es: string, en: string) => string;
type Command =
  | { do: 'help' }
  | { do: 'secret' }
  | { do: 'list' }
  | { do: 'issue'; wish: Wish }
  | { do: 'revoke'; id: string }
  | { do: 'backup'; to: string }
  | { do: 'refuse'; why: string };

const daysDefault = 90;
const daysMost = 3650;

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

const options = {
  sub: { type: 'string' },
  role: { type: 'string' },
  days: { type: 'string' },
  'data-dir': { type: 'string' },
  lang: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

function understand(argv: readonly string[], say: Say): Command {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(argv);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('. To specify')[0]?.split('\n')[0] : String(error);
    return { do: 'refuse', why: say(`Opción no válida: ${reason}`, `Bad option: ${reason}`) };
  }
  const { values, positionals } = parsed;
  if (values.help) return { do: 'help' };
  const { sub, role, days } = values;
  const words = positionals.join(' ');
  if (words === 'token') return wish(sub, role, days, say);
  const stray = sub ?? role ?? days;
  if (stray !== undefined) {
    const es = '--sub, --role y --days son solo para «token»';
    return { do: 'refuse', why: say(es, '--sub, --role and --days are for "token" alone') };
  }
  if (words === 'token list') return { do: 'list' };
  if (words === 'secret') return { do: 'secret' };
  const [first, second, id, ...more] = positionals;
  if (first === 'token' && second === 'revoke' && id !== undefined && more.length === 0) return { do: 'revoke', id };
  if (first === 'token' && second === 'revoke') {
    return { do: 'refuse', why: say('Falta el ID: token revoke ID', 'The ID is missing: token revoke ID') };
  }
  if (first === 'backup' && second !== undefined && id === undefined) return { do: 'backup', to: resolve(second) };
  if (first === 'backup') {
    return { do: 'refuse', why: say('Falta la carpeta: backup CARPETA', 'The folder is missing: backup DIR') };
  }
  if (words === '') return { do: 'refuse', why: say('Falta la orden.', 'A command is missing.') };
  return { do: 'refuse', why: say(`Orden desconocida: ${words}`, `Unknown command: ${words}`) };
}

function parse(argv: readonly string[]) {
  return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
}

function wish(sub: string | undefined, wanted: string | undefined, days: string | undefined, say: Say): Command {
  const found = read(name, sub);
  if (!found.ok) {
    return { do: 'refuse', why: say('--sub: de 1 a 64 caracteres', '--sub: 1 to 64 characters') };
  }
  const role = tokenRoles.find(known => known === wanted);
  if (role === undefined) {
    const allowed = tokenRoles.join(' | ');
    return { do: 'refuse', why: say(`--role: uno de ${allowed}`, `--role: one of ${allowed}`) };
  }
  const count = days === undefined ? daysDefault : /^\d{1,4}$/.test(days) ? Number(days) : 0;
  if (count < 1 || count > daysMost) {
    const range = `1-${daysMost}`;
    return { do: 'refuse', why: say(`--days: un número entero, ${range}`, `--days: a whole number, ${range}`) };
  }
  return { do: 'issue', wish: { sub: found.value, role, days: count } };
}

/** What of the command line says where the data folder is. */
function folderFlags(argv: readonly string[]): string[] {
  const { values } = parse(argv);
  return [
    ...(values['data-dir'] === undefined ? [] : ['--data-dir', values['data-dir']]),
    ...(values.lang === undefined ? [] : ['--lang', values.lang]),
  ];
}

/** Known before anything has been read, so that a refusal is in the reader's language too. */
function isEnglish(argv: readonly string[]): boolean {
  const at = argv.indexOf('--lang');
  const flag = at >= 0 ? argv[at + 1] : argv.find(argument => argument.startsWith('--lang='))?.slice(7);
  return /^en/i.test(flag ?? process.env.MOSTRADOR_LANG ?? process.env.LANGUAGE ?? 'es');
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

async function issue(wanted: Wish, store: Store, secretKey: string, say: Say): Promise<number> {
  const { token, id, expiresAt } = await issueToken(wanted, { tokens: store.tokens, secretKey, now: Date.now() });
  const until = date(expiresAt);
  process.stderr.write(
    `${say(`ID ${id}, válido hasta ${until}. No se guarda: cópielo ahora.`, `ID ${id}, valid until ${until}. It is not kept: copy it now.`)}\n`,
  );
  process.stdout.write(`${token}\n`);
  return 0;
}

function list(store: Store, say: Say): number {
  const rows = store.tokens.list().map(({ id, sub, role, issuedAt, expiresAt, revokedAt }) => {
    const state =
      revokedAt !== null
        ? say('revocado', 'revoked')
        : expiresAt <= Date.now()
          ? say('vencido', 'expired')
          : say('válido', 'valid');
    return [id, role, date(issuedAt), date(expiresAt), state, sub];
  });
  if (rows.length === 0) process.stderr.write(`${say('No hay tokens.', 'There are no tokens.')}\n`);
  for (const row of rows) process.stdout.write(`${row.join('\t')}\n`);
  return 0;
}

function revoke(id: string, store: Store, say: Say): number {
  if (!store.tokens.get(id)) {
    process.stderr.write(`${say(`No hay ningún token con el ID ${id}.`, `There is no token with the ID ${id}.`)}\n`);
    return 1;
  }
  store.tokens.revoke(id, Date.now());
  process.stderr.write(`${say(`El token ${id} ya no abre nada.`, `The token ${id} opens nothing any more.`)}\n`);
  return 0;
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

function date(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function usage(say: Say): string {
  return say(
    `Uso: npm run mostrador -- token --sub QUIÉN --role ${tokenRoles.join('|')} [--days ${daysDefault}]
     npm run mostrador -- token list
     npm run mostrador -- token revoke ID
     npm run mostrador -- backup CARPETA  copia la carpeta de datos, también con el servidor en marcha
     npm run mostrador -- secret          una clave nueva para SECRET_KEY; no cambia ni muestra la guardada

  --data-dir CARPETA   la carpeta de datos del servidor
  --lang es|en         idioma`,
    `Usage: npm run mostrador -- token --sub WHO --role ${tokenRoles.join('|')} [--days ${daysDefault}]
       npm run mostrador -- token list
       npm run mostrador -- token revoke ID
       npm run mostrador -- backup DIR      copies the data folder, also while the server runs
       npm run mostrador -- secret          a new key for SECRET_KEY; the stored one is neither changed nor shown

  --data-dir DIR       the server's data folder
  --lang es|en         language`,
  );
}
