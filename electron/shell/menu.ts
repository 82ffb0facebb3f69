/** The menu bar (hidden until Alt on Windows and Linux), which is also what makes its keys work. */
import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import type { AppWindow } from './window.ts';
import type { Words } from './words.ts';

/** F11 or the system's own key is full screen. Developer tools are for those who run it from source. */
export function setMenu(window: AppWindow, display: AppWindow, words: Words): void {
  const view: MenuItemConstructorOptions[] = [
    { label: words.reload, role: 'reload' },
    { label: words.fullScreen, role: 'togglefullscreen' },
  ];
  if (!app.isPackaged) view.push({ label: words.devTools, role: 'toggleDevTools' });

  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      {
        label: 'Mostrador',
        submenu: [
          { label: words.openDesk, click: () => window.show() },
          { label: words.openDisplay, click: () => display.show() },
          { type: 'separator' },
          { label: words.quit, accelerator: 'CommandOrControl+Q', click: () => app.quit() },
        ],
      },
      // On macOS copying and pasting work through these alone.
      { label: words.edit, role: 'editMenu' },
      { label: words.view, submenu: view },
    ]),
  );
}
