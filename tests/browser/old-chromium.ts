/**
 * Chromium 81, of April 2020: the oldest in which the phone's page is promised to work. No library drives one that old any more; by its
 * debugging protocol, a few commands are all that the test needs.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';
import * as z from 'zod/mini';
import { oldChromium } from '../../scripts/old-chromium.mjs';

/** It has no sandbox on most systems of today, and sees nothing but the test's own pages. */
const flags = ['--headless', '--no-sandbox', '--no-zygote', '--disable-gpu', '--disable-dev-shm-usage'];
const env = { PATH: process.env.PATH, LANG: 'C', LD_LIBRARY_PATH: oldChromium.libraries };

/** Why there is none here; `null` where there is. */
export const noOldChromium = reason();

function reason(): string | null {
  if (!existsSync(oldChromium.program)) return 'Chromium 81 is not here (on Linux: npm run test:setup)';
  const tried = spawnSync(oldChromium.program, [...flags, '--dump-dom', 'about:blank'], { env, timeout: 20_000 });
  return tried.status === 0 ? null : 'Chromium 81 does not run on this system';
}

const frame = z.object({
  id: z.optional(z.int()),
  result: z.optional(z.unknown()),
  error: z.optional(z.object({ message: z.string() })),
  method: z.optional(z.string()),
  params: z.optional(z.unknown()),
});
const evaluated = z.object({
  result: z.object({ value: z.optional(z.unknown()) }),
  exceptionDetails: z.optional(z.object({ text: z.string() })),
});
const thrown = z.object({
  exceptionDetails: z.object({ exception: z.optional(z.object({ description: z.string() })) }),
});
const targets = z.array(z.object({ type: z.string(), webSocketDebuggerUrl: z.string() }));
const found = z.object({ nodeId: z.int() });

/** Its one page, with nothing in its storage, of a phone's size. Whatever is looked for is waited for, 10 s. */
export interface OldChromium {
  /** Errors that no program of the page caught. */
  complaints: string[];
  goto(url: string): Promise<void>;
  reload(): Promise<void>;
  /** Until the expression gives something true; gives that. */
  until(expression: string): Promise<unknown>;
  wait(css: string): Promise<void>;
  click(css: string): Promise<void>;
  /** The file as if it had been picked in that input. */
  choose(css: string, path: string): Promise<void>;
  stop(): Promise<void>;
}

export async function startOldChromium(): Promise<OldChromium> {
  const profile = mkdtempSync(join(tmpdir(), 'mostrador-chromium-'));
  const program = spawn(
    oldChromium.program,
    [...flags, '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank'],
    { env, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const socket = new WebSocket(await pageOf(await addressOf(program)));
  await once(socket, 'open');
  const waiting = new Map<number, { done: (result: unknown) => void; failed: (error: Error) => void }>();
  const complaints: string[] = [];
  let asked = 0;
  socket.on('message', bytes => {
    const { id, result, error, method, params } = frame.parse(JSON.parse(String(bytes)));
    if (method === 'Runtime.exceptionThrown') {
      complaints.push(thrown.parse(params).exceptionDetails.exception?.description ?? 'an exception');
    }
    if (id === undefined) return;
    if (error) waiting.get(id)?.failed(new Error(error.message));
    else waiting.get(id)?.done(result);
    waiting.delete(id);
  });
  const send = (method: string, params: Record<string, unknown> = {}) =>
    new Promise<unknown>((done, failed) => {
      asked += 1;
      waiting.set(asked, { done, failed });
      socket.send(JSON.stringify({ id: asked, method, params }));
    });
  for (const domain of ['Page', 'Runtime', 'DOM']) await send(`${domain}.enable`);
  await send('Emulation.setDeviceMetricsOverride', { width: 360, height: 740, deviceScaleFactor: 2, mobile: true });
  await send('Emulation.setTouchEmulationEnabled', { enabled: true });

  async function evaluate(expression: string): Promise<unknown> {
    const answer = await send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    const { result, exceptionDetails } = evaluated.parse(answer);
    if (exceptionDetails) throw new Error(exceptionDetails.text);
    return result.value;
  }
  async function until(expression: string): Promise<unknown> {
    const end = Date.now() + 10_000;
    for (;;) {
      // Between two pages there is nobody to ask.
      const value = await evaluate(expression).catch(() => null);
      if (value) return value;
      if (Date.now() > end) throw new Error(`never: ${expression}`);
      await pause(50);
    }
  }
  const wait = async (css: string) => void (await until(`document.querySelector(${JSON.stringify(css)}) !== null`));
  return {
    complaints,
    goto: async url => void (await send('Page.navigate', { url })),
    reload: async () => void (await send('Page.reload')),
    until,
    wait,
    async click(css) {
      await wait(css);
      await evaluate(`document.querySelector(${JSON.stringify(css)}).click()`);
    },
    async choose(css, path) {
      await wait(css);
      const { root } = z.object({ root: found }).parse(await send('DOM.getDocument'));
      const input = found.parse(await send('DOM.querySelector', { nodeId: root.nodeId, selector: css }));
      await send('DOM.setFileInputFiles', { nodeId: input.nodeId, files: [path] });
    },
    async stop() {
      socket.terminate();
      const ended = once(program, 'exit');
      program.kill('SIGKILL');
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

/** It says on its standard error where it can be asked. */
async function addressOf(program: ChildProcess): Promise<string> {
  if (!program.stderr) throw new Error('no standard error');
  for await (const line of createInterface(program.stderr)) {
    const [, host] = /^DevTools listening on ws:\/\/([^/]+)/.exec(line) ?? [];
    if (host === undefined) continue;
    program.stderr.resume();
    return `http://${host}`;
  }
  throw new Error('Chromium 81 ended at once');
}

async function pageOf(address: string): Promise<string> {
  const answer = await fetch(`${address}/json`);
  const page = targets.parse(await answer.json()).find(({ type }) => type === 'page');
  if (!page) throw new Error('Chromium 81 shows no page');
  return page.webSocketDebuggerUrl;
}
