/** How the app fits in with the desktop that it runs on. */
import { app } from 'electron';

/** As in electron-builder.yml. */
const appId = 'org.mostrador.desk';

/** Call it before the app is ready. */
export function fitDesktop(): void {
  // The installer's shortcuts carry it: with another the pinned icon and the running app would be two in the taskbar.
  if (process.platform === 'win32' && app.isPackaged) app.setAppUserModelId(appId);
  // Cookies are encrypted, and for their key Chromium asks the keyring. On a desk that logs in by itself that one is locked, and
  // the page would wait behind a question for its password. There are no cookies, so the key may be a plain one.
  if (process.platform === 'linux') app.commandLine.appendSwitch('password-store', 'basic');
}
