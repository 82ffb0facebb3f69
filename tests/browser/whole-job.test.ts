/**
 * The whole job on the built program, as two people do it: the desk's page and two visitors' phones in real browsers, the
 * server a process of its own, which is killed in the middle.
 */
import { type Browser, devices, type Page } from 'playwright';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { Runtime } from '../../electron/data-folder.ts';
import { phonePhoto } from '../../electron/images/sample-photos.ts';
import { type Program, programs, takePort } from '../process/program.ts';
import { lanName, openChromium } from './chromium.ts';
import { stage } from './stage.ts';
import { prepareDecoders, readByTwo } from './two-decoders.ts';

const run = programs();
let dataDir: string;
let port: number;
let program: Program;
let runtime: Runtime;
let browser: Browser;
/** What a developer would see in red on any of the pages. */
const complaints: string[] = [];

stage(async () => {
  dataDir = `${run.folder()}/data`;
  await prepareDecoders();
  const taken = await takePort();
  port = taken.port;
  await taken.free();
  browser = await openChromium();
  await start();
  return [browser, { close: run.clean }];
});

async function start(): Promise<void> {
  const env = { PORT: String(port), PUBLIC_URL: `http://${lanName}:${port}`, DESK_NAME: 'Recepción Central' };
  program = run.start([], { dataDir, env });
  runtime = await program.ready();
}

async function open(options: Parameters<Browser['newContext']>[0], isWatched = true): Promise<Page> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.on('pageerror', error => complaints.push(String(error)));
  if (isWatched) page.on('console', message => message.type() === 'error' && complaints.push(message.text()));
  return page;
}

function phoneOptions(name: string) {
  const { defaultBrowserType: _type, ...description } = devices[name] ?? {};
  return { ...description, locale: 'es-ES' };
}

/** As slow as a bad Wi-Fi, in bytes a second; 0 is as fast as it goes. */
async function uploadSpeed(page: Page, bytesPerSecond: number): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  const uploadThroughput = bytesPerSecond === 0 ? -1 : bytesPerSecond;
  await devtools.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput,
  });
}

async function take(page: Page, buffer: Buffer): Promise<void> {
  await page.getByTestId('take').setInputFiles({ name: 'foto.jpg', mimeType: 'image/jpeg', buffer });
  await page.getByTestId('send').click();
}

const deskCard = (desk: Page, status = '') =>
  desk.locator(`[data-testid=photo-card]${status ? `[data-status=${status}]` : ''}`);
const phoneCard = (phone: Page, state: string) => phone.locator(`[data-testid=photo-card][data-state=${state}]`);
/** Pictures that can be seen, not placeholders. */
const seen = (desk: Page) =>
  desk
    .locator('[data-testid=photo-card] img')
    .evaluateAll(all => all.filter(img => img instanceof HTMLImageElement && img.naturalWidth > 0).length);

test('[JOB1] from the QR on the screen to the accepted photo, through a second phone, a reload and a killed server', async () => {
  const desk = await open({ viewport: { width: 1366, height: 768 } });
  await desk.goto(runtime.operatorUrl);
  await desk.getByTestId('idpersona-input').fill('40123456');
  await desk.getByTestId('show-qr').click();
  await desk.getByTestId('qr').waitFor();

  // The QR can be read off the screen, at both sizes and in both themes.
  let address = '';
  for (const viewport of [
    { width: 1366, height: 768 },
    { width: 1920, height: 1080 },
  ]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await desk.setViewportSize(viewport);
      await desk.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await expect.poll(() => readByTwo(desk).then(read => new Set(read).size)).toBe(1);
      [address = ''] = await readByTwo(desk);
      expect(address).toMatch(new RegExp(`^HTTP://${lanName}:${port}/J/[A-Z2-7]{26}$`));
    }
  }

  const phone = await open(phoneOptions('iPhone 15'));
  await phone.goto(address);
  await phone.getByTestId('consent').click();
  expect(new URL(phone.url()).pathname).toBe('/J');
  expect(await phone.evaluate(() => isSecureContext)).toBe(false);
  await desk.locator('[data-testid=session-card][data-status=authenticated]').waitFor();

  // A second phone on the same token is told so. Its browser logs the 410 that it gets: that one is expected.
  const second = await open(phoneOptions('Pixel 7'), false);
  await second.goto(address);
  await second
    .getByText(/ya (lo )?us[óo]|ya se usó|otro teléfono/i)
    .first()
    .waitFor();

  // Seen on the desk within a second of the last byte.
  const answered = phone.waitForResponse(response => response.request().method() === 'PUT');
  await take(phone, await phonePhoto(6, 3000, 2000));
  expect((await answered).status()).toBe(201);
  const lastByte = Date.now();
  await expect.poll(() => seen(desk), { interval: 20, timeout: 5_000 }).toBe(1);
  expect(Date.now() - lastByte).toBeLessThan(1_000);
  await desk.getByTestId('accept').first().click();
  await phoneCard(phone, 'accepted').waitFor();

  // The page reloaded in the middle of an upload finishes it.
  await uploadSpeed(phone, 200_000);
  const uploading = phone.waitForRequest(request => request.method() === 'PUT');
  await take(phone, await noisyPhoto(1));
  await uploading;
  await desk.locator('[data-testid=upload-card], [data-testid=photo-card][data-status=receiving]').first().waitFor();
  await phone.reload();
  await uploadSpeed(phone, 0);
  await expect.poll(() => seen(desk), { timeout: 20_000 }).toBe(2);

  // The server killed in the middle of the next one: what was acknowledged is there, and the phone finishes by itself.
  await uploadSpeed(phone, 200_000);
  const again = phone.waitForRequest(request => request.method() === 'PUT');
  await take(phone, await noisyPhoto(2));
  await again;
  program.child.kill('SIGKILL');
  await program.ended;
  const isBackAfter = performance.now();
  await start();
  expect(performance.now() - isBackAfter).toBeLessThan(3_000);
  await uploadSpeed(phone, 0);
  await expect.poll(() => seen(desk), { timeout: 30_000 }).toBe(3);
  expect(await deskCard(desk, 'accepted').count()).toBe(1);
  await expect.poll(() => phoneCard(phone, 'received').count(), { timeout: 10_000 }).toBe(2);

  // What is stored is upright and tells nothing about the camera or the place.
  const headers = { Authorization: `Bearer ${runtime.operatorToken}` };
  const list = await fetch(`http://127.0.0.1:${port}/api/photos?idPersona=40123456`, { headers }).then(answer =>
    answer.json(),
  );
  expect(list.photos).toHaveLength(3);
  for (const { urls } of list.photos) {
    const stored = await fetch(`http://127.0.0.1:${port}${urls.full}`, { headers }).then(answer =>
      answer.arrayBuffer(),
    );
    const { exif, orientation } = await sharp(Buffer.from(stored)).metadata();
    expect({ exif, orientation }).toEqual({ exif: undefined, orientation: undefined });
  }
  // A connection that a killed server drops is logged by the browser itself.
  expect(
    complaints.filter(text => !/ERR_CONNECTION_(REFUSED|RESET)|ERR_EMPTY_RESPONSE|WebSocket connection to/.test(text)),
  ).toEqual([]);
}, 120_000);

/** About 1 MB, so that a slow network takes seconds. */
function noisyPhoto(seed: number): Promise<Buffer> {
  const noise = { type: 'gaussian' as const, mean: 100 + 20 * seed, sigma: 40 };
  return sharp({ create: { width: 1600, height: 1200, channels: 3, background: '#888', noise } })
    .jpeg({ quality: 80 })
    .toBuffer();
}
