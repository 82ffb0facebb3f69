#!/usr/bin/env node
/** `npm run mostrador -- token … | backup | secret`: builds what is stale, then the command line itself (electron/cli/cli.ts). */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildWhatIsStale, root } from './stale.mjs';

await buildWhatIsStale();
const { mostrador } = await import(pathToFileURL(join(root, 'dist/node/cli.js')).href);
process.exitCode = await mostrador(process.argv.slice(2));
