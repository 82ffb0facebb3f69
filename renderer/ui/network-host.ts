import type { NetworkStatus } from '../../protocol/network.ts';

/** The host that phones are sent to: `192.168.1.50`. */
export function networkHost(url: string | null | undefined): string | null {
  return url && URL.canParse(url) ? new URL(url).hostname : null;
}

/** What a visitor types beside the short code: `192.168.1.50:8080`. The code is asked for at the root. */
export function typedAddress(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

/** Why no phone could come: this PC is on no network, or the server was told (HOST) to listen to this PC alone. */
export type CutOff = 'network' | 'host';

/** What the QR would carry leads back to this PC: why, or `null` where phones can come, or nothing is known yet. */
export function cutOffBy(status: NetworkStatus | null): CutOff | null {
  if (!status || status.public_url !== null) return null;
  const leadsBack = status.url === null || status.addresses.some(({ in_qr, kind }) => in_qr && kind === 'this_pc');
  if (!leadsBack) return null;
  return status.unheard.length > 0 ? 'host' : 'network';
}
