/** What is known of this PC's network while the server runs: addresses, whether they answer, and who has arrived on them. */
import type { AddressKind, NetworkStatus } from '../../../protocol/network.ts';
import type { Broadcast } from '../broadcast.ts';
import type { Clock } from '../ports.ts';
import { deskRoom } from '../rooms/rooms.ts';
import type { Wifi } from './wifi.ts';

/** One of this PC's addresses, as it was judged (lan.ts). */
export interface KnownAddress {
  address: string;
  name: string;
  kind: AddressKind;
  score: number;
  why: string;
  chosen: boolean;
}

export interface NetworkParts {
  clock: Clock;
  broadcast: Broadcast;
  /** Those where the server listens, best first. */
  addresses(): readonly KnownAddress[];
  /** The others, where it does not. */
  unheard(): string[];
  /** Every address of this PC, also those that no phone is sent to. */
  isOwn(address: string): boolean;
  /** The preference, there or not. */
  preferred(): string | null;
  isFixed(): boolean;
  publicUrl: string | null;
  url(): string | null;
  host: string;
  port(): number;
  wifi(): Wifi | null;
  platform: NetworkStatus['platform'];
  firewall(): NetworkStatus['firewall'];
  /** Whether this server answers at one of its own addresses; says so within 2 s. */
  answersAt(address: string): Promise<boolean>;
}

export interface Network {
  status(): NetworkStatus;
  /** Asks at every address at once. */
  check(): Promise<void>;
  /** A request for a page, or a pairing, came in at the address `at` from the address `from`. */
  arrived(at: string, from: string): void;
  /** Tells the desk how things are now. */
  tell(): void;
  /** The addresses are others: told at once, and once more when it is known whether they answer. */
  changed(): Promise<void>;
}

/** Somebody who goes on asking is not told of again and again, in milliseconds. */
const quiet = 10_000;

export function createNetwork(parts: NetworkParts): Network {
  const { clock, broadcast } = parts;
  const answers = new Map<string, boolean>();
  const reached = new Map<string, number>();

  function status(): NetworkStatus {
    const { publicUrl, host, platform } = parts;
    const wifi = parts.wifi();
    const url = parts.url();
    return {
      addresses: parts.addresses().map(({ address, name, kind, score, why, chosen }, index) => {
        const at = reached.get(address);
        return {
          address,
          name,
          kind,
          score,
          why,
          chosen,
          in_qr: publicUrl === null ? index === 0 : namesAddress(publicUrl, address),
          answers: answers.get(address) ?? null,
          reached_at: at === undefined ? null : new Date(at).toISOString(),
        };
      }),
      unheard: parts.unheard(),
      interface: parts.preferred(),
      interface_fixed: parts.isFixed(),
      public_url: publicUrl,
      url,
      host,
      port: parts.port(),
      platform,
      firewall: parts.firewall(),
      wifi: wifi && { ssid: wifi.ssid, has_password: wifi.password !== '' },
    };
  }

  function tell(): void {
    broadcast({ type: 'network_status', data: status(), rooms: [deskRoom] });
  }

  async function check(): Promise<void> {
    const asked = parts.addresses().map(({ address }) => address);
    const told = await Promise.all(asked.map(address => parts.answersAt(address)));
    answers.clear();
    for (const [index, address] of asked.entries()) answers.set(address, told[index] === true);
  }

  return {
    status,
    tell,
    check,

    async changed() {
      tell();
      await check();
      tell();
    },

    arrived(at, from) {
      if (parts.isOwn(from) || !parts.addresses().some(({ address }) => address === at)) return;
      const now = clock.now();
      const before = reached.get(at);
      reached.set(at, now);
      // A clock that was set back counts as long ago.
      if (before === undefined || Math.abs(now - before) > quiet) tell();
    },
  };
}

function namesAddress(url: string, address: string): boolean {
  return URL.canParse(url) && new URL(url).hostname === address;
}
