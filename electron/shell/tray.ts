/** The icon by the clock: how the desk comes back after its window was closed, and how the app ends. */
import { join } from 'node:path';
import { app, Menu, Tray } from 'electron';
import type { AppWindow } from './window.ts';
import type { Words } from './words.ts';

export interface DeskTray {
  /** Shows where phones reach the desk. */
  setAddresses(lanUrls: readonly string[]): void;
}

/** @param icons folder of the tray's pictures; macOS takes the black one, which it colours itself. */
export function createTray(icons: string, window: AppWindow, display: AppWindow, words: Words): DeskTray {
  const tray = new Tray(join(icons, process.platform === 'darwin' ? 'trayTemplate.png' : 'tray.png'));
  tray.setContextMenu(
    Menu.buildFromTemplate([
      { label: words.openDesk, click: () => window.show() },
      { label: words.openDisplay, click: () => display.show() },
      { type: 'separator' },
      { label: words.quit, click: () => app.quit() },
    ]),
  );
  tray.on('click', () => window.show());
  const setAddresses = (lanUrls: readonly string[]) =>
    tray.setToolTip(['Mostrador', ...lanUrls.slice(0, 1)].join(' · '));
  setAddresses([]);
  return { setAddresses };
}
