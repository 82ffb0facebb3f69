/** The desk's window. One at most. */
import { app, BrowserWindow, nativeTheme, screen, type WebContents } from 'electron';

export interface DeskWindow {
  /** Opens it, or brings the open one to the front (and back to life, if its page had died). */
  show(): void;
  owns(contents: WebContents): boolean;
}

export interface WindowFiles {
  /** Absolute paths. */
  preload: string;
  icon: string;
}

const page = '/kiosk';

/** @param origin our own server's, on this PC: the page comes from it, never from a file. */
export function createDeskWindow(origin: string, files: WindowFiles): DeskWindow {
  let open: BrowserWindow | null = null;

  return {
    show() {
      if (open) return bringBack(open);
      const window = openWindow(files);
      open = window;
      window.once('closed', () => {
        open = null;
      });
      // A load that fails is told by `did-fail-load`, which crash.ts listens to.
      window.loadURL(origin + page).catch(() => undefined);
    },
    owns: contents => open?.webContents === contents,
  };
}

function openWindow(files: WindowFiles): BrowserWindow {
  const window = new BrowserWindow({
    title: 'Mostrador',
    icon: files.icon,
    show: false,
    ...workArea(),
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

function workArea(): { x: number; y: number; width: number; height: number } {
  const { x, y, width, height } = screen.getPrimaryDisplay().workArea;
  return { x, y, width, height };
}

function bringBack(window: BrowserWindow): void {
  if (window.webContents.isCrashed()) window.webContents.reload();
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
