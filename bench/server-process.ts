/** The server as people run it: the built program in a process of its own, on a data folder that is thrown away. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export interface ServerProcess {
  url: string;
  operatorToken: string;
  pid: number;
  /** Where its inspector listens; empty unless it was started with one. */
  inspector: string;
  /** From the start of the process to a runtime.json that can be read, in milliseconds. */
  readyAfterMs: number;
  stop(): Promise<void>;
}

const entry = resolve(import.meta.dirname, '../dist/node/headless.js');

/** `settings` are environment variables, `flags` are Node's; `before` puts something into the data folder first. */
export async function startServer(
  settings: Record<string, string> = {},
  flags: readonly string[] = [],
  before?: (dataDir: string) => Promise<unknown>,
): Promise<ServerProcess> {
  const dataDir = await mkdtemp(join(tmpdir(), 'mostrador-bench-'));
  await before?.(dataDir);
  const began = performance.now();
  const env = { ...process.env, DATA_DIR: dataDir, PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'warn', ...settings };
  const child = spawn(process.execPath, [...flags, entry], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let inspector = '';
  child.stderr.on('data', (said: Buffer) => {
    inspector ||= /ws:\/\/\S+/.exec(said.toString())?.[0] ?? '';
    if (flags.length === 0) process.stderr.write(said);
  });
  const ended = new Promise<void>(done => child.once('exit', () => done()));
  async function stop() {
    child.kill('SIGTERM');
    await ended;
    await rm(dataDir, { recursive: true, force: true });
  }
  const runtime = await readWhenThere(join(dataDir, 'runtime.json'), began + 20_000).catch(async error => {
    await stop();
    throw error;
  });
  return {
    url: `http://127.0.0.1:${runtime.port}`,
    operatorToken: runtime.operatorToken,
    pid: runtime.pid,
    inspector,
    readyAfterMs: performance.now() - began,
    stop,
  };
}

async function readWhenThere(
  path: string,
  until: number,
): Promise<{ port: number; pid: number; operatorToken: string }> {
  while (performance.now() < until) {
    try {
      return JSON.parse(readFileSync(path, 'utf8'));
    } catch {
      await new Promise(resolve => setTimeout(resolve, 5));
    }
  }
  throw new Error('the server did not get ready within 20 s');
}
