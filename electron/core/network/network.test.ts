import { expect, test } from 'vitest';
import type { OutgoingEvent } from '../outcome.ts';
import { createNetwork, type KnownAddress, type NetworkParts } from './network.ts';

const lan: KnownAddress = {
  address: '192.168.1.50',
  name: 'wlan0',
  kind: 'lan',
  score: 100,
  why: 'private',
  chosen: false,
};
const vpn: KnownAddress = { ...lan, address: '10.8.0.6', name: 'tun0', kind: 'vpn', score: 20 };

function make(more: Partial<NetworkParts> = {}) {
  const told: OutgoingEvent[] = [];
  let now = 1_000_000;
  const network = createNetwork({
    clock: { now: () => now },
    broadcast: event => void told.push(event),
    addresses: () => [lan, vpn],
    unheard: () => [],
    isOwn: address => address === lan.address || address === vpn.address || address === '127.0.0.1',
    preferred: () => null,
    isFixed: () => false,
    publicUrl: null,
    url: () => 'http://192.168.1.50:8080',
    host: '0.0.0.0',
    port: () => 8080,
    wifi: () => null,
    platform: 'linux',
    firewall: () => [],
    answersAt: async address => address === lan.address,
    ...more,
  });
  const pass = (ms: number) => {
    now += ms;
  };
  return { network, told, pass };
}

test('[NET8] arrivals are told once, and again when somebody comes after a while', () => {
  const { network, told, pass } = make();
  network.arrived(lan.address, lan.address);
  network.arrived(lan.address, '127.0.0.1');
  network.arrived('192.168.9.9', '192.168.1.77');
  expect(told).toEqual([]);
  network.arrived(lan.address, '192.168.1.77');
  pass(9_000);
  network.arrived(lan.address, '192.168.1.78');
  expect(told).toHaveLength(1);
  expect(told[0]).toMatchObject({ type: 'network_status', rooms: ['@desk'] });
  pass(10_001);
  network.arrived(lan.address, '192.168.1.78');
  expect(told).toHaveLength(2);
  const at = new Date(1_019_001).toISOString();
  expect(network.status().addresses.map(entry => entry.reached_at)).toEqual([at, null]);
});

test('[NET5] nothing is claimed of an address before it was asked', async () => {
  const { network } = make();
  expect(network.status().addresses.map(({ answers }) => answers)).toEqual([null, null]);
  await network.check();
  expect(network.status().addresses.map(({ answers }) => answers)).toEqual([true, false]);
});

test('[NET9] other addresses are told at once, and again when it is known whether they answer', async () => {
  const { network, told } = make();
  const done = network.changed();
  const answers = () => told.map(({ data }) => 'addresses' in data && data.addresses.map(entry => entry.answers));
  expect(answers()).toEqual([[null, null]]);
  await done;
  expect(answers()).toEqual([
    [null, null],
    [true, false],
  ]);
});

test('[NET5] with PUBLIC_URL the address that it names is the one in the QR, or none is', () => {
  const of = (publicUrl: string) =>
    make({ publicUrl })
      .network.status()
      .addresses.map(entry => entry.in_qr);
  expect(of('http://10.8.0.6:9000')).toEqual([false, true]);
  expect(of('https://desk.example')).toEqual([false, false]);
});
