/** Electron's entry: the life of the app, from top to bottom. The same server without a window is `headless.ts`. */
import { join } from 'node:path';
import { app } from 'electron';
import { type Config, loadConfig } from './config.ts';
import { failedStart, unusableFolder } from './failed-start.ts';
import { letHeapGrow } from './heap.ts';
import { type AppLog, createLog } from './log.ts';
import { createServer } from './server.ts';
import { canAutostart, keepAutostart } from './shell/autostart.ts';
import { surviveCrashes } from './shell/crash.ts';
import { fitDesktop } from './shell/desktop.ts';
import { answerCanAutostart, answerOperatorToken, answerShowDisplay } from './shell/ipc.ts';
import { lockDown } from './shell/lockdown.ts';
import { setMenu } from './shell/menu.ts';
import { keepScreenOn } from './shell/power.ts';
import { stopCleanly } from './shell/quit.ts';
import { refuseToStart } from './shell/refusal.ts';
import { holdSingleInstance, onShowAgain } from './shell/single-instance.ts';
import { createTray } from './shell/tray.ts';
import { utilityWorker } from './shell/utility-process.ts';
import { createDeskWindow, createDisplayWindow } from './shell/window.ts';
import { words } from './shell/words.ts';

const distDir = join(import.meta.dirname, '..');
const icons = join(distDir, '../build/app');

/** Electron waits for this file before it is ever ready: nothing at its top level may wait for `whenReady`. */
async function begin(): Promise<void> {
  // From source the first argument is the folder of the app.
  const argv = process.argv.slice(app.isPackaged ? 1 : 2);
  const read = loadConfig(argv, { electron: true });
  if (!read.ok) return refuseToStart(read.message, read.exitCode, read.exitCode === 0 || argv.includes('--no-open'));

  const { config } = read;
  const { dataDir, logLevel: level } = config;
  let appLog: AppLog;
  try {
    if (!holdSingleInstance(dataDir)) return app.exit(0);
    fitDesktop();
    appLog = await createLog({ level, dir: dataDir, console: process.stderr });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return refuseToStart(unusableFolder(config.lang, dataDir, why), 2, !config.open);
  }
  return run(config, appLog);
}

async function run(config: Config, { log, stop: closeLog }: AppLog): Promise<void> {
  const said = words[config.lang];
  for (const warning of config.warnings) log.warn(warning);
  await app.whenReady();

  letHeapGrow();
  const server = createServer(config, {
    forkImageWorker: utilityWorker(join(distDir, 'node/image-worker.js'), log),
    forkStoringWorker: utilityWorker(join(distDir, 'node/storing-worker.js'), log),
    distDir,
    version: app.getVersion(),
    log,
  });
  stopCleanly(() => server.stop().finally(closeLog), log);
  const started = await server.start();
  if (!started.ok) {
    await closeLog();
    const { message, exitCode } = failedStart(started.failure, config);
    return refuseToStart(message, exitCode, !config.open);
  }

  const { operatorUrl, operatorToken, lanUrls } = started.running;
  const { origin } = new URL(operatorUrl);
  lockDown(origin, log);
  surviveCrashes(log);

  const files = { preload: join(distDir, 'preload/preload.cjs'), icon: join(icons, 'icon.png') };
  const window = createDeskWindow(origin, files);
  const display = createDisplayWindow(origin, files, config.dataDir);
  const owns: typeof window.owns = contents => window.owns(contents) || display.owns(contents);
  const desk = { origin, owns, log };
  answerOperatorToken({ ...desk, operatorToken });
  answerCanAutostart(desk, canAutostart);
  answerShowDisplay(desk, () => display.show());
  keepAutostart(config.autostart, started.onSettings, log);
  setMenu(window, display, said);
  const tray = createTray(icons, window, display, said);
  tray.setAddresses(lanUrls);
  started.onLan(tray.setAddresses);
  onShowAgain(() => window.show());
  keepScreenOn();
  if (!config.open) return;
  window.show();
  // The keyboard, and with it the barcode reader, stays with the desk.
  display.reopen(() => window.show());
}

// The terminal that a window was started from may be closed while the window stays.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

begin().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  app.exit(1);
});
