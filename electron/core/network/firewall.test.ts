import { expect, test } from 'vitest';
import { firewallCommands, platformOf } from './firewall.ts';

const commandOf = (system: string, program = '/opt/node') =>
  firewallCommands('linux', 8085, program).find(entry => entry.system === system)?.command;

test('[NET4] each system gets its exact command, with the port that is in use', () => {
  expect(commandOf('windows')).toBe(
    'netsh advfirewall firewall add rule name="Mostrador 8085" dir=in action=allow protocol=TCP localport=8085',
  );
  expect(commandOf('ufw')).toBe('sudo ufw allow 8085/tcp');
  expect(commandOf('firewalld')).toBe(
    'sudo firewall-cmd --permanent --add-port=8085/tcp && sudo firewall-cmd --reload',
  );
  expect(commandOf('macos', "/Applications/Ana's/Mostrador")).toBe(
    String.raw`sudo /usr/libexec/ApplicationFirewall/socketfilterfw --add '/Applications/Ana'\''s/Mostrador' && ` +
      String.raw`sudo /usr/libexec/ApplicationFirewall/socketfilterfw --unblockapp '/Applications/Ana'\''s/Mostrador'`,
  );
});

test.each([
  ['win32', ['windows', 'macos', 'ufw', 'firewalld']],
  ['darwin', ['macos', 'windows', 'ufw', 'firewalld']],
  ['linux', ['ufw', 'firewalld', 'windows', 'macos']],
  ['freebsd', ['windows', 'macos', 'ufw', 'firewalld']],
])('[NET4] on %s its own comes first', (name, order) => {
  const commands = firewallCommands(platformOf(name), 8080, '/opt/node');
  expect(commands.map(({ system }) => system)).toEqual(order);
  expect(commands.filter(({ own }) => own)).toHaveLength({ linux: 2, freebsd: 0 }[name] ?? 1);
});
