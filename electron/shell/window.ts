/** The windows: the desk's, and the visitor's screen. One of each at most. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  app,
  BrowserWindow,
  type BrowserWindowConstructorOptions,
  nativeTheme,
  screen,
  type WebContents,
} from 'electron';

export interface AppWindow {
  /** Opens it, or brings the open one to the front (and back to life, if its page had died). */
  show(): void;
  owns(contents: WebContents): boolean;
}

export interface DisplayWindow extends AppWindow {
  /** Opens it if it was open when the app ended and the second screen is there; `shown` is called then, once it is seen. */
  reopen(shown: () => void): void;
}

export interface WindowFiles {
  /** Absolute paths. */
  preload: string;
  icon: string;
}

/** Where a window opens, and how large. */
type Place = Pick<
  BrowserWindowConstructorOptions,
  'x' | 'y' | 'width' | 'height' | 'fullscreen' | 'minWidth' | 'minHeight'
>;

/** @param origin our own server's, on this PC: the page comes from it, never from a file. */
export function createDeskWindow(origin: string, files: WindowFiles): AppWindow {
  return createWindow(`${origin}/kiosk`, files, () => {
    return { ...screen.getPrimaryDisplay().workArea, minWidth: 800, minHeight: 600 };
  });
}

/**
 * On the second screen, where there is one, it fills it: that one faces the visitor. A file in `dataDir` stands for a screen that
 * is open; it stays when the app ends, so that who set the screen up once has it every morning.
 */
export function createDisplayWindow(origin: string, files: WindowFiles, dataDir: string): DisplayWindow {
  const mark = join(dataDir, 'display-open');
  let whenShown: (() => void) | null = null;
  const place = (): Place => {
    const second = secondScreen();
    // Half of a small screen is less than the desk needs: with the desk's minimum it would reach beyond the edge.
    const least = { minWidth: 320, minHeight: 400 };
    if (second) return { ...second.workArea, ...least, fullscreen: true };
    const { x, y, width, height } = screen.getPrimaryDisplay().workArea;
    return { x: x + Math.floor(width / 2), y, width: Math.ceil(width / 2), height, ...least, fullscreen: false };
  };
  const window = createWindow(`${origin}/display`, files, place, opened => {
    remember(() => writeFileSync(mark, '', { mode: 0o600 }));
    // By a person: when the app ends its windows go without this.
    opened.once('close', () => remember(() => rmSync(mark, { force: true })));
    if (whenShown) opened.once('show', whenShown);
  });
  return {
    ...window,
    reopen(shown) {
      if (!existsSync(mark) || !secondScreen()) return;
      whenShown = shown;
      window.show();
      whenShown = null;
    },
  };
}

function secondScreen() {
  const primary = screen.getPrimaryDisplay();
  return screen.getAllDisplays().find(({ id }) => id !== primary.id);
}

/** A disk that is full costs the screen its place at the next start, not the desk its window. */
function remember(change: () => void): void {
  try {
    change();
  } catch {}
}

/** @param opened is called with each window that it makes. */
function createWindow(
  url: string,
  files: WindowFiles,
  place: () => Place,
  opened: (window: BrowserWindow) => void = () => undefined,
): AppWindow {
  let open: BrowserWindow | null = null;

  return {
    show() {
      if (open) return bringBack(open);
      const window = openWindow(files, place());
      open = window;
      window.once('closed', () => {
        open = null;
      });
      opened(window);
      // A load that fails is told by `did-fail-load`, which crash.ts listens to.
      window.loadURL(url).catch(() => undefined);
    },
    owns: contents => open?.webContents === contents,
  };
}

function openWindow(files: WindowFiles, place: Place): BrowserWindow {
  const window = new BrowserWindow({
    title: 'Mostrador',
    icon: files.icon,
    show: false,
    ...place,
    autoHideMenuBar: true,
    // Painted before the page is there, so that a dark room sees no white flash.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#1a1b1e' : '#ffffff',
    webPreferences: {
      preload: files.preload,
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
      // Its dictionaries would come from another origin.
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  });
  // Both pages are of one origin, for which Chromium keeps one zoom: who enlarges the desk would enlarge the visitor's screen too.
  window.webContents.setZoomMode('isolated');
  window.once('ready-to-show', () => {
    // The visitor's screen has its own size: the whole of one screen, or beside the desk.
    if (place.fullscreen === undefined) window.maximize();
    window.show();
  });
  return window;
}

function bringBack(window: BrowserWindow): void {
  if (window.webContents.isCrashed()) window.webContents.reload();
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
