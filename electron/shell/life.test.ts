import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { app, BrowserWindow, emitPreventable, powerMonitor, standIn } from '../../tests/shell/electron-stand-in.ts';
import { failedStart } from '../failed-start.ts';
import { surviveCrashes } from './crash.ts';
import { setMenu } from './menu.ts';
import { keepScreenOn } from './power.ts';
import { stopCleanly } from './quit.ts';
import { refuseToStart } from './refusal.ts';
import { holdSingleInstance, onShowAgain } from './single-instance.ts';
import { createTray } from './tray.ts';
import { words } from './words.ts';

const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
const bugs = ['uncaughtException', 'unhandledRejection'] as const;
const listeners = (name: string) => (process as NodeJS.EventEmitter).listeners(name);
const before = new Map([...signals, ...bugs].map(name => [name as string, listeners(name)]));
/** What the code under test has put on the process. */
const added = (name: string) => listeners(name).filter(listener => !before.get(name)?.includes(listener));

afterEach(() => {
  app.removeAllListeners();
  powerMonitor.removeAllListeners();
  for (const name of before.keys()) {
    for (const listener of added(name)) process.removeListener(name, listener as () => void);
  }
  vi.useRealTimers();
  standIn.exits.length = 0;
  standIn.errorBoxes.length = 0;
  standIn.packaged = false;
});

describe('the end', () => {
  it('[SHELL9] the app leaves after the server has stopped, and stops it once', async () => {
    let stopped = () => {};
    const stop = vi.fn(() => new Promise<void>(done => (stopped = done)));
    stopCleanly(stop, log);
    app.quit();
    app.quit();
    expect(stop).toHaveBeenCalledTimes(1);
    expect(standIn.exits).toEqual([]);
    stopped();
    await vi.waitFor(() => expect(standIn.exits).toEqual([0]));
  });

  it('[SHELL9] a server that does not stop is left after 2.5 s', () => {
    vi.useFakeTimers();
    stopCleanly(() => new Promise(() => {}), log);
    app.quit();
    vi.advanceTimersByTime(2499);
    expect(standIn.exits).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(standIn.exits).toEqual([1]);
  });

  it('[SHELL9] a server that fails to stop does not keep the app', async () => {
    stopCleanly(() => Promise.reject(new Error('disk gone')), log);
    app.quit();
    await vi.waitFor(() => expect(standIn.exits).toEqual([1]));
  });

  it.each(signals)('[SHELL9] %s is a clean stop', async signal => {
    const stop = vi.fn(async () => {});
    stopCleanly(stop, log);
    for (const listener of added(signal)) Reflect.apply(listener, process, [signal]);
    await vi.waitFor(() => expect(standIn.exits).toEqual([0]));
    expect(stop).toHaveBeenCalledTimes(1);
  });

  it.each(bugs)('[SHELL9] an %s is logged and ends the app in order, with 1', async bug => {
    const stop = vi.fn(async () => {});
    stopCleanly(stop, log);
    log.error.mockClear();
    const error = new Error('nobody caught it');
    for (const listener of added(bug)) Reflect.apply(listener, process, [error]);
    await vi.waitFor(() => expect(standIn.exits).toEqual([1]));
    expect(stop).toHaveBeenCalledTimes(1);
    expect(log.error.mock.calls).toEqual([[{ err: error }, bug]]);
  });

  it('[SHELL9] the machine waits with its shutdown', async () => {
    stopCleanly(async () => {}, log);
    await vi.waitFor(() => expect(powerMonitor.listenerCount('shutdown')).toBe(1));
    expect(emitPreventable(powerMonitor, 'shutdown', {})).toBe(true);
    await vi.waitFor(() => expect(standIn.exits).toEqual([0]));
  });

  it('[SHELL396] the end of the session on Windows, which only windows hear of, is a clean stop', async () => {
    const stop = vi.fn(async () => {});
    stopCleanly(stop, log);
    const window = new BrowserWindow({});
    window.emit('session-end', { reasons: ['shutdown'] });
    expect(stop).toHaveBeenCalledTimes(1);
    await vi.waitFor(() => expect(standIn.exits).toEqual([0]));
    window.destroy();
  });

  it('[SHELL11] closing the last window ends nothing', () => {
    const stop = vi.fn(async () => {});
    stopCleanly(stop, log);
    new BrowserWindow({}).close();
    expect(BrowserWindow.getAllWindows()).toEqual([]);
    expect(stop).not.toHaveBeenCalled();
  });
});

