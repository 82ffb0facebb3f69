/**
 * What the program is told: flags, the environment, `.env`, the settings saved in the data folder, defaults, in this order
 * (CONTRACT 1 and 2), read once into one frozen Config. The settings themselves stand in `config/settings.ts`.
 */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'dotenv';
import type { Lang } from '../protocol/primitives.ts';
import type { FixedBy } from '../protocol/settings.ts';
import { readFlags, usage } from './config/flags.ts';
import type { ShotList, Words } from './config/kinds.ts';
import { type Setting, settingsTable, type Values } from './config/settings.ts';
import { wording } from './config/wording.ts';
import { dataDirDefault } from './data-folder.ts';

export type LogLevel = Values['logLevel'];

/** Sizes are bytes, times are in the unit of their name. Nothing in it changes while the program runs (`Live` is how it began). */
export interface Config extends Live {
  port: number;
  host: string;
  extraPorts: readonly number[];
  dataDir: string;
  /** An origin without a slash at its end; `null`: the best LAN address is used. */
  publicUrl: string | null;
  /** `null`: the data folder's own key (`secretKeyOf`). */
  secretKey: string | null;
  corsOrigins: readonly string[];
  allowedHosts: readonly string[];
  /** IP addresses and CIDR ranges, already checked. */
  trustedProxies: readonly string[];
  legacyAllow: readonly string[];
  database: null | { host: string; port: number; user: string; password: string; name: string };
  /** `baseUrl` ends with a slash. */
  django: null | { baseUrl: string; scheme: string; timeoutMs: number };
  logLevel: LogLevel;
  /** Whether a window or browser may be opened. */
  open: boolean;
  limits: Limits;
  /** Sentences in `lang` for whoever started the program. */
  warnings: readonly string[];
  /** The settings as they were read, each under its name in the table. */
  values: Readonly<Values>;
  /** Those that the settings page cannot change, because they stand in a place that wins over it. */
  fixed: Readonly<Partial<Record<keyof Values, FixedBy>>>;
}

/** What the settings page changes while the program runs (config/live-settings.ts). */
export interface Live {
  lanInterface: string | null;
  /** An empty password is an open network. */
  wifi: null | { ssid: string; password: string };
  retentionDays: number;
  lang: Lang;
  deskName: string;
  /** `text` is `null` for Mostrador's own sentences. */
  consent: { version: string; text: string | null };
  shotLists: readonly ShotList[];
  quickReplies: readonly string[];
  sounds: boolean;
  theme: 'system' | 'light' | 'dark';
  /** 0: never. */
  blurMinutes: number;
  autostart: boolean;
  /** Digits or a hash (config/pin.ts); `null`: none is asked for. */
  settingsPin: string | null;
}

export interface Limits {
  maxPhotoBytes: number;
  maxPhotoMegapixels: number;
  maxSessionPhotos: number;
  maxSessionBytes: number;
  maxMessageBytes: number;
  maxS0FrameBytes: number;
  maxWsPerAddress: number;
  maxTcpPerAddress: number;
  maxUnauthenticatedPerAddress: number;
  uploadsPerMinute: number;
  chatPerMinute: number;
  chatChars: number;
  codeFailuresPerAddress: number;
  codeFailuresInAll: number;
}

export interface Sources {
  /** Without the program's own name. */
  argv: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  /** The text of `.env`, if there is one. */
  dotenv: string | null;
  /** The text of the `settings.json` of a data folder, if there is one. */
  settingsOf(dataDir: string): string | null;
  platform: NodeJS.Platform;
  homedir: string;
  cwd: string;
  /** Flags that are not ours are passed over: Electron's command line carries Chromium's switches. */
  lenientFlags?: boolean;
}

/** `exitCode` 0: nothing is wrong, the message is the help that was asked for. */
export type ConfigResult = { ok: true; config: Config } | { ok: false; message: string; exitCode: 0 | 2 };

interface Source {
  where: Words;
  /** `null`: the settings page itself writes there. */
  fixes: FixedBy | null;
  values: Readonly<Record<string, string | undefined>>;
}

class Refused extends Error {
  readonly words: Words;
  constructor(words: Words) {
    super(words.en);
    this.words = words;
  }
}

