/** A bug in one part of a page, played by a part of the browser that breaks: the rest of the page goes on. */
import type { Browser, Page } from 'playwright';
import { expect, test } from 'vitest';
import { scene } from '../../electron/images/sample-photos.ts';
import { axeFinds, ofColours } from './axe.ts';
import { openChromium } from './chromium.ts';
import { openPage, pairPhone } from './desk-page.ts';
import { card, chooseFiles, openPaired } from './phone-page.ts';
import { picture } from './picture.ts';
import { openPlace, type Place } from './place.ts';
import { stage } from './stage.ts';

let place: Place;
let browser: Browser;

stage(async () => {
  [place, browser] = await Promise.all([openPlace(), openChromium()]);
  return [browser, place];
});

/** What goes by that name in the page throws from now on; what comes back mends it. */
async function broken(
  page: Page,
  name: 'Intl.NumberFormat' | 'Intl.DateTimeFormat' | 'String.prototype.toLocaleLowerCase' | 'Math.ceil',
) {
  await page.evaluate(path => {
    const names = path.split('.');
    const last = names.pop() ?? '';
    const owner = names.reduce((found: object, step) => Reflect.get(found, step), window);
    const whole = Reflect.get(owner, last);
    Reflect.set(owner, last, () => {
      throw new Error('broken for a test');
    });
    Object.assign(window, { mend: () => Reflect.set(owner, last, whole) });
  }, name);
  return () => page.evaluate('mend()');
}

/** Nothing, in both themes and languages; leaves the page in English. */
async function foundIn(page: Page): Promise<string[]> {
  const found = await axeFinds(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  found.push(...(await axeFinds(page, { rules: ofColours })));
  await page.locator('button[lang=en], [data-testid=language]').click();
  found.push(...(await axeFinds(page)));
  return found;
}

test('[DESK406] a bug in one part of the desk takes the place of that part alone, and it can be tried again', async () => {
  const { code } = await place.show({ idPersona: 'C-1' });
  const phone = await pairPhone(place, code);
  const { page } = await openPage(browser, place, { viewport: { width: 1366, height: 768 } });
  await page.locator('[data-testid=person-tab][data-person="p:C-1"]').click();
  await page.getByTestId('activity-toggle').click();
  const mend = await broken(page, 'String.prototype.toLocaleLowerCase');
  await page.getByRole('textbox', { name: 'Filtrar por texto' }).fill('C');
  const fault = page.getByTestId('fault');
  await fault.waitFor();
  await picture(page, 'desk-fault');
  expect(await foundIn(page)).toEqual([]);

  // The QR and the photos are still there, and take what comes.
  const sent = await phone.send(await scene(640, 480).jpeg().toBuffer());
  const arrived = page.locator(`[data-testid=photo-card][data-photo-id="${sent.id}"]`);
  await arrived.locator('img').waitFor();
  await page.getByTestId('idpersona-input').fill('C-2');
  await page.keyboard.press('Enter');
  await page.getByTestId('qr').waitFor();

  await mend();
  await fault.getByRole('button', { name: 'Try again' }).click();
  await page.getByTestId('activity-list').getByRole('listitem').first().waitFor();
  expect(await fault.count()).toBe(0);
});

test('[DISP401] the visitor’s screen, which nobody touches, loads itself anew after a bug', async () => {
  const { page: desk, context } = await openPage(browser, place);
  await desk.getByTestId('idpersona-input').fill('C-3');
  await desk.keyboard.press('Enter');
  const page = await context.newPage();
  await page.goto(`${place.localUrl}/display#token=${place.token}`);
  await page.getByTestId('visitor-qr').waitFor();
  await broken(page, 'Math.ceil');
  await page.getByTestId('fault').waitFor();
  await picture(page, 'display-fault');
  await page.getByTestId('visitor-qr').waitFor({ timeout: 20_000 });
});

test('[PHONE465] a bug in a screen of the phone’s page is told, loses nothing, and can be tried again; one in the chat leaves the photos alone', async () => {
  const { page, session } = await openPaired(browser, place);
  const mend = await broken(page, 'Intl.NumberFormat');
  const bytes = await scene(3000, 2250).jpeg().toBuffer();
  await chooseFiles(page, 'choose', { name: 'a.jpg', bytes });
  await page.getByTestId('fault-screen').waitFor();
  await picture(page, 'phone-fault', true);
  expect(await foundIn(page)).toEqual([]);
  await mend();
  await page.getByTestId('try-again').click();
  await page.locator('[data-testid=send]:enabled').click();
  await expect.poll(() => card(page, 'received').count(), { timeout: 15_000 }).toBe(1);

  await broken(page, 'Intl.DateTimeFormat');
  const { session: now } = await place.client.send('sessions', 'get', { session_id: session.id });
  const message = { conversation_id: now.conversation_id ?? '', content: 'Buenos días', sender_id: 'operator' };
  await place.client.send('messages', 'create', { message });
  await page.getByTestId('chat').click();
  await page.getByTestId('chat-fault').waitFor();
  await chooseFiles(page, 'choose', { name: 'b.jpg', bytes: await scene(900, 1200).jpeg().toBuffer() });
  await page.locator('[data-testid=send]:enabled').click();
  await expect.poll(() => card(page, 'received').count(), { timeout: 15_000 }).toBe(2);
});
