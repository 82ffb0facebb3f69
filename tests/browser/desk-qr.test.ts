/** The QR on the desk's screen: it renews itself in silence, is enlarged, and nothing moves where nothing is to move. */
import jsQR from 'jsqr';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright';
import sharp from 'sharp';
import { afterEach, expect, test, vi } from 'vitest';
import { scene } from '../../electron/images/sample-photos.ts';
import { axeFinds } from './axe.ts';
import { openChromium } from './chromium.ts';
import { openPage, pairPhone } from './desk-page.ts';
import { picture } from './picture.ts';
import { openPlace, type Place } from './place.ts';
import { stage } from './stage.ts';

let place: Place;
let browser: Browser;

stage(async () => {
  [place, browser] = await Promise.all([openPlace(), openChromium()]);
  return [browser, place];
});

afterEach(() => {
  vi.useRealTimers();
});

const desk = (options: BrowserContextOptions = {}) => openPage(browser, place, options);

async function showQr(page: Page, idPersona: string): Promise<void> {
  await page.getByTestId('idpersona-input').fill(idPersona);
  await page.keyboard.press('Enter');
  await page.getByTestId('qr').waitFor();
}

async function scanned(where: Locator): Promise<string | undefined> {
  const { data, info } = await sharp(await where.screenshot())
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return jsQR(new Uint8ClampedArray(data), info.width, info.height)?.data;
}

/** A minute and a second go by, for the server, which is in this process, and for the page. */
async function passAMinute(page: Page): Promise<void> {
  vi.setSystemTime(Date.now() + 61_000);
  await page.clock.fastForward(61_000);
}

test('[DESK88] the countdown counts, and the QR is renewed by itself: nothing is said, lost or moved', async () => {
  const { page } = await desk();
  vi.useFakeTimers({ toFake: ['Date'] });
  await page.clock.install();
  await page.reload();
  await page.locator('[data-testid=connection][data-state=connected]').waitFor();
  await showQr(page, 'Q-1');
  const ring = page.getByRole('timer');
  const seconds = async () => Number(await ring.textContent());
  expect(await seconds()).toBeGreaterThan(55);
  expect(await ring.getAttribute('aria-label')).toMatch(/^Se renueva solo en \d+ segundos$/);
  await page.clock.fastForward(20_000);
  await expect.poll(seconds).toBeLessThan(41);
  expect(await seconds()).toBeGreaterThan(30);

  const qr = page.getByTestId('qr');
  const before = { url: await scanned(qr), code: await page.getByTestId('short-code').textContent() };
  const place = await qr.boundingBox();
  // Somebody is typing the next visitor meanwhile.
  await page.keyboard.type('Q-');
  await passAMinute(page);
  await expect.poll(() => scanned(qr), { timeout: 10_000 }).not.toBe(before.url);
  expect(await scanned(qr)).toMatch(/^HTTP:\/\/192\.168\.77\.5:\d+\/J\/[A-Z2-7]{26}$/);
  // The short code lives for five minutes: whoever is typing it goes on.
  expect(await page.getByTestId('short-code').textContent()).toBe(before.code);
  expect(await qr.boundingBox()).toEqual(place);
  expect(await page.getByTestId('notice').count()).toBe(0);
  await page.keyboard.type('2');
  expect(await page.getByTestId('idpersona-input').inputValue()).toBe('Q-2');
  expect(await page.getByTestId('announcer').textContent()).toBe('');
});

test('[DESK89] enlarged, the same QR is as large as the screen allows, with address and code, and is renewed as well', async () => {
  const { page } = await desk({ viewport: { width: 1366, height: 768 } });
  vi.useFakeTimers({ toFake: ['Date'] });
  await page.clock.install();
  await page.reload();
  await page.locator('[data-testid=connection][data-state=connected]').waitFor();
  await showQr(page, 'Q-3');
  const [url, code] = [await scanned(page.getByTestId('qr')), await page.getByTestId('short-code').textContent()];
  const enlarge = page.getByRole('button', { name: 'Ampliar' });
  await enlarge.click();
  const dialog = page.getByRole('dialog', { name: 'Escanee con la cámara de su teléfono' });
  const large = dialog.getByTestId('qr');
  await large.waitFor();
  expect(await scanned(large)).toBe(url);
  expect(Number(await large.getAttribute('data-module'))).toBeGreaterThanOrEqual(14);
  expect(await dialog.textContent()).toMatch(
    new RegExp(`O escriba en el navegador192\\.168\\.77\\.5:\\d+y el código${code}`),
  );
  await picture(page, 'desk-qr-large');
  expect(await axeFinds(page)).toEqual([]);
  await passAMinute(page);
  await expect.poll(() => scanned(large), { timeout: 10_000 }).not.toBe(url);
  expect(await scanned(large)).toMatch(/^HTTP:/);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  expect(await enlarge.evaluate(element => element === document.activeElement)).toBe(true);
});

test('[DESK90] where the system asks for less motion nothing on the page moves', async () => {
  const image = await scene(640, 480).jpeg().toBuffer();
  const moves = async (reducedMotion: 'reduce' | 'no-preference') => {
    const { page } = await desk({ reducedMotion });
    await page.evaluate(() => {
      const seen: string[] = [];
      for (const name of ['animationstart', 'transitionrun'] as const)
        document.addEventListener(name, ({ target }) => {
          seen.push(`${name} ${target instanceof Element ? target.outerHTML.slice(0, 120) : ''}`);
        });
      Object.assign(window, { seen });
    });
    await showQr(page, `Q-${reducedMotion}`);
    const code = ((await page.getByTestId('short-code').textContent()) ?? '').replace('-', '');
    await (await pairPhone(place, code)).send(image);
    await page.getByTestId('photo-card').locator('img').waitFor();
    await page.getByTestId('reject').click();
    await page.getByTestId('reject-reason').first().click();
    await page.getByTestId('open-settings').click();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByTestId('activity-toggle').click();
    await page.getByRole('region', { name: 'Actividad' }).getByText('Fotos', { exact: true }).click();
    return page.evaluate(() => (window as unknown as { seen: string[] }).seen);
  };
  expect(await moves('reduce')).toEqual([]);
  // Where it does not ask, things do move: so this test would see it.
  expect(await moves('no-preference')).not.toEqual([]);
});
