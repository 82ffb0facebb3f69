/** The visitor's screen: it follows the desk, and says nothing of who somebody is. */
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContextOptions, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { scene } from '../../electron/images/sample-photos.ts';
import { noChrome, openChromium } from './chromium.ts';
import { openPage, pairPhone } from './desk-page.ts';
import { openPlace, type Place } from './place.ts';
import { prepareDecoders, readByTwo } from './two-decoders.ts';

let place: Place;
let browser: Browser;
const close: (() => Promise<void>)[] = [];

beforeEach(context => {
  if (noChrome) context.skip(noChrome);
});
beforeAll(async () => {
  if (noChrome) return;
  await prepareDecoders();
  [place, browser] = await Promise.all([openPlace(), openChromium()]);
});
afterEach(async () => {
  for (const one of close.splice(0)) await one();
});
afterAll(async () => {
  await browser?.close();
  await place?.close();
});

async function display(options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1920, height: 1080 },
    reducedMotion: 'reduce',
    ...options,
  });
  close.push(() => context.close());
  const page = await context.newPage();
  await page.goto(`${place.localUrl}/display#token=${place.token}`);
  await page.getByTestId('visitor').waitFor();
  return page;
}

const words = (page: Page, kind: string) => page.locator(`[data-testid=visitor-words][data-kind=${kind}]`);
const news = (page: Page, kind: string) => page.locator(`[data-testid=visitor-paired][data-news=${kind}]`);

test('[DISP4] opened from the desk it follows what the desk shows, from the QR to the verdict and thanks', async () => {
  const { page: desk, context, complaints } = await openPage(browser, place);
  close.push(() => context.close());
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
  close.push(() => context.close());
  const page = await context.newPage();
  await page.goto(`${place.localUrl}/display`);
  await page.getByTestId('sign-in').waitFor();
  await page.getByTestId('token-input').fill('wrong');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
});

const screens = [
  { name: 'small', viewport: { width: 1366, height: 768 }, colorScheme: 'light', lang: 'es' },
  { name: 'hd', viewport: { width: 1920, height: 1080 }, colorScheme: 'dark', lang: 'en' },
  { name: 'portrait', viewport: { width: 1080, height: 1920 }, colorScheme: 'light', lang: 'en' },
  { name: 'portrait-dark', viewport: { width: 1080, height: 1920 }, colorScheme: 'dark', lang: 'es' },
] as const;

test.each(screens)(
  '[DISP6] $name: everything fits and can be hit, and axe finds nothing (WCAG 2.2 AA)',
  async screen => {
    const { viewport, colorScheme, lang, name } = screen;
    const page = await display({ viewport, colorScheme });
    const look = async (what: string) => {
      const folder = resolve(import.meta.dirname, '../output');
      await mkdir(folder, { recursive: true });
      await page.screenshot({ path: resolve(folder, `display-${name}-${what}.png`) });
      const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
      const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
      expect(violations.map(({ id, nodes }) => [what, id, nodes.map(node => node.html)])).toEqual([]);
      const spilled = await page.evaluate(() => {
        const main = document.querySelector('main')?.getBoundingClientRect();
        return [...document.querySelectorAll('main *')]
          .map(element => ({ box: element.getBoundingClientRect(), html: element.outerHTML.slice(0, 80) }))
          .filter(
            ({ box }) =>
              box.height > 0 && main && (box.bottom > main.bottom || box.right > main.right || box.top < main.top),
          )
          .map(({ html }) => html);
      });
      expect(spilled).toEqual([]);
      const small = await page
        .locator('button')
        .evaluateAll(all =>
          all.filter(element => element.getBoundingClientRect().height < 55.5).map(element => element.outerHTML),
        );
      expect(small).toEqual([]);
    };
    await place.client.send('display', 'show', { session_id: null });
    await words(page, 'welcome').waitFor();
    if (lang === 'en') await page.getByRole('button', { name: 'English' }).click();
    await look('welcome');
    const { session, code } = await place.show({ idPersona: `D-${name}` });
    await place.client.send('display', 'show', { session_id: session.id });
    await page.getByTestId('qr').waitFor();
    await look('qr');
    expect(Number(await page.getByTestId('qr').getAttribute('data-module'))).toBeGreaterThanOrEqual(12);
    await pairPhone(place, code);
    await page.getByTestId('visitor-paired').waitFor();
    await look('paired');
    await place.client.send('sessions', 'end', { session_id: session.id });
    await words(page, 'thanks').waitFor();
    await look('thanks');
  },
);
