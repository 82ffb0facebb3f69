import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { app, BrowserWindow, emitPreventable, standIn } from '../../tests/shell/electron-stand-in.ts';
import { createDeskWindow, createDisplayWindow } from './window.ts';

// Nothing listens on port 1, so what is tested here never depends on a server.
const origin = 'http://127.0.0.1:1';
const make = () => createDeskWindow(origin, { preload: '/app/preload.cjs', icon: '/app/icon.png' });
const only = () => {
  const [window, ...more] = BrowserWindow.getAllWindows();
  if (!window || more.length > 0) throw new Error(`${more.length + 1} windows instead of one`);
  return window;
};

const wide = standIn.screen;
app.on('window-all-closed', () => undefined);
afterEach(() => {
  standIn.packaged = false;
  standIn.secondScreen = false;
  standIn.screen = wide;
  for (const window of BrowserWindow.getAllWindows()) window.destroy();
});

it('[SHELL1] the window keeps the page in a sandbox, apart from Node and from the preload script', () => {
  make().show();
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
  make().show();
  expect(only().loaded).toEqual([`${origin}/kiosk`]);
});

it('[SHELL14] the packed app has no developer tools', () => {
  standIn.packaged = true;
  make().show();
  expect(only().options.webPreferences).toMatchObject({ devTools: false });
});

it('[SHELL11] nothing white is shown before the page is painted', () => {
  make().show();
  expect(only().options).toMatchObject({ show: false, backgroundColor: expect.stringMatching(/^#[0-9a-f]{6}$/) });
  expect(only().shown).toBe(0);
  only().emit('ready-to-show', {});
  expect(only()).toMatchObject({ shown: 1, maximized: true });
});

it('[SHELL8] a desk that is open comes to the front instead of opening twice', () => {
  const desk = make();
  desk.show();
  only().minimized = true;
  desk.show();
  expect(only()).toMatchObject({ minimized: false, shown: 1, focused: 1, loaded: [`${origin}/kiosk`] });
});

it('[SHELL10] a page that died comes back when its window is opened again', () => {
  const desk = make();
  desk.show();
  only().webContents.crashed = true;
  desk.show();
  expect(only().webContents.reloads).toBe(1);
});

it('[SHELL11] a closed window opens again', () => {
  const desk = make();
  desk.show();
  const first = only();
  expect(desk.owns(first.webContents as never)).toBe(true);
  first.close();
  expect(desk.owns(first.webContents as never)).toBe(false);
  desk.show();
  expect(only()).not.toBe(first);
});

it('[SHELL11] a window is closed without asking', () => {
  make().show();
  expect(emitPreventable(only(), 'close', {})).toBe(false);
});

const dataDir = mkdtempSync(join(tmpdir(), 'mostrador-window-'));
afterAll(() => rmSync(dataDir, { recursive: true }));
const makeDisplay = (folder = dataDir) =>
  createDisplayWindow(origin, { preload: '/app/preload.cjs', icon: '/app/icon.png' }, folder);

it('[SHELL20] the visitor’s screen is a window of its own with the same lock, and fills the second screen where there is one', () => {
  standIn.secondScreen = true;
  make().show();
  const display = makeDisplay();
  display.show();
  const [desk, visitors] = BrowserWindow.getAllWindows();
  expect(visitors?.loaded).toEqual([`${origin}/display`]);
  expect(visitors?.options.webPreferences).toEqual(desk?.options.webPreferences);
  expect(visitors?.options).toMatchObject({ x: 1920, y: 0, width: 1080, height: 1920, fullscreen: true, show: false });
  expect([desk, visitors].map(window => window?.webContents.zoomMode)).toEqual(['isolated', 'isolated']);
  expect(display.owns(visitors?.webContents as never)).toBe(true);
  expect(display.owns(desk?.webContents as never)).toBe(false);
  display.show();
  expect(BrowserWindow.getAllWindows()).toHaveLength(2);
});

it('[SHELL20] with one screen it stands beside the desk, neither over all of it nor in its place', () => {
  makeDisplay().show();
  expect(only().options).toMatchObject({ x: 960, width: 960, fullscreen: false });
  only().emit('ready-to-show', {});
  expect(only()).toMatchObject({ shown: 1, maximized: false });
});

it('[SHELL399] a visitor’s screen that was open when the app ended opens at the next start, and the desk has the keyboard', async () => {
  standIn.secondScreen = true;
  const shown = vi.fn();
  const folder = join(dataDir, 'morning');
  mkdirSync(folder);
  makeDisplay(folder).reopen(shown);
  expect(BrowserWindow.getAllWindows()).toEqual([]);
  makeDisplay(folder).show();
  // The app leaves: its windows go without a word.
  BrowserWindow.forgetAll();
  makeDisplay(folder).reopen(shown);
  only().emit('ready-to-show', {});
  expect(only()).toMatchObject({ loaded: [`${origin}/display`], shown: 1 });
  expect(shown).toHaveBeenCalledTimes(1);
  BrowserWindow.forgetAll();
  standIn.secondScreen = false;
  makeDisplay(folder).reopen(shown);
  expect(BrowserWindow.getAllWindows()).toEqual([]);
  standIn.secondScreen = true;
  makeDisplay(folder).reopen(shown);
  only().close();
  makeDisplay(folder).reopen(shown);
  expect(BrowserWindow.getAllWindows()).toEqual([]);
});

it('[SHELL399] where that cannot be remembered it opens all the same', () => {
  makeDisplay(join(dataDir, 'gone')).show();
  expect(only().loaded).toEqual([`${origin}/display`]);
});

it('[SHELL394] its half of the commonest small screen is a whole one: nothing of it is beyond the edge', () => {
  standIn.screen = { x: 0, y: 0, width: 1366, height: 728 };
  makeDisplay().show();
  const { options } = only();
  expect(options).toMatchObject({ x: 683, width: 683 });
  expect(options.minWidth).toBeLessThanOrEqual(683);
  expect(options.minHeight).toBeLessThanOrEqual(728);
  only().destroy();
  make().show();
  expect(only().options).toMatchObject({ width: 1366, minWidth: 800, minHeight: 600 });
});
