/** What the desk asks of the network: how it is, another interface for the QR, and what joins the Wi-Fi. */
import { fail, ok } from '../../../protocol/errors.ts';
import { requests } from '../../../protocol/requests.ts';
import type { FieldProblems, SettingName, Settings, SettingsChange } from '../../../protocol/settings.ts';
import { supervisors } from '../access.ts';
import { elsewhere, reads } from '../action.ts';
import type { Clock } from '../ports.ts';
import { supervisorRoom } from '../rooms/rooms.ts';
import type { Network } from './network.ts';
import { type Wifi, wifiText } from './wifi.ts';

interface Parts {
  network: Network;
  wifi(): Wifi | null;
  /** Where the choice is kept (config/live-settings.ts); whoever reads it there follows at once. */
  settings: {
    view(): Settings;
    change(
      change: SettingsChange,
      today: string,
    ): Promise<{ ok: true; names: SettingName[] } | { ok: false; problems: FieldProblems }>;
  };
  clock: Clock;
}

export function networkHandlers({ network, wifi, settings, clock }: Parts) {
  return {
    status: elsewhere(requests.network.status, supervisors, async () => {
      await network.check();
      return ok({ reply: network.status() });
    }),

    /**
     * Asks for no PIN, as the settings page does: a desk whose QR leads nowhere has to be put right by whoever stands there.
     * Only what this PC really has can be chosen.
     */
    choose: elsewhere(requests.network.choose, supervisors, async ({ principal }, { interface: chosen }) => {
      const { addresses, public_url } = network.status();
      if (public_url !== null) {
        return fail('conflict', 'La dirección del QR la fija el ajuste PUBLIC_URL.', { public_url });
      }
      const isThere = addresses.some(({ name, address }) => chosen === name || chosen === address);
      if (chosen !== null && !isThere) return fail('not_found', 'Este equipo no tiene esa red.', { interface: chosen });
      const today = new Date(clock.now()).toISOString().slice(0, 10);
      const changed = await settings.change({ lan_interface: chosen }, today);
      if (!changed.ok) {
        const why = changed.problems.lan_interface?.es ?? 'No se puede elegir esa red.';
        return fail('conflict', why, { fields: changed.problems });
      }
      const reply = network.status();
      if (changed.names.length === 0) return ok({ reply });
      const view = settings.view();
      return ok({
        reply,
        events: [{ type: 'settings_updated', data: { settings: view }, rooms: [supervisorRoom] }],
        log: [{ kind: 'settings_changed', who: principal.userId, data: { names: changed.names } }],
      });
    }),

    /** The one place that gives out the password: to whoever stands at the desk. */
    wifi: reads(requests.network.wifi, supervisors, () => {
      const found = wifi();
      return ok({ reply: { wifi: found && { ssid: found.ssid, text: wifiText(found) } } });
    }),
  };
}
