/** The phone's page for whoever does not see it: where the focus is after each step, and what is read aloud. */
import type { Browser, Page } from 'playwright';
import { expect, test } from 'vitest';
import { scene } from '../../electron/images/sample-photos.ts';
import { openChromium } from './chromium.ts';
import { chooseFiles, openPaired, openPhone } from './phone-page.ts';
import { openPlace, type Place } from './place.ts';
import { stage } from './stage.ts';

let desk: Place;
let browser: Browser;
let bytes: Buffer;

stage(async () => {
  [desk, browser] = await Promise.all([openPlace(), openChromium()]);
  bytes = await scene(900, 1200).jpeg().toBuffer();
  return [browser, desk];
});

const focused = (page: Page) =>
  page.evaluate(() => `${document.activeElement?.tagName} ${document.activeElement?.textContent}`);
const card = (page: Page, state: string) => page.locator(`[data-testid=photo-card][data-state=${state}]`);

test('[PHONE460] after each step the focus is on the title of the screen that is there now', async () => {
  const { page } = await openPhone(browser, desk);
  await page.goto((await desk.show({ idPersona: 'P-1', shots: ['Anverso'] })).address);
  const isOn = (title: string) => expect.poll(() => focused(page)).toBe(`H1 ${title}`);
  await isOn('Fotos para el mostrador');
  await page.getByTestId('consent').click();
  await page.getByTestId('visit-screen').waitFor();
  await isOn('Fotos para el mostrador');
  await chooseFiles(page, 'take', { name: 'a.jpg', bytes });
  await isOn('Revise antes de enviar');
  await page.locator('[data-testid=send]:enabled').click();
  await card(page, 'received').waitFor();
  await isOn('Fotos para el mostrador');
  // A sheet gives it back to what opened it.
  await page.getByTestId('chat').click();
  await expect.poll(() => focused(page)).toBe('H2 Mensajes con el mostrador');
  await page.getByTestId('chat-close').click();
  await expect.poll(() => focused(page)).toBe('BUTTON Mensajes');
  // And by keyboard alone from there to the end.
  await page.getByTestId('leave').focus();
  await page.keyboard.press('Enter');
  await isOn('¿Terminar y borrar?');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await isOn('Su visita terminó');
});

test('[PHONE461] what became of the photos is read aloud once, whatever number of them changed how often', async () => {
  const { page } = await openPaired(browser, desk);
  await chooseFiles(page, 'choose', ...['a', 'b', 'c'].map(name => ({ name: `${name}.jpg`, bytes })));
  await page.locator('[data-testid=send]:enabled').waitFor();
  await page.evaluate(() => {
    const told: string[] = [];
    Object.assign(window, { told });
    new MutationObserver(changes => {
      for (const { target } of changes) {
        const element = target instanceof Element ? target : target.parentElement;
        const live = element?.closest('[role=status], [role=alert], [aria-live]');
        const text = live?.textContent?.trim();
        if (text && told.at(-1) !== text) told.push(text);
      }
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
  });
  const told = () => page.evaluate(() => Reflect.get(window, 'told'));
  await page.getByTestId('send').click();
  await expect.poll(() => card(page, 'received').count()).toBe(3);
  await expect.poll(told).toEqual(['Todo enviado']);
  const { photos } = await desk.client.send('photos', 'list', { limit: 1 });
  const photo_id = photos[0]?.id ?? '';
  await desk.client.send('photos', 'review', { photo_id, verdict: 'rejected', reason: 'Sale un dedo' });
  await card(page, 'rejected').waitFor();
  await expect.poll(told).toEqual(['Todo enviado', 'Le piden otra: Foto. Sale un dedo']);
  await page.getByRole('button', { name: 'Hacer otra: Foto' }).waitFor();
  await desk.client.send('photos', 'review', { photo_id, verdict: 'accepted' });
  await card(page, 'accepted').waitFor();
  await expect.poll(told).toEqual(['Todo enviado', 'Le piden otra: Foto. Sale un dedo', 'Todo enviado']);
});
