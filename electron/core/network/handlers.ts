/** What the desk asks of the network: how it is, another interface for the QR, and what joins the Wi-Fi. */
import { fail, ok } from '../../../protocol/errors.ts';
import { requests } from '../../../protocol/requests.ts';
import { supervisors } from '../access.ts';
import { elsewhere, reads } from '../action.ts';
import type { Clock } from '../ports.ts';
import { changeSettings, type KeptSettings } from '../settings/change.ts';
import type { Network } from './network.ts';
import { type Wifi, wifiText } from './wifi.ts';

interface Parts {
  network: Network;
  wifi(): Wifi | null;
  settings: KeptSettings;
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
      const changed = await changeSettings({ lan_interface: chosen }, principal.userId, { settings, clock });
      if (!changed.ok) {
        const why = changed.problems.lan_interface?.es ?? 'No se puede elegir esa red.';
        return fail('conflict', why, { fields: changed.problems });
      }
      return ok({ reply: network.status(), ...changed.told });
    }),

    /** The one place that gives out the password: to whoever stands at the desk. */
    wifi: reads(requests.network.wifi, supervisors, () => {
      const found = wifi();
      return ok({ reply: { wifi: found && { ssid: found.ssid, text: wifiText(found) } } });
    }),
  };
}
