/** The app as it is packed: around a stand-in for Electron's runtime, so that it can be tried without a network. */
import { execFile } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { extractAll, listPackage } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createImageWork } from '../../electron/images/process.ts';
import { utilityWorker } from '../../electron/shell/utility-process.ts';
import { createStoring } from '../../electron/storing/process.ts';
import { itBoots } from './boots.ts';
import { standIn } from './electron-stand-in.ts';
import { newDataDir, onStandIn, repo } from './launchers.ts';

vi.mock('electron', () => import('./electron-stand-in.ts'));

const output = mkdtempSync(join(tmpdir(), 'mostrador-packed-'));
const app = join(output, 'linux-unpacked');
const archive = join(app, 'resources/app.asar');
const outside = `${archive}.unpacked`;
const folders = [output];
const folder = () => {
  const made = newDataDir();
  folders.push(made);
  return made;
};
afterAll(() => {
  for (const made of folders) rmSync(made, { recursive: true, force: true });
});

/** Times and sizes of what electron-builder must leave as it is. */
const modules = () =>
  ['sharp', 'libsql', '@img', '@libsql', 'electron', 'ws'].map(name => {
    const { mtimeMs, ino } = statSync(join(repo, 'node_modules', name));
    return [name, mtimeMs, ino, readdirSync(join(repo, 'node_modules', name))];
  });

