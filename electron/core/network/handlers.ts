/** What the desk asks of the network: how it is, and what joins the Wi-Fi. */
import { ok } from '../../../protocol/errors.ts';
import { requests } from '../../../protocol/requests.ts';
import { supervisors } from '../access.ts';
import { elsewhere, reads } from '../action.ts';
import type { Network } from './network.ts';
import { type Wifi, wifiText } from './wifi.ts';

export function networkHandlers({ network, wifi }: { network: Network; wifi(): Wifi | null }) {
  return {
    status: elsewhere(requests.network.status, supervisors, async () => {
      await network.check();
      return ok({ reply: network.status() });
    }),
    /** The one place that gives out the password: to whoever stands at the desk. */
    wifi: reads(requests.network.wifi, supervisors, () => {
      const found = wifi();
      return ok({ reply: { wifi: found && { ssid: found.ssid, text: wifiText(found) } } });
    }),
  };
}
