/** `npm run desk`: prints the signed-in address of the desk page of the server that is running, and opens it. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildWhatIsStale, root } from './stale.mjs';
import { say } from './words.mjs';

await buildWhatIsStale();
const built = name => import(pathToFileURL(join(root, 'dist/node', name)).href);
const { loadConfig } = await built('config.js');
const { readRuntime } = await built('data-folder.js');

const loaded = loadConfig(process.argv.slice(2), { electron: false });
if (!loaded.ok) {
  (loaded.exitCode === 0 ? process.stdout : process.stderr).write(`${loaded.message}\n`);
  process.exit(loaded.exitCode);
}
const { dataDir, open } = loaded.config;
const runtime = readRuntime(dataDir);
if (runtime === null || !(await answers(runtime.operatorUrl))) {
  say(
    `No hay ningún servidor abierto con la carpeta ${dataDir}. Ábralo con: npm start`,
    `No server is running on the folder ${dataDir}. Start it with: npm start`,
  );
  process.exit(1);
}
process.stdout.write(`${runtime.operatorUrl}\n`);
if (open) openInBrowser(runtime.operatorUrl);

/** After a power cut the pid in the file may be another program's: the server itself is asked, without its token. */
async function answers(operatorUrl) {
  try {
    const health = await fetch(new URL('/health', operatorUrl), { signal: AbortSignal.timeout(2_000) });
    const { status, version } = await health.json();
    return status === 'ok' && typeof version === 'string';
  } catch {
    return false;
  }
}

function openInBrowser(url) {
  const [command, ...args] = {
    darwin: ['open', url],
    // `start` takes its first quoted word as a title, and the shell would cut the address at `&`.
    win32: ['rundll32', 'url.dll,FileProtocolHandler', url],
  }[process.platform] ?? ['xdg-open', url];
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.on('error', () =>
    say('Abra esa dirección en un navegador de este equipo.', 'Open that address in a browser on this computer.'),
  );
  child.unref();
}
