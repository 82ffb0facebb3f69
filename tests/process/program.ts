/** The server as a person starts it: a process of its own, told by flags and environment, seen by its output and its files. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Runtime, readRuntime } from '../../electron/data-folder.ts';

export const root = resolve(import.meta.dirname, '../..');

export interface Program {
  child: ChildProcess;
  dataDir: string;
  /** All that it has said so far, on both outputs. */
  said(): string;
  /** Resolves when it listens. @throws what it said, when it ends before that. */
  ready(): Promise<Runtime>;
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** Settings of whoever runs the tests must not reach the program under test. */
const passedOn = ['PATH', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR', 'HOME', 'USERPROFILE', 'APPDATA', 'LOCALAPPDATA'];

export interface Programs {
  /** `script` is `headless` (the built server) or a file of `scripts/`. On a `terminal` its output is one, by script(1). */
  start(
    flags: string[],
    options?: { dataDir?: string; env?: Record<string, string>; script?: string; cwd?: string; terminal?: boolean },
  ): Program;
  folder(): string;
  /** Ends what still runs and removes the folders. */
  clean(): Promise<void>;
}

export function programs(): Programs {
  const started: Program[] = [];
  const folders: string[] = [];

  function folder(): string {
    const made = mkdtempSync(join(tmpdir(), 'mostrador-process-'));
    folders.push(made);
    return made;
  }

  return {
    folder,
    start(
      flags,
      { dataDir = join(folder(), 'data'), env = {}, script = 'headless', cwd = folder(), terminal = false } = {},
    ) {
      const file = script === 'headless' ? 'dist/node/headless.js' : `scripts/${script}`;
      const own = Object.fromEntries(passedOn.flatMap(name => (process.env[name] ? [[name, process.env[name]]] : [])));
      const words = [join(root, file), ...flags];
      const [command, args] = terminal
        ? ['script', ['-qec', [process.execPath, ...words].map(word => `'${word}'`).join(' '), '/dev/null']]
        : [process.execPath, words];
      const child = spawn(command, args, {
        cwd,
        env: { ...own, HOST: '127.0.0.1', PORT: '0', DATA_DIR: dataDir, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const program = watched(child, dataDir);
      started.push(program);
      return program;
    },
    async clean() {
      for (const { child } of started) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await Promise.all(started.splice(0).map(({ ended }) => ended));
      // The processes of a killed server end by themselves a moment later, and may be writing a picture until then.
      const removal = { recursive: true, force: true, maxRetries: 10, retryDelay: 100 };
      await Promise.all(folders.splice(0).map(made => rm(made, removal)));
    },
  };
}

function watched(child: ChildProcess, dataDir: string): Program {
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>(resolve => {
    // `close`, not `exit`: only then all of its output has arrived.
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  const ready = () =>
    new Promise<Runtime>((resolve, reject) => {
      // The welcome is written after runtime.json; its QR and address come in one piece or several.
      const look = () => {
        const runtime = said.includes('npm run desk') ? readRuntime(dataDir) : null;
        if (runtime) resolve(runtime);
      };
      child.stdout?.on('data', look);
      void ended.then(({ code }) => reject(new Error(`ended with ${code} before it was ready:\n${said}`)));
      look();
    });
  return { child, dataDir, said: () => said, ready, ended };
}

/** Takes a port on loopback, as some other program might. */
export async function takePort(port = 0): Promise<{ port: number; free(): Promise<void> }> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, free: () => new Promise(resolve => server.close(() => resolve())) };
}
