/** `npm run dev`: Vite's pages before the real server, as somebody who changes them has it. */
import { connect } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { readRuntime } from '../../electron/data-folder.ts';
import { overview } from '../../protocol/dashboard.ts';
import { pageFacts } from '../../protocol/page-facts.ts';
import { createWebSocketClient } from '../../renderer/client/index.ts';
import { must } from '../server/running.ts';
import { type Program, programs, takePort } from './program.ts';

const runs = programs();
let dev: Program;
// By SIGTERM also where the test has failed: it has a server of its own to end.
afterAll(async () => {
  dev.child.kill('SIGTERM');
  await dev.ended;
  await runs.clean();
});

const entities: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" };
const unescaped = (text: string) => text.replace(/&[^;]+;/g, entity => entities[entity] ?? entity);

/** Whether anybody listens there. */
function answers(port: number, host: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ port, host, timeout: 2_000 });
    const say = (isThere: boolean) => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once('connect', () => say(true));
    for (const event of ['error', 'timeout']) socket.once(event, () => say(false));
  });
}

test('[START30] npm run dev serves each page from its sources, everything else from the real server, and on loopback alone', async () => {
  const { port, free } = await takePort();
  await free();
  // What the desk's own settings say about the address does not count here.
  const env = { HOST: '0.0.0.0', DESK_NAME: 'Ventanilla "1" <&>' };
  const dataDir = runs.folder();
  dev = runs.start(['--port', String(port), '--data-dir', dataDir], { script: 'dev.mjs', dataDir, env });
  await expect.poll(() => dev.said(), { timeout: 30_000 }).toContain(`http://127.0.0.1:${port}`);
  const url = `http://127.0.0.1:${port}`;

  for (const [path, name] of Object.entries({
    '/': 'phone',
    '/J/ABC': 'phone',
    '/j': 'phone',
    '/kiosk': 'kiosk',
    '/display': 'display',
    '/dashboard': 'dashboard',
  })) {
    const page = await fetch(url + path, { headers: { Accept: 'text/html' } });
    expect(page.status, path).toBe(200);
    const html = await page.text();
    const [, facts = ''] = /<meta name="mostrador" content="([^"]*)"/.exec(html) ?? [];
    expect(must(pageFacts, JSON.parse(unescaped(facts))), path).toMatchObject({
      desk: env.DESK_NAME,
      chat_chars: 2000,
    });
    const scripts = [...html.matchAll(/<script[^>]* src="([^"]+)"/g)].map(([, src = '']) => src);
    expect(scripts, path).toContainEqual(expect.stringMatching(new RegExp(`^/${name}/main\\.tsx`)));
    for (const script of scripts) {
      const source = await fetch(url + script);
      expect([source.status, source.headers.get('content-type')], script).toEqual([200, 'text/javascript']);
    }
  }

  const runtime = readRuntime(dev.dataDir);
  if (!runtime) throw new Error('no runtime.json');
  const headers = { Authorization: `Bearer ${runtime.operatorToken}` };
  const data = await fetch(`${url}/dashboard/overview?span=15m`, { headers });
  must(overview, await data.json());
  for (const part of ['', '/clients', '/rooms', '/events', '/stats', '/api-status']) {
    const answer = await fetch(`${url}/dashboard${part}`, { headers });
    expect([answer.status, answer.headers.get('content-type')], part).toEqual([
      200,
      expect.stringMatching(/^application\/json/),
    ]);
  }
  expect(await (await fetch(`${url}/`)).json()).toMatchObject({ status: 'ok', service: 'websocket_upred' });
  const desk = createWebSocketClient(runtime.operatorToken, { url, WebSocket });
  desk.connect();
  expect(await desk.send('sessions', 'list', {})).toEqual({ sessions: [] });
  desk.close();

  for (const at of [port, runtime.port]) {
    expect(await answers(at, '127.0.0.1')).toBe(true);
    // Another address of this machine, where whoever listens on all of them would answer.
    expect(await answers(at, '127.0.0.2')).toBe(false);
  }
  dev.child.kill('SIGTERM');
  await dev.ended;
  expect(readRuntime(dataDir)).toBeNull();
});

test('[START371] npm run dev on a taken port says so in one line, and ends', async () => {
  const { port, free } = await takePort();
  const second = runs.start(['--port', String(port)], { script: 'dev.mjs' });
  expect(await second.ended).toMatchObject({ code: 1 });
  await free();
  expect(second.said()).toMatch(new RegExp(`^No se puede abrir 127\\.0\\.0\\.1:${port}: .+\n$`));
});
