/**
 * Three ways to start the same app, so that one body of tests fits all: the built main on the stand-in for `electron`, the app
 * as it was packed on the same stand-in, and Electron's own runtime where it is installed. What a test does with a started app
 * is written once, in `operate.ts`, against Electron's own API.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron } from 'playwright';
import { build } from 'vite';
import { installedRuntime } from '../../scripts/runtime.mjs';
import { type InMain, type Shell, shown } from './operate.ts';

export const repo = resolve(import.meta.dirname, '../..');

export interface Launcher {
  name: string;
  /** Why it cannot be tried here, or `null`. */
  missing(): string | null;
  /** Resolves once the desk is on the screen. */
  launch(dataDir: string, ...flags: string[]): Promise<Shell>;
  /** A start that is to end by itself. Its lines are those on stderr. */
  run(dataDir: string, ...flags: string[]): Promise<{ code: number | null; lines: string[] }>;
}

export const newDataDir = (): string => mkdtempSync(join(tmpdir(), 'mostrador-shell-'));

const flagsOf = (dataDir: string, more: readonly string[]) => [
  ...['--data-dir', dataDir, '--port', '0', '--host', '127.0.0.1'],
  ...more,
];

function watched(process: ChildProcess): Omit<Shell, 'inMain'> {
  let said = '';
  process.stderr?.on('data', (bytes: Buffer) => {
    said += bytes.toString('utf8');
  });
  const ended = new Promise<number | null>(done => process.once('close', code => done(code)));
  return { process, said: () => said, ended };
}

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

/**
 * @param root the folder that holds package.json and dist/, asked for when it is launched: packing takes a while
 * @param packed it is told that it is a packed app, whose command line has no folder before the flags
 */
export function onStandIn(name: string, root: () => Promise<string>, packed = false): Launcher {
  const start = async (dataDir: string, flags: readonly string[]) => {
    const folder = await root();
    const args = [...(packed ? [] : [folder]), ...flagsOf(dataDir, flags)];
    return spawn(process.execPath, ['--import', await builtHook(), join(folder, 'dist/node/main.js'), ...args], {
      cwd: tmpdir(),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { ...process.env, STAND_IN_PACKAGED: packed ? '1' : '0' },
    });
  };
  return {
    name,
    missing: () => null,
    async launch(dataDir, ...flags) {
      const child = await start(dataDir, flags);
      const app = watched(child);
      // Each question has a listener of its own.
      child.setMaxListeners(0);
      let lastId = 0;
      const shell: Shell = {
        ...app,
        inMain<R>(what: InMain<R>, { path = '', text = '' } = {}) {
          lastId += 1;
          const id = lastId;
          return new Promise<R>((done, failed) => {
            child.on('message', function answered(answer: { id: number; value: R; error?: string }) {
              if (answer.id !== id) return;
              child.off('message', answered);
              if (answer.error === undefined) done(answer.value);
              else failed(new Error(answer.error));
            });
            void app.ended.then(code => failed(new Error(`the app ended with ${code}:\n${app.said()}`)));
            child.send({ id, what: String(what), input: { path, text } }, error => error && failed(error));
          });
        },
      };
      await shown(shell, '/kiosk');
      return shell;
    },
    async run(dataDir, ...flags) {
      const { said, ended } = watched(await start(dataDir, flags));
      return { code: await ended, lines: said().trim().split('\n') };
    },
  };
}

/** Chromium's own sandbox needs a helper that belongs to root, which npm cannot install: without it, as Playwright starts it. */
const chromium = process.platform === 'linux' ? ['--no-sandbox'] : [];

/** Electron itself. It needs a display, which Xvfb can be. */
export const realRuntime: Launcher = {
  name: "Electron's own runtime",
  missing() {
    if (installedRuntime() === null) return "Electron's runtime is not installed (npx install-electron)";
    if (process.platform === 'win32') return 'Windows knows no signal that asks a program to end';
    if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)
      return 'there is no display';
    return null;
  },
  async launch(dataDir, ...flags) {
    const rememberTray = join(import.meta.dirname, 'remember-tray.cjs');
    const app = await _electron.launch({
      args: [...chromium, '-r', rememberTray, repo, ...flagsOf(dataDir, flags)],
      cwd: tmpdir(),
    });
    const shell: Shell = {
      ...watched(app.process()),
      inMain: (what, { path = '', text = '' } = {}) => app.evaluate(what, { path, text }),
    };
    await shown(shell, '/kiosk');
    return shell;
  },
  // Without Playwright, which waits for a Chromium that these starts never come to.
  async run(dataDir, ...flags) {
    const executable = installedRuntime();
    if (executable === null) throw new Error('the runtime has gone');
    const child = spawn(executable, [...chromium, repo, ...flagsOf(dataDir, flags)], {
      cwd: tmpdir(),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const { said, ended } = watched(child);
    const code = await ended;
    // Chromium writes there too: `[1234:0101/120000.000000:ERROR:dbus/bus.cc(408)] …`
    const lines = said().split('\n');
    return { code, lines: lines.filter(line => line !== '' && !/^\[\d+:\d+\//.test(line)) };
  },
};

/** What the running server wrote about itself. */
export function runtimeOf(dataDir: string): { pid: number; port: number; operatorToken: string } {
  return JSON.parse(readFileSync(join(dataDir, 'runtime.json'), 'utf8'));
}
