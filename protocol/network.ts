/** Which of this PC's addresses phones can reach, and what to do where they cannot: the desk's "No me funciona". */
import * as z from 'zod/mini';
import { timestamp } from './primitives.ts';

/** What a network is, by the name of its interface and its address; a phone on the Wi-Fi reaches `lan`, seldom another. */
const addressKind = z.enum([
  /** A private address, on a cable or Wi-Fi or on an interface of unknown make. */
  'lan',
  'public',
  'vpn',
  /** Carriers' shared space, most often a VPN. */
  'carrier',
  'point_to_point',
  /** Docker, virtual machines, Bluetooth. */
  'virtual',
  /** No router gave it an address. */
  'link_local',
  'this_pc',
]);
export type AddressKind = z.infer<typeof addressKind>;

const networkAddress = z.object({
  address: z.string(),
  /** The interface's name, as the system calls it. */
  name: z.string(),
  kind: addressKind,
  /** Higher is better. */
  score: z.int(),
  /** In a few words, for a log; people read the kind in their own language. */
  why: z.string(),
  /** A person chose it: by `choose`, or by LAN_INTERFACE. */
  chosen: z.boolean(),
  in_qr: z.boolean(),
  /** Whether the server answered there when this PC last asked it itself; `null` before that. */
  answers: z.nullable(z.boolean()),
  /** When another device last asked for a page there, or paired; `null`: not since the start. */
  reached_at: z.nullable(timestamp),
});
export type NetworkAddress = z.infer<typeof networkAddress>;

const firewallSystem = z.enum(['windows', 'macos', 'ufw', 'firewalld']);
export type FirewallSystem = z.infer<typeof firewallSystem>;

const platform = z.enum(['windows', 'macos', 'linux', 'other']);
export type Platform = z.infer<typeof platform>;

export const networkStatus = z.object({
  /** Those where the server listens, best first. */
  addresses: z.array(networkAddress),
  /** Further addresses of this PC, where it does not listen because HOST names another. */
  unheard: z.array(z.string()),
  /** The interface's name, or the address, that was chosen, there or not; `null`: the best one is taken. */
  interface: z.nullable(z.string()),
  /** It is said where the program is started, and cannot be chosen here. */
  interface_fixed: z.boolean(),
  /** PUBLIC_URL: where it is set the QR carries it, whatever the addresses are. */
  public_url: z.nullable(z.string()),
  /** What the QR carries; `null` while there is no network. */
  url: z.nullable(z.string()),
  /** The server listens on this address of this PC; `0.0.0.0` is all. */
  host: z.string(),
  port: z.int(),
  platform,
  /** What opens this port in each system's firewall; `own` are those that this PC may have. */
  firewall: z.array(z.object({ system: firewallSystem, own: z.boolean(), command: z.string() })),
  wifi: z.nullable(z.object({ ssid: z.string(), has_password: z.boolean() })),
});
export type NetworkStatus = z.infer<typeof networkStatus>;

/** The text of a QR that joins the Wi-Fi. It holds the password. */
export const wifiReply = z.object({ wifi: z.nullable(z.object({ ssid: z.string(), text: z.string() })) });
