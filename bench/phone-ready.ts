/**
 * How long a visitor waits for the phone page on a bad network: Chromium with DevTools' «Slow 4G» (562.5 ms until an answer
 * begins, 1.44 Mbit/s) and a processor four times slower, from the address to a screen that can be used. The address in the QR
 * takes one answer more, the pairing. Next to it a page of one field and nothing else: what network and browser cost by themselves.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium, devices } from 'playwright';
import { WebSocket } from 'ws';
import { createWebSocketClient } from '../renderer/client/index.ts';
import { chromePath, noChrome } from '../tests/browser/chromium.ts';
import { startServer } from './server-process.ts';
import { quantile, type Row } from './table.ts';

const runs = 7;
const slow4g = { offline: false, latency: 562.5, downloadThroughput: 180_000, uploadThroughput: 84_375 };
const slowdown = 4;

export async function phoneReady(): Promise<Row[]> {
  if (noChrome) {
    process.stderr.write(`phone: skipped, ${noChrome}\n`);
    return [];
  }
  const server = await startServer();
  const desk = createWebSocketClient(server.operatorToken, { url: server.url, WebSocket });
  const bare = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end('<!doctype html><meta name="viewport" content="width=device-width"><input id="field">');
  });
  await new Promise<void>(done => bare.listen(0, '127.0.0.1', done));
  const { port } = bare.address() as AddressInfo;
  const browser = await chromium.launch({ executablePath: chromePath, args: ['--no-sandbox'] });
  try {
    desk.connect();
    const typed: number[] = [];
    const scanned: number[] = [];
    const empty: number[] = [];
    for (let run = 0; run < runs; run++) {
      empty.push(await open(browser, `http://127.0.0.1:${port}/`, '#field'));
      typed.push(await open(browser, `${server.url}/J`, '[data-testid=code-input]'));
      const { session } = await desk.send('sessions', 'create', { idPersona: `bench-${run}` });
      const path = new URL(session.qr?.url ?? '').pathname;
      scanned.push(await open(browser, server.url + path, '[data-testid=consent]'));
    }
    const what = `phone page at slow 4G and 1/${slowdown} of the processor, median of ${runs}`;
    return [
      {
        what: `${what}: from the address to a page that can be used`,
        value: quantile(typed, 0.5),
        unit: 'ms',
        limit: 1500,
      },
      {
        what: `${what}: from the QR's address, paired, to the first question`,
        value: quantile(scanned, 0.5),
        unit: 'ms',
        limit: null,
      },
      { what: `${what}: a page of one field`, value: quantile(empty, 0.5), unit: 'ms', limit: null },
    ];
  } finally {
    desk.close();
    await browser.close();
    bare.close();
    await server.stop();
  }
}

/** A phone that was never here; milliseconds from the request until `wanted` is drawn and the page has nothing else to do. */
async function open(browser: Browser, url: string, wanted: string): Promise<number> {
  const { defaultBrowserType: _type, ...phone } = devices['Pixel 7'] ?? {};
  const context = await browser.newContext(phone);
  try {
    const page = await context.newPage();
    const tools = await context.newCDPSession(page);
    await tools.send('Network.enable');
    await tools.send('Network.emulateNetworkConditions', slow4g);
    await tools.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
    await page.goto(url, { waitUntil: 'commit' });
    return await page.evaluate(
      selector =>
        new Promise<number>((done, failed) => {
          setTimeout(() => failed(new Error(`${selector} did not come`)), 30_000);
          const look = () => {
            const found = document.querySelector(selector);
            if (!(found instanceof HTMLElement) || found.offsetHeight === 0) return requestAnimationFrame(look);
            requestIdleCallback(() => done(performance.now()));
          };
          look();
        }),
      wanted,
    );
  } finally {
    await context.close();
  }
}
