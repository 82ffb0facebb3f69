import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { standIn, utilityProcess } from '../../tests/shell/electron-stand-in.ts';
import { forkNode } from '../processes/fork-node.ts';
import { utilityWorker } from './utility-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'mostrador-shell-'));
const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
const script = (name: string, text: string) => {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(path, text);
  return path;
};
const echo = script(
  'echo',
  `process.parentPort.on('message', ({ data }) => process.parentPort.postMessage({ echo: data, env: { ...process.env } }));`,
);

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  for (const helper of standIn.helpers.splice(0)) helper.kill('SIGKILL');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const first = (listen: (listener: (value: unknown) => void) => void) => new Promise<unknown>(done => listen(done));

it('[SHELL13] the image process is a utility process, without the secrets in our environment', async () => {
  vi.stubEnv('SECRET_KEY', 'nobody else must know');
  vi.stubEnv('DB_PASSWORD', 'nor this');
  const child = utilityWorker(echo, log)();
  const answer = first(child.onMessage);
  child.post({ type: 'task', id: 1 });
  const heard = await answer;
  expect(heard).toMatchObject({ echo: { type: 'task', id: 1 }, env: { VIPS_WARNING: '1' } });
  expect(JSON.stringify(heard)).not.toMatch(/nobody else|nor this/);
});

it('[SHELL13] kill ends it at once, also one that has not begun or does not listen', async () => {
  const deaf = script(
    'deaf',
    `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); process.parentPort.postMessage('up');`,
  );
  const early = utilityWorker(deaf, log)();
  const gone = first(listener => early.onExit(() => listener('gone')));
  early.kill();
  expect(await gone).toBe('gone');

  const late = utilityWorker(deaf, log)();
  expect(await first(late.onMessage)).toBe('up');
  const goneToo = first(listener => late.onExit(() => listener('gone')));
  late.kill();
  late.kill();
  expect(await goneToo).toBe('gone');
});

it('[SHELL13] its last words are logged', async () => {
  const child = utilityWorker(script('dies', `process.stderr.write('out of memory'); process.exit(134);`), log)();
  await first(listener => child.onExit(() => listener(null)));
  expect(log.warn.mock.calls).toEqual([
    [{ process: 'dies.mjs', stderr: 'out of memory' }, 'a process of ours: its last words'],
  ]);
});

it('[SHELL390] a process whose V8 gives up is logged, and the server goes on', async () => {
  log.error.mockClear();
  const made = vi.spyOn(utilityProcess, 'fork');
  const child = utilityWorker(echo, log)();
  const gone = first(listener => child.onExit(() => listener('gone')));
  // As Electron does it: in our own process, before `exit`, whether anybody listens or not.
  made.mock.results[0]?.value.emit('error', 'FatalError', 'Ineffective mark-compacts near heap limit', '{"header":{}}');
  const error = { process: 'echo.mjs', type: 'FatalError', location: 'Ineffective mark-compacts near heap limit' };
  expect(log.error.mock.calls).toEqual([[error, 'a process of ours: error']]);
  child.kill();
  expect(await gone).toBe('gone');
});

it('[SHELL13] in the packed app the script outside the archive is run', () => {
  const fork = vi.spyOn(utilityProcess, 'fork').mockReturnValue({ stderr: null, on: () => undefined } as never);
  for (const path of [
    '/opt/Mostrador/resources/app.asar/dist/node/image-worker.js',
    '/src/dist/node/image-worker.js',
  ]) {
    utilityWorker(path, log)();
  }
  expect(fork.mock.calls.map(([path]) => path)).toEqual([
    '/opt/Mostrador/resources/app.asar.unpacked/dist/node/image-worker.js',
    '/src/dist/node/image-worker.js',
  ]);
});

it("[SHELL13] Node's adapter does not work in Electron, and the stand-in says so", () => {
  expect(() => forkNode(echo, log)()).toThrow('utilityProcess');
});
