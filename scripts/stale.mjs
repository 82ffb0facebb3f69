/** Builds what is older than its source, and nothing otherwise: `dist/.built` is as old as the newest source of the last build. */
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { say } from './words.mjs';

export const root = resolve(import.meta.dirname, '..');
const sources = ['electron', 'protocol', 'renderer', 'vite.config.ts', 'package.json', 'package-lock.json'];
const stamp = join(root, 'dist/.built');

/** @throws what the build throws. */
export async function buildWhatIsStale() {
  const newest = Math.max(...sources.map(path => newestIn(join(root, path))));
  if (newest === stamped()) return;
  say('Compilando…', 'Building…');
  const began = performance.now();
  // A build that is cut off must not count as done.
  rmSync(stamp, { force: true });
  const { createBuilder } = await import('vite');
  const builder = await createBuilder({ configFile: join(root, 'vite.config.ts'), logLevel: 'error' });
  await builder.buildApp();
  writeFileSync(stamp, String(newest));
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  say(`Compilado en ${seconds} s.`, `Built in ${seconds} s.`);
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
