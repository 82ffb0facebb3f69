import type { NetworkStatus } from '../../protocol/network.ts';

/** The host that phones are sent to: `192.168.1.50`. */
export function networkHost(url: string | null | undefined): string | null {
  return url && URL.canParse(url) ? new URL(url).hostname : null;
}

/** What a visitor types beside the short code: `192.168.1.50:8080`. The code is asked for at the root. */
export function typedAddress(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

/** This PC is on no network: what the QR would carry leads back to itself, and no phone could come. */
export function isCutOff(status: NetworkStatus | null): boolean {
  if (!status || status.public_url !== null) return false;
  return status.url === null || status.addresses.some(({ in_qr, kind }) => in_qr && kind === 'this_pc');
}
