/** The visitor's screen: it follows the desk, and says nothing of who somebody is. */
import type { Browser, Page, WebSocketRoute } from 'playwright';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { scene } from '../../electron/images/sample-photos.ts';
import type { Interfaces } from '../../electron/lan.ts';
import { createWebSocketClient } from '../../renderer/client/index.ts';
import { card } from '../network-card.ts';
import { lanName, openChromium } from './chromium.ts';
import { openPage, pairPhone } from './desk-page.ts';
import { examiner } from './examine.ts';
import { openPlace, type Place } from './place.ts';
import { stage } from './stage.ts';
import { prepareDecoders, readByTwo } from './two-decoders.ts';

const usual: Interfaces = { wlan0: card(lanName) };

let now: Interfaces = usual;
let place: Place;
let browser: Browser;

stage(async () => {
  await prepareDecoders();
  [place, browser] = await Promise.all([
    openPlace({ env: { HOST: '0.0.0.0', PUBLIC_URL: '', DESK_NAME: '' }, interfaces: () => now }),
    openChromium(),
  ]);
  return [browser, place];
});

afterEach(() => {
  now = usual;
});

/** `socket`: what becomes of its connection, instead of reaching the server. */
async function display(options: { signedIn?: boolean; socket?: (route: WebSocketRoute) => void } = {}): Promise<Page> {
  const { signedIn = true, socket } = options;
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  if (socket) await page.routeWebSocket('**/ws', socket);
  await page.goto(`${place.localUrl}/display${signedIn ? `#token=${place.token}` : ''}`);
  return page;
}

const words = (page: Page, kind: string) => page.locator(`[data-testid=visitor-words][data-kind=${kind}]`);
const news = (page: Page, kind: string) => page.locator(`[data-testid=visitor-paired][data-news=${kind}]`);

test('[DISP4] opened from the desk it follows what the desk shows, from the QR to the verdict and thanks', async () => {
  const { page: desk, context, complaints } = await openPage(browser, place);
  const opening = context.waitForEvent('page');
  await desk.getByTestId('display-open').click();
  const page = await opening;
  await words(page, 'welcome').waitFor();
  expect(page.url()).toBe(`${place.localUrl}/display`);

  await desk.getByTestId('idpersona-input').fill('DNI-4444444');
  await desk.keyboard.press('Enter');
  await page.getByTestId('visitor-qr').waitFor();
  const drawn = await desk.getByTestId('short-code').textContent();
  expect(await page.getByTestId('short-code').textContent()).toBe(drawn);
  const read = await readByTwo(page);
  expect(read[0]).toMatch(/^HTTP:\/\/192\.168\.77\.5:\d+\/J\/[A-Z2-7]{26}$/);
  expect(read[1]).toBe(read[0]);

  const phone = await pairPhone(place, (drawn ?? '').replace('-', ''));
  await page.getByTestId('visitor-paired').waitFor();
  expect(await page.getByTestId('visitor-paired').textContent()).toContain(phone.session.emoji);
  const upload = await phone.sendHalf(await scene(2600, 2000).jpeg({ quality: 95 }).toBuffer());
  await news(page, 'arriving').waitFor();
  await upload.finish();
  await news(page, 'received').waitFor();
  await place.client.send('photos', 'review', { photo_id: upload.id, verdict: 'rejected', reason: 'Borrosa' });
  await news(page, 'again').waitFor();
  await place.client.send('photos', 'review', { photo_id: upload.id, verdict: 'accepted' });
  await news(page, 'accepted').waitFor();
  const all = await page.content();
  expect(all).not.toMatch(/4444|Borrosa|blob:|<img/);

  await place.client.send('sessions', 'end', { session_id: phone.session.id });
  await words(page, 'thanks').waitFor();
  // The desk goes on to the next one.
  await desk.getByTestId('idpersona-input').fill('DNI-5555555');
  await desk.keyboard.press('Enter');
  await page.getByTestId('visitor-qr').waitFor();
  await desk.getByRole('button', { name: 'Ocultar' }).click();
  await words(page, 'welcome').waitFor();
  expect(complaints).toEqual([]);
});

test('[DISP5] without a token there is a sign-in, and the page itself knows nothing', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${place.localUrl}/display`);
  await page.getByTestId('sign-in').waitFor();
  await page.getByTestId('token-input').fill('wrong');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
});

test('[DISP22] a change of the desk’s name, language or colours shows at once, also where the desk is open beside it', async () => {
  const { page: desk, context, complaints } = await openPage(browser, place, { colorScheme: 'light' });
  const page = await context.newPage();
  await page.goto(`${place.localUrl}/display#token=${place.token}`);
  await page.getByRole('heading', { name: 'Mostrador', exact: true }).waitFor();
  await words(page, 'welcome').getByText('Le damos la bienvenida').waitFor();
  await place.client.send('settings', 'update', { settings: { desk_name: 'Planta 2', lang: 'en', theme: 'dark' } });
  await page.getByRole('heading', { name: 'Planta 2' }).waitFor();
  await words(page, 'welcome').getByText('Welcome').waitFor();
  await page.locator('html[data-mantine-color-scheme=dark]').waitFor();
  await vi.waitFor(async () => expect(await page.title()).toBe('Planta 2'), 10_000);
  await desk.getByRole('button', { name: 'Settings' }).waitFor();

  // What the visitor chooses stays on that screen, and is not what the desk reads.
  await page.getByRole('button', { name: 'Español' }).click();
  await words(page, 'welcome').getByText('Le damos la bienvenida').waitFor();
  await Promise.all([page.reload(), desk.reload()]);
  await words(page, 'welcome').getByText('Le damos la bienvenida').waitFor();
  await desk.getByRole('button', { name: 'Settings' }).waitFor();
  await place.client.send('settings', 'update', { settings: { desk_name: null, lang: null, theme: null } });
  await page.getByRole('heading', { name: 'Mostrador', exact: true }).waitFor();
  await page.locator('html[data-mantine-color-scheme=light]').waitFor();
  expect(complaints).toEqual([]);
});

