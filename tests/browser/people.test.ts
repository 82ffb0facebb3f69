/** Persons on the desk's page: found, exported, deleted; a deleted photo brought back; a photo that repeats another. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Browser, BrowserContextOptions, Page } from 'playwright';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { scene } from '../../electron/images/sample-photos.ts';
import { openedExport } from '../opened-export.ts';
import { standsIn } from '../stands-in.ts';
import { axeFinds } from './axe.ts';
import { openChromium } from './chromium.ts';
import { openPage } from './desk-page.ts';
import { openPhone } from './phone-page.ts';
import { picture } from './picture.ts';
import { openPlace, type Place } from './place.ts';
import { stage } from './stage.ts';

let place: Place;
let browser: Browser;
let image: Buffer;

stage(async () => {
  [place, browser, image] = await Promise.all([openPlace(), openChromium(), scene(640, 480).jpeg().toBuffer()]);
  return [browser, place];
});

const desk = (options: BrowserContextOptions = {}) => openPage(browser, place, options);

/** Different bytes each time. */
async function another(): Promise<Buffer> {
  const noise = { create: { width: 48, height: 36, channels: 3 as const, background: '#567' } };
  return sharp({ ...noise, create: { ...noise.create, noise: { type: 'gaussian' as const, mean: 128, sigma: 40 } } })
    .jpeg()
    .toBuffer();
}

/** From the back office, without a session. */
async function send(idPersona: string, body: Buffer, shot = ''): Promise<string> {
  const id = randomUUID();
  const query = new URLSearchParams({ idPersona, ...(shot && { shot }) });
  const put = await fetch(`${place.localUrl}/api/photos/${id}?${query}`, {
    method: 'PUT',
    headers: { Authorization: `Bearer ${place.token}`, 'Content-Type': 'image/jpeg' },
    body: new Uint8Array(body),
  });
  expect(put.status).toBe(201);
  return id;
}

const card = (page: Page, id: string) => page.locator(`[data-testid=photo-card][data-photo-id="${id}"]`);
const search = (page: Page) => page.getByTestId('person-search');

async function lookUp(page: Page, idPersona: string): Promise<void> {
  await search(page).fill(idPersona);
  await page.keyboard.press('Enter');
  await page.locator(`[data-testid=person-tab][data-person="p:${idPersona}"][data-active]`).waitFor();
}

async function axe(page: Page): Promise<void> {
  expect(await axeFinds(page)).toEqual([]);
}

test('[PEOPLE8] the search finds who has no tab any more; arrows, Enter and a bar code reader open them', async () => {
  const old = await send('VIEJA-0042', image);
  for (let i = 0; i < 101; i++) await send('NUEVA-1', await another());
  const { page, complaints } = await desk();
  await page.locator('[data-testid=person-tab][data-person="p:NUEVA-1"]').waitFor();
  expect(await page.locator('[data-person="p:VIEJA-0042"]').count()).toBe(0);
  await search(page).click();
  await page.getByTestId('person-found').first().waitFor();
  await search(page).fill('eja-00');
  await expect.poll(() => page.getByTestId('person-found').count()).toBe(1);
  await page.getByTestId('person-found').getByText('VIEJA-0042').waitFor();
  await picture(page, 'people-search');
  await axe(page);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await card(page, old).waitFor();
  await page.reload();
  await search(page).waitFor();
  // Typed faster than any answer comes.
  await lookUp(page, 'VIEJA-0042');
  await card(page, old).waitFor();
  await search(page).fill('no hay nadie');
  await page.getByText('Nadie con ese idPersona.').waitFor();
  expect(complaints).toEqual([]);
});

test('[PEOPLE331] who was found is named whole, however long the idPersona is', async () => {
  const long = 'PASAPORTE-AAB1234567890-RESIDENTE-COMUNITARIO-0012';
  await send(long, await another());
  const { page } = await desk({ viewport: { width: 1366, height: 768 } });
  await search(page).fill('COMUNITARIO');
  const name = page.getByTestId('person-found').getByText(long);
  await name.waitFor();
  await picture(page, 'people-long');
  expect(
    await name.evaluate(({ scrollWidth, clientWidth, parentElement }) => [
      scrollWidth <= clientWidth,
      (parentElement?.scrollWidth ?? 0) <= (parentElement?.clientWidth ?? 0),
    ]),
  ).toEqual([true, true]);
  await axe(page);
});

test('[PEOPLE9] while a QR waits nobody can be looked up', async () => {
  const { page } = await desk();
  await page.getByTestId('idpersona-input').fill('P-QR');
  await page.keyboard.press('Enter');
  await page.getByTestId('qr').waitFor();
  expect(await search(page).isDisabled()).toBe(true);
});

test('[PEOPLE330] why nobody can be looked up is not cut off, in both languages', async () => {
  const { page } = await desk({ viewport: { width: 1366, height: 768 } });
  await page.getByTestId('idpersona-input').fill('P-QR-2');
  await page.keyboard.press('Enter');
  await page.getByTestId('qr').waitFor();
  for (const language of ['es', 'en']) {
    if (language === 'en') await page.getByRole('button', { name: 'English' }).click();
    await page.locator(`html[lang=${language}]`).waitFor();
    const [needed, there] = await search(page).evaluate(field => {
      if (!(field instanceof HTMLInputElement)) throw new Error('no field');
      const style = getComputedStyle(field);
      const pen = document.createElement('canvas').getContext('2d');
      if (!pen) throw new Error('no pen');
      pen.font = style.font;
      const inside = field.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight);
      return [pen.measureText(field.placeholder).width, inside];
    });
    expect([language, (needed ?? 0) <= (there ?? 0)]).toEqual([language, true]);
  }
});

