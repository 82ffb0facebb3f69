/** Which names this server answers to, and which pages may talk to it: against DNS rebinding and cross-site requests. (TRUST.) */

import { isIP } from 'node:net';
import { hostname } from 'node:os';

export interface Origins {
  /** The value of a `Host` header. An IP literal always counts: it cannot be rebound. */
  hostAllowed(host: string | undefined): boolean;
  /** The value of an `Origin` header on a request to `host`: the same place, or one that is listed. */
  originAllowed(origin: string, host: string | undefined): boolean;
}

export function createOrigins(settings: {
  publicUrl: string | null;
  allowedHosts: readonly string[];
  corsOrigins: readonly string[];
}): Origins {
  const machine = hostname().toLowerCase();
  const names = new Set([
    'localhost',
    machine,
    `${machine}.local`,
    ...settings.allowedHosts.map(name => name.toLowerCase()),
  ]);
  if (settings.publicUrl) names.add(new URL(settings.publicUrl).hostname.toLowerCase());
  const listed = new Set(settings.corsOrigins);

  return {
    hostAllowed(host) {
      // A name and a port and nothing else: the header comes back in the pages' own policy.
      if (host === undefined || !/^[\w.:[\]-]+$/.test(host)) return false;
      const name = parse(`http://${host}`)?.hostname.toLowerCase();
      if (!name) return false;
      return names.has(name.replace(/\.$/, '')) || isIP(name.replace(/^\[|\]$/g, '')) !== 0;
    },
    originAllowed(origin, host) {
      if (listed.has(origin)) return true;
      const from = parse(origin);
      // A proxy that speaks TLS passes the Host on: then the page's own origin is https on a request that is http here.
      return from !== null && host !== undefined && from.host === parse(`${from.protocol}//${host}`)?.host;
    },
  };
}

function parse(url: string): URL | null {
  return URL.canParse(url) ? new URL(url) : null;
}
