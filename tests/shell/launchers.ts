/**
 * Three ways to start the same app, so that one body of tests fits all: the built main on the stand-in for `electron`, the app
 * as it was packed on the same stand-in, and Electron's own runtime where it is installed.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron } from 'playwright';
import { build } from 'vite';

export const repo = resolve(import.meta.dirname, '../..');

export interface Ended {
  code: number | null;
  /** From the signal to the end. */
  ms: number;
}

export interface RunningApp {
  /** Where the desk's window is. */
  pageUrl(): Promise<string>;
  /** What the preload script put on the page's `window`: names, and the names within. */
  exposed(): Promise<Record<string, string[]>>;
  /** `window.mostrador.operatorToken()` in the desk's own page. */
  token(): Promise<unknown>;
  /** The same in a page of another origin in the desk's window. */
  tokenAt(foreign: string): Promise<unknown>;
  end(signal: 'SIGTERM' | 'SIGINT'): Promise<Ended>;
}

export interface Start {
  dataDir: string;
  /** Flags after `--data-dir`. */
  flags?: readonly string[];
  env?: NodeJS.ProcessEnv;
}

export interface Launcher {
  name: string;
  /** Why it cannot be tried here, or `null`. */
  missing(): string | null;
  /** Resolves once the desk's page is loaded. */
  launch(start: Start): Promise<RunningApp>;
}

export const newDataDir = (): string => mkdtempSync(join(tmpdir(), 'mostrador-shell-'));

let hook: Promise<string> | undefined;

/** The stand-in as JavaScript, since Node 20 reads no TypeScript. Resolves to the file for `--import`. */
function builtHook(): Promise<string> {
  hook ??= (async () => {
    const outDir = join(repo, 'tests/output/stand-in');
    await build({
      configFile: false,
      logLevel: 'error',
      build: {
        ssr: true,
        target: 'node20',
        outDir,
        minify: false,
        emptyOutDir: true,
        rolldownOptions: {
          input: {
            'electron-hook': join(import.meta.dirname, 'electron-hook.ts'),
            'electron-stand-in': join(import.meta.dirname, 'electron-stand-in.ts'),
          },
          output: { entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs', format: 'es' },
        },
      },
    });
    return join(outDir, 'electron-hook.mjs');
  })();
  return hook;
}

/** A started main on the stand-in, and the conversation with it. */
export class StandInApp extends EventEmitter {
  readonly process: ChildProcess;
  readonly ended: Promise<number | null>;
  stderr = '';
  #lastId = 0;

  constructor(process: ChildProcess) {
    super();
    this.process = process;
    process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    process.on('message', (message: { id?: number; event?: string }) =>
      this.emit(message.event ?? `answer ${message.id}`, message),
    );
    this.ended = new Promise(done => process.once('close', code => done(code)));
  }

  async ask(ask: string, input: object = {}): Promise<unknown> {
    this.#lastId += 1;
    const answer = once(this, `answer ${this.#lastId}`);
    this.process.send({ id: this.#lastId, ask, input });
    const [{ value, error }] = await answer;
    if (error !== undefined) throw new Error(error);
    return value;
  }

  /** Rejects with what the app said where it ends before that. */
  async heard(event: string): Promise<void> {
    const early = this.ended.then(code => {
      throw new Error(`the app ended with ${code} before '${event}':\n${this.stderr}`);
    });
    await Promise.race([once(this, event), early]);
  }

  async end(signal: NodeJS.Signals): Promise<Ended> {
    const start = performance.now();
    this.process.kill(signal);
    return { code: await this.ended, ms: performance.now() - start };
  }
}

/** @param root the folder that holds package.json and dist/ */
export async function startOnStandIn(root: string, { dataDir, flags = [], env = {} }: Start): Promise<StandInApp> {
  // As `electron .` does it: the app's folder comes before the flags. A packed app has no such argument.
  const packed = env.STAND_IN_PACKAGED === '1';
  const argv = [...(packed ? [] : [root]), '--data-dir', dataDir, ...flags];
  const process_ = spawn(process.execPath, ['--import', await builtHook(), join(root, 'dist/node/main.js'), ...argv], {
    cwd: tmpdir(),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, ...env },
  });
  return new StandInApp(process_);
}

/** @param root asked for when it is launched: packing takes a while. */
export function onStandIn(name: string, root: () => Promise<string>, env: NodeJS.ProcessEnv = {}): Launcher {
  return {
    name,
    missing: () => null,
    async launch(start) {
      const app = await startOnStandIn(await root(), { ...start, env: { ...env, ...start.env } });
      await app.heard('loaded');
      return {
        pageUrl: async () => {
          const { windows } = (await app.ask('state')) as { windows: { loaded: string[] }[] };
          return windows[0]?.loaded.at(-1) ?? '';
        },
        exposed: async () => (await app.ask('exposed')) as Record<string, string[]>,
        token: () => app.ask('token'),
        tokenAt: url => app.ask('token', { url }),
        end: signal => app.end(signal),
      };
    },
  };
}

const runtime = join(repo, 'node_modules/electron/dist');

/** Electron itself. It needs a display, which Xvfb can be. */
export const realRuntime: Launcher = {
  name: "Electron's own runtime",
  missing() {
    if (!existsSync(runtime)) return "Electron's runtime is not installed (npx install-electron)";
    if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)
      return 'there is no display';
    return null;
  },
  async launch({ dataDir, flags = [], env = {} }) {
    const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const app = await _electron.launch({
      args: [...root, repo, '--data-dir', dataDir, ...flags],
      cwd: repo,
      env: Object.fromEntries(
        Object.entries({ ...process.env, ...env }).filter((entry): entry is [string, string] => entry[1] !== undefined),
      ),
    });
    const page = await app.firstWindow();
    await page.waitForLoadState();
    const token = () => page.evaluate('window.mostrador.operatorToken()');
    return {
      pageUrl: async () => page.url(),
      exposed: () =>
        page.evaluate(
          `Object.fromEntries(['mostrador', 'require', 'process', 'module'].filter(name => name in window)
            .map(name => [name, Object.keys(window[name])]))`,
        ),
      token,
      tokenAt: async foreign => {
        await page.goto(foreign);
        return token();
      },
      end: async signal => {
        const child = app.process();
        const ended = once(child, 'exit');
        const start = performance.now();
        child.kill(signal);
        const [code] = await ended;
        return { code, ms: performance.now() - start };
      },
    };
  },
};

/** What the running server wrote about itself. */
export function runtimeOf(dataDir: string): { pid: number; port: number; operatorToken: string } {
  return JSON.parse(readFileSync(join(dataDir, 'runtime.json'), 'utf8'));
}
