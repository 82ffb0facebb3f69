/** What somebody has changed in the settings page and not yet saved. Pure: the dialog says when, this file says what. */
import type { FieldProblems, SettingName, Settings, SettingsChange, ShotList } from '../../../protocol/settings.ts';

/** What every field of the page reads and calls. */
export interface SettingsForm {
  /** As they are saved. */
  settings: Settings;
  draft: SettingsChange;
  /** What the server said about each field of the last try. */
  problems: FieldProblems;
  set: (change: SettingsChange) => void;
}

export const sections = ['desk', 'network', 'wifi', 'privacy', 'shots', 'replies', 'screen', 'security'] as const;
export type Section = (typeof sections)[number];

/** Where each setting is on the page. */
const sectionOf: Readonly<Record<SettingName, Section>> = {
  desk_name: 'desk',
  lang: 'desk',
  autostart: 'desk',
  lan_interface: 'network',
  port: 'network',
  host: 'network',
  wifi_ssid: 'wifi',
  wifi_password: 'wifi',
  retention_days: 'privacy',
  consent_text: 'privacy',
  blur_minutes: 'privacy',
  shot_lists: 'shots',
  quick_replies: 'replies',
  theme: 'screen',
  sounds: 'screen',
  settings_pin: 'security',
};

const names = Object.keys(sectionOf) as SettingName[];

/** The draft with one more change; what is back to how it is saved is no change. */
export function withChange(draft: SettingsChange, change: SettingsChange, settings: Settings): SettingsChange {
  const next: SettingsChange = { ...draft, ...change };
  for (const name of names) {
    const isSecret = name === 'wifi_password' || name === 'settings_pin';
    const saved = isSecret ? undefined : settings[name];
    if (next[name] === undefined || (!isSecret && JSON.stringify(next[name]) === JSON.stringify(saved))) {
      delete next[name];
    }
  }
  return next;
}

/** As it is sent: without the lines that were added and left empty. */
export function tidied(draft: SettingsChange): SettingsChange {
  const { quick_replies, shot_lists, ...rest } = draft;
  return {
    ...rest,
    ...(quick_replies ? { quick_replies: written(quick_replies) } : {}),
    ...(shot_lists ? { shot_lists: shot_lists.map(tidyList).filter(({ name, shots }) => name || shots.length) } : {}),
  };
}

function tidyList({ name, shots }: ShotList): ShotList {
  return { name: name.trim(), shots: written(shots) };
}

function written(lines: readonly string[]): string[] {
  return lines.filter(line => line.trim() !== '');
}

/** Sections that have something wrong in them, in their order on the page. */
export function sectionsWith(problems: FieldProblems): Section[] {
  const found = new Set(names.filter(name => problems[name]).map(name => sectionOf[name]));
  return sections.filter(section => found.has(section));
}
