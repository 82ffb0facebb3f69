/** A visit as two people live it: the desk's page on one side, a visitor's phone on the other, both real pages. */
import type { Browser, Locator, Page } from 'playwright';
import sharp from 'sharp';
import { expect } from 'vitest';
import { chooseFiles, openPhone, type Phone, type PhoneOptions } from './phone-page.ts';
import { picture } from './picture.ts';
import type { Place } from './place.ts';
import { readByTwo } from './two-decoders.ts';

/** Whom the desk's page shows. */
export const tab = (desk: Page, idPersona: string) =>
  desk.locator(`[data-testid=person-tab][data-person="p:${idPersona}"]`);

export const deskCard = (desk: Page, status = '') =>
  desk.locator(`[data-testid=photo-card]${status && `[data-status=${status}]`}`);
export const phoneCard = (phone: Page, state = '') =>
  phone.locator(`[data-testid=photo-card]${state && `[data-state=${state}]`}`);

/** A message on the desk's page; with a state, once it has come so far. */
export const deskMessage = (desk: Page, text: string, state = '') =>
  desk.locator(`[data-testid=chat-message]${state && `[data-state=${state}]`}`).filter({ hasText: text });
export const phoneMessage = (phone: Page, text: string, state = '') =>
  phone.locator(`[data-testid=message]${state && `[data-state=${state}]`}`).filter({ hasText: text });

/** Where each photo that was asked for stands, in order. */
export const shots = (page: Page): Promise<(string | null)[]> =>
  page.locator('[data-testid=shot][data-state]').evaluateAll(all => all.map(shot => shot.getAttribute('data-state')));

/** Types the idPersona at the desk, picks a list of photos to ask for, and reads the address off the screen. Wants `prepareDecoders`. */
export async function receive(desk: Page, idPersona: string, list?: string): Promise<string> {
  if (list) await desk.getByTestId('shot-list-choice').selectOption(list);
  await desk.getByTestId('idpersona-input').fill(idPersona);
  await desk.getByTestId('show-qr').click();
  await desk.getByTestId('qr').waitFor();
  let read = ['', 'not yet'];
  await expect
    .poll(async () => {
      read = await readByTwo(desk.getByTestId('qr'));
      return read[0] === read[1];
    })
    .toBe(true);
  return read[0] ?? '';
}

/** A phone that has scanned, accepted and is connected. */
export async function arrive(
  browser: Browser,
  place: Pick<Place, 'url'>,
  address: string,
  options: PhoneOptions = {},
): Promise<Phone> {
  const phone = await openPhone(browser, place, options);
  await phone.page.goto(address);
  await phone.page.getByTestId('consent').click();
  await online(phone.page).waitFor();
  return phone;
}

export const online = (phone: Page): Locator => phone.locator('[data-testid=connection][data-state=online]');

/** Takes one with the camera's button, or chooses several, looks at them and sends them. */
export async function send(phone: Page, ...photos: Buffer[]): Promise<void> {
  const files = photos.map((bytes, index) => ({ name: `foto-${index}.jpg`, bytes }));
  await chooseFiles(phone, files.length === 1 ? 'take' : 'choose', ...files);
  await phone.locator('[data-testid=send]:enabled').click();
  await phone.getByTestId('visit-screen').waitFor();
}

export async function openChat(phone: Page): Promise<void> {
  await phone.getByTestId('chat').click();
  await phone.getByTestId('chat-sheet').waitFor();
}

export async function closeChat(phone: Page): Promise<void> {
  await phone.getByTestId('chat-close').click();
  await phone.getByTestId('chat-sheet').waitFor({ state: 'detached' });
}

/** In the sheet, which is open. */
export async function phoneSays(phone: Page, text: string): Promise<void> {
  await phone.getByTestId('chat-text').fill(text);
  await phone.getByTestId('chat-send').click();
}

/** To whom the desk's page shows. */
export async function deskSays(desk: Page, text: string): Promise<void> {
  await desk.getByTestId('chat-input').fill(text);
  await desk.getByTestId('chat-input').press('Enter');
}

/** Of one colour with grain, another one each time; `large` is about 1 MB, small about 40 KB. */
export async function photo(color: string, size: 'large' | 'small' = 'small'): Promise<Buffer> {
  const [width, height] = size === 'large' ? [1600, 1200] : [320, 240];
  const create = { width, height, channels: 3 as const, background: '#888' };
  const grain = await sharp({ create: { ...create, noise: { type: 'gaussian', mean: 128, sigma: 40 } } })
    .png()
    .toBuffer();
  return sharp({ create: { ...create, background: color } })
    .composite([{ input: grain, blend: 'soft-light' }])
    .jpeg({ quality: 90 })
    .toBuffer();
}

/** What both see at this moment, to be looked at. */
export async function pictures(name: string, sides: Record<string, Page>): Promise<void> {
  for (const [side, page] of Object.entries(sides)) {
    await picture(page, `visit-${name}-${side}`);
  }
}
