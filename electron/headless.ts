/**
 * Node's entry: the same server without a window. Prints where a phone finds it, and stops cleanly when it is told to.
 * Exit codes: 2 bad configuration, 3 the data folder is another server's, 1 anything else that went wrong.
 */
import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import QRCode from 'qrcode';
import { type Config, loadConfig } from './config.ts';
import { dataDirDefault } from './data-folder.ts';
import { failedStart, unusableFolder } from './failed-start.ts';
import { letHeapGrow } from './heap.ts';
import { hostUrl, isLoopback } from './lan.ts';
import { createLog } from './log.ts';
import { forkNode } from './processes/fork-node.ts';
import { createServer, type Running } from './server.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Put in by the build. */
declare const __VERSION__: string;

const loaded = loadConfig(process.argv.slice(2), { electron: false });
if (!loaded.ok) {
  (loaded.exitCode === 0 ? process.stdout : process.stderr).write(`${loaded.message}\n`);
  process.exit(loaded.exitCode);
}
await run(loaded.config);

async function run(config: Config): Promise<void> {
  const say = (es: string, en: string) => (config.lang === 'es' ? es : en);
  for (const warning of config.warnings) process.stderr.write(`${say('Aviso', 'Warning')}: ${warning}\n`);

  const opened = await openLog(config);
  if (!opened.ok) {
    process.stderr.write(`${unusableFolder(config.lang, config.dataDir, opened.message)}\n`);
    process.exit(2);
  }
  const { log, stop: stopLog } = opened.log;
  letHeapGrow();
  const server = createServer(config, {
    forkImageWorker: forkNode(here('./image-worker.js'), log),
    forkStoringWorker: forkNode(here('./storing-worker.js'), log),
    distDir: here('..'),
    version: __VERSION__,
    log,
  });

  // Told to stop: once is cleanly, again is now. A clean stop that hangs is cut off, so that it always ends within 3 s.
  // One Ctrl+C arrives twice under npm, from the terminal and from npm itself: that is no second wish.
  let stopping: number | null = null;
  const stop = (exitCode: number) => {
    if (stopping !== null) {
      if (performance.now() - stopping > 500) process.exit(exitCode || 1);
      return;
    }
    stopping = performance.now();
    setTimeout(() => process.exit(exitCode || 1), 2500).unref();
    server
      .stop()
      .then(stopLog)
      .then(() => process.exit(exitCode));
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => stop(0));
  for (const bug of ['unhandledRejection', 'uncaughtException'] as const) {
    process.on(bug, (error: unknown) => {
      log.fatal({ err: error }, bug);
      process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
      stop(1);
    });
  }

  const started = await server.start();
  if (started.ok) {
    if (stopping === null) process.stdout.write(await welcome(config, started.running));
    return;
  }
  await stopLog();
  const { message, exitCode } = failedStart(started.failure, config);
  process.stderr.write(`${message}\n`);
  process.exit(exitCode);
}

async function openLog(config: Config) {
  try {
    const log = await createLog({
      level: config.logLevel,
      dir: config.dataDir,
      console: process.stderr,
      // A person at a terminal reads the QR, which other lines would push away; a service manager keeps them all.
      ...(process.stderr.isTTY && config.logLevel === 'info' ? { consoleLevel: 'warn' } : {}),
    });
    return { ok: true as const, log };
  } catch (error) {
    return { ok: false as const, message: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * The desk's own address carries its token: on an interactive terminal only, never where output is kept. Of an
 * address that leads back to this PC it is said that no phone comes by it.
 */
async function welcome(config: Config, running: Running): Promise<string> {
  const [first = `http://127.0.0.1:${running.port}`] = running.lanUrls;
  const lines =
    config.lang === 'es'
      ? { open: 'abierto en', others: 'También', desk: 'Mostrador', help: 'Página del mostrador' }
      : { open: 'is open at', others: 'Also', desk: 'Desk', help: 'The desk page' };
  // With another folder than the usual one, that command has to be told too.
  const isUsual = config.dataDir === dataDirDefault(process.platform, process.env, homedir());
  const command = isUsual ? 'npm run desk' : `npm run desk -- --data-dir ${JSON.stringify(config.dataDir)}`;
  const others = running.lanUrls.slice(1);
  return [
    '',
    await blocksOf(`${first}/`),
    `${config.deskName} ${lines.open} ${first}`,
    ...(isLoopback(first) ? [whyAlone(config, first)] : []),
    ...(others.length > 0 ? [`${lines.others}: ${others.join('  ')}`] : []),
    process.stdout.isTTY ? `${lines.desk}: ${running.operatorUrl}` : `${lines.help}: ${command}`,
    '',
  ].join('\n');
}

async function blocksOf(url: string): Promise<string> {
  const blocks = await QRCode.toString(url, { type: 'utf8', errorCorrectionLevel: 'M', margin: 4 });
  // Of a terminal the colours are not known, so there the QR brings its own black and white, margin and all.
  return process.stdout.isTTY ? blocks.replace(/^.+$/gm, '\u001b[30;47m$&\u001b[0m') : blocks;
}

/** Which of three things keeps phones away: PUBLIC_URL, HOST, or no network. */
function whyAlone({ lang, host, publicUrl }: Config, url: string): string {
  const setting = publicUrl !== null ? `PUBLIC_URL=${publicUrl}` : isLoopback(hostUrl(host)) ? `HOST=${host}` : null;
  const todo = {
    es: setting === null ? 'conéctelo a una red y el QR aparecerá en el mostrador' : `así lo dice ${setting}`,
    en: setting === null ? 'connect it to a network and the QR appears at the desk' : `${setting} says so`,
  };
  return lang === 'es'
    ? `Solo este equipo llega a ${url}, ningún teléfono: ${todo.es}.`
    : `Only this PC reaches ${url}, no phone: ${todo.en}.`;
}
