/** A start that cannot be: one line for a terminal, a dialog for whoever clicked an icon. */
import { app, dialog } from 'electron';

/** Ends the app with `exitCode`. `quiet` leaves the dialog out, so that a script never waits for a click. */
export async function refuseToStart(message: string, exitCode: number, quiet: boolean): Promise<void> {
  (exitCode === 0 ? process.stdout : process.stderr).write(`${message}\n`);
  if (!quiet) {
    // Before that moment Linux would print it a second time instead of showing it.
    await app.whenReady();
    dialog.showErrorBox('Mostrador', message);
  }
  app.exit(exitCode);
}
