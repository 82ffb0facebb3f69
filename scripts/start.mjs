/**
 * `npm start` and `npm run start:headless`: builds what is stale, then opens the window, or runs the same server without one
 * and says why (CONTRACT 1).
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { say } from './words.mjs';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  say(
    `Hace falta Node 20.19 o más nuevo; este es ${process.version}.`,
    `Node 20.19 or newer is needed; this is ${process.version}.`,
  );
  process.exit(1);
}

// Ours is DEBUG=true alone. By any other, libraries would write paths and queries, tokens and all, to where this program's output goes.
if (process.env.DEBUG?.trim().toLowerCase() !== 'true') delete process.env.DEBUG;

/** What an Electron window may be told besides our own flags; a server alone has no use for them. */
const forChromium = process.argv.slice(2).filter(argument => ['--no-sandbox', '--disable-gpu'].includes(argument));
const flags = process.argv.slice(2).filter(argument => argument !== '--headless' && !forChromium.includes(argument));

const { buildWhatIsStale, root } = await import('./stale.mjs');
try {
  await buildWhatIsStale();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  say('No se pudo compilar.', 'The build failed.');
  process.exit(1);
}

const runtime = process.argv.includes('--headless') ? null : await windowRuntime();
if (runtime === null) await runHeadless();
else runElectron(runtime);

async function runHeadless() {
  if (process.env.npm_lifecycle_event) stopWithNpm();
  const entry = join(root, 'dist/node/headless.js');
  process.argv = [process.argv[0], entry, ...flags];
  await import(pathToFileURL(entry).href);
}

/** npm passes a SIGTERM on to the shell between the two and to nobody else: that one ends, and would leave the server behind. */
function stopWithNpm() {
  const { ppid } = process;
  const watch = setInterval(() => {
    if (process.ppid === ppid) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 250).unref();
}

/** The executable, or `null` after one line that says why there will be no window. */
async function windowRuntime() {
  await refuseBadConfiguration();
  const without = (es, en) => {
    say(`${es}: el servidor se abre sin ventana.`, `${en}: the server runs without a window.`);
    return null;
  };
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    return without('No hay pantalla', 'There is no display');
  }
  if (process.platform === 'linux' && process.getuid?.() === 0 && !forChromium.includes('--no-sandbox')) {
    return without(
      'Chromium no se abre como root (salvo con --no-sandbox)',
      'Chromium does not run as root (but with --no-sandbox)',
    );
  }
  const { downloadRuntime, installedRuntime, unpackRuntime } = await import('./runtime.mjs');
  const installed = installedRuntime();
  if (installed !== null) return installed;

  const onBegin = () => say('Electron se descarga en su primer uso…', 'Electron downloads at its first use…');
  const memory = join(root, 'node_modules/.cache/mostrador/no-runtime.json');
  const got = await downloadRuntime({ memory, onBegin, onProgress: progress() });
  if (!got.ok) {
    return got.remembered
      ? without(
          `Electron no se pudo descargar hace poco (${got.why}; para reintentar, borre ${memory})`,
          `Electron could not be downloaded a while ago (${got.why}; to try again, delete ${memory})`,
        )
      : without(`No se puede descargar Electron (${got.why})`, `Electron cannot be downloaded (${got.why})`);
  }
  return unpackRuntime()
    ? installedRuntime()
    : without('Electron no se pudo desempaquetar', 'Electron could not be unpacked');
}

/** Said here, in the terminal, before anything is downloaded or opened. */
async function refuseBadConfiguration() {
  const { loadConfig } = await import(pathToFileURL(join(root, 'dist/node/config.js')).href);
  const loaded = loadConfig(flags, { electron: true, strictFlags: true });
  if (loaded.ok) return;
  (loaded.exitCode === 0 ? process.stdout : process.stderr).write(`${loaded.message}\n`);
  process.exit(loaded.exitCode);
}

/** On a terminal one line that is written over, elsewhere a line every quarter. */
function progress() {
  let said = -1;
  return (done, total) => {
    const percent = total ? Math.floor((done / total) * 100) : 0;
    const step = process.stderr.isTTY ? percent : Math.floor(percent / 25) * 25;
    if (step === said) return;
    said = step;
    const line = `Electron: ${step} % (${(done / 1e6).toFixed(0)} MB)`;
    process.stderr.write(process.stderr.isTTY ? `\r${line}${step === 100 ? '\n' : ''}` : `${line}\n`);
  };
}

function runElectron(executable) {
  const began = performance.now();
  // Terminals of editors that are Electron themselves may leave this behind: it would make Node of the runtime.
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  const child = spawn(executable, [...forChromium, '.', ...flags], { cwd: root, stdio: 'inherit', env });
  // On Windows a signal is the end at once. There the console has told Electron as well, which is given its time first.
  const pass = signal =>
    process.platform === 'win32' ? setTimeout(() => child.kill(signal), 3000) : child.kill(signal);
  const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'];
  for (const signal of signals) process.on(signal, pass);
  child.on('error', error => giveUp(error.message));
  child.on('exit', (code, signal) => {
    // 127, and on Windows a code from 0xC0000000 on: a system library is missing. A trap in the first seconds: the sandbox
    // could not be set up.
    const broken =
      code === 127 || (code ?? 0) >= 0xc0000000 || ['SIGTRAP', 'SIGABRT', 'SIGSEGV'].includes(signal ?? '');
    if (broken && performance.now() - began < 5000) return giveUp(signal ?? `${code}`);
    process.exit(code ?? 1);
  });
  async function giveUp(why) {
    for (const signal of signals) process.off(signal, pass);
    say(
      `Electron no arranca en este equipo (${why}): el servidor se abre sin ventana.`,
      `Electron does not start on this computer (${why}): the server runs without a window.`,
    );
    await runHeadless();
  }
}