test('[DISP23] without a network it says so in words, and the QR comes by itself', async () => {
  now = {};
  const { session } = await place.client.send('sessions', 'create', { idPersona: 'D-23' });
  await place.client.send('display', 'show', { session_id: session.id });
  const page = await display();
  await words(page, 'noNetwork').getByText('Ahora no hay red en el mostrador').waitFor();
  now = usual;
  await page.getByTestId('visitor-qr').waitFor();
});

const sizes = [
  { width: 1366, height: 768 },
  { width: 1920, height: 1080 },
  { width: 1080, height: 1920 },
];
const looking = (page: Page) => examiner({ page, name: 'display', sizes, least: 56, still: true });

async function scenes(page: Page, kind: string): Promise<void> {
  await words(page, kind).waitFor();
  await looking(page)(kind);
}

test('[DISP6] before anybody is served, in every size, theme and language everything fits and can be hit, and axe finds nothing (WCAG 2.2 AA)', async () => {
  const outside = await display({ signedIn: false });
  const atTheDoor = examiner({ page: outside, name: 'display', sizes, least: 44 });
  await outside.getByTestId('sign-in').waitFor();
  await atTheDoor('sign-in');
  await outside.getByTestId('token-input').fill('wrong');
  await outside.keyboard.press('Enter');
  await outside.getByRole('alert').waitFor();
  await atTheDoor('refused');

  await scenes(await display({ socket: () => {} }), 'loading');
  await scenes(await display({ socket: route => void route.close() }), 'offline');
  await place.client.send('display', 'show', { session_id: null });
  await scenes(await display(), 'welcome');
});

test('[DISP6] during a visit, in every size, theme and language everything fits and can be hit, and axe finds nothing (WCAG 2.2 AA)', async () => {
  const page = await display();
  const look = looking(page);
  const { session, code } = await place.show({ idPersona: 'D-6' });
  await place.client.send('display', 'show', { session_id: session.id });
  await page.getByTestId('qr').waitFor();
  await look('qr');
  for (const size of sizes) {
    await page.setViewportSize(size);
    await vi.waitFor(
      async () => expect(Number(await page.getByTestId('qr').getAttribute('data-module'))).toBeGreaterThanOrEqual(12),
      5_000,
    );
  }
  const phone = await pairPhone(place, code);
  await news(page, 'away').waitFor();
  await look('paired');
  const online = createWebSocketClient(phone.token, { url: place.localUrl, WebSocket });
  onTestFinished(() => online.close());
  online.connect();
  await news(page, 'ready').waitFor();
  await look('ready');
  const upload = await phone.sendHalf(await scene(2600, 2000).jpeg({ quality: 95 }).toBuffer());
  await news(page, 'arriving').waitFor();
  await look('arriving');
  await upload.finish();
  await news(page, 'received').waitFor();
  await look('received');
  await place.client.send('photos', 'review', { photo_id: upload.id, verdict: 'rejected', reason: 'Borrosa' });
  await news(page, 'again').waitFor();
  await look('again');
  await place.client.send('photos', 'review', { photo_id: upload.id, verdict: 'accepted' });
  await news(page, 'accepted').waitFor();
  await look('accepted');
  await place.client.send('sessions', 'end', { session_id: session.id });
  await scenes(page, 'thanks');
  now = {};
  const { session: next } = await place.client.send('sessions', 'create', { idPersona: 'D-7' });
  await place.client.send('display', 'show', { session_id: next.id });
  await scenes(page, 'noNetwork');
});
