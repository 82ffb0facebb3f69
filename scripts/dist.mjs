/**
 * `npm run dist`: builds all of it anew, then the installers of this machine's system, into `release/`. What follows `--` goes to
 * electron-builder (`npm run dist -- --linux deb`). Two flags are ours:
 *   --stand-in   packs around a stand-in for Electron's runtime, for a machine that cannot download it: the archive, its
 *                unpacked files and the fuses are real, the executable is not (with `--linux --dir`)
 *   --no-build   takes `dist/` as it is
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { buildAfresh, root } from './stale.mjs';

const ours = new Set(['--stand-in', '--no-build']);
const given = process.argv.slice(2);
const passedOn = given.filter(flag => !ours.has(flag));
const standIn = given.includes('--stand-in');

const systems = { linux: '--linux', win32: '--win', darwin: '--mac' };
const shortNames = { '--linux': ['-l'], '--win': ['-w', '--windows'], '--mac': ['-m', '-o', '--macos'] };

/** electron-builder has failed and has said why. */
class NotPacked extends Error {}

refuseWhatCannotBe();
const runtime = standIn ? makeStandIn() : null;
try {
  if (!given.includes('--no-build')) await buildAfresh();
  pack([
    ...(asked().length === 0 ? [systems[process.platform]] : []),
    ...passedOn,
    ...(passedOn.some(flag => flag.startsWith('--publish') || flag === '-p') ? [] : ['--publish', 'never']),
    ...chunksOf('dist/node/image-worker.js', 'dist/node/storing-worker.js').flatMap(file =>
      ['linux', 'win', 'mac'].map(system => `--config.${system}.asarUnpack=${file}`),
    ),
    ...(runtime ? [`--config.electronDist=${runtime}`] : []),
  ]);
} catch (error) {
  if (!(error instanceof NotPacked)) throw error;
  process.exitCode = 1;
  if (!standIn) {
    process.stderr.write(
      "No installers were made. Electron's runtime and the tools of some installers are downloaded from github.com at their\n" +
        'first use. Where that cannot be, the packing alone can be tried: npm run dist -- --linux --dir --stand-in\n',
    );
  }
} finally {
  if (runtime) rmSync(runtime, { recursive: true, force: true });
}

/** The systems named on the command line, as `--linux`, `--win`, `--mac`. */
function asked() {
  return Object.entries(shortNames)
    .filter(([name, shorts]) => passedOn.some(flag => flag === name || shorts.includes(flag)))
    .map(([name]) => name);
}

/** node_modules holds the native libraries of this system alone, so an app for another one would start without them. */
function refuseWhatCannotBe() {
  const here = systems[process.platform];
  if (!here) stop(`There are no installers for ${process.platform}: build on Linux, Windows or macOS.`);
  const others = asked().filter(name => name !== here);
  if (others.length > 0) {
    stop(
      `${others.join(' and ')} cannot be built on ${process.platform}: sharp and libsql are installed for this system only.\n` +
        'Linux (AppImage, deb, tar.gz), Windows (nsis) and macOS (dmg, zip) are each built on their own system.',
    );
  }
  if (standIn && (here !== '--linux' || !passedOn.includes('--dir'))) {
    stop('The stand-in is for trying out the packing: npm run dist -- --linux --dir --stand-in, on Linux.');
  }
}

/** Every file that `entry` loads from beside itself, without itself. Paths from the root, with `/`. */
function chunksOf(...entries) {
  const found = new Set(entries);
  for (const file of found) {
    for (const [, name] of readFileSync(join(root, file), 'utf8').matchAll(
      /(?:from|import)\s*\(?\s*["'](\.\/[^"']+)["']/g,
    )) {
      found.add(relative(root, join(root, dirname(file), name)).replaceAll('\\', '/'));
    }
  }
  for (const entry of entries) found.delete(entry);
  return [...found];
}

/**
 * The least that electron-builder takes for an unpacked runtime: `electron`, which says what it is, `version` and `locales`.
 * Behind the script stands Electron's fuse wire, so that the fuses are really set: the sentinel, the wire's version and length,
 * and Electron's own defaults (0 off, 1 on).
 */
function makeStandIn() {
  const folder = mkdtempSync(join(tmpdir(), 'mostrador-electron-'));
  const version = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).devDependencies.electron;
  const script = '#!/bin/sh\necho "Packed around a stand-in: this machine had no Electron runtime." >&2\nexit 1\n';
  const defaults = '101100011';
  const wire = ['dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX', '\x01', String.fromCharCode(defaults.length), defaults].join('');
  const executable = join(folder, 'electron');
  writeFileSync(executable, Buffer.from(`${script}${wire}\n`, 'latin1'));
  chmodSync(executable, 0o755);
  writeFileSync(join(folder, 'version'), version);
  mkdirSync(join(folder, 'locales'));
  for (const language of ['es', 'en-US']) writeFileSync(join(folder, 'locales', `${language}.pak`), '');
  return folder;
}

function pack(args) {
  const cli = join(root, 'node_modules/electron-builder/cli.js');
  const { status } = spawnSync(process.execPath, [cli, ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new NotPacked();
}

function stop(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
