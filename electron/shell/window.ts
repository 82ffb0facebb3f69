/** The windows: the desk's own, and the visitor's side for a second screen. One of each at most. */
import { app, BrowserWindow, nativeTheme, screen, type WebContents } from 'electron';

export type Page = '/kiosk' | '/display';

export interface Windows {
  /** Opens the page's window, or brings the open one to the front (and back to life, if its page had died). */
  show(page: Page): void;
  owns(contents: WebContents): boolean;
}

export interface WindowFiles {
  /** Absolute paths. */
  preload: string;
  icon: string;
}

/** @param origin our own server's, on this PC: the pages come from it, never from a file. */
export function createWindows(origin: string, files: WindowFiles): Windows {
  const open = new Map<Page, BrowserWindow>();

  return {
    show(page) {
      const there = open.get(page);
      if (there) return bringBack(there);
      const window = openWindow(page, files);
      open.set(page, window);
      window.once('closed', () => open.delete(page));
      // A load that fails is told by `did-fail-load`, which crash.ts listens to.
      window.loadURL(origin + page).catch(() => undefined);
    },
    owns: contents => [...open.values()].some(window => window.webContents === contents),
  };
}

function openWindow(page: Page, files: WindowFiles): BrowserWindow {
  const window = new BrowserWindow({
    title: 'Mostrador',
    icon: files.icon,
    show: false,
    ...placeOf(page),
    minWidth: 800,
    minHeight: 600,
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
  window.once('ready-to-show', () => {
    window.maximize();
    window.show();
  });
  return window;
}

/** The desk takes the main screen; the visitor's side a second one, where there is one. */
function placeOf(page: Page): { x: number; y: number; width: number; height: number } {
  const main = screen.getPrimaryDisplay();
  const second = screen.getAllDisplays().find(display => display.id !== main.id);
  const { x, y, width, height } = (page === '/display' ? (second ?? main) : main).workArea;
  return { x, y, width, height };
}

function bringBack(window: BrowserWindow): void {
  if (window.webContents.isCrashed()) window.webContents.reload();
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
