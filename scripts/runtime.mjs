/**
 * Electron's runtime: it comes with no `npm ci`, but at its first use. Where it cannot be had the server runs without a
 * window, and the next start does not try again for a day.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const day = 24 * 60 * 60 * 1000;
const packageDir = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
const { version } = JSON.parse(readFileSync(join(packageDir, 'package.json'), 'utf8'));

/** The path of the executable, or `null` while there is none of this version. */
export function installedRuntime() {
  try {
    const dist = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(packageDir, 'dist');
    const name = existsSync(join(packageDir, 'path.txt'))
      ? readFileSync(join(packageDir, 'path.txt'), 'utf8')
      : 'electron';
    const found = readFileSync(join(dist, 'version'), 'utf8').trim().replace(/^v/, '');
    return found === version && existsSync(join(dist, name)) ? join(dist, name) : null;
  } catch {
    return null;
  }
}

/**
 * Downloads this platform's archive into Electron's own cache.
 * @param {{memory: string, stallMs?: number, onBegin?(): void, onProgress(done: number, total: number | null): void}} options `memory` is the
 *   file that remembers a failure; `done` and `total` are bytes.
 * @returns {Promise<{ok: true} | {ok: false, why: string, remembered: boolean}>}
 */
export async function downloadRuntime({ memory, stallMs = 5000, onBegin, onProgress }) {
  const before = rememberedFailure(memory);
  if (before !== null) return { ok: false, why: before, remembered: true };
  onBegin?.();
  const abort = new AbortController();
  let stalled;
  try {
    const { downloadArtifact } = await import('@electron/get');
    // What this PC takes to load that is not the network's.
    stalled = setTimeout(() => abort.abort(), stallMs);
    const artifact = downloadArtifact({
      version,
      artifactName: 'electron',
      platform: process.env.ELECTRON_INSTALL_PLATFORM ?? process.platform,
      arch: process.env.ELECTRON_INSTALL_ARCH ?? process.arch,
      cacheRoot: process.env.electron_config_cache,
      checksums: JSON.parse(readFileSync(join(packageDir, 'checksums.json'), 'utf8')),
      downloadOptions: {
        quiet: true,
        signal: abort.signal,
        getProgressCallback: async ({ transferred, total, percent }) => {
          clearTimeout(stalled);
          onProgress(transferred, total);
          if (percent < 1) stalled = setTimeout(() => abort.abort(), stallMs);
        },
      },
    });
    await artifact;
    rmSync(memory, { force: true });
    return { ok: true };
  } catch (error) {
    const why = abort.signal.aborted ? `${stallMs / 1000} s` : reasonOf(error);
    mkdirSync(dirname(memory), { recursive: true });
    writeFileSync(memory, JSON.stringify({ version, at: Date.now(), why }));
    return { ok: false, why, remembered: false };
  } finally {
    clearTimeout(stalled);
  }
}

/** Unpacks what `downloadRuntime` has put into the cache. */
export function unpackRuntime() {
  return (
    spawnSync(process.execPath, [join(packageDir, 'install.js')], { stdio: ['ignore', 'ignore', 'inherit'] }).status ===
    0
  );
}

/** `fetch failed` says nothing; the system's code is in its cause. */
function reasonOf(error) {
  const cause = error?.cause?.code ?? error?.code ?? error?.cause?.message ?? error?.message ?? String(error);
  return String(cause).split('\n')[0];
}

function rememberedFailure(memory) {
  try {
    const { version: of, at, why } = JSON.parse(readFileSync(memory, 'utf8'));
    const age = Date.now() - at;
    return of === version && age >= 0 && age < day ? String(why) : null;
  } catch {
    return null;
  }
}
