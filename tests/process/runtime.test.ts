import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { downloadRuntime } from '../../scripts/runtime.mjs';
import { programs, root } from './program.ts';

const { start, folder, clean } = programs();
const closing: (() => void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) close();
  vi.unstubAllEnvs();
  vi.useRealTimers();
  await clean();
});

const electron: { version: string } = JSON.parse(
  readFileSync(join(root, 'node_modules/electron/package.json'), 'utf8'),
);

/** A mirror of Electron's archives on loopback; says how often it was asked. */
async function mirror(answer: RequestListener): Promise<{ asked(): number }> {
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    answer(request, response);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  vi.stubEnv('ELECTRON_MIRROR', `http://127.0.0.1:${address.port}/`);
  vi.stubEnv('electron_config_cache', folder());
  return { asked: () => asked };
}

describe('the download of the runtime', () => {
  test('[START16] ends where nothing is received for the given time, and is not tried again for a day', async () => {
    const { asked } = await mirror(() => {});
    const memory = join(folder(), 'cache', 'no-runtime.json');
    const progress: number[] = [];
    let begun = 0;
    const onBegin = () => {
      begun += 1;
    };
    const options = { memory, stallMs: 1_000, onBegin, onProgress: (done: number) => void progress.push(done) };
    expect(await downloadRuntime(options)).toEqual({ ok: false, why: '1 s', remembered: false });
    expect(progress).toEqual([]);
    expect(await downloadRuntime(options)).toEqual({ ok: false, why: '1 s', remembered: true });
    expect([asked(), begun]).toEqual([1, 1]);
    const day = 24 * 60 * 60 * 1000;
    const { at } = JSON.parse(readFileSync(memory, 'utf8'));
    writeFileSync(memory, JSON.stringify({ version: electron.version, why: 'old', at: at - day - 1 }));
    expect(await downloadRuntime(options)).toMatchObject({ remembered: false });
    expect(asked()).toBe(2);
  });

  test('[START17] stalls count from the last byte; an archive whose checksum is wrong is refused', async () => {
    await mirror((_, response) => {
      response.writeHead(200, { 'content-length': '40' });
      let sent = 0;
      // Slower in all than the time that one pause may last.
      const timer = setInterval(() => {
        sent += 10;
        response.write(Buffer.alloc(10));
        if (sent === 40) clearInterval(timer);
      }, 150);
    });
    const progress: string[] = [];
    const memory = join(folder(), 'no-runtime.json');
    const onProgress = (done: number, total: number | null) => void progress.push(`${done}/${total}`);
    const got = await downloadRuntime({ memory, stallMs: 400, onProgress });
    expect(progress).toEqual(expect.arrayContaining(['10/40', '40/40']));
    expect(got).toMatchObject({ ok: false, why: expect.stringMatching(/checksum/i) });
  });

  test('[START18] a server that refuses is named by its answer', async () => {
    await mirror((_, response) => void response.writeHead(404).end());
    const memory = join(folder(), 'no-runtime.json');
    expect(await downloadRuntime({ memory, onProgress: () => {} })).toMatchObject({
      ok: false,
      why: expect.stringContaining('404'),
    });
  });
});

describe.runIf(process.platform === 'linux')('npm start with a runtime', () => {
  /** A stand-in for Electron's executable, where `ELECTRON_OVERRIDE_DIST_PATH` says. */
  function runtime(script: string): Record<string, string> {
    const dist = join(folder(), 'dist');
    mkdirSync(dist);
    writeFileSync(join(dist, 'version'), electron.version);
    writeFileSync(join(dist, 'electron'), `#!${process.execPath}\n${script}`);
    chmodSync(join(dist, 'electron'), 0o755);
    return { ELECTRON_OVERRIDE_DIST_PATH: dist, DISPLAY: ':99' };
  }

  test('[START19] passes it the flags, and ends with its exit code', async () => {
    const env = runtime('console.log(JSON.stringify(process.argv.slice(2))); process.exitCode = 7;');
    const window = start(['--no-sandbox', '--port', '9000', '--no-open'], { script: 'start.mjs', env });
    expect(await window.ended).toMatchObject({ code: 7 });
    expect(window.said()).toContain('["--no-sandbox",".","--port","9000","--no-open"]');
  });

  test('[START390] starts it as Electron, also from the terminal of an editor that runs its own as Node', async () => {
    const env = runtime(
      `console.log(JSON.stringify([process.env.ELECTRON_RUN_AS_NODE ?? null, process.env.LANG_OF_TEST]));`,
    );
    const more = { ...env, ELECTRON_RUN_AS_NODE: '1', LANG_OF_TEST: 'kept' };
    const window = start(['--no-sandbox'], { script: 'start.mjs', env: more });
    expect(await window.ended).toMatchObject({ code: 0 });
    expect(window.said()).toContain('[null,"kept"]');
  });

  test('[START20] passes it SIGTERM', async () => {
    const env = runtime(
      `process.on('SIGTERM', () => process.exit(5)); console.log('up'); setInterval(() => {}, 9999);`,
    );
    const window = start(['--no-sandbox'], { script: 'start.mjs', env });
    await new Promise<void>(resolve => window.child.stdout?.once('data', () => resolve()));
    window.child.kill('SIGTERM');
    expect(await window.ended).toMatchObject({ code: 5 });
  });

  test('[START21] one that cannot run here is said in a line, and the server runs without a window', async () => {
    const window = start(['--no-sandbox'], { script: 'start.mjs', env: runtime('process.exitCode = 127;') });
    const { port } = await window.ready();
    expect(window.said()).toContain('Electron no arranca');
    expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);
    window.child.kill('SIGTERM');
    expect(await window.ended).toMatchObject({ code: 0 });
  });
});
