import type { NetworkInterfaceInfo } from 'node:os';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Interfaces, lanUrls, partByHost, type RankedAddress, rankAddresses, watchLan } from './lan.ts';

/** An interface table as the system gives it: each line is `name address[/prefix]`, and link-local IPv6 beside every one. */
function table(...lines: string[]): Interfaces {
  const all: Record<string, NetworkInterfaceInfo[]> = {};
  for (const line of lines) {
    const cut = line.lastIndexOf(' ');
    const [address = '', prefix = '24'] = line.slice(cut + 1).split('/');
    const name = line.slice(0, cut);
    const internal = address.startsWith('127.');
    all[name] ??= [
      {
        address: 'fe80::1',
        netmask: 'ffff:ffff:ffff:ffff::',
        family: 'IPv6',
        mac: '',
        internal,
        cidr: null,
        scopeid: 2,
      },
    ];
    const netmask = prefix === '32' ? '255.255.255.255' : '255.255.255.0';
    all[name]?.push({
      address,
      netmask,
      family: 'IPv4',
      mac: '02:00:00:00:00:01',
      internal,
      cidr: `${address}/${prefix}`,
    });
  }
  return all;
}

const linux = table(
  'lo 127.0.0.1/8',
  'docker0 172.17.0.1/16',
  'br-9f0c1d2e3a4b 172.18.0.1/16',
  'veth1a2b3c 169.254.7.7/16',
  'virbr0 192.168.122.1',
  'tailscale0 100.101.102.103/32',
  'tun0 10.8.0.6',
  'wlp2s0 192.168.1.50',
);
const windows = table(
  'vEthernet (WSL (Hyper-V firewall)) 172.29.96.1/20',
  'vEthernet (Default Switch) 172.20.0.1/20',
  'VirtualBox Host-Only Network 192.168.56.1',
  'VMware Network Adapter VMnet8 192.168.81.1',
  'OpenVPN TAP-Windows6 10.8.0.2',
  'Ethernet 2 169.254.10.20/16',
  'Conexión de red Bluetooth 192.168.44.1',
  'Wi-Fi 192.168.0.23',
  'Loopback Pseudo-Interface 1 127.0.0.1/8',
);
const mac = table(
  'lo0 127.0.0.1/8',
  'utun4 10.6.0.2/32',
  'bridge100 192.168.64.1',
  'vmnet8 172.16.33.1',
  'en0 192.168.1.77',
  'ppp0 10.10.0.4/32',
);

const first = (interfaces: Interfaces, prefer: string | null = null) => rankAddresses(interfaces, prefer)[0]?.address;

