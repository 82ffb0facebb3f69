/** Every way to end goes through one door: the server is stopped first, then the app leaves. */
import { app, type Event, powerMonitor } from 'electron';
import type { Log } from '../core/ports.ts';

/** Milliseconds; the contract says under three seconds in all. */
const patience = 2500;

/**
 * Quitting, SIGTERM, SIGINT and the machine's shutdown await `stop`, then the app exits: 0, or 1 where `stop` failed or
 * took longer than 2.5 s. Closing the windows ends nothing: phones may still be sending.
 */
export function stopCleanly(stop: () => Promise<void>, log: Log): void {
  let stopping = false;
  app.on('before-quit', event => {
    event.preventDefault();
    if (stopping) return;
    stopping = true;
    const late = setTimeout(() => {
      log.error({ after_ms: patience }, 'The server did not stop in time');
      app.exit(1);
    }, patience);
    stop()
      .then(
        () => 0,
        error => {
          log.error({ err: error }, 'The server did not stop cleanly');
          return 1;
        },
      )
      .then(code => {
        clearTimeout(late);
        app.exit(code);
      });
  });

  app.on('window-all-closed', () => undefined);
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => app.quit());
  // Linux and macOS wait for us; Windows does not. The event is there, though its type leaves it out.
  app.whenReady().then(() =>
    powerMonitor.on('shutdown', (...[event]: Event[]) => {
      event?.preventDefault();
      app.quit();
    }),
  );
}
