/** A change of the settings, whichever page it comes from: kept, then told to those who may see them, and noted. */
import type { FieldProblems, SettingName, Settings, SettingsChange } from '../../../protocol/settings.ts';
import type { Outcome } from '../outcome.ts';
import type { Clock } from '../ports.ts';
import { supervisorRoom } from '../rooms/rooms.ts';

/** Where the settings are kept (config/live-settings.ts); whoever reads them there follows at once. */
export interface KeptSettings {
  /** As the page sees them: without secrets. */
  view(): Settings;
  hasPin(): boolean;
  isPin(typed: string): Promise<boolean>;
  /** `today` is a date such as 2026-03-02: the version of a consent text that changes. @throws `StoreUnavailable` */
  change(
    change: SettingsChange,
    today: string,
  ): Promise<{ ok: true; names: SettingName[] } | { ok: false; problems: FieldProblems }>;
}

/** What came of it beside the reply; nothing where all was so already. */
export async function changeSettings(
  wanted: SettingsChange,
  who: string,
  { settings, clock }: { settings: KeptSettings; clock: Clock },
): Promise<{ ok: true; told: Pick<Outcome<unknown>, 'events' | 'log'> } | { ok: false; problems: FieldProblems }> {
  const changed = await settings.change(wanted, new Date(clock.now()).toISOString().slice(0, 10));
  if (!changed.ok) return changed;
  if (changed.names.length === 0) return { ok: true, told: {} };
  return {
    ok: true,
    told: {
      events: [{ type: 'settings_updated', data: { settings: settings.view() }, rooms: [supervisorRoom] }],
      log: [{ kind: 'settings_changed', who, data: { names: changed.names } }],
    },
  };
}
