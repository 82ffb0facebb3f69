/**
 * Which of this PC's addresses a phone on the same Wi-Fi can reach. A PC has many (VPN, Docker, virtual machines), and the
 * wrong one in the QR is the commonest way for a desk like this to fail; so each gets a score with its reason.
 */

import { BlockList, isIP } from 'node:net';
import type { NetworkInterfaceInfo } from 'node:os';
import type { AddressKind } from '../protocol/network.ts';

/** As `os.networkInterfaces()` gives them. */
export type Interfaces = NodeJS.Dict<NetworkInterfaceInfo[]>;

export interface RankedAddress {
  address: string;
  /** The interface's name. */
  name: string;
  kind: AddressKind;
  /** It is the one that `LAN_INTERFACE` or the desk names. */
  chosen: boolean;
  /** Higher is better. */
  score: number;
  /** In a few words, for the log and the desk's self-test. */
  why: string;
}

const privateRanges = ranges('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16');
const linkLocal = ranges('169.254.0.0/16');
/** Carriers' shared space: seldom a LAN, most often Tailscale. */
const carrierGrade = ranges('100.64.0.0/10');

function ranges(...all: string[]): BlockList {
  const list = new BlockList();
  for (const range of all) {
    const [network = '', prefix] = range.split('/');
    list.addSubnet(network, Number(prefix), 'ipv4');
  }
  return list;
}

const vpn =
  /^(u?tun|tap|wg|ppp|ipsec|gpd|zt|nordlynx|proton|mullvad|tailscale|cscotun|vpn)|vpn|wireguard|tailscale|zerotier|openvpn|tap-windows|hamachi|fortinet|anyconnect|pangp|nordlynx|wintun/i;
const virtual =
  /^(docker|br-|bridge\d|veth|virbr|vmnet|vboxnet|vnet|lxc|lxd|incus|podman|cni|flannel|cali|kube|ovs|dummy|ifb|tunl|sit|gre|awdl|llw|anpi|ap\d|utap)|vethernet|virtualbox|vmware|hyper-v|\bwsl\b|docker|parallels|virtual|loopback|bluetooth|npcap/i;
/** Cable and Wi-Fi as Linux, macOS and Windows name them, in the languages where Windows translates it. */
const physical =
  /^(en[opsx\d]|eth\d|wl|usb\d|wi-?fi|ethernet|inal[aá]mbric|conexi[oó]n de [aá]rea local|local area connection|wireless)/i;

/**
 * Every IPv4 address, best first. Internal ones only when nothing else is there (and `127.0.0.1` when nothing at all is).
 * @param prefer an interface's name or one of its addresses (`LAN_INTERFACE`), or `null`. One that is not there has no effect.
 */
export function rankAddresses(interfaces: Interfaces, prefer: string | null): RankedAddress[] {
  const outside: RankedAddress[] = [];
  const inside: RankedAddress[] = [];
  for (const [name, infos] of Object.entries(interfaces)) {
    for (const info of infos ?? []) {
      if (info.family !== 'IPv4') continue;
      const { address } = info;
      if (info.internal) {
        inside.push({ ...thisPc, address, name });
        continue;
      }
      const judged = { address, name, chosen: false, ...judge(name, info) };
      const chosen = prefer !== null && (prefer === address || prefer.toLowerCase() === name.toLowerCase());
      outside.push(chosen ? { ...judged, chosen, score: 1000, why: 'chosen by LAN_INTERFACE' } : judged);
    }
  }
  const found = outside.length > 0 ? outside : inside;
  if (found.length === 0) return [{ ...thisPc, address: '127.0.0.1', name: 'lo' }];
  // A stable sort: equals stay in the system's own order, so that the QR does not flicker between two.
  return found.sort((a, b) => b.score - a.score);
}

const thisPc = { kind: 'this_pc', chosen: false, score: 0, why: 'this PC alone' } as const;

function judge(name: string, info: NetworkInterfaceInfo): Pick<RankedAddress, 'kind' | 'score' | 'why'> {
  const { address } = info;
  if (linkLocal.check(address))
    return { kind: 'link_local', score: 5, why: 'link-local: no router gave it an address' };
  if (vpn.test(name)) return { kind: 'vpn', score: 20, why: 'VPN' };
  if (carrierGrade.check(address)) return { kind: 'carrier', score: 15, why: 'carrier or VPN address' };
  if (virtual.test(name)) return { kind: 'virtual', score: 10, why: 'virtual or container network' };
  // A point-to-point link (all ones) has no neighbours, whatever its name.
  if (info.netmask === '255.255.255.255') return { kind: 'point_to_point', score: 12, why: 'point-to-point link' };
  const isPrivate = privateRanges.check(address);
  if (physical.test(name)) {
    return isPrivate
      ? { kind: 'lan', score: 100, why: 'private address on a physical interface' }
      : { kind: 'public', score: 60, why: 'public address on a physical interface' };
  }
  return isPrivate
    ? { kind: 'lan', score: 80, why: 'private address on an unknown interface' }
    : { kind: 'public', score: 50, why: 'public address on an unknown interface' };
}