/** Pure: the same sources give the same Config. Never throws for what a person wrote. */
export function readConfig(sources: Sources): ConfigResult {
  const environment: Source = {
    where: { es: 'entorno', en: 'environment' },
    fixes: 'environment',
    values: sources.env,
  };
  const dotenv: Source = {
    where: { es: '.env', en: '.env' },
    fixes: '.env',
    values: sources.dotenv ? parse(sources.dotenv) : {},
  };
  const table = settingsTable({
    cwd: sources.cwd,
    home: sources.homedir,
    dataDir: dataDirDefault(sources.platform, sources.env, sources.homedir),
  });
  const flags = readFlags(sources.argv, sources.lenientFlags === true);
  const flagValues = 'values' in flags ? flags.values : {};
  // Known before anything else, so that even a refusal is in the reader's language.
  let lang: Lang = 'es';
  try {
    const early = [environment, dotenv];
    const spoken = flagValues.lang ?? written(table.lang, early)?.text;
    lang = table.lang.kind.read(spoken ?? '') ?? lang;
    if (!('values' in flags)) throw new Refused(flags);
    if (flags.help) return { ok: false, message: usage[lang], exitCode: 0 };

    const dataDir = value(table.dataDir, flagValues, early).value;
    const saved: Source = {
      where: { es: 'settings.json', en: 'settings.json' },
      fixes: null,
      values: savedSettings(sources.settingsOf(dataDir), Object.values(table)),
    };
    const all = [environment, dotenv, saved];
    // The table's own type says what each value is; Object.fromEntries cannot carry it across.
    const read = <K extends keyof typeof table>(name: K) => value<unknown, unknown>(table[name], flagValues, all);
    const found = Object.keys(table).map(name => [name, read(name as keyof typeof table)] as const);
    const values = Object.fromEntries(found.map(([name, { value }]) => [name, value])) as Values;
    const fixed = Object.fromEntries(found.flatMap(([name, { fixes }]) => (fixes ? [[name, fixes]] : [])));
    lang = values.lang;
    return { ok: true, config: freeze({ ...configOf(values, flags.open), values, fixed }) };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const start = { es: 'Configuración no válida', en: 'Bad configuration' }[lang];
    return { ok: false, message: `${start}: ${error.words[lang]}.`, exitCode: 2 };
  }
}

interface Written {
  name: string;
  text: string;
  where: Words;
  fixes: FixedBy | null;
}

/**
 * The first place where a setting is written: sources in their order, then its names in theirs. Empty is not written.
 * Another program's variable (a system sets LANGUAGE for everybody) does not win over what somebody saved for this one.
 */
function written(setting: Setting<unknown, unknown>, sources: readonly Source[]): Written | undefined {
  let borrowed: Written | undefined;
  for (const { where, fixes, values } of sources) {
    if (borrowed && fixes) continue;
    for (const name of setting.names) {
      const found = values[name];
      // A password may begin or end with a space.
      if (found?.trim()) return { name, text: setting.secret ? found : found.trim(), where, fixes };
    }
    const text = setting.borrowed?.as(values[setting.borrowed.name]?.trim() ?? '');
    if (setting.borrowed && text) borrowed ??= { name: setting.borrowed.name, text, where, fixes: null };
  }
  return borrowed;
}

function value<T, D>(
  setting: Setting<T, D>,
  flags: Record<string, string>,
  sources: readonly Source[],
): { value: T | D; fixes: FixedBy | null } {
  const flag = setting.flag === undefined ? undefined : flags[setting.flag];
  const found =
    flag === undefined
      ? written(setting, sources)
      : {
          name: `--${setting.flag}`,
          text: flag,
          where: { es: 'línea de órdenes', en: 'command line' },
          fixes: 'flag' as const,
        };
  if (!found) return { value: setting.fallback, fixes: null };
  const read = setting.kind.read(found.text);
  if (read !== undefined) return { value: read, fixes: found.fixes };
  const { es, en } = setting.kind.allowed;
  const shown = (hidden: string) =>
    setting.secret
      ? `(${hidden})`
      : JSON.stringify(found.text.length > 80 ? `${found.text.slice(0, 80)}…` : found.text);
  throw new Refused({
    es: `${found.name} = ${shown('no se muestra')} (${found.where.es}); se admite ${es}`,
    en: `${found.name} = ${shown('not shown')} (${found.where.en}); allowed is ${en}`,
  });
}

/** `settings.json` as texts by name, so that it is read like every other source. */
function savedSettings(file: string | null, table: readonly Setting<unknown, unknown>[]): Record<string, string> {
  if (file === null) return {};
  let saved: unknown;
  const allowed = { es: 'se admite {"NOMBRE": valor, …}', en: 'allowed is {"NAME": value, …}' };
  try {
    saved = JSON.parse(file);
  } catch {
    throw new Refused({
      es: `settings.json no es JSON; ${allowed.es}`,
      en: `settings.json is not JSON; ${allowed.en}`,
    });
  }
  if (typeof saved !== 'object' || saved === null || Array.isArray(saved)) {
    throw new Refused({
      es: `settings.json no es un objeto; ${allowed.es}`,
      en: `settings.json is not an object; ${allowed.en}`,
    });
  }
  const known = new Map(
    table.flatMap(({ names, kind }) => names.filter(name => name !== 'DATA_DIR').map(name => [name, kind])),
  );
  const texts: Record<string, string> = {};
  for (const [name, entry] of Object.entries(saved)) {
    const kind = known.get(name);
    if (!kind) {
      throw new Refused({
        es: `${JSON.stringify(name)} (settings.json) no es un ajuste; los nombres están en .env.example`,
        en: `${JSON.stringify(name)} (settings.json) is no setting; the names are in .env.example`,
      });
    }
    if (kind.json && entry !== null) texts[name] = typeof entry === 'string' ? entry : JSON.stringify(entry);
    else if (Array.isArray(entry)) texts[name] = entry.join(',') || 'none';
    else if (entry !== null) texts[name] = typeof entry === 'object' ? JSON.stringify(entry) : String(entry);
  }
  return texts;
}

