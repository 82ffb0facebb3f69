/** What the installers are made of, as far as their settings say it. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getConfig, validateConfiguration } from 'app-builder-lib/out/util/config/config';
import { DebugLogger } from 'builder-util';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { repo } from './launchers.ts';

const config = await getConfig(repo, 'electron-builder.yml', null);

it('[SHELL17] electron-builder understands every setting', async () => {
  await expect(validateConfiguration(config, new DebugLogger(false))).resolves.toBeUndefined();
  const wrong = { ...config, electronFuses: { runAsNodes: false } } as typeof config;
  await expect(validateConfiguration(wrong, new DebugLogger(false))).rejects.toThrow('electronFuses');
});

it('[SHELL17] the fuses close every door that the app does not use', () => {
  expect(config.electronFuses).toEqual({
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    loadBrowserProcessSpecificV8Snapshot: false,
    grantFileProtocolExtraPrivileges: false,
    // Not a fuse: without it a Mac starts no app whose fuses were set and that nobody signed.
    resetAdHocDarwinSignature: true,
  });
});

it.each([
  '**/node_modules/@img/**',
  '**/node_modules/sharp/**',
  '**/node_modules/@libsql/**',
  '**/node_modules/libsql/**',
  'dist/node/image-worker.js',
])('[SHELL17] %s lies outside the archive, for it holds or loads native libraries', pattern => {
  expect(config.asarUnpack).toContain(pattern);
});

it('[SHELL17] nothing is compiled, and the runtime is the one that is tested', () => {
  const { devDependencies } = JSON.parse(readFileSync(join(repo, 'package.json'), 'utf8'));
  expect(config).toMatchObject({ asar: true, npmRebuild: false, electronVersion: devDependencies.electron });
});

it('[SHELL17] each system has its installers and an icon of 512 pixels', async () => {
  expect(config.linux?.target).toEqual(['AppImage', 'deb', 'tar.gz']);
  expect(config.win?.target).toEqual(['nsis']);
  expect(config.mac?.target).toEqual(['dmg', 'zip']);
  for (const system of [config.linux, config.win, config.mac]) expect(system?.icon).toBe('build/icon.png');
  expect(await sharp(join(repo, 'build/icon.png')).metadata()).toMatchObject({
    format: 'png',
    width: 512,
    height: 512,
  });
});

it('[SHELL398] removing the app on Windows removes its start with Windows, by the name that the app gives it; an update does not', () => {
  expect(config.nsis?.include).toBe('build/installer.nsh');
  const script = readFileSync(join(repo, 'build/installer.nsh'), 'utf8');
  const [, inside] =
    /^!macro customUnInstall\n\s+\$\{ifNot\} \$\{isUpdated\}\n(.*)\$\{endIf\}\n!macroend$/ms.exec(script) ?? [];
  expect(inside).toMatch(/DeleteRegValue HKCU "Software\\Microsoft\\Windows\\CurrentVersion\\Run" "\$\{APP_ID\}"/);
});

it('[SHELL17] the script that makes the chat’s tables in MySQL comes with it as a file', () => {
  const from = 'electron/store/mysql/setup_database.sql';
  expect(config.extraResources).toContainEqual({ from, to: 'setup_database.sql' });
  expect(readFileSync(join(repo, from), 'utf8')).toContain('salas_chat');
});

it('[SHELL17] an installer for another system is refused in words', () => {
  const other = process.platform === 'win32' ? '--linux' : '--win';
  const { status, stderr } = spawnSync(process.execPath, [join(repo, 'scripts/dist.mjs'), other, '--no-build'], {
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr).toContain(`${other} cannot be built on ${process.platform}`);
});
