import type { AddressKind, NetworkStatus } from '../../protocol/network.ts';

/** The host that phones are sent to: `192.168.1.50`. */
export function networkHost(url: string | null | undefined): string | null {
  return url && URL.canParse(url) ? new URL(url).hostname : null;
}

/** What a visitor types beside the short code: `192.168.1.50:8080`. The code is asked for at the root. */
export function typedAddress(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

/**
 * Why no phone could come: this PC is on no network; the server was told (HOST) to listen to this PC alone; or all that there is
 * for the QR is an address that phones seldom reach, and none has yet.
 */
export type CutOff = 'network' | 'host' | 'unlikely';

/** Networks that phones are on. */
const usual: readonly AddressKind[] = ['lan', 'public'];

/** `null` where phones can come, or nothing is known yet. */
export function cutOffBy(status: NetworkStatus | null): CutOff | null {
  if (!status || status.public_url !== null) return null;
  const shown = status.addresses.find(({ in_qr }) => in_qr);
  if (status.url === null || shown?.kind === 'this_pc') return status.unheard.length > 0 ? 'host' : 'network';
  if (!shown || shown.chosen || shown.reached_at !== null || usual.includes(shown.kind)) return null;
  return 'unlikely';
}
