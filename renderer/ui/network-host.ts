/** The host that phones are sent to: `192.168.1.50`. */
export function networkHost(url: string | null | undefined): string | null {
  return url && URL.canParse(url) ? new URL(url).hostname : null;
}

/** What a visitor types beside the short code: `192.168.1.50:8080`. The code is asked for at the root. */
export function typedAddress(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