test('[PEOPLE10] a deleted photo comes back by the button and by Ctrl+Z, with the seconds in sight', async () => {
  const [one, two] = [await send('UNDO', image), await send('UNDO', await another())];
  const { page, complaints } = await desk();
  await lookUp(page, 'UNDO');
  for (const [id, undo] of [
    [one, () => page.getByTestId('undo').click()],
    [two, () => page.keyboard.press('Control+z')],
  ] as const) {
    await card(page, id).locator('[data-open]').click();
    await page.getByTestId('lightbox').waitFor();
    await page.getByTestId('lightbox').getByRole('button', { name: 'Eliminar' }).click();
    await page.getByTestId('confirm').click();
    await page.getByTestId('undo').waitFor();
    expect(await page.getByTestId('undo-seconds').textContent()).toMatch(/^(10|9|8)\u00a0s$/);
    await card(page, id).waitFor({ state: 'detached' });
    await picture(page, `people-undo-${id === one ? 'grid' : 'key'}`);
    await axe(page);
    await undo();
    await card(page, id).waitFor({ state: 'attached' });
    await page.getByText('La foto está otra vez aquí.').first().waitFor();
    if (await page.getByTestId('lightbox').isVisible()) await page.keyboard.press('Escape');
  }
  expect(complaints).toEqual([]);
});

test('[PEOPLE11] a photo that was sent before is marked, and leads to the first one', async () => {
  const first = await send('DOBLE', image);
  const second = await send('DOBLE', image);
  const { page } = await desk();
  await lookUp(page, 'DOBLE');
  const badge = card(page, second).getByTestId('duplicate');
  await badge.waitFor();
  expect(await card(page, first).getByTestId('duplicate').count()).toBe(0);
  await picture(page, 'people-duplicate');
  await axe(page);
  await badge.click();
  await page.locator(`[data-testid=lightbox][data-photo-id="${first}"]`).waitFor();
});

test('[EXPORT4] the desk exports a person after saying what it holds; every hash in it is right', async () => {
  const ids = [await send('EXP 1', image, 'DNI anverso'), await send('EXP 1', await another())];
  const { page, complaints } = await desk({ acceptDownloads: true });
  await lookUp(page, 'EXP 1');
  await page.getByTestId('person-menu').click();
  await page.getByTestId('export-person').waitFor();
  await picture(page, 'people-menu');
  await axe(page);
  await page.getByTestId('export-person').click();
  await page.getByTestId('export-start').waitFor();
  await picture(page, 'people-export');
  await axe(page);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('export-start').click()]);
  expect(download.suggestedFilename()).toMatch(/^mostrador-EXP-1-\d{4}-\d\d-\d\d\.zip$/);
  await page.getByText('Exportación guardada').waitFor();
  const { list } = openedExport(readFileSync(await download.path()));
  expect(list.photos.map(({ id }) => id)).toEqual(ids);
  // Cancelled in the middle, nothing is saved and nothing is complained of.
  await page.route('**/api/people/**', () => {});
  await page.getByTestId('person-menu').click();
  await page.getByTestId('export-person').click();
  await page.getByTestId('export-start').click();
  await page.getByTestId('export-progress').waitFor();
  await picture(page, 'people-export-running');
  await page.getByTestId('export-cancel').click();
  await page.getByTestId('export-progress').waitFor({ state: 'detached' });
  expect(complaints).toEqual([]);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`[ERASE11] the desk deletes a person after having the idPersona typed; page, phone and data folder are empty of them (${colorScheme})`, async () => {
    const idPersona = `BORRAR-${colorScheme}-55`;
    const { session, address } = await place.show({ idPersona });
    const phone = await openPhone(browser, place);
    await phone.page.goto(address.replace(/^HTTP:\/\/[^/]+/i, place.url));
    await phone.page.getByTestId('consent').click();
    const { page, complaints } = await desk({ colorScheme });
    await send(idPersona, image);
    await lookUp(page, idPersona);
    await page.getByTestId('photo-card').waitFor();
    await page.getByTestId('person-menu').click();
    await page.getByTestId('erase-person').click();
    const typed = page.getByTestId('erase-typed');
    await typed.fill(idPersona.slice(0, -1));
    expect(await page.getByTestId('erase-confirm').isDisabled()).toBe(true);
    await typed.fill(idPersona);
    await picture(page, `people-erase-${colorScheme}`);
    await axe(page);
    expect(standsIn(place.dataDir, idPersona)).not.toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByText('Se eliminó todo.').waitFor();
    expect(await page.locator(`[data-person="p:${idPersona}"]`).count()).toBe(0);
    expect(standsIn(place.dataDir, idPersona)).toEqual([]);
    await phone.page.getByTestId('ended-screen').waitFor();
    const kept = await phone.page.evaluate(() => JSON.stringify({ ...localStorage }));
    expect(kept).not.toContain(session.id);
    await picture(page, `people-erased-${colorScheme}`);
    expect(complaints).toEqual([]);
    await phone.context.close();
  });
}
