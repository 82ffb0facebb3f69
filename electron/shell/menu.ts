/** The menu bar (hidden until Alt on Windows and Linux), which is also what makes its keys work. */
import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import type { AppWindow } from './window.ts';
import type { Words } from './words.ts';

/** F11 or the system's own key is full screen. Developer tools are for those who run it from source. */
export function setMenu(window: AppWindow, display: AppWindow, words: Words): void {
  const mac = process.platform === 'darwin';
  const view: MenuItemConstructorOptions[] = [
    { label: words.reload, role: 'reload' },
    { label: words.zoomIn, role: 'zoomIn' },
    { label: words.zoomOut, role: 'zoomOut' },
    { label: words.resetZoom, role: 'resetZoom' },
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
          ...(mac ? hiding(words) : []),
          { label: words.quit, accelerator: 'CommandOrControl+Q', click: () => app.quit() },
        ],
      },
      // On macOS copying and pasting work through these alone.
      { label: words.edit, submenu: editing(words) },
      { label: words.view, submenu: view },
      ...(mac ? [{ label: words.window, submenu: arranging(words) }] : []),
    ]),
  );
}

/** Each by itself: the menus that Electron has ready speak English. */
function editing(words: Words): MenuItemConstructorOptions[] {
  return [
    { label: words.undo, role: 'undo' },
    { label: words.redo, role: 'redo' },
    { type: 'separator' },
    { label: words.cut, role: 'cut' },
    { label: words.copy, role: 'copy' },
    { label: words.paste, role: 'paste' },
    { label: words.selectAll, role: 'selectAll' },
  ];
}

function hiding(words: Words): MenuItemConstructorOptions[] {
  return [
    { label: words.hide, role: 'hide' },
    { label: words.hideOthers, role: 'hideOthers' },
    { label: words.unhide, role: 'unhide' },
    { type: 'separator' },
  ];
}

function arranging(words: Words): MenuItemConstructorOptions[] {
  return [
    { label: words.minimize, role: 'minimize' },
    { label: words.close, role: 'close' },
  ];
}
