// `npm run bench [names…]`: builds what is stale, then measures, and prints one table. The measurements are in bench/.
// `npm run bench -- soak` is not part of a run without names: it takes 10 minutes.
import { resolve } from 'node:path';
import { runnerImport } from 'vite';
import { buildWhatIsStale } from './stale.mjs';

await buildWhatIsStale();
const entry = resolve(import.meta.dirname, '../bench/index.ts');
const { module } = await runnerImport(entry, { configFile: false, logLevel: 'error' });
process.exitCode = await module.bench(process.argv.slice(2));