const MiB = 1024 * 1024;

/** What can change while the program runs, out of the table's values. */
export function liveOf(values: Values): Live {
  return {
    lanInterface: values.lanInterface,
    wifi: values.wifiSsid ? { ssid: values.wifiSsid, password: values.wifiPassword } : null,
    retentionDays: values.retentionDays,
    lang: values.lang,
    deskName: values.deskName,
    consent: { version: values.consentVersion, text: values.consentText },
    shotLists: values.shotLists ?? wording[values.lang].shotLists,
    quickReplies: values.quickReplies ?? wording[values.lang].quickReplies,
    sounds: values.sounds,
    theme: values.theme,
    blurMinutes: values.blurMinutes,
    autostart: values.autostart,
    settingsPin: values.settingsPin,
  };
}

function configOf(values: Values, open: boolean): Omit<Config, 'values' | 'fixed'> {
  return {
    ...liveOf(values),
    port: values.port,
    host: values.host,
    extraPorts: values.extraPorts,
    dataDir: values.dataDir,
    publicUrl: values.publicUrl,
    secretKey: values.secretKey,
    corsOrigins: [...new Set([...values.corsOrigins, ...values.frontendUrl])],
    allowedHosts: values.allowedHosts,
    trustedProxies: values.trustedProxies,
    legacyAllow: values.legacyAllow,
    database: values.dbHost
      ? {
          host: values.dbHost,
          port: values.dbPort,
          user: values.dbUser,
          password: values.dbPassword,
          name: values.dbName,
        }
      : null,
    django: values.djangoBaseUrl
      ? { baseUrl: values.djangoBaseUrl, scheme: values.djangoAuthScheme, timeoutMs: values.djangoTimeoutMs }
      : null,
    logLevel: values.logLevel,
    open,
    limits: {
      maxPhotoBytes: values.maxPhotoMb * MiB,
      maxPhotoMegapixels: values.maxPhotoMegapixels,
      maxSessionPhotos: values.maxSessionPhotos,
      maxSessionBytes: values.maxSessionMb * MiB,
      maxMessageBytes: values.maxMessageKb * 1024,
      maxS0FrameBytes: values.maxS0FrameMb * MiB,
      maxWsPerAddress: values.maxWsPerAddress,
      maxTcpPerAddress: values.maxTcpPerAddress,
      maxUnauthenticatedPerAddress: values.maxUnauthenticatedPerAddress,
      uploadsPerMinute: values.uploadsPerMinute,
      chatPerMinute: values.chatPerMinute,
      chatChars: values.chatChars,
      codeFailuresPerAddress: values.codeFailuresPerAddress,
      codeFailuresInAll: values.codeFailuresInAll,
    },
    warnings: warningsOf(values).map(words => words[values.lang]),
  };
}

function warningsOf(values: Values): Words[] {
  const warnings: Words[] = [];
  if (values.secretKey && Buffer.byteLength(values.secretKey) < 32) {
    warnings.push({
      es: 'SECRET_KEY es corta: use 32 bytes o más, al azar',
      en: 'SECRET_KEY is short: use 32 random bytes or more',
    });
  }
  return warnings;
}

function freeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) freeze(inner);
  return Object.freeze(value);
}

/**
 * `readConfig` on this process and its files.
 * @param at.electron `.env` is looked for in the data folder (a window starts in no folder of its own), and Chromium's
 *   switches are passed over, unless `strictFlags`.
 */
export function loadConfig(argv: readonly string[], at: { electron: boolean; strictFlags?: boolean }): ConfigResult {
  const sources: Sources = {
    argv,
    env: process.env,
    dotenv: null,
    settingsOf: dataDir => savedText(join(dataDir, 'settings.json')),
    platform: process.platform,
    homedir: homedir(),
    cwd: process.cwd(),
    lenientFlags: at.electron && at.strictFlags !== true,
  };
  const folder = at.electron ? dataDirOf(sources) : process.cwd();
  return readConfig({ ...sources, dotenv: folder === null ? null : textOf(join(folder, '.env')) });
}

/** Where the data folder is before any `.env` was read. */
function dataDirOf(sources: Sources): string | null {
  const first = readConfig({ ...sources, settingsOf: () => null });
  return first.ok ? first.config.dataDir : null;
}

function textOf(path: string): string | null {
  try {
    return textIn(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}

/**
 * A folder that is not there yet has no settings. With those that are there and cannot be read the start would be another one:
 * photos that are to be kept for a year would go after 30 days.
 */
function savedText(path: string): string | null {
  try {
    return textIn(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === null) throw error;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw new Refused({ es: `${path} no se puede leer (${code})`, en: `${path} cannot be read (${code})` });
  }
}

/** Without the mark that some editors put before it. */
function textIn(path: string): string {
  return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
}
