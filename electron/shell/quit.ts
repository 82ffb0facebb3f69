/** Every way to end goes through one door: the server is stopped first, then the app leaves. */
import { app, type Event, powerMonitor } from 'electron';
import type { Log } from '../core/ports.ts';

/** Milliseconds; the contract says under three seconds in all. */
const patience = 2500;

/**
 * Quitting, SIGTERM, SIGINT, the machine's shutdown and a bug that nobody caught await `stop`, then the app exits: 0, or 1
 * after a bug and where `stop` failed or took longer than 2.5 s. Closing the windows ends nothing: phones may still be sending.
 */
export function stopCleanly(stop: () => Promise<void>, log: Log): void {
  let stopping = false;
  let exitCode = 0;
  app.on('before-quit', event => {
    event.preventDefault();
    if (stopping) return;
    stopping = true;
    const late = setTimeout(() => {
      log.error({ after_ms: patience }, 'The server did not stop in time');
      app.exit(1);
    }, patience);
    stop()
      .catch((error: unknown) => {
        exitCode = 1;
        log.error({ err: error }, 'The server did not stop cleanly');
      })
      .finally(() => {
        clearTimeout(late);
        app.exit(exitCode);
      });
  });

  app.on('window-all-closed', () => undefined);
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => app.quit());
  // Electron would show a dialog and go on, with a server in nobody knows what state.
  for (const bug of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(bug, (error: unknown) => {
      log.error({ err: error }, bug);
      exitCode = 1;
      app.quit();
    });
  }
  // Windows tells the windows alone, and waits for nobody: what is begun here is done as far as it comes.
  app.on('browser-window-created', (_created, window) => window.on('session-end', () => app.quit()));
  // Linux and macOS wait for us. The event is there, though its type leaves it out.
  app.whenReady().then(() =>
    powerMonitor.on('shutdown', (...[event]: Event[]) => {
      event?.preventDefault();
      app.quit();
    }),
  );
}
