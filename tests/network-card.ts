import type { NetworkInterfaceInfo } from 'node:os';

/** An interface of this PC with that address alone, as `os.networkInterfaces()` gives it. */
export function card(address: string): NetworkInterfaceInfo[] {
  const cidr = `${address}/24`;
  return [{ address, netmask: '255.255.255.0', family: 'IPv4', mac: '02:00:00:00:00:01', internal: false, cidr }];
}