describe('the address in the QR', () => {
  test.each([
    ['Linux with Docker, libvirt, Tailscale, OpenVPN and Wi-Fi', linux, '192.168.1.50'],
    ['Windows with WSL, VirtualBox, VMware, a VPN, an unplugged cable and Wi-Fi', windows, '192.168.0.23'],
    ['macOS with VPNs, virtual machines and Wi-Fi', mac, '192.168.1.77'],
    ['a cable in a network that uses 172.16/12', table('docker0 172.17.0.1', 'enp3s0 172.16.4.9'), '172.16.4.9'],
    ['Windows in Spanish', table('vEthernet (WSL) 172.29.0.1', 'Conexión de área local 10.0.0.7'), '10.0.0.7'],
    ['an unknown name next to Docker', table('docker0 172.17.0.1', 'lan7 192.168.5.5'), '192.168.5.5'],
    ['a private address before a public one', table('eth0 203.0.113.9', 'eth1 192.168.5.5'), '192.168.5.5'],
    ['an Ethernet adapter whose name says VPN', table('Ethernet (NordVPN) 10.5.0.2', 'Ethernet 10.0.0.7'), '10.0.0.7'],
  ])('[LAN1] on %s it is the physical interface', (_, interfaces, address) => {
    expect(first(interfaces)).toBe(address);
  });

  test('[LAN2] VPN, containers, link-local and carrier addresses still count where nothing better is there, each with its reason', () => {
    expect(first(table('lo 127.0.0.1', 'tun0 10.8.0.6', 'docker0 172.17.0.1'))).toBe('10.8.0.6');
    expect(first(table('lo 127.0.0.1', 'eth0 169.254.3.3'))).toBe('169.254.3.3');
    expect(first(table('lo 127.0.0.1', 'en0 169.254.3.3', 'tailscale0 100.64.1.2'))).toBe('100.64.1.2');
    expect(new Set(rankAddresses(linux, null).map(({ why }) => why)).size).toBeGreaterThan(3);
  });

  test('[NET1] every address says what kind of network it is, and whether it was chosen', () => {
    const kinds = (interfaces: Interfaces, prefer: string | null = null) =>
      Object.fromEntries(rankAddresses(interfaces, prefer).map(({ name, kind, chosen }) => [name, { kind, chosen }]));
    const plain = { chosen: false };
    expect(kinds(linux, 'tun0')).toEqual({
      wlp2s0: { kind: 'lan', ...plain },
      docker0: { kind: 'virtual', ...plain },
      'br-9f0c1d2e3a4b': { kind: 'virtual', ...plain },
      veth1a2b3c: { kind: 'link_local', ...plain },
      virbr0: { kind: 'virtual', ...plain },
      tailscale0: { kind: 'vpn', ...plain },
      tun0: { kind: 'vpn', chosen: true },
    });
    expect(kinds(table('eth0 203.0.113.9', 'lan7 100.64.1.2', 'x0 10.0.0.4/32'))).toEqual({
      eth0: { kind: 'public', ...plain },
      lan7: { kind: 'carrier', ...plain },
      x0: { kind: 'point_to_point', ...plain },
    });
    expect(kinds(table('lo 127.0.0.1'))).toEqual({ lo: { kind: 'this_pc', ...plain } });
  });

  test('[LAN3] this PC alone only when nothing else is there, and 127.0.0.1 when nothing at all is', () => {
    expect(rankAddresses(linux, null).map(({ address }) => address)).not.toContain('127.0.0.1');
    expect(first(table('lo 127.0.0.1'))).toBe('127.0.0.1');
    expect(first({})).toBe('127.0.0.1');
  });

  test('[LAN4] LAN_INTERFACE wins, by name or by address; one that is not there changes nothing', () => {
    expect(first(linux, 'tun0')).toBe('10.8.0.6');
    expect(first(windows, 'wi-fi')).toBe('192.168.0.23');
    expect(first(linux, '192.168.122.1')).toBe('192.168.122.1');
    expect(first(linux, 'eth9')).toBe('192.168.1.50');
  });

  test('[NET300] where HOST names one address nobody is sent to another', () => {
    const part = (host: string, table = linux) => {
      const { heard, unheard } = partByHost(rankAddresses(table, null), host);
      return { urls: lanUrls(heard, 8080, null), kind: heard[0]?.kind, unheard: unheard.length };
    };
    for (const everywhere of ['0.0.0.0', '::', 'desk.local']) {
      expect(part(everywhere)).toMatchObject({ kind: 'lan', unheard: 0 });
      expect(part(everywhere).urls).toHaveLength(7);
    }
    expect(part('10.8.0.6')).toEqual({ urls: ['http://10.8.0.6:8080'], kind: 'vpn', unheard: 6 });
    for (const own of ['127.0.0.1', 'localhost']) {
      expect(part(own)).toEqual({ urls: ['http://127.0.0.1:8080'], kind: 'this_pc', unheard: 7 });
      expect(part(own, {})).toEqual({ urls: ['http://127.0.0.1:8080'], kind: 'this_pc', unheard: 0 });
    }
    expect(part('::1')).toEqual({ urls: ['http://[::1]:8080'], kind: 'this_pc', unheard: 7 });
    expect(part('fd00::2')).toEqual({ urls: ['http://[fd00::2]:8080'], kind: 'public', unheard: 7 });
    // The one that it was told to listen on is gone.
    expect(part('192.168.7.7')).toMatchObject({ kind: 'this_pc', unheard: 7 });
  });

  test('[LAN5] PUBLIC_URL stands alone in place of every address', () => {
    const ranked = rankAddresses(mac, null);
    expect(lanUrls(ranked, 8080, null)[0]).toBe('http://192.168.1.77:8080');
    expect(lanUrls(ranked, 8080, null)).toHaveLength(5);
    expect(lanUrls(ranked, 8080, 'https://desk.example')).toEqual(['https://desk.example']);
  });
});

describe('a change while it runs', () => {
  afterEach(() => vi.useRealTimers());

  test('[LAN6] is told within 5 s, once, and never after stop', () => {
    vi.useFakeTimers();
    let now = table('wlan0 192.168.1.50');
    const told: RankedAddress[][] = [];
    const watch = watchLan({ prefer: null, read: () => now }, ranked => told.push(ranked));
    vi.advanceTimersByTime(10_000);
    expect(told).toEqual([]);
    now = table('wlan0 192.168.7.9');
    vi.advanceTimersByTime(5_000);
    expect(told.map(ranked => ranked[0]?.address)).toEqual(['192.168.7.9']);
    expect(watch.current()[0]?.address).toBe('192.168.7.9');
    watch.stop();
    now = {};
    vi.advanceTimersByTime(60_000);
    expect(told).toHaveLength(1);
  });

  test('[NET2] another choice counts at once, and stays through later changes', () => {
    vi.useFakeTimers();
    let now = table('wlan0 192.168.1.50', 'tun0 10.8.0.6');
    const told: RankedAddress[][] = [];
    const watch = watchLan({ prefer: null, read: () => now }, ranked => told.push(ranked));
    watch.prefer('tun0');
    expect(told.map(ranked => ranked[0]?.address)).toEqual(['10.8.0.6']);
    expect(watch.preferred()).toBe('tun0');
    now = table('wlan0 192.168.1.51', 'tun0 10.8.0.7');
    vi.advanceTimersByTime(2_000);
    expect(watch.current()[0]?.address).toBe('10.8.0.7');
    watch.prefer(null);
    expect(watch.current()[0]?.address).toBe('192.168.1.51');
    expect([watch.isOwn('10.8.0.7'), watch.isOwn('fe80::1'), watch.isOwn('10.8.0.6')]).toEqual([true, true, false]);
    watch.stop();
  });

  test('[LAN7] a system that cannot say for a while leaves what was known', () => {
    vi.useFakeTimers();
    let read = () => table('wlan0 192.168.1.50');
    const told: RankedAddress[][] = [];
    const watch = watchLan({ prefer: null, read: () => read() }, ranked => told.push(ranked));
    read = () => {
      throw new Error('uv_interface_addresses');
    };
    vi.advanceTimersByTime(4_000);
    expect(watch.current()[0]?.address).toBe('192.168.1.50');
    read = () => table('wlan0 192.168.1.51');
    vi.advanceTimersByTime(2_000);
    expect(told).toHaveLength(1);
    watch.stop();
  });
});
