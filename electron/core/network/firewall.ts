/** What a person types to let phones through this PC's firewall. */
import type { FirewallSystem, NetworkStatus, Platform } from '../../../protocol/network.ts';

/**
 * This system's own first.
 * @param program the path of the running program: macOS opens its firewall for programs, not for ports.
 */
export function firewallCommands(platform: Platform, port: number, program: string): NetworkStatus['firewall'] {
  const tool = '/usr/libexec/ApplicationFirewall/socketfilterfw';
  const path = `'${program.replaceAll("'", String.raw`'\''`)}'`;
  const commands: Record<FirewallSystem, string> = {
    windows: `netsh advfirewall firewall add rule name="Mostrador ${port}" dir=in action=allow protocol=TCP localport=${port}`,
    macos: `sudo ${tool} --add ${path} && sudo ${tool} --unblockapp ${path}`,
    ufw: `sudo ufw allow ${port}/tcp`,
    firewalld: `sudo firewall-cmd --permanent --add-port=${port}/tcp && sudo firewall-cmd --reload`,
  };
  const systems: FirewallSystem[] = ['windows', 'macos', 'ufw', 'firewalld'];
  const own = ownSystems[platform];
  return [...own, ...systems.filter(system => !own.includes(system))].map(system => ({
    system,
    own: own.includes(system),
    command: commands[system],
  }));
}

const ownSystems: Record<Platform, readonly FirewallSystem[]> = {
  windows: ['windows'],
  macos: ['macos'],
  linux: ['ufw', 'firewalld'],
  other: [],
};

/** @param name as `process.platform` has it. */
export function platformOf(name: string): Platform {
  const known: Record<string, Platform> = { win32: 'windows', darwin: 'macos', linux: 'linux' };
  return known[name] ?? 'other';
}