/** Listened on everywhere, so that every address of this PC answers. */
const everywhere = ['0.0.0.0', '::'];
const loopback = ranges('127.0.0.0/8');

/**
 * Parts the addresses into those where the server listens (HOST) and those where it does not: nobody is to be sent to the
 * latter. Of a name it is not known which addresses it stands for, so it parts nothing. `heard` is never empty.
 */
export function partByHost(
  ranked: RankedAddress[],
  host: string,
): { heard: RankedAddress[]; unheard: RankedAddress[] } {
  const own = host === 'localhost' ? '127.0.0.1' : host;
  if (everywhere.includes(host) || isIP(own) === 0) return { heard: ranked, unheard: [] };
  const isInside = isIP(own) === 6 ? own === '::1' : loopback.check(own);
  // Any of loopback's answers to this PC, and to nobody else.
  const isHeard = ({ address }: RankedAddress) => (isInside ? loopback.check(address) : address === own);
  const heard = ranked.filter(isHeard);
  const unheard = ranked.filter(one => !isHeard(one) && one.kind !== 'this_pc');
  if (heard.length > 0) return { heard, unheard };
  const named = { address: own, name: isInside ? 'lo' : 'HOST' };
  // IPv6 is not ranked, and whoever names such an address knows why.
  const isOutside = isIP(own) === 6 && !isInside;
  return { heard: [isOutside ? { ...named, ...byHost } : { ...thisPc, ...named }], unheard };
}

const byHost = { kind: 'public', chosen: false, score: 50, why: 'the one that HOST names' } as const;

/** Whether an address leads back to the PC that asks for it: no phone comes by it. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || (isIP(hostname) === 4 && loopback.check(hostname));
}

export interface LanWatch {
  /** Where the server listens, best first, never empty. */
  current(): RankedAddress[];
  /** Addresses of this PC where it does not, because HOST names another. */
  unheard(): RankedAddress[];
  /** Takes another preference from now on (`null`: the best one), and looks at once. */
  prefer(chosen: string | null): void;
  preferred(): string | null;
  /** Whether an address is one of this PC's, of any family. */
  isOwn(address: string): boolean;
  stop(): void;
}

/**
 * Looks at the interfaces every `everyMs` (2000) and calls `onChange` when the addresses or their order have changed: no
 * system tells Node of it. The QR must follow within 5 s. The timer keeps no process alive. `host`: where the server listens.
 */
export function watchLan(
  options: { prefer: string | null; read: () => Interfaces; host?: string; everyMs?: number },
  onChange: (ranked: RankedAddress[]) => void,
): LanWatch {
  let { prefer } = options;
  let own = new Set<string>();
  const look = () => {
    const interfaces = options.read();
    own = new Set(Object.values(interfaces).flatMap(infos => (infos ?? []).map(({ address }) => address)));
    return partByHost(rankAddresses(interfaces, prefer), options.host ?? '0.0.0.0');
  };
  const key = ({ heard, unheard }: ReturnType<typeof look>) =>
    [...heard, null, ...unheard].map(one => (one ? `${one.name} ${one.address} ${one.chosen}` : '')).join('\n');
  let current = look();
  function lookAgain(): void {
    let next: ReturnType<typeof look>;
    try {
      next = look();
    } catch {
      // The system could not say (it happens while a laptop wakes up): what was known stands until the next look.
      return;
    }
    if (key(next) === key(current)) return;
    current = next;
    onChange(next.heard);
  }
  const timer = setInterval(lookAgain, options.everyMs ?? 2000);
  timer.unref?.();
  return {
    current: () => current.heard,
    unheard: () => current.unheard,
    prefer(chosen) {
      prefer = chosen;
      lookAgain();
    },
    preferred: () => prefer,
    isOwn: address => own.has(address),
    stop: () => clearInterval(timer),
  };
}

/** The addresses to show, best first: `publicUrl` alone where it is set, else `http://` with each address and the port. */
export function lanUrls(ranked: readonly RankedAddress[], port: number, publicUrl: string | null): string[] {
  return publicUrl === null ? ranked.map(({ address }) => `${hostUrl(address)}:${port}`) : [publicUrl];
}

/** Where this PC reaches itself when the server listens at `host`: loopback, unless that is one other address alone. */
export function ownUrl(host: string, port: number): string {
  return `${hostUrl(everywhere.includes(host) || host === 'localhost' ? '127.0.0.1' : host)}:${port}`;
}

/** Without a port. */
export function hostUrl(host: string): string {
  return `http://${isIP(host) === 6 ? `[${host}]` : host}`;
}
