// `npm run bench [names…]`: builds what is stale, then measures, and prints one table. The measurements are in bench/. Finds the
// browser as `npm test` does.
// `npm run bench -- soak` is not part of a run without names: it takes 10 minutes.
import { resolve } from 'node:path';
import { runnerImport } from 'vite';
import { prepare } from './setup-tests.mjs';
import { buildWhatIsStale } from './stale.mjs';

const { browser } = prepare({ all: false });
if (browser !== null) process.env.CHROME_PATH = browser;
await buildWhatIsStale();
const entry = resolve(import.meta.dirname, '../bench/index.ts');
const { module } = await runnerImport(entry, { configFile: false, logLevel: 'error' });
process.exitCode = await module.bench(process.argv.slice(2));
