/** The QR as others show it: the images for a back-office system, and the blocks of a terminal, read by decoders. */
import { spawnSync } from 'node:child_process';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readRuntime } from '../../electron/data-folder.ts';
import { type BuiltWorker, buildWorker } from '../../electron/images/built-worker.ts';
import { prepareDecoders, readPicture } from '../browser/two-decoders.ts';
import { programs } from '../process/program.ts';
import { startServer, type TestServer } from './running.ts';

const runs = programs();
let worker: BuiltWorker;
let server: TestServer;
beforeAll(async () => {
  await prepareDecoders();
  worker = await buildWorker();
  server = await startServer(worker.entry);
});
afterAll(async () => {
  await server.stop();
  await worker.remove();
  await runs.clean();
});

test('[PAIR1] qr.svg and qr.png hold the session’s own address, as two decoders read them, and follow its renewal', async () => {
  const { id, qr } = await server.session();
  const shown = async () => {
    const images = await Promise.all(
      ['svg', 'png'].map(async type => {
        const answer = await server.call('GET', `/api/sessions/${id}/qr.${type}`);
        expect(answer.headers.get('content-type')).toMatch(type === 'svg' ? /^image\/svg\+xml/ : /^image\/png/);
        const bytes = Buffer.from(await answer.arrayBuffer());
        return sharp(bytes, { density: 300 }).flatten({ background: 'white' }).png().toBuffer();
      }),
    );
    return Promise.all(images.map(readPicture));
  };
  const both = (url: string | undefined) => [
    [url, url],
    [url, url],
  ];
  expect(await shown()).toEqual(both(qr?.url));
  const desk = server.client();
  const { session } = await desk.send('sessions', 'renew', { session_id: id });
  expect(session.qr?.url).not.toBe(qr?.url);
  expect(await shown()).toEqual(both(session.qr?.url));
});

/** What stands in the terminal, two rows of modules a line, as a picture: blocks are dark. */
async function drawn(said: string): Promise<Buffer> {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal
  const plain = said.replace(/\u001b\[[0-9;]*m/g, '').replaceAll('\r', '');
  const lines = plain.split('\n').filter(line => line.length >= 29 && /^[ ▀▄█]+$/.test(line));
  const width = Math.max(...lines.map(line => line.length));
  const rows = lines.flatMap(line =>
    ['▀█', '▄█'].map(full => Array.from({ length: width }, (_, at) => (full.includes(line[at] ?? ' ') ? 0 : 255))),
  );
  const [size, edge] = [{ width, height: rows.length }, 80];
  return (
    sharp(Buffer.from(rows.flat()), { raw: { ...size, channels: 1 } })
      .resize(size.width * 8, size.height * 8, { kernel: 'nearest' })
      // A dark terminal around it: the margin has to be its own.
      .extend({ top: edge, bottom: edge, left: edge, right: edge, background: 'black' })
      .png()
      .toBuffer()
  );
}

const noScript =
  process.platform === 'linux' && spawnSync('script', ['--version']).status === 0 ? null : 'no script(1)';

test.skipIf(noScript !== null)(
  `[START32] on a terminal the server alone shows a QR of its address and the desk’s signed-in one; elsewhere the same QR and no token${noScript === null ? '' : `: ${noScript}`}`,
  async () => {
    const address = (said: string) => /abierto en (http:\S+)/.exec(said)?.[1];
    const kept = runs.start([]);
    const { operatorToken } = await kept.ready();
    expect(address(kept.said())).toMatch(/^http:\/\/[\d.]+:\d+$/);
    expect(await readPicture(await drawn(kept.said()))).toContain(`${address(kept.said())}/`);
    expect(kept.said()).not.toContain(operatorToken);

    const terminal = runs.start([], { terminal: true });
    await expect.poll(() => terminal.said(), { timeout: 10_000 }).toContain('/kiosk#token=');
    const said = terminal.said();
    expect(await readPicture(await drawn(said))).toContain(`${address(said)}/`);
    // Black on white whatever the terminal's own colours are, to the end of its margin.
    const coloured = said.split('\n').filter(line => line.includes('▀'));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal
    for (const line of coloured) expect(line).toMatch(/^\u001b\[30;47m {4}.* {4}\u001b\[0m\r?$/);
    expect(coloured.length).toBeGreaterThan(10);
    const [, desk, token] = /(http:\/\/127\.0\.0\.1:\d+)\/kiosk#token=([\w-]{43})/.exec(said) ?? [];
    const answer = await fetch(`${desk}/api/sessions`, { headers: { Authorization: `Bearer ${token}` } });
    expect(answer.status).toBe(200);
    // The server itself: told to end, script(1) would wait a while for it.
    const server = readRuntime(terminal.dataDir);
    if (server) process.kill(server.pid, 'SIGTERM');
    await terminal.ended;
  },
);

test('[NET300] listening on this PC alone, the terminal and runtime.json say so: its own address and why', async () => {
  const alone = runs.start([], { env: { HOST: '127.0.0.1' } });
  const { port, lanUrls } = await alone.ready();
  expect(lanUrls).toEqual([`http://127.0.0.1:${port}`]);
  const said = alone.said().split('\n');
  expect(said).toContain(
    `Solo este equipo llega a http://127.0.0.1:${port}, ningún teléfono: así lo dice HOST=127.0.0.1.`,
  );
  expect(
    alone
      .said()
      .match(/https?:\/\/[\d.]+/g)
      ?.filter(url => url !== 'http://127.0.0.1'),
  ).toEqual([]);
  const elsewhere = runs.start(['--lang', 'en'], { env: { PUBLIC_URL: 'http://localhost:9' } });
  await elsewhere.ready();
  expect(elsewhere.said()).toContain('Only this PC reaches http://localhost:9, no phone: PUBLIC_URL=');
});
