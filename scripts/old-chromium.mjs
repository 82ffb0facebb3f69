/**
 * The oldest Chromium that the phone's page is promised to work in, for one of its tests: a build that was once made for servers
 * without a screen and is still to be had as an npm package. Not a dependency: nothing else needs it, and it weighs 44 MB.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { root } from './stale.mjs';

const name = 'chrome-aws-lambda';
const version = '3.0.4';
/** Of the package, as the registry says: nothing else is run. */
const sha512 = 'iePniobrFONg8oFyq8YuZKW2wkRYi0LSVZ9kf8zNJ35LXxXKJK/eb+aas/Rz0Doyac0zAIQbiqMGABkPXc88jQ==';
const cache = join(root, 'node_modules/.cache/mostrador');
const folder = join(cache, 'chromium-81');

export const oldChromium = {
  program: join(folder, 'chromium'),
  /** Libraries that this system may not have. */
  libraries: join(folder, 'lib'),
};

/** Whether there could be one on this machine, and there is none. */
export function lacksOldChromium() {
  return process.platform === 'linux' && process.arch === 'x64' && !existsSync(oldChromium.program);
}

/** Throws where it is not to be had. What is there is always whole. */
export function fetchOldChromium() {
  mkdirSync(cache, { recursive: true });
  const temporary = mkdtempSync(join(cache, 'chromium-'));
  try {
    run('npm', ['pack', `${name}@${version}`, '--silent', '--pack-destination', temporary]);
    const archive = join(temporary, `${name}-${version}.tgz`);
    const found = createHash('sha512').update(readFileSync(archive)).digest('base64');
    if (found !== sha512) throw new Error(`${name}@${version} is not the one that was expected`);
    run('tar', ['-xzf', archive, '-C', temporary]);
    const unpack = file => brotliDecompressSync(readFileSync(join(temporary, 'package/bin', `${file}.br`)));
    for (const file of ['aws.tar', 'swiftshader.tar']) {
      writeFileSync(join(temporary, file), unpack(file));
      run('tar', ['-xf', join(temporary, file), '-C', temporary]);
    }
    writeFileSync(join(temporary, 'chromium'), unpack('chromium'), { mode: 0o755 });
    for (const file of ['package', 'aws.tar', 'swiftshader.tar', `${name}-${version}.tgz`]) {
      rmSync(join(temporary, file), { recursive: true });
    }
    rmSync(folder, { recursive: true, force: true });
    renameSync(temporary, folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function run(program, args) {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8', timeout: 120_000 });
  if (status !== 0) throw new Error(`${program}: ${error?.message ?? stderr.trim()}`);
}