describe.runIf(process.platform === 'linux')('the packed app', () => {
  const before = modules();
  beforeAll(async () => {
    const flags = ['--linux', '--dir', '--stand-in', '--no-build', `--config.directories.output=${output}`];
    await promisify(execFile)(process.execPath, [join(repo, 'scripts/dist.mjs'), ...flags], { cwd: repo });
  });

  it('[SHELL18] every fuse is really set in the executable', async () => {
    const wire = await getCurrentFuseWire(join(app, 'mostrador'));
    const { RunAsNode, EnableCookieEncryption, OnlyLoadAppFromAsar, GrantFileProtocolExtraPrivileges } = FuseV1Options;
    expect(wire).toMatchObject({
      [RunAsNode]: FuseState.DISABLE,
      [EnableCookieEncryption]: FuseState.ENABLE,
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: FuseState.DISABLE,
      [FuseV1Options.EnableNodeCliInspectArguments]: FuseState.DISABLE,
      [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: FuseState.ENABLE,
      [OnlyLoadAppFromAsar]: FuseState.ENABLE,
      [GrantFileProtocolExtraPrivileges]: FuseState.DISABLE,
    });
  });

  it('[SHELL18] the archive holds the app, and neither sources nor tests nor what only a build needs', () => {
    const files = listPackage(archive, { isPack: false }).map(file => file.replaceAll('\\', '/'));
    expect(files).toEqual(
      expect.arrayContaining([
        '/package.json',
        '/dist/node/main.js',
        '/dist/preload/preload.cjs',
        '/build/app/icon.png',
        '/node_modules/libsql/package.json',
        '/node_modules/sharp/package.json',
      ]),
    );
    const strangers = files.filter(file =>
      /^\/(electron|renderer|tests|scripts|release|build\/unpacked)(\/|$)/.test(file),
    );
    expect(strangers).toEqual([]);
    for (const name of ['vite', 'electron', 'typescript', 'playwright', 'express', 'zod', 'react']) {
      expect(files, name).not.toContain(`/node_modules/${name}`);
    }
  });

  it('[SHELL395] every licence goes with it: ours, of what is built into our files, of what lies beside them', () => {
    const licenses = join(app, 'resources/licenses');
    expect(readFileSync(join(licenses, 'Mostrador.txt'), 'utf8')).toContain('MIT License');
    expect(readFileSync(join(licenses, 'pages.md'), 'utf8')).toMatch(/## react-dom .*Meta Platforms/s);
    expect(readFileSync(join(licenses, 'phone.md'), 'utf8')).toContain('## preact ');
    expect(readFileSync(join(licenses, 'server.md'), 'utf8')).toMatch(/## express .*## zod /s);
    expect(readFileSync(join(licenses, 'sdk/s2-licenses.md'), 'utf8')).toContain('## socket.io-client ');

    const files = listPackage(archive, { isPack: false });
    const bare = files
      .filter(file => /^\/node_modules\/(@[^/]+\/)?[^/@]+$/.test(file))
      .filter(name => !files.some(file => file.startsWith(`${name}/`) && /licen[cs]e|readme/i.test(file)));
    // libsql's binaries say that they are MIT and bring no text of it; libvips' papers lie with the other licences.
    expect(bare.filter(name => !/^\/node_modules\/(@libsql\/|@img\/sharp-libvips-)/.test(name))).toEqual([]);
    const images = readdirSync(join(licenses, 'images')).map(name => join(licenses, 'images', name, 'README.md'));
    expect(images.some(file => readFileSync(file, 'utf8').includes('LGPLv3'))).toBe(true);
  });

  it('[SHELL18] what only developers read stays out', () => {
    const files = listPackage(archive, { isPack: false });
    expect(
      files.filter(file => /\.d\.[mc]?ts$|\.map$|\/(coverage|benchmarks)\/|^\/node_modules\/@types/.test(file)),
    ).toEqual([]);
  });

  it('[SHELL393] a Debian package can be made of it, and its launcher is called what the window says it belongs to', async () => {
    // Instead of fpm, which would be downloaded: notes what it is told, and makes the launcher's text readable here.
    const fpm = join(output, 'fpm');
    const noted = join(output, 'fpm-told');
    writeFileSync(
      fpm,
      `#!/bin/sh\nfor told; do echo "$told"; case $told in *.desktop) cat "\${told%%=*}";; esac; done > '${noted}'\n`,
    );
    chmodSync(fpm, 0o755);
    const flags = ['--linux', 'deb', '--no-build', '--prepackaged', app, `--config.directories.output=${output}`];
    await promisify(execFile)(process.execPath, [join(repo, 'scripts/dist.mjs'), ...flags], {
      cwd: repo,
      env: { ...process.env, CUSTOM_FPM_PATH: fpm },
    }).catch(error => error);
    const told = readFileSync(noted, 'utf8');
    expect(told).toContain('=/usr/share/applications/org.mostrador.desk.desktop\n');
    expect(told).toContain('StartupWMClass=org.mostrador.desk\n');
    extractAll(archive, join(output, 'read'));
    const { desktopName } = JSON.parse(readFileSync(join(output, 'read/package.json'), 'utf8'));
    expect(desktopName).toBe('org.mostrador.desk.desktop');
  });

  it('[SHELL18] the image process works with nothing but what lies outside the archive', async () => {
    const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
    const images = createImageWork(utilityWorker(join(archive, 'dist/node/image-worker.js'), log), {
      maxPixels: 1e6,
      log,
    });
    const at = folder();
    const [source, full, thumb] = ['source.png', 'full.jpg', 'thumb.jpg'].map(name => join(at, name));
    if (!source || !full || !thumb) throw new Error('three names, three paths');
    await sharp({ create: { width: 60, height: 40, channels: 3, background: '#1f7a8c' } })
      .png()
      .toFile(source);
    const onThumb = vi.fn();

    expect(await images.run({ source, full, thumb, whose: 'x' }, onThumb)).toMatchObject({
      ok: true,
      width: 60,
      height: 40,
    });
    expect(onThumb).toHaveBeenCalledTimes(1);
    expect((await sharp(readFileSync(full)).metadata()).format).toBe('jpeg');
    expect(standIn.helpers.map(helper => helper.spawnargs.at(-1))).toEqual([
      join(outside, 'dist/node/image-worker.js'),
    ]);
    expect(log.warn.mock.calls).toEqual([]);
    await images.stop();
  });

  it('[SHELL18] so does the storing process', async () => {
    const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
    const at = folder();
    const target = join(at, 'kept');
    const storing = createStoring(utilityWorker(join(archive, 'dist/node/storing-worker.js'), log), {
      placeOf: () => ({ temporary: join(at, 'temporary'), target, folder: at, shelf: at, leftFree: 0 }),
      maxPixels: 1e6,
      log,
    });
    const picture = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#1f7a8c' } })
      .png()
      .toBuffer();
    expect(await storing.keep('a photo', picture)).toMatchObject({ ok: true, value: { width: 60, height: 40 } });
    expect(readFileSync(target).equals(picture)).toBe(true);
    expect(standIn.helpers.at(-1)?.spawnargs.at(-1)).toBe(join(outside, 'dist/node/storing-worker.js'));
    expect(log.warn.mock.calls).toEqual([]);
    await storing.stop();
  });

  it('[SHELL18] packing leaves node_modules as it was', () => {
    expect(modules()).toEqual(before);
  });

  const extracted = async () => {
    const root = folder();
    extractAll(archive, root);
    expect(existsSync(join(root, 'node_modules/sharp/package.json'))).toBe(true);
    return root;
  };
  itBoots(onStandIn('the packed app', extracted, true), folder);
});

if (process.platform !== 'linux') {
  it('[SHELL18] the packed app', context => context.skip('the stand-in for the runtime is packed on Linux only'));
}
