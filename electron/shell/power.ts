/** A desk whose screen sleeps shows no QR. */
import { app, powerSaveBlocker } from 'electron';

/** Keeps the screen on until the app ends. */
export function keepScreenOn(): void {
  const id = powerSaveBlocker.start('prevent-display-sleep');
  app.once('quit', () => powerSaveBlocker.stop(id));
}
