/** One app a data folder: Electron's lock goes by `userData`, which is therefore kept inside the data folder. */
import { join } from 'node:path';
import { app } from 'electron';
import { makeFolder } from '../make-folder.ts';

/**
 * Call it before the app is ready. False: another copy has this data folder and was told to come to the front.
 * @throws the system's error where the folder cannot be made
 */
export function holdSingleInstance(dataDir: string): boolean {
  const userData = join(dataDir, 'electron');
  makeFolder(userData);
  app.setPath('userData', userData);
  return app.requestSingleInstanceLock();
}

/** A second start, and a click on the dock's icon on macOS, want to see the desk. */
export function onShowAgain(show: () => void): void {
  app.on('second-instance', show);
  app.on('activate', show);
}
