/**
 * What a test does with a started app, and sees of it. It is asked through Electron's own API in the main process, so every
 * line of this is the same on the stand-in and on Electron's own runtime.
 */
import type { ChildProcess } from 'node:child_process';

type Electron = typeof import('electron');

declare global {
  /** Noted by remember-tray.cjs, or by the stand-in's hook. */
  var appTray: { menu: { items: { label?: string; click?(): void }[] } | null; toolTip: string };
}

/** A function for the main process. It goes there as text, so it knows what it is given and nothing else of its file. */
export type InMain<R> = (electron: Electron, input: { path: string; text: string }) => R | Promise<R>;

/** A started app. */
export interface Shell {
  inMain<R>(what: InMain<R>, input?: { path?: string; text?: string }): Promise<R>;
  process: ChildProcess;
  /** What it has written to stderr, at least since it was launched. */
  said(): string;
  /** Resolves to the exit code, once all that it wrote has arrived. */
  ended: Promise<number | null>;
}

/** Resolves when the window of this page is loaded and on the screen. */
export const shown = (shell: Shell, path: string): Promise<void> =>
  shell.inMain(
    ({ app, BrowserWindow }, { path }) =>
      new Promise(resolve => {
        const look = () => {
          const found = BrowserWindow.getAllWindows().some(
            window =>
              window.isVisible() &&
              !window.webContents.isLoading() &&
              window.webContents.getURL().split('#')[0]?.endsWith(path),
          );
          if (found) resolve();
        };
        const follow = (window: Electron.BrowserWindow) => {
          window.on('show', look);
          window.webContents.on('did-stop-loading', look);
        };
        app.on('browser-window-created', (_event, window) => follow(window));
        for (const window of BrowserWindow.getAllWindows()) follow(window);
        look();
      }),
    { path },
  );

/** The addresses of all windows, in the order of the alphabet. */
export const windows = (shell: Shell): Promise<string[]> =>
  shell.inMain(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()
      .map(({ webContents }) => webContents.getURL())
      .sort(),
  );

/** Hides all windows, or closes them. */
export const hide = (shell: Shell): Promise<void> =>
  shell.inMain(({ BrowserWindow }) => {
    for (const window of BrowserWindow.getAllWindows()) window.hide();
  });
export const close = (shell: Shell): Promise<void> =>
  shell.inMain(async ({ BrowserWindow }) => {
    for (const window of BrowserWindow.getAllWindows()) {
      await new Promise<void>(closed => {
        window.once('closed', () => closed());
        window.close();
      });
    }
  });

export const clickTray = (shell: Shell, label: string): Promise<void> =>
  shell.inMain(
    (_electron, { text }) => {
      const item = appTray.menu?.items.find(({ label }) => label === text);
      if (!item?.click) throw new Error(`nothing to click on called ${text}`);
      item.click();
    },
    { text: label },
  );

/** What this expression comes to in the page, or a promise of it. */
export const inPage = (shell: Shell, path: string, expression: string): Promise<unknown> =>
  shell.inMain(
    ({ BrowserWindow }, { path, text }) => {
      const window = BrowserWindow.getAllWindows().find(({ webContents }) => webContents.getURL().endsWith(path));
      if (!window) throw new Error(`no window shows ${path}`);
      return window.webContents.executeJavaScript(text);
    },
    { path, text: expression },
  );

/** Loads another page into every window, as no page itself could. */
export const visit = (shell: Shell, url: string): Promise<void> =>
  shell.inMain(
    async ({ BrowserWindow }, { text }) => {
      for (const { webContents } of BrowserWindow.getAllWindows()) await webContents.loadURL(text);
    },
    { text: url },
  );

/** `ms` from the signal to the end. */
export async function end(shell: Shell, signal: 'SIGTERM' | 'SIGINT'): Promise<{ code: number | null; ms: number }> {
  const start = performance.now();
  shell.process.kill(signal);
  return { code: await shell.ended, ms: performance.now() - start };
}