describe('one app a data folder', () => {
  const folders: string[] = [];
  const folder = () => {
    const made = mkdtempSync(join(tmpdir(), 'mostrador-shell-'));
    folders.push(made);
    return made;
  };
  afterEach(() => {
    for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true });
  });

  it("[SHELL8] Electron's own files are inside the data folder, and so is its lock", () => {
    const dataDir = join(folder(), 'not there yet');
    expect(holdSingleInstance(dataDir)).toBe(true);
    expect(app.getPath('userData')).toBe(join(dataDir, 'electron'));
    expect(holdSingleInstance(dataDir)).toBe(false);
    expect(holdSingleInstance(folder())).toBe(true);
    app.emit('quit', {}, 0);
  });

  it('[SHELL8] a second start shows the desk of the first', async () => {
    const dataDir = folder();
    const show = vi.fn();
    holdSingleInstance(dataDir);
    onShowAgain(show);
    expect(holdSingleInstance(dataDir)).toBe(false);
    await vi.waitFor(() => expect(show).toHaveBeenCalledTimes(1));
    app.emit('activate', {}, false);
    expect(show).toHaveBeenCalledTimes(2);
    app.emit('quit', {}, 0);
  });
});

describe('crashes', () => {
  const die = (contents: object, reason = 'crashed') =>
    app.emit('render-process-gone', {}, contents, { reason, exitCode: 5 });

  it('[SHELL10] a dead page is reloaded, three times a minute at most', () => {
    let now = 0;
    surviveCrashes(log, () => now);
    const { webContents: page } = new BrowserWindow({});
    const { webContents: other } = new BrowserWindow({});
    for (let i = 0; i < 5; i++) die(page);
    expect(page.reloads).toBe(3);
    die(other);
    expect(other.reloads).toBe(1);
    now = 59_999;
    die(page);
    expect(page.reloads).toBe(3);
    now = 60_000;
    die(page);
    expect(page.reloads).toBe(4);
  });

  it('[SHELL10] a page that was closed in order is left alone', () => {
    surviveCrashes(log);
    const { webContents: page } = new BrowserWindow({});
    die(page, 'clean-exit');
    expect(page.reloads).toBe(0);
  });

  it('[SHELL10] helper processes that die and pages that do not load are logged', () => {
    log.error.mockClear();
    surviveCrashes(log);
    app.emit('child-process-gone', {}, { type: 'GPU', reason: 'crashed', exitCode: 9 });
    app.emit('child-process-gone', {}, { type: 'Utility', reason: 'clean-exit', exitCode: 0 });
    const { webContents: page } = new BrowserWindow({});
    page.emit('did-fail-load', {}, -3, 'ERR_ABORTED');
    page.emit('did-fail-load', {}, -102, 'ERR_CONNECTION_REFUSED');
    expect(log.error.mock.calls.map(([data]) => data)).toMatchObject([{ type: 'GPU' }, { code: -102 }]);
  });
});

