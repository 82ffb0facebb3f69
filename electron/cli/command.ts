/** What was asked for on the command line, and how it is asked. Pure. */

import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { read } from '../../protocol/codec.ts';
import { id as name } from '../../protocol/primitives.ts';
import { tokenRoles, type Wish } from './token.ts';

export type Say = (es: string, en: string) => string;
export type Command =
  | { do: 'help' }
  | { do: 'secret' }
  | { do: 'list' }
  | { do: 'issue'; wish: Wish }
  | { do: 'revoke'; id: string }
  | { do: 'backup'; to: string }
  | { do: 'refuse'; why: string };

const daysDefault = 90;
const daysMost = 3650;

const options = {
  sub: { type: 'string' },
  role: { type: 'string' },
  days: { type: 'string' },
  'data-dir': { type: 'string' },
  lang: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

export function understand(argv: readonly string[], say: Say): Command {
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
  // A token without one is a user's, whoever made it. (CONTRACT 4.)
  const role = tokenRoles.find(known => known === (wanted ?? 'user'));
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
export function folderFlags(argv: readonly string[]): string[] {
  const { values } = parse(argv);
  return [
    ...(values['data-dir'] === undefined ? [] : ['--data-dir', values['data-dir']]),
    ...(values.lang === undefined ? [] : ['--lang', values.lang]),
  ];
}

/** Known before anything has been read, so that a refusal is in the reader's language too. */
export function isEnglish(argv: readonly string[]): boolean {
  const at = argv.indexOf('--lang');
  const flag = at >= 0 ? argv[at + 1] : argv.find(argument => argument.startsWith('--lang='))?.slice(7);
  return /^en/i.test(flag ?? process.env.MOSTRADOR_LANG ?? process.env.LANGUAGE ?? 'es');
}

export function usage(say: Say): string {
  return say(
    `Uso: npm run mostrador -- token --sub QUIÉN [--role ${tokenRoles.join('|')}] [--days ${daysDefault}]
     npm run mostrador -- token list
     npm run mostrador -- token revoke ID
     npm run mostrador -- backup CARPETA  copia la carpeta de datos, también con el servidor en marcha
     npm run mostrador -- secret          una clave nueva para SECRET_KEY; no cambia ni muestra la guardada

  --role PAPEL         sin él, user
  --data-dir CARPETA   la carpeta de datos del servidor
  --lang es|en         idioma`,
    `Usage: npm run mostrador -- token --sub WHO [--role ${tokenRoles.join('|')}] [--days ${daysDefault}]
       npm run mostrador -- token list
       npm run mostrador -- token revoke ID
       npm run mostrador -- backup DIR      copies the data folder, also while the server runs
       npm run mostrador -- secret          a new key for SECRET_KEY; the stored one is neither changed nor shown

  --role ROLE          without it, user
  --data-dir DIR       the server's data folder
  --lang es|en         language`,
  );
}
