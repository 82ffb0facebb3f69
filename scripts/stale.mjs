/** Builds what is older than its source, and nothing otherwise: `dist/.built` is as old as the newest source of the last build. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { onlyOne } from './only-one.mjs';
import { say } from './words.mjs';

export const root = resolve(import.meta.dirname, '..');
const sources = [
  'electron',
  'protocol',
  'renderer',
  'vite.config.ts',
  'scripts/one-document.ts',
  'package.json',
  'package-lock.json',
];
const stamp = join(root, 'dist/.built');
const lock = join(root, 'node_modules/.cache/mostrador/building');

const isStale = () => newestSource() !== stamped();

/**
 * Two commands at once, `npm start` and `npm run desk` in another terminal, must not build over each other.
 * @throws where the build fails, after it has said why.
 */
export async function buildWhatIsStale() {
  // Whoever was waited for may have built it.
  if (isStale()) await alone(async () => isStale() && (await buildAnew()));
}

/** For what is given to others: `npm run dev` leaves files of its own beside the build's. */
export const buildAfresh = () => alone(buildAnew);

function alone(work) {
  return onlyOne(lock, work, () =>
    say('Otro programa está compilando: se espera a que acabe…', 'Another program is building: waiting for it…'),
  );
}

async function buildAnew() {
  say('Compilando…', 'Building…');
  const began = performance.now();
  await build();
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  say(`Compilado en ${seconds} s.`, `Built in ${seconds} s.`);
}

/** The build itself says what it was made of, however it is started. One that is cut off does not count as done. */
export async function stampWhenBuilt(work) {
  const newest = newestSource();
  rmSync(stamp, { force: true });
  await work();
  writeFileSync(stamp, String(newest));
}

/** In a process of its own: who starts the server this way goes on as the server, and would keep the 700 MB that a build takes. */
function build() {
  const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin/vite.js');
  const building = spawn(process.execPath, [vite, 'build', '--app', '--logLevel', 'error'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return new Promise((done, failed) => {
    building.once('error', failed);
    building.once('exit', (code, signal) => (code === 0 ? done() : failed(new Error(`vite build: ${signal ?? code}`))));
  });
}

function newestSource() {
  return Math.max(...sources.map(path => newestIn(join(root, path))));
}

function stamped() {
  try {
    return Number(readFileSync(stamp, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Folders count too: theirs is the time at which a file in them was added or removed. */
function newestIn(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  let newest = found.mtimeMs;
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (/\.test\.tsx?$/.test(entry.name) || entry.name === 'node_modules') continue;
    const inside = join(path, entry.name);
    newest = Math.max(newest, entry.isDirectory() ? newestIn(inside) : statSync(inside).mtimeMs);
  }
  return newest;
}
