import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { standIn } from '../../tests/shell/electron-stand-in.ts';
import { fitDesktop } from './desktop.ts';

const platform = process.platform;
afterEach(() => {
  Object.defineProperty(process, 'platform', { value: platform });
  standIn.packaged = false;
  standIn.appUserModelId = null;
  standIn.switches.clear();
});

/** @returns what Electron was told */
function fitOn(system: NodeJS.Platform, packaged: boolean) {
  Object.defineProperty(process, 'platform', { value: system });
  standIn.packaged = packaged;
  fitDesktop();
  return { id: standIn.appUserModelId, switches: Object.fromEntries(standIn.switches) };
}

it('[SHELL391] on Windows the installed app goes by the same id as its shortcuts', () => {
  const settings = readFileSync(join(import.meta.dirname, '../../electron-builder.yml'), 'utf8');
  const [, appId] = /^appId: (\S+)$/m.exec(settings) ?? [];
  expect(fitOn('win32', true)).toEqual({ id: appId, switches: {} });
});

it('[SHELL391] from source it has no shortcut, and other systems know no such id', () => {
  expect(fitOn('win32', false).id).toBeNull();
  expect(fitOn('darwin', true)).toEqual({ id: null, switches: {} });
});

it('[SHELL392] on Linux no keyring is asked for the key of cookies that there are not', () => {
  expect(fitOn('linux', true)).toEqual({ id: null, switches: { 'password-store': 'basic' } });
});
