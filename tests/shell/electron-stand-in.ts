/**
 * Stands in for the module `electron` where its runtime is not installed. It keeps Electron's promises as far as the shell
 * leans on them (what is prevented does not happen, a frame is known by its address, a helper process really runs), records
 * what it was told, and shows a wrong turn: while it is loaded, `child_process.fork` throws.
 *
 * In vitest it takes electron's place by an alias; in a built main by the hook in `electron-hook.ts`.
 */
import childProcess, { type ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { existsSync, readFileSync, rmSync, statSync, watch, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';

childProcess.fork = () => {
  throw new Error(
    'child_process.fork in Electron: it would start the app once more, not Node; use utilityProcess.fork',
  );
};
syncBuiltinESMExports();

/** What the tests look at and turn. */
export const standIn = {
  /** `exit` codes, in order. */
  exits: [] as number[],
  errorBoxes: [] as { title: string; content: string }[],
  trays: [] as Tray[],
  menu: null as Menu | null,
  /** Ids of power-save blockers that hold. */
  blockers: new Map<number, string>(),
  helpers: [] as ChildProcess[],
  /** What the helpers are called, in the same order. */
  serviceNames: [] as string[],
  packaged: false,
  /** What the first screen has room for, and whether there is another. */
  screen: { x: 0, y: 0, width: 1920, height: 1040 },
  secondScreen: false,
  appUserModelId: null as string | null,
  /** Chromium's switches that were set before it began. */
  switches: new Map<string, string>(),
  /** What `app.setLoginItemSettings` was told, in order. */
  loginItems: [] as { openAtLogin?: boolean }[],
  /** Whether `app.exit` ends this process (the built main) or is only recorded (unit tests). */
  endsProcess: false,
};

class PreventableEvent {
  defaultPrevented = false;
  [more: string]: unknown;
  constructor(fields: object = {}) {
    Object.assign(this, fields);
  }
  preventDefault(): void {
    this.defaultPrevented = true;
  }
}

/** Emits `name` as Electron does, an event first; says whether a listener prevented what comes next. */
export function emitPreventable(from: EventEmitter, name: string, fields: object, ...more: unknown[]): boolean {
  const event = new PreventableEvent(fields);
  from.emit(name, event, ...more);
  return event.defaultPrevented;
}

class App extends EventEmitter {
  readonly #paths = new Map<string, string>();
  readonly #ready = new Promise<void>(resolve =>
    setImmediate(() => {
      this.emit('ready', {}, {});
      resolve();
    }),
  );
  #exited = false;
  #quitting = false;

  get isPackaged(): boolean {
    return standIn.packaged;
  }
  setAppUserModelId(id: string): void {
    standIn.appUserModelId = id;
  }
  readonly commandLine = {
    appendSwitch: (name: string, value = '') => void standIn.switches.set(name, value),
  };
  setLoginItemSettings(settings: { openAtLogin?: boolean }): void {
    standIn.loginItems.push(settings);
  }
  whenReady(): Promise<void> {
    return this.#ready;
  }
  getVersion(): string {
    let folder = dirname(process.argv[1] ?? process.cwd());
    while (!existsSync(join(folder, 'package.json')) && folder !== dirname(folder)) folder = dirname(folder);
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;
  }
  setPath(name: string, path: string): void {
    if (!statSync(path).isDirectory()) throw new Error(`not a folder: ${path}`);
    this.#paths.set(name, path);
  }
  getPath(name: string): string {
    const path = this.#paths.get(name);
    if (path === undefined) throw new Error(`the test gave no path for ${name}`);
    return path;
  }
  getAppMetrics(): { type: string; name?: string }[] {
    return standIn.serviceNames.map(name => ({ type: 'Utility', name }));
  }

  /** A lock file that names its process; a second start leaves a file that the first one watches for. */
  requestSingleInstanceLock(): boolean {
    const folder = this.getPath('userData');
    const lock = join(folder, 'stand-in.lock');
    const knock = join(folder, 'stand-in.knock');
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
    } catch {
      if (isAlive(Number(readFileSync(lock, 'utf8')))) {
        writeFileSync(knock, String(process.pid));
        return false;
      }
      writeFileSync(lock, String(process.pid));
    }
    const watcher = watch(folder, (_kind, name) => {
      if (name !== 'stand-in.knock' || !existsSync(knock)) return;
      rmSync(knock, { force: true });
      this.emit('second-instance', {}, [], folder, null);
    });
    watcher.unref();
    this.once('quit', () => {
      watcher.close();
      rmSync(lock, { force: true });
    });
    return true;
  }

  quit(): void {
    if (this.#quitting || emitPreventable(this, 'before-quit', {})) return;
    this.#quitting = true;
    for (const window of BrowserWindow.getAllWindows()) window.close();
    this.#quitting = false;
    if (!emitPreventable(this, 'will-quit', {})) this.exit(0);
  }
  exit(code = 0): void {
    standIn.exits.push(code);
    if (this.#exited) return;
    this.#exited = standIn.endsProcess;
    BrowserWindow.forgetAll();
    this.emit('quit', {}, code);
    for (const helper of standIn.helpers) helper.kill('SIGKILL');
    if (standIn.endsProcess) process.exit(code);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export const app = new App();

/** The windows' contents. A page is not drawn: its address is fetched, and what is asked of it runs beside it, after the preload scripts. */
class WebContents extends EventEmitter {
  readonly session: Session;
  readonly preferences: Record<string, unknown>;
  mainFrame = { url: '', parent: null };
  loading = false;
  reloads = 0;
  crashed = false;
  zoomMode = 'default';
  windowOpenHandler: ((details: { url: string }) => { action: string }) | null = null;

  constructor(preferences: Record<string, unknown>) {
    super();
    this.preferences = preferences;
    this.session = session.defaultSession;
    app.emit('web-contents-created', {}, this);
  }
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.windowOpenHandler = handler;
  }
  setZoomMode(mode: string): void {
    this.zoomMode = mode;
  }
  getURL(): string {
    return this.mainFrame.url;
  }
  isCrashed(): boolean {
    return this.crashed;
  }
  reload(): void {
    this.reloads += 1;
    this.crashed = false;
  }

  isLoading(): boolean {
    return this.loading;
  }
  async loadURL(url: string): Promise<void> {
    this.mainFrame = { url, parent: null };
    this.loading = true;
    try {
      const answer = await fetch(url, { headers: { accept: 'text/html' } });
      await answer.arrayBuffer();
    } catch (error) {
      this.emit('did-fail-load', {}, -102, 'ERR_CONNECTION_REFUSED', url, true);
      throw error;
    } finally {
      this.loading = false;
      this.emit('did-stop-loading', {});
    }
  }
  downloadURL(url: string): void {
    emitPreventable(this.session, 'will-download', {}, { getURL: () => url }, this);
  }

  /** Runs as the page's own script, with as much of a page as the shell has a say in. */
  async executeJavaScript(code: string): Promise<unknown> {
    const page = {
      location: {
        assign: (url: string) => {
          if (!emitPreventable(this, 'will-navigate', { url })) this.loadURL(url).catch(() => undefined);
        },
      },
      open: (url: string) => (this.windowOpenHandler?.({ url }).action === 'deny' ? null : {}),
      Notification: {
        requestPermission: () =>
          new Promise(resolve => {
            const answer = (allowed: boolean) => resolve(allowed ? 'granted' : 'denied');
            const { permissionRequest } = this.session;
            if (!permissionRequest) return answer(true);
            const asked = [this, 'notifications', answer, { requestingUrl: this.getURL() }];
            Reflect.apply(permissionRequest, undefined, asked);
          }),
      },
      ...this.#exposed(),
    };
    return new Function('window', `with (window) return (${code})`)(page);
  }

  /** What the preload scripts put on the page's `window`. */
  #exposed(): object {
    const exposed = {};
    const electron = {
      contextBridge: {
        exposeInMainWorld: (name: string, api: object) => Object.assign(exposed, { [name]: api }),
      },
      ipcRenderer: {
        invoke: (channel: string, ...input: unknown[]) =>
          ipcMain.receive(channel, { sender: this, senderFrame: this.mainFrame, type: 'frame' }, input),
      },
    };
    // A sandboxed preload script is CommonJS and gets `electron` alone.
    const require = (name: string) => {
      if (name === 'electron' || name === 'electron/renderer') return electron;
      throw new Error(`a sandboxed preload script cannot load ${name}`);
    };
    const process = { sandboxed: this.preferences.sandbox, contextIsolated: this.preferences.contextIsolation };
    for (const file of [...this.session.preloadScripts, String(this.preferences.preload)]) {
      const script = readFileSync(file, 'utf8');
      new Function('require', 'module', 'exports', 'process', script)(require, { exports: {} }, {}, process);
    }
    return exposed;
  }
}

export class BrowserWindow extends EventEmitter {
  static #all = new Set<BrowserWindow>();
  static getAllWindows(): BrowserWindow[] {
    return [...BrowserWindow.#all];
  }
  /** The app is leaving: its windows go without a word. */
  static forgetAll(): void {
    BrowserWindow.#all.clear();
  }

  readonly options: Record<string, unknown>;
  readonly webContents: WebContents;
  /** Every address that it was told to load. */
  readonly loaded: string[] = [];
  shown = 0;
  visible = false;
  focused = 0;
  maximized = false;
  minimized = false;

  constructor(options: { webPreferences?: Record<string, unknown> } & Record<string, unknown>) {
    super();
    this.options = options;
    this.webContents = new WebContents(options.webPreferences ?? {});
    BrowserWindow.#all.add(this);
    app.emit('browser-window-created', {}, this);
  }
  async loadURL(url: string): Promise<void> {
    this.loaded.push(url);
    await this.webContents.loadURL(url);
    this.emit('ready-to-show', {});
  }
  maximize(): void {
    this.maximized = true;
  }
  show(): void {
    this.shown += 1;
    this.visible = true;
    this.emit('show');
  }
  hide(): void {
    this.visible = false;
  }
  isVisible(): boolean {
    return this.visible;
  }
  focus(): void {
    this.focused += 1;
  }
  isMinimized(): boolean {
    return this.minimized;
  }
  restore(): void {
    this.minimized = false;
  }
  close(): void {
    if (!emitPreventable(this, 'close', {})) this.destroy();
  }
  destroy(): void {
    if (!BrowserWindow.#all.delete(this)) return;
    this.emit('closed');
    if (BrowserWindow.#all.size > 0) return;
    // As in Electron: without a listener the app ends with its last window.
    if (app.listenerCount('window-all-closed') === 0) app.quit();
    else app.emit('window-all-closed');
  }
}

type Handler = ((...input: never[]) => unknown) | null;

class Session extends EventEmitter {
  permissionCheck: Handler = null;
  permissionRequest: Handler = null;
  devicePermission: Handler = null;
  readonly preloadScripts: string[] = [];
  registerPreloadScript({ filePath }: { filePath: string }): void {
    this.preloadScripts.push(filePath);
  }
  setPermissionCheckHandler(handler: Handler): void {
    this.permissionCheck = handler;
  }
  setPermissionRequestHandler(handler: Handler): void {
    this.permissionRequest = handler;
  }
  setDevicePermissionHandler(handler: Handler): void {
    this.devicePermission = handler;
  }
}

export const session = { defaultSession: new Session() };

class IpcMain extends EventEmitter {
  readonly handlers = new Map<string, (event: object, ...input: unknown[]) => unknown>();
  handle(channel: string, handler: (event: object, ...input: unknown[]) => unknown): void {
    if (this.handlers.has(channel)) throw new Error(`a second handler for '${channel}'`);
    this.handlers.set(channel, handler);
  }
  removeHandler(channel: string): void {
    this.handlers.delete(channel);
  }
  async receive(channel: string, event: object, input: readonly unknown[]): Promise<unknown> {
    const handler = this.handlers.get(channel);
    if (!handler) throw new Error(`No handler registered for '${channel}'`);
    return handler(event, ...input);
  }
}

export const ipcMain = new IpcMain();

export interface MenuItem {
  label?: string;
  role?: string;
  type?: string;
  accelerator?: string;
  submenu?: MenuItem[];
  click?: () => void;
}

export class Menu {
  readonly items: MenuItem[];
  constructor(items: MenuItem[]) {
    this.items = items;
  }
  static buildFromTemplate(items: MenuItem[]): Menu {
    return new Menu(items);
  }
  static setApplicationMenu(menu: Menu | null): void {
    standIn.menu = menu;
  }
}

export class Tray extends EventEmitter {
  readonly image: string;
  toolTip = '';
  menu: Menu | null = null;
  constructor(image: string) {
    super();
    if (!existsSync(image)) throw new Error(`Failed to load image from path '${image}'`);
    this.image = image;
    standIn.trays.push(this);
  }
  setToolTip(text: string): void {
    this.toolTip = text;
  }
  setContextMenu(menu: Menu): void {
    this.menu = menu;
  }
}

export const powerSaveBlocker = {
  start(kind: string): number {
    const id = standIn.blockers.size + 1;
    standIn.blockers.set(id, kind);
    return id;
  },
  stop: (id: number): boolean => standIn.blockers.delete(id),
  isStarted: (id: number): boolean => standIn.blockers.has(id),
};

export const powerMonitor = new EventEmitter();

export const dialog = {
  showErrorBox(title: string, content: string): void {
    standIn.errorBoxes.push({ title, content });
  },
};

export const nativeTheme = { shouldUseDarkColors: false };

const second = { id: 2, workArea: { x: 1920, y: 0, width: 1080, height: 1920 } };
const primary = () => ({ id: 1, workArea: standIn.screen });
export const screen = {
  getPrimaryDisplay: primary,
  getAllDisplays: () => (standIn.secondScreen ? [second, primary()] : [primary()]),
};

/** A helper process on plain Node. It finds `process.parentPort`, and no `process.send`, as in Electron's. */
class UtilityProcess extends EventEmitter {
  pid: number | undefined;
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
  readonly #child: ChildProcess;

  constructor(script: string, input: string[], options: ForkOptions) {
    super();
    const parentPort = `
      import { EventEmitter } from 'node:events';
      const send = process.send.bind(process);
      process.parentPort = Object.assign(new EventEmitter(), { postMessage: message => send(message, () => {}) });
      // What came before waits for the first listener.
      process.parentPort.once('newListener', () => setImmediate(() =>
        process.on('message', data => process.parentPort.emit('message', { data, ports: [] }))));
      process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
      delete process.send;`;
    const shim = `data:text/javascript,${encodeURIComponent(parentPort)}`;
    const [, out = 'inherit', err = 'inherit'] = Array.isArray(options.stdio) ? options.stdio : [];
    this.#child = childProcess.spawn(
      process.execPath,
      [...(options.execArgv ?? []), '--import', shim, script, ...input],
      { stdio: ['ignore', out, err, 'ipc'], serialization: 'advanced', env: options.env ?? process.env },
    );
    standIn.helpers.push(this.#child);
    standIn.serviceNames.push(options.serviceName ?? 'Node Utility Process');
    this.stdout = this.#child.stdout;
    this.stderr = this.#child.stderr;
    this.#child.once('spawn', () => {
      this.pid = this.#child.pid;
      this.emit('spawn');
    });
    this.#child.on('message', message => this.emit('message', message));
    this.#child.once('exit', code => {
      this.pid = undefined;
      this.emit('exit', code ?? 1);
    });
  }
  postMessage(message: unknown): void {
    if (this.#child.connected) this.#child.send(structuredClone(message) as object, () => undefined);
  }
  kill(): boolean {
    return this.#child.kill('SIGTERM');
  }
}

interface ForkOptions {
  execArgv?: string[];
  env?: NodeJS.ProcessEnv;
  stdio?: ('pipe' | 'ignore' | 'inherit')[];
  serviceName?: string;
}

export const utilityProcess = {
  fork: (script: string, input: string[] = [], options: ForkOptions = {}) => {
    if (!existsSync(script)) throw new Error(`no such script: ${script}`);
    return new UtilityProcess(script, input, options);
  },
};
