/**
 * The settings while the program runs: who asks gets the present ones, the settings page changes them. A change is read by
 * the same table as everything else, written whole into settings.json, and only then in use. What stands in a place that
 * wins over that file (flag, environment, .env) stays as it is.
 */
import type { FieldProblems, SettingName, SettingsChange } from '../../protocol/settings.ts';
import { type Config, type Live, liveOf } from '../config.ts';
import type { KeptSettings } from '../core/settings/change.ts';
import type { SavedSettings } from '../data-folder.ts';
import type { Words } from './kinds.ts';
import { hashPin, isDigits, isPin } from './pin.ts';
import { type Setting, settingsTable, type Values } from './settings.ts';

export interface LiveSettings extends KeptSettings {
  get(): Live;
  /** Called after a change, with what it was before; gives back how to stop. */
  subscribe(listener: (now: Live, before: Live) => void): () => void;
}

/** Which setting of the table each name of the wire is. */
const keys = {
  desk_name: 'deskName',
  lang: 'lang',
  port: 'port',
  host: 'host',
  lan_interface: 'lanInterface',
  wifi_ssid: 'wifiSsid',
  wifi_password: 'wifiPassword',
  retention_days: 'retentionDays',
  consent_text: 'consentText',
  shot_lists: 'shotLists',
  quick_replies: 'quickReplies',
  sounds: 'sounds',
  theme: 'theme',
  blur_minutes: 'blurMinutes',
  autostart: 'autostart',
  settings_pin: 'settingsPin',
} as const satisfies Record<SettingName, keyof Values>;

const names = Object.keys(keys) as SettingName[];

/** What the running server cannot take back: it listens there. */
const atStart: readonly SettingName[] = ['port', 'host'];

const fixedWords: Words = {
  es: 'Está fijado al iniciar el programa y no se puede cambiar aquí.',
  en: 'It is fixed where the program is started and cannot be changed here.',
};

const wifiPasswordWords: Words = {
  es: 'Una contraseña de Wi-Fi tiene de 8 a 63 caracteres.',
  en: 'A Wi-Fi password has 8 to 63 characters.',
};

/** WPA takes no other one: a phone would not join, and nobody would know why. */
function isWifiPassword(text: string): boolean {
  return [...text].length >= 8 && [...text].length <= 63;
}

/** What is asked of whoever changes it at the desk, beyond its kind, which counts for files and environment alike. */
const furtherChecks: { readonly [name in SettingName]?: { holds: (text: string) => boolean; words?: Words } } = {
  settings_pin: { holds: isDigits },
  wifi_password: { holds: isWifiPassword, words: wifiPasswordWords },
};

export function createLiveSettings(config: Config, file: SavedSettings): LiveSettings {
  const table = settingsTable({ cwd: '', home: '', dataDir: config.dataDir });
  const listeners = new Set<(now: Live, before: Live) => void>();
  let values: Values = config.values;
  let live = liveOf(values);
  /** One change after the other: each reads what the one before wrote. */
  let queue: Promise<unknown> = Promise.resolve();

  const setting = (name: SettingName): Setting<unknown, unknown> => table[keys[name]];

  function fixed(name: SettingName) {
    // A new text needs a new version: where that one is fixed, so is the text.
    const version = name === 'consent_text' ? config.fixed.consentVersion : undefined;
    return config.fixed[keys[name]] ?? version;
  }

  async function change(wanted: SettingsChange, today: string): ReturnType<KeptSettings['change']> {
    const problems: FieldProblems = {};
    const saved = file.read();
    const read: Partial<Record<keyof Values, unknown>> = {};
    const changed: SettingName[] = [];
    for (const name of names) {
      const given = wanted[name];
      if (given === undefined) continue;
      const { kind, names: written, fallback } = setting(name);
      if (fixed(name)) {
        problems[name] = fixedWords;
        continue;
      }
      const text = given === null ? '' : typeof given === 'object' ? JSON.stringify(given) : String(given);
      const isDefault = text.trim() === '';
      const value = isDefault ? fallback : kind.read(name === 'wifi_password' ? text : text.trim());
      const further = furtherChecks[name];
      if (value === undefined || (further && !isDefault && !further.holds(text))) {
        problems[name] = further?.words ?? {
          es: `Se admite ${kind.allowed.es}.`,
          en: `Allowed is ${kind.allowed.en}.`,
        };
        continue;
      }
      if (JSON.stringify(value) === JSON.stringify(values[keys[name]])) continue;
      changed.push(name);
      for (const one of written) delete saved[one];
      const [first = ''] = written;
      const kept = name === 'settings_pin' && typeof value === 'string' ? await hashPin(value) : value;
      read[keys[name]] = kept;
      if (!isDefault) saved[first] = kept;
    }
    if (Object.keys(problems).length > 0) return { ok: false, problems };
    if (changed.length === 0) return { ok: true, names: [] };
    if (changed.includes('consent_text')) {
      read.consentVersion = nextVersion(values.consentVersion, today);
      saved[table.consentVersion.names[0] ?? ''] = read.consentVersion;
    }
    file.write(saved);
    // Each was read by its own kind, whose type the table's `Values` is made of.
    values = { ...values, ...read } as Values;
    const before = live;
    live = liveOf(values);
    for (const listener of listeners) listener(live, before);
    return { ok: true, names: changed };
  }

  return {
    get: () => live,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    view() {
      const { deskName, lang, lanInterface, wifi, retentionDays, consent, sounds, theme, blurMinutes, autostart } =
        live;
      return {
        desk_name: deskName,
        lang,
        port: values.port,
        host: values.host,
        lan_interface: lanInterface,
        wifi_ssid: wifi?.ssid ?? null,
        retention_days: retentionDays,
        consent_text: consent.text,
        consent_version: consent.version,
        shot_lists: live.shotLists.map(({ name, shots }) => ({ name, shots: [...shots] })),
        quick_replies: [...live.quickReplies],
        sounds,
        theme,
        blur_minutes: blurMinutes,
        autostart,
        wifi_password_set: values.wifiPassword !== '',
        pin_set: live.settingsPin !== null,
        fixed: Object.fromEntries(names.flatMap(name => (fixed(name) ? [[name, fixed(name)]] : []))),
        at_next_start: atStart.filter(name => values[keys[name]] !== config.values[keys[name]]),
      };
    },
    hasPin: () => live.settingsPin !== null,
    isPin: async typed => live.settingsPin === null || isPin(typed, live.settingsPin),
    change(wanted, today) {
      const done = queue.then(() => change(wanted, today));
      queue = done.catch(() => undefined);
      return done;
    },
  };
}

/** The day of the change; a second one on the same day gets a number. */
function nextVersion(present: string, today: string): string {
  if (present !== today && !present.startsWith(`${today}.`)) return today;
  return `${today}.${Number(present.split('.')[1] ?? 1) + 1}`;
}
