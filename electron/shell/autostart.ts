/** Whether the app opens with the computer: in the system's own list on Windows and macOS, in the desktop's folder on Linux. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { app } from 'electron';
import type { Log } from '../core/ports.ts';

/** From source there is no program of its own that a system could start. */
export function canAutostart(): boolean {
  return app.isPackaged;
}

/**
 * Does at once what the settings say, and again whenever they change. A `false` at the start takes nothing away: somebody
 * may have put the app on that list by hand.
 * @param onSettings calls its listener after each change
 */
export function keepAutostart(
  wanted: boolean,
  onSettings: (listener: (now: { autostart: boolean }) => void) => unknown,
  log: Log,
): void {
  if (!canAutostart()) return;
  let present = wanted;
  const put = (on: boolean) => {
    try {
      if (process.platform === 'linux') putLauncher(on);
      else app.setLoginItemSettings({ openAtLogin: on });
    } catch (err) {
      log.warn({ err, on }, 'the start with the computer could not be changed');
    }
  };
  if (wanted) put(true);
  onSettings(({ autostart }) => {
    if (autostart !== present) put(autostart);
    present = autostart;
  });
}

/** The freedesktop.org way: a launcher in `autostart`. An AppImage is mounted elsewhere at each start, so its file is named. */
function putLauncher(on: boolean): void {
  const folder = join(process.env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'autostart');
  const file = join(folder, 'mostrador.desktop');
  if (!on) return rmSync(file, { force: true });
  // Escaped for the quotes of a command, then for the file that it stands in: `$` is written `\\$`, and GLib takes no `\$`.
  const quoted = (process.env.APPIMAGE ?? process.execPath).replace(/["`$\\]/g, '\\$&').replaceAll('%', '%%');
  const program = quoted.replaceAll('\\', '\\\\');
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `[Desktop Entry]\nType=Application\nName=Mostrador\nExec="${program}"\nTerminal=false\n`);
}