describe('what people see', () => {
  const window = { show: vi.fn(), owns: () => true };
  const display = { show: vi.fn(), owns: () => true };
  const icons = resolve(import.meta.dirname, '../../build/app');
  const clickAll = (items: readonly { click?: () => void }[] | undefined) => {
    for (const item of items ?? []) item.click?.();
  };

  it('[SHELL11] the tray opens the desk, shows the address, and quits', () => {
    window.show.mockClear();
    const tray = createTray(icons, window, display, words.es);
    const made = standIn.trays.at(-1);
    expect(made?.menu?.items.map(item => item.label)).toEqual([
      'Abrir el mostrador',
      'Pantalla del visitante',
      undefined,
      'Salir',
    ]);
    clickAll(made?.menu?.items);
    expect(window.show).toHaveBeenCalledTimes(1);
    expect(display.show).toHaveBeenCalledTimes(1);
    expect(standIn.exits).toEqual([0]);
    expect(made?.toolTip).toBe('Mostrador');
    tray.setAddresses(['http://192.168.1.50:8080', 'http://10.8.0.2:8080']);
    expect(made?.toolTip).toBe('Mostrador · http://192.168.1.50:8080');
  });

  it.each([true, false])('[SHELL14] developer tools are in the menu only from source (packed: %s)', packaged => {
    standIn.packaged = packaged;
    setMenu(window, display, words.en);
    const roles = standIn.menu?.items.flatMap(item => item.submenu ?? []).map(item => item.role);
    expect(roles).toContain('togglefullscreen');
    expect(roles?.includes('toggleDevTools')).toBe(!packaged);
  });

  it.each(['es', 'en'] as const)(
    '[SHELL397] nothing in the menu is left to Electron’s own English words (%s)',
    lang => {
      setMenu(window, display, words[lang]);
      const items = standIn.menu?.items.flatMap(item => [item, ...(item.submenu ?? [])]) ?? [];
      expect(items.filter(({ label, type }) => !label && type !== 'separator')).toEqual([]);
      expect(items.filter(({ role }) => role?.endsWith('Menu'))).toEqual([]);
      const roles = items.map(({ role }) => role);
      expect(roles).toEqual(expect.arrayContaining(['undo', 'redo', 'cut', 'copy', 'paste', 'selectAll']));
      expect(roles).toEqual(expect.arrayContaining(['zoomIn', 'zoomOut', 'resetZoom']));
    },
  );

  it('[SHELL397] macOS has its keys for hiding, closing and minimising, which work through the menu alone', () => {
    const system = process.platform;
    const rolesOn = (platform: NodeJS.Platform) => {
      Object.defineProperty(process, 'platform', { value: platform });
      setMenu(window, display, words.es);
      Object.defineProperty(process, 'platform', { value: system });
      return standIn.menu?.items.flatMap(item => item.submenu ?? []).map(({ role }) => role);
    };
    expect(rolesOn('darwin')).toEqual(expect.arrayContaining(['hide', 'hideOthers', 'unhide', 'close', 'minimize']));
    expect(rolesOn('win32')).not.toContain('close');
  });

  it('[SHELL11] tray, menu and dialogs speak both languages', () => {
    expect(Object.keys(words.en)).toEqual(Object.keys(words.es));
    const taken = (lang: 'es' | 'en', address: string | null) =>
      failedStart({ reason: 'data_folder_locked', address }, { lang, dataDir: '/d', host: '0.0.0.0' }).message;
    expect(taken('es', 'http://127.0.0.1:8080')).toContain('esta carpeta de datos: http://127.0.0.1:8080');
    expect(taken('en', null)).toContain('this data folder: address not known yet');
  });

  it('[SHELL12] the screen does not sleep while the app runs', () => {
    keepScreenOn();
    expect([...standIn.blockers.values()]).toEqual(['prevent-display-sleep']);
    app.emit('quit', {}, 0);
    expect(standIn.blockers.size).toBe(0);
  });

  it('[SHELL15] a start that cannot be is one line, a dialog and its exit code; a script gets no dialog', async () => {
    const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    await refuseToStart('PORT = 70000', 2, false);
    await refuseToStart('already running', 3, true);
    expect(written.mock.calls).toEqual([['PORT = 70000\n'], ['already running\n']]);
    written.mockRestore();
    expect(standIn.errorBoxes).toEqual([{ title: 'Mostrador', content: 'PORT = 70000' }]);
    expect(standIn.exits).toEqual([2, 3]);
  });
});
