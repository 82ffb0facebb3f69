import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { standIn } from '../../tests/shell/electron-stand-in.ts';
import { keepAutostart } from './autostart.ts';

const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
const platform = process.platform;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mostrador-autostart-'));
  vi.stubEnv('XDG_CONFIG_HOME', folder);
  vi.stubEnv('APPIMAGE', '/opt/my $apps/Mostrador.AppImage');
  standIn.packaged = true;
  standIn.loginItems.length = 0;
});
afterEach(() => {
  vi.unstubAllEnvs();
  Object.defineProperty(process, 'platform', { value: platform });
  standIn.packaged = false;
  rmSync(folder, { recursive: true });
});

/** Starts it, and gives back how the settings change. */
function start(wanted: boolean, on: NodeJS.Platform) {
  Object.defineProperty(process, 'platform', { value: on });
  let told: (now: { autostart: boolean }) => void = () => {};
  keepAutostart(
    wanted,
    listener => {
      told = listener;
    },
    log,
  );
  return (autostart: boolean) => told({ autostart });
}

it.each(['win32', 'darwin'] as const)('[SET17] on %s the system’s list follows the setting', on => {
  const change = start(false, on);
  expect(standIn.loginItems).toEqual([]);
  change(true);
  change(true);
  change(false);
  expect(standIn.loginItems).toEqual([{ openAtLogin: true }, { openAtLogin: false }]);
  start(true, on);
  expect(standIn.loginItems.at(-1)).toEqual({ openAtLogin: true });
});

it('[SET17] on Linux a launcher stands in the desktop’s folder as long as the setting says so', () => {
  const file = join(folder, 'autostart/mostrador.desktop');
  const change = start(true, 'linux');
  expect(readFileSync(file, 'utf8')).toContain(String.raw`Exec="/opt/my \\$apps/Mostrador.AppImage"`);
  change(false);
  expect(existsSync(file)).toBe(false);
  expect(standIn.loginItems).toEqual([]);
});

it('[SET17] an app that runs from source puts itself on no list', () => {
  standIn.packaged = false;
  start(true, 'win32')(true);
  expect(standIn.loginItems).toEqual([]);
});
