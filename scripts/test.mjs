/**
 * `npm test`: every test, on a fresh machine. `npm test -- electron/lan` runs the files whose path contains that. The last line
 * comes from tests/reporter.ts.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { prepare } from './setup-tests.mjs';
import { buildWhatIsStale, root } from './stale.mjs';
import { say } from './words.mjs';

const { browser } = prepare({ all: process.env.CI === 'true' });

let built = true;
try {
  await buildWhatIsStale();
} catch (error) {
  // The unit tests need no build, and may show why it failed.
  built = false;
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  say('No se pudo compilar: la prueba falla.', 'The build failed, and so does this run.');
}

const env = { ...process.env };
if (browser !== null) env.CHROME_PATH = browser;
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const child = spawn(process.execPath, [vitest, 'run', ...process.argv.slice(2)], { cwd: root, stdio: 'inherit', env });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', code => {
  process.exitCode = built ? (code ?? 1) : 1;
});
