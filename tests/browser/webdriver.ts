/**
 * WebKitGTK, the engine nearest to an iPhone's that runs on a PC, by plain W3C WebDriver: its MiniBrowser on a virtual
 * screen, driven by WebKitWebDriver. No library: ten commands are all that the tests need.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod/mini';
import { takePort } from '../process/program.ts';

const driverPath = '/usr/bin/WebKitWebDriver';
const screenPath = '/usr/bin/Xvfb';

/** Why there is no WebKit here; `null` where there is. */
export const noWebKit =
  existsSync(driverPath) && existsSync(screenPath)
    ? null
    : 'WebKitGTK is not here (on Debian: npm run test:setup, or apt install webkit2gtk-driver xvfb)';

const answer = z.object({ value: z.unknown() });
const failed = z.object({ value: z.object({ error: z.string(), message: z.string() }) });
const elementKey = 'element-6066-11e4-a52e-4f735466cecf';
const element = z.object({ [elementKey]: z.string() });

/** One window with nothing in its storage, as a phone that has never been here. Whatever is looked for is waited for, 10 s. */
export interface WebKitPage {
  goto(url: string): Promise<void>;
  reload(): Promise<void>;
  wait(css: string): Promise<void>;
  click(css: string): Promise<void>;
  type(css: string, text: string): Promise<void>;
  /** The file as if it had been picked in that input. */
  choose(css: string, path: string): Promise<void>;
  text(css: string): Promise<string>;
  /** The body of a function, given `arguments`; what it returns, or what its promise becomes. */
  run(body: string, ...args: unknown[]): Promise<unknown>;
  screenshot(): Promise<Buffer>;
  close(): Promise<void>;
}

export interface WebKit {
  open(): Promise<WebKitPage>;
  stop(): Promise<void>;
}

/** Starts the screen. */
export async function startWebKit(): Promise<WebKit> {
  const home = mkdtempSync(join(tmpdir(), 'mostrador-webkit-'));
  // It chooses a free display and says which.
  const screen = spawn(screenPath, ['-displayfd', '1', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const display = await Promise.race([once(screen.stdout, 'data'), once(screen, 'exit').then(() => null)]);
  if (display === null) throw new Error('Xvfb did not start');
  const env = { PATH: process.env.PATH, HOME: home, DISPLAY: `:${String(display).trim()}`, NO_AT_BRIDGE: '1' };
  return {
    async open() {
      // MiniBrowser now and then starts and is never heard of, so one silent start is forgiven.
      return (await openPage(env)) ?? (await openPage(env)) ?? Promise.reject(new Error('MiniBrowser does not start'));
    },
    async stop() {
      screen.kill();
      if (screen.exitCode === null && screen.signalCode === null) await once(screen, 'exit');
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** A driver of its own and the one window that it opens; `null` where no window came. */
async function openPage(env: NodeJS.ProcessEnv): Promise<WebKitPage | null> {
  const { port, free } = await takePort();
  await free();
  // In a group of its own, which ends together: a browser that hangs does not go with its driver.
  const driver = spawn(driverPath, [`--port=${port}`, '--host=127.0.0.1'], { stdio: 'ignore', env, detached: true });
  const ended = once(driver, 'exit');
  const command = commandsTo(`http://127.0.0.1:${port}`);
  const close = async () => {
    if (driver.pid !== undefined) process.kill(-driver.pid, 'SIGKILL');
    await ended;
  };

  // It says nothing when it listens: asked until it answers.
  while (!(await command('GET', '/status').catch(() => null))) {
    if (driver.exitCode !== null) throw new Error(`WebKitWebDriver ended with ${driver.exitCode}`);
    await pause(20);
  }
  const timeouts = { implicit: 10_000, pageLoad: 20_000, script: 20_000 };
  const made = await command('POST', '/session', { capabilities: { alwaysMatch: { timeouts } } }).catch(() => null);
  if (made === null) return close().then(() => null);
  const { sessionId } = z.parse(z.object({ sessionId: z.string() }), made);
  const at = (path: string) => `/session/${sessionId}${path}`;
  const post = (path: string, body: object = {}) => command('POST', at(path), body);
  const find = async (css: string) => {
    const found = z.parse(element, await post('/element', { using: 'css selector', value: css }));
    return `/element/${found[elementKey]}`;
  };
  // As narrow as its window gets; nearer to 450 than to 390 pixels.
  await post('/window/rect', { width: 390, height: 844 });
  return {
    goto: async url => void (await post('/url', { url })),
    reload: async () => void (await post('/refresh')),
    wait: async css => void (await find(css)),
    click: async css => void (await post(`${await find(css)}/click`)),
    type: async (css, text) => void (await post(`${await find(css)}/value`, { text })),
    choose: async (css, path) => void (await post(`${await find(css)}/value`, { text: path })),
    text: async css => z.parse(z.string(), await command('GET', at(`${await find(css)}/text`))),
    run: (body, ...args) => post('/execute/sync', { script: body, args }),
    screenshot: async () => Buffer.from(z.parse(z.string(), await command('GET', at('/screenshot'))), 'base64'),
    async close() {
      await command('DELETE', at('')).catch(() => null);
      await close();
    },
  };
}

function commandsTo(base: string) {
  return async (method: string, path: string, body?: object): Promise<unknown> => {
    const response = await fetch(base + path, {
      method,
      // A start that hangs is soon known; of the others longer than anything that they wait for themselves.
      signal: AbortSignal.timeout(path === '/session' ? 8_000 : 25_000),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch(error => {
      throw new Error(`${method} ${path}: ${error}`);
    });
    const json: unknown = await response.json();
    const wrong = z.safeParse(failed, json);
    if (wrong.success) throw new Error(`${method} ${path}: ${wrong.data.value.error}: ${wrong.data.value.message}`);
    return z.parse(answer, json).value;
  };
}
