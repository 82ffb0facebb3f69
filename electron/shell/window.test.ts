import { afterEach, expect, it, vi } from 'vitest';
import { app, BrowserWindow, emitPreventable, screen, standIn } from '../../tests/shell/electron-stand-in.ts';
import { createWindows } from './window.ts';

// Nothing listens on port 1, so what is tested here never depends on a server.
const origin = 'http://127.0.0.1:1';
const make = () => createWindows(origin, { preload: '/app/preload.cjs', icon: '/app/icon.png' });
const only = () => {
  const [window, ...more] = BrowserWindow.getAllWindows();
  if (!window || more.length > 0) throw new Error(`${more.length + 1} windows instead of one`);
  return window;
};

app.on('window-all-closed', () => undefined);
afterEach(() => {
  standIn.packaged = false;
  for (const window of BrowserWindow.getAllWindows()) window.destroy();
});

it('[SHELL1] the window keeps the page in a sandbox, apart from Node and from the preload script', () => {
  make().show('/kiosk');
  expect(only().options.webPreferences).toEqual({
    preload: '/app/preload.cjs',
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
    devTools: true,
  });
});

it('[SHELL1] the page comes from our own server, never from a file', () => {
  make().show('/kiosk');
  expect(only().loaded).toEqual([`${origin}/kiosk`]);
});

it('[SHELL14] the packed app has no developer tools', () => {
  standIn.packaged = true;
  make().show('/kiosk');
  expect(only().options.webPreferences).toMatchObject({ devTools: false });
});

it('[SHELL11] nothing white is shown before the page is painted', () => {
  make().show('/kiosk');
  expect(only().options).toMatchObject({ show: false, backgroundColor: expect.stringMatching(/^#[0-9a-f]{6}$/) });
  expect(only().shown).toBe(0);
  only().emit('ready-to-show', {});
  expect(only()).toMatchObject({ shown: 1, maximized: true });
});

it('[SHELL8] a desk that is open comes to the front instead of opening twice', () => {
  const windows = make();
  windows.show('/kiosk');
  only().minimized = true;
  windows.show('/kiosk');
  expect(only()).toMatchObject({ minimized: false, shown: 1, focused: 1, loaded: [`${origin}/kiosk`] });
});

it('[SHELL10] a page that died comes back when its window is opened again', () => {
  const windows = make();
  windows.show('/kiosk');
  only().webContents.crashed = true;
  windows.show('/kiosk');
  expect(only().webContents.reloads).toBe(1);
});

it('[SHELL11] a closed window opens again', () => {
  const windows = make();
  windows.show('/kiosk');
  const first = only();
  expect(windows.owns(first.webContents as never)).toBe(true);
  first.close();
  expect(windows.owns(first.webContents as never)).toBe(false);
  windows.show('/kiosk');
  expect(only()).not.toBe(first);
});

it('[SHELL11] the visitor screen opens on the second screen where there is one', () => {
  const second = { id: 2, workArea: { x: 1920, y: 0, width: 1080, height: 1920 } };
  const [first] = screen.getAllDisplays();
  if (!first) throw new Error('the stand-in has no screen');
  vi.spyOn(screen, 'getAllDisplays').mockReturnValueOnce([first, second]);
  make().show('/display');
  expect(only().options).toMatchObject(second.workArea);
  expect(only().loaded).toEqual([`${origin}/display`]);
});

it('[SHELL11] a window is closed without asking', () => {
  make().show('/kiosk');
  expect(emitPreventable(only(), 'close', {})).toBe(false);
});
