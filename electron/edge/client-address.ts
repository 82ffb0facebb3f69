/** Where a request really comes from, and what that place is allowed. (CONTRACT 2: TRUSTED_PROXIES, LEGACY_ALLOW.) */
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

export interface ClientAddress {
  /** Normalised: `::ffff:127.0.0.1` is `127.0.0.1`. */
  address: string;
  /** This very machine, and not by way of a proxy that nobody vouches for. */
  isLocal: boolean;
  /** In LEGACY_ALLOW: may come without a token where an older protocol had none, and is not counted. */
  isLegacy: boolean;
}

export type ReadAddress = (request: IncomingMessage) => ClientAddress;

export function createReadAddress(settings: {
  trustedProxies: readonly string[];
  legacyAllow: readonly string[];
}): ReadAddress {
  const proxies = addressList(settings.trustedProxies);
  const legacy = addressList(settings.legacyAllow);
  const loopback = addressList(['127.0.0.0/8', '::1']);

  return request => {
    const peer = normalise(request.socket.remoteAddress ?? '');
    const forwarded = hops(request);
    if (forwarded === null) return { address: peer, isLocal: loopback(peer), isLegacy: legacy(peer) };
    const nobody = { address: peer, isLocal: false, isLegacy: false };
    if (!proxies(peer) || forwarded.length === 0) return nobody;
    const address = forwarded.reverse().find(hop => !proxies(hop)) ?? peer;
    // A proxy may say that it does not know (`unknown`), or call its client by a name of its own.
    if (isIP(address) === 0) return nobody;
    return { address, isLocal: loopback(address), isLegacy: legacy(address) };
  };
}

/** What proxies say they saw, first to last, addresses or not; `null` where no proxy said anything. */
function hops(request: IncomingMessage): string[] | null {
  const { headers } = request;
  const named = Object.keys(headers).some(name => name === 'forwarded' || name.startsWith('x-forwarded-'));
  if (!named) return null;
  const plain = String(headers['x-forwarded-for'] ?? '').split(',');
  const standard = [...(headers.forwarded ?? '').matchAll(/for="?(\[[^\]]+\]|[^;,"]+)/gi)].map(match => match[1] ?? '');
  const found = plain.some(hop => hop.trim() !== '') ? plain : standard;
  return found.map(hop => normalise(withoutPort(hop.trim()))).filter(hop => hop !== '');
}

function withoutPort(hop: string): string {
  const bracketed = /^\[([^\]]+)\]/.exec(hop);
  if (bracketed) return bracketed[1] ?? '';
  return isIP(hop) === 0 ? hop.replace(/:\d+$/, '') : hop;
}

export function normalise(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}

/** `10.0.0.0/8`, `::1`, `192.168.1.7`; the settings were checked when they were read. */
export function addressList(entries: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const entry of entries) {
    const [network = '', prefix] = entry.split('/');
    const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(network, family);
    else list.addSubnet(network, Number(prefix), family);
  }
  return address => isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}
