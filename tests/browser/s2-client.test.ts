/** The SDK's S2 entry in a real browser, as a page of a listed origin uses it. */
import { createServer, type Server } from 'node:http';
import { SignJWT } from 'jose';
import type { Browser } from 'playwright';
import { expect, test } from 'vitest';
import { programs, takePort } from '../process/program.ts';
import { openChromium } from './chromium.ts';
import { stage } from './stage.ts';

const secret = 's'.repeat(40);

const runs = programs();
let browser: Browser;
let site: Server;
let page: string;
let desk: string;

stage(async () => {
  const taken = await takePort();
  await taken.free();
  page = `http://127.0.0.1:${taken.port}`;
  site = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end('<!doctype html><title>CRM</title>');
  });
  await new Promise<void>(resolve => site.listen(taken.port, '127.0.0.1', resolve));
  const env = { SECRET_KEY: secret, CORS_ALLOWED_ORIGINS: page };
  const { port } = await runs.start(['--no-open'], { env }).ready();
  desk = `http://127.0.0.1:${port}`;
  browser = await openChromium();
  return [browser, { close: runs.clean }, { close: () => new Promise(resolve => site.close(resolve)) }];
});

test.each(['websocket', 'polling'])(
  '[SDKS6] it signs in and hears an event by %s, from a page of a listed origin',
  async transport => {
    const token = await new SignJWT({})
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject('c1')
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode(secret));
    const context = await browser.newContext();
    const tab = await context.newPage();
    const problems: string[] = [];
    tab.on('pageerror', error => problems.push(error.message));
    // Without WebSockets there is polling alone; with them, how it ends up.
    if (transport === 'polling') await tab.addInitScript(() => Reflect.deleteProperty(window, 'WebSocket'));
    const asked: string[] = [];
    tab.on('websocket', socket => asked.push(socket.url()));
    tab.on('request', request => asked.push(request.url()));
    await tab.goto(page);
    // As text: what a build makes of `import()` is not for a browser.
    const heard = await tab.evaluate(`(async () => {
    const { createClient } = await import('${desk}/sdk/mostrador-s2-client.js');
    const client = createClient('c1', 'cliente', '${token}', { url: '${desk}' });
    const event = new Promise(resolve => client.on('event', resolve));
    const ready = new Promise(resolve => client.on('auth_success', resolve));
    client.createReservation({ clienteId: 'c1', servicioId: 's1' });
    return [await ready, await event];
  })()`);
    expect(heard).toMatchObject([
      { userId: 'c1', role: 'cliente' },
      { type: 'reservation_created', data: { servicioId: 's1' }, from: 'c1' },
    ]);
    expect(asked.some(url => url.includes('/socket.io/') && url.includes(`transport=${transport}`))).toBe(true);
    if (transport === 'polling') expect(asked.filter(url => url.startsWith('ws'))).toEqual([]);
    expect(problems).toEqual([]);
  },
);
