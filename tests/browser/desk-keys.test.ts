/** The desk by keyboard alone, by a bar code reader, and on paper. */
import type { Browser, CDPSession, Page } from 'playwright';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { scene } from '../../electron/images/sample-photos.ts';
import { createWebSocketClient } from '../../renderer/client/index.ts';
import { axeFinds } from './axe.ts';
import { openChromium } from './chromium.ts';
import { openPage, pairPhone } from './desk-page.ts';
import { picture } from './picture.ts';
import { openPlace, type Place } from './place.ts';
import { stage } from './stage.ts';

let place: Place;
let browser: Browser;
let image: Buffer;
let visitors = 0;

stage(async () => {
  [place, browser, image] = await Promise.all([openPlace(), openChromium(), scene(1200, 900).jpeg().toBuffer()]);
  return [browser, place];
});

async function desk(): Promise<Page> {
  const { page } = await openPage(browser, place);
  return page;
}

function visitor(): string {
  visitors += 1;
  return `K-${1000 + visitors}`;
}

const card = (page: Page, id: string, status?: string) =>
  page.locator(`[data-testid=photo-card][data-photo-id="${id}"]${status ? `[data-status=${status}]` : ''}`);

/** Somebody with photos, newest first, looked at on the desk's page. */
async function withPhotos(page: Page, count: number, shots: string[] = []) {
  const who = visitor();
  const { code } = await place.show({ idPersona: who, shots });
  const phone = await pairPhone(place, code);
  const photos = [];
  for (let n = 0; n < count; n += 1) photos.unshift(await phone.send(image));
  await page.locator(`[data-testid=person-tab][data-person="p:${who}"]`).click();
  for (const photo of photos) await card(page, photo.id).locator('img').waitFor();
  return { who, photos, token: phone.token };
}

/** Real key events, at the times of the machine that makes them. */
async function keys(session: CDPSession, text: string, gap: number): Promise<void> {
  const start = Date.now() / 1_000;
  const all = [...text].map(key => ({ key, text: key, code: '' }));
  const sent = [...all, { key: 'Enter', text: '\r', code: 'Enter' }].flatMap((one, index) => {
    const timestamp = start + (index * gap) / 1_000;
    const codes = one.key === 'Enter' ? { windowsVirtualKeyCode: 13 } : {};
    return [
      session.send('Input.dispatchKeyEvent', { type: 'keyDown', timestamp, ...one, ...codes }),
      session.send('Input.dispatchKeyEvent', { type: 'keyUp', timestamp, key: one.key, ...codes }),
    ];
  });
  await Promise.all(sent);
}

const helpOf = (page: Page) => page.getByTestId('help').getByRole('dialog');
const onField = (page: Page) =>
  page.getByTestId('idpersona-input').evaluate(element => element === document.activeElement);

test('[DESK66] single keys lead everywhere, but not while somebody is typing', async () => {
  const page = await desk();
  const first = await withPhotos(page, 1);
  const second = await withPhotos(page, 2);
  const viewed = (who: string) => page.locator(`[data-person="p:${who}"][aria-selected=true]`).waitFor();
  const opened = (what: string) => page.locator(`[data-testid=activity-toggle][aria-expanded=${what}]`).waitFor();

  await page.keyboard.press('n');
  await expect.poll(() => onField(page)).toBe(true);
  await page.keyboard.type('lajkn?');
  expect(await page.getByTestId('idpersona-input').inputValue()).toBe('lajkn?');
  await opened('false');

  await page.locator(`[data-person="p:${second.who}"]`).focus();
  const [one, other] = (await page.getByTestId('person-tab').evaluateAll(tabs => tabs.map(tab => tab.dataset.person)))
    .map(key => key?.slice(2) ?? '')
    .filter(who => who === first.who || who === second.who);
  if (!one || !other) throw new Error('two people should have tabs');
  await page.keyboard.press(second.who === one ? 'j' : 'k');
  await viewed(first.who);
  await page.keyboard.press(second.who === one ? 'k' : 'j');
  await viewed(second.who);
  await page.keyboard.press('l');
  await opened('true');
  await page.keyboard.press('L');
  await opened('false');

  const [newest] = second.photos;
  if (!newest) throw new Error('there are photos');
  await card(page, newest.id).getByRole('button').first().focus();
  await page.keyboard.press('a');
  await card(page, newest.id, 'accepted').waitFor();
  await page.keyboard.press('r');
  await page.getByTestId('reject-reason').first().waitFor();
  await page.keyboard.press('Enter');
  await card(page, newest.id, 'rejected').waitFor();
});

test('[DESK66] the help shows every key, can turn single keys off, and the focus comes back', async () => {
  const page = await desk();
  await page.getByTestId('help-open').focus();
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Atajos de teclado' });
  await help.waitFor();
  await picture(page, 'desk-help');
  const shown = await help.locator('kbd').allTextContents();
  expect(shown).toEqual(expect.arrayContaining(['Inicio', 'Fin', 'Intro', 'Supr', 'Ctrl+Z']));
  expect(shown.filter(key => /Home|End|Enter|Del/.test(key))).toEqual([]);
  await help.getByRole('switch').click();
  await page.keyboard.press('Escape');
  await help.waitFor({ state: 'detached' });
  expect(await page.getByTestId('help-open').evaluate(element => element === document.activeElement)).toBe(true);
  await page.keyboard.press('l');
  await page.keyboard.press('n');
  // The code of a reader still goes its way, and after it the keys that came before have had their time.
  await keys(await page.context().newCDPSession(page), visitor(), 10);
  await page.getByTestId('qr').waitFor();
  expect(await page.getByTestId('activity-toggle').getAttribute('aria-expanded')).toBe('false');
});

test('[DESK67] what a bar code reader types anywhere on the page opens the session; what a person types does not', async () => {
  const page = await desk();
  const { who: before, photos } = await withPhotos(page, 1);
  const session = await page.context().newCDPSession(page);
  const accept = card(page, photos[0]?.id ?? '').getByTestId('accept');
  await accept.focus();
  const who = visitor();
  await keys(session, who, 12);
  await page.locator(`[data-person="p:${who}"][aria-selected=true]`).waitFor();
  await page.getByTestId('qr').waitFor();
  // Its Enter has pressed nothing, and none of its letters was a shortcut.
  await page.getByRole('button', { name: 'Ocultar' }).click();
  await page.locator(`[data-person="p:${before}"]`).click();
  await card(page, photos[0]?.id ?? '', 'received').waitFor();

  const slow = visitor();
  await page.getByTestId('help-open').focus();
  await keys(session, slow, 120);
  // That Enter was an ordinary one.
  await helpOf(page).waitFor();
  expect(await page.getByTestId('idpersona-input').inputValue()).toBe('');
  expect(await page.locator(`[data-person="p:${slow}"]`).count()).toBe(0);
});

test('[DESK67] a code that is read with a photo open leads to its person, a known one to theirs', async () => {
  const page = await desk();
  const { who, photos } = await withPhotos(page, 1);
  await card(page, photos[0]?.id ?? '')
    .getByRole('button')
    .first()
    .click();
  await page.getByTestId('lightbox').locator('img').waitFor();
  const session = await page.context().newCDPSession(page);
  await keys(session, visitor(), 12);
  await page.getByTestId('qr').waitFor();
  await page.getByTestId('lightbox').waitFor({ state: 'detached' });
  await page.getByTestId('help-open').focus();
  await keys(session, who, 12);
  await page.getByTestId('session-card').waitFor();
  expect(await page.getByTestId('session-person').textContent()).toBe(who);
});

test('[DESK87] a whole visit by the keyboard alone, from the idPersona to the end of the session', async () => {
  const { page, complaints } = await openPage(browser, place, { viewport: { width: 1366, height: 768 } });
  const { keyboard } = page;
  const at = (selector: string) => page.evaluate(wanted => document.activeElement?.matches(wanted) === true, selector);
  const reach = async (selector: string, key: 'Tab' | 'Shift+Tab' = 'Tab') => {
    for (let presses = 0; presses < 50; presses += 1) {
      if (await at(selector)) return;
      await keyboard.press(key);
    }
    throw new Error(`${selector} is not reached with ${key}`);
  };
  const back = (selector: string) => expect.poll(() => at(selector), { message: `back at ${selector}` }).toBe(true);
  const closed = () => page.getByRole('dialog').waitFor({ state: 'detached' });

  const who = visitor();
  await keyboard.type(who);
  await keyboard.press('Enter');
  await page.getByTestId('qr').waitFor();
  const paired = await pairPhone(place, ((await page.getByTestId('short-code').textContent()) ?? '').replace('-', ''));
  const phone = createWebSocketClient(paired.token, { url: place.localUrl, WebSocket });
  const heard: string[] = [];
  phone.on('new_message', message => void heard.push(message.content));
  phone.connect();
  const first = await paired.send(image);
  const second = await paired.send(await scene(640, 480).jpeg().toBuffer());
  await page.locator('[data-session-state=connected]').first().waitFor();
  await card(page, first.id).waitFor();
  await card(page, second.id).waitFor();

  const of = (id: string, what: string) => `[data-testid=photo-card][data-photo-id="${id}"] ${what}`;
  await reach(of(second.id, '[data-open]'));
  await reach(of(second.id, '[data-testid=accept]'));
  await keyboard.press('Enter');
  await card(page, second.id, 'accepted').waitFor();
  await reach(of(first.id, '[data-testid=reject]'));
  await keyboard.press('Enter');
  await back('[data-testid=reject-reason]');
  await reach('[data-testid=reject-text]');
  await keyboard.type('Falta una esquina', { delay: 60 });
  await keyboard.press('Enter');
  await card(page, first.id, 'rejected').getByText('Falta una esquina').waitFor();
  await back(of(first.id, '[data-testid=reject]'));

  await reach('[data-testid=chat-input]');
  await keyboard.type('Gracias, repita una', { delay: 60 });
  await keyboard.press('Enter');
  await expect.poll(() => heard).toEqual(['Gracias, repita una']);

  await reach('[data-testid=connection]', 'Shift+Tab');
  await keyboard.press('Enter');
  await page.getByTestId('network-step-1').waitFor();
  await keyboard.press('Escape');
  await closed();
  await back('[data-testid=connection]');

  await reach('[data-testid=open-settings]');
  await keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await keyboard.press('Escape');
  await closed();
  await back('[data-testid=open-settings]');

  await reach('[data-testid=person-menu]');
  await keyboard.press('Enter');
  await back('[data-testid=export-person]');
  await keyboard.press('Enter');
  await reach('[data-testid=export-start]');
  const download = page.waitForEvent('download');
  await keyboard.press('Enter');
  expect((await download).suggestedFilename()).toContain(who);
  await closed();
  await back('[data-testid=person-menu]');

  await reach('[data-testid=end-session]', 'Shift+Tab');
  await keyboard.press('Enter');
  await page.getByTestId('confirm').waitFor();
  await reach('[data-testid=confirm]');
  await keyboard.press('Enter');
  await page.locator('[data-testid=session-card][data-status=disconnected]').waitFor();
  await closed();
  // The button is gone: the keyboard stays on the card, and the next visitor is a few keys away.
  await back('[data-testid=session-card] *, [data-testid=session-card]');
  await reach('[data-testid=idpersona-input]', 'Shift+Tab');
  expect(complaints).toEqual([]);
  phone.close();
});

test('[DESK65] the viewer goes by keys alone, saves under a name with the shot, and gives the focus back', async () => {
  const page = await desk();
  const { photos } = await withPhotos(page, 2);
  const [newest, oldest] = photos;
  if (!newest || !oldest) throw new Error('there are two photos');
  await card(page, newest.id).getByRole('button').first().focus();
  await page.keyboard.press('Enter');
  const viewer = page.getByTestId('lightbox');
  const shown = viewer.locator('img');
  await shown.waitFor();
  const shape = () =>
    shown.evaluate(element => element instanceof HTMLImageElement && [element.naturalWidth, element.naturalHeight]);
  await page.keyboard.press('g');
  await expect.poll(shape).toEqual([900, 1200]);
  const width = (await shown.boundingBox())?.width ?? 0;
  await page.keyboard.press('+');
  await expect.poll(async () => (await shown.boundingBox())?.width ?? 0).toBeGreaterThan(width);
  await page.keyboard.press('a');
  await card(page, newest.id, 'accepted').waitFor();
  const download = page.waitForEvent('download');
  await page.keyboard.press('s');
  expect((await download).suggestedFilename()).toMatch(/^K-\d+_\d{4}-\d\d-\d\d_\d{6}\.jpg$/);
  await page.keyboard.press('?');
  await helpOf(page).waitFor();
  await page.keyboard.press('Escape');
  await helpOf(page).waitFor({ state: 'detached' });
  const back = () => expect.poll(() => viewer.evaluate(element => element.contains(document.activeElement))).toBe(true);
  await back();
  await page.keyboard.press('ArrowRight');
  await page.locator(`[data-testid=lightbox][data-photo-id="${oldest.id}"] img`).waitFor();
  await page.keyboard.press('Delete');
  await page.getByTestId('confirm').waitFor();
  await page.keyboard.press('Escape');
  await page.getByTestId('confirm').waitFor({ state: 'detached' });
  await back();
  await page.keyboard.press('Escape');
  await viewer.waitFor({ state: 'detached' });
  const focused = () => page.evaluate(() => document.activeElement?.closest('[data-photo-id]')?.tagName);
  await expect.poll(focused).toBe('LI');
});

test('[DESK68] a photo is printed alone, upright, on one page', async () => {
  const page = await desk();
  const { photos } = await withPhotos(page, 1);
  await page.evaluate(() => {
    window.print = () => document.body.setAttribute('data-printed', '');
  });
  await card(page, photos[0]?.id ?? '')
    .getByRole('button')
    .first()
    .click();
  await page.getByTestId('lightbox').locator('img').waitFor();
  await page.keyboard.press('p');
  await page.locator('body[data-printed]').waitFor();
  await page.emulateMedia({ media: 'print' });
  const visible = await page.evaluate(() =>
    [...document.body.children].filter(one => one.checkVisibility()).map(one => one.className),
  );
  expect(visible).toEqual(['print-sheet']);
  await page.emulateMedia({ media: null });
  const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
  expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
  expect(pdf).not.toMatch(/\/Type\s*\/Font\b/);
  expect(pdf).toMatch(/\/Subtype\s*\/Image/);
  // The paper had the picture; the screen has the page again.
  await page.locator('.print-sheet').waitFor({ state: 'detached' });
});

test('[DESK66] axe finds nothing in the help, in both themes and languages', async () => {
  const page = await desk();
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const language of ['English', 'Español']) {
      await page.emulateMedia({ colorScheme });
      await page.getByRole('button', { name: language }).click();
      await page.getByTestId('help-open').click();
      await helpOf(page).waitFor();
      const named = language === 'English' ? ['Home', 'End', 'Enter', 'Del'] : ['Inicio', 'Fin', 'Intro', 'Supr'];
      expect(await helpOf(page).locator('kbd').allTextContents()).toEqual(expect.arrayContaining(named));
      expect(await axeFinds(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await helpOf(page).waitFor({ state: 'detached' });
    }
  }
});

test('[DESK400] a code that is read while the keyboard is in a message, a reason or a list goes to nobody, and opens its session', async () => {
  const page = await desk();
  const { who, photos, token } = await withPhotos(page, 1);
  const phone = createWebSocketClient(token, { url: place.localUrl, WebSocket });
  phone.connect();
  const session = await page.context().newCDPSession(page);
  const back = async () => {
    await page.getByRole('button', { name: 'Ocultar' }).click();
    await page.locator(`[data-person="p:${who}"]`).click();
    await card(page, photos[0]?.id ?? '', 'received').waitFor();
  };
  const read = async () => {
    const next = visitor();
    await keys(session, next, 12);
    await page.locator(`[data-person="p:${next}"][aria-selected=true]`).waitFor();
    await page.getByTestId('qr').waitFor();
  };

  await page.getByTestId('chat-input').fill('Le falta ');
  await page.getByTestId('chat-input').focus();
  await read();
  await back();
  expect(await page.getByTestId('chat-input').inputValue()).toBe('Le falta ');
  expect(await page.getByTestId('chat-message').count()).toBe(0);

  await card(page, photos[0]?.id ?? '')
    .getByTestId('reject')
    .click();
  await page.getByTestId('reject-text').fill('Está ');
  await page.getByTestId('reject-text').focus();
  await read();
  await back();

  const list = page.getByTestId('shot-list-choice');
  await list.selectOption({ index: 1 });
  const chosen = await list.inputValue();
  await list.focus();
  await read();
  await page.getByRole('button', { name: 'Ocultar' }).click();
  expect(await list.inputValue()).toBe(chosen);
  phone.close();
});

test('[DESK405] a code that is read into an idPersona that somebody has begun to type is not added to it', async () => {
  const page = await desk();
  const session = await page.context().newCDPSession(page);
  await page.getByTestId('idpersona-input').fill('123');
  const who = visitor();
  await keys(session, who, 12);
  await page.getByTestId('qr').waitFor();
  await page.locator(`[data-person="p:${who}"][aria-selected=true]`).waitFor();
  expect(await page.getByTestId('idpersona-input').inputValue()).toBe('');
});

test('[DESK401] a code that is read closes what stands open about somebody else; settings stay, and say that it was not used', async () => {
  const page = await desk();
  const { who, photos } = await withPhotos(page, 1);
  const session = await page.context().newCDPSession(page);
  const photo = card(page, photos[0]?.id ?? '');
  await photo.locator('[data-open]').click();
  await page.getByTestId('lightbox').locator('img').waitFor();
  await page.keyboard.press('Delete');
  await page.getByTestId('confirm').waitFor();
  await keys(session, visitor(), 12);
  await page.getByTestId('qr').waitFor();
  await page.getByTestId('confirm').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Ocultar' }).click();
  await page.locator(`[data-person="p:${who}"]`).click();
  await photo.waitFor();
  expect(await page.getByTestId('lightbox').count()).toBe(0);

  await page.getByTestId('person-menu').click();
  await page.getByRole('menuitem', { name: 'Eliminar persona…' }).click();
  await page.getByTestId('erase-typed').waitFor();
  await page.getByRole('button', { name: 'Cancelar' }).focus();
  await keys(session, visitor(), 12);
  await page.getByTestId('qr').waitFor();
  await page.getByTestId('erase-typed').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Ocultar' }).click();

  await page.getByRole('button', { name: 'Ajustes' }).click();
  const name = page.getByTestId('settings-form').locator('[data-section=replies]');
  await name.click();
  const reply = page.getByTestId('settings-form').locator('textarea, input').first();
  const before = await reply.inputValue();
  await reply.focus();
  const next = visitor();
  await keys(session, next, 12);
  await page.getByTestId('settings-remark').waitFor();
  expect(await reply.inputValue()).toBe(before);
  expect(await page.getByTestId('settings-state').textContent()).toBe('Todo está guardado');
  expect(await axeFinds(page)).toEqual([]);
  await picture(page, 'desk-settings-scan');
  expect(await page.locator(`[data-person="p:${next}"]`).count()).toBe(0);
});

test('[EXPORT5] an export that has begun goes on where a code is read in the middle of it, and is saved', async () => {
  const page = await desk();
  const { who } = await withPhotos(page, 1);
  const session = await page.context().newCDPSession(page);
  let release = () => {};
  const held = new Promise<void>(resolve => {
    release = resolve;
  });
  await page.route('**/api/people/**', async route => {
    await held;
    await route.continue();
  });
  await page.getByTestId('person-menu').click();
  await page.getByTestId('export-person').click();
  await page.getByTestId('export-start').click();
  await page.getByTestId('export-progress').waitFor();
  await keys(session, visitor(), 12);
  await page.getByTestId('export-progress').waitFor({ state: 'detached' });
  const coming = page.waitForEvent('download');
  release();
  expect((await coming).suggestedFilename()).toContain(who);
  await page.getByText('Exportación guardada').waitFor();
});

test('[DESK402] a photo that goes by another window closes the viewer and is told, and does not come up again by itself', async () => {
  const [here, there] = [await desk(), await desk()];
  const { who, photos } = await withPhotos(here, 2);
  const id = photos[0]?.id ?? '';
  await there.locator(`[data-person="p:${who}"]`).click();
  await card(here, id).locator('[data-open]').click();
  const viewer = here.getByTestId('lightbox');
  await viewer.locator('img').waitFor();

  await card(there, id).locator('[data-open]').click();
  await there.getByTestId('lightbox').waitFor();
  await there.keyboard.press('Delete');
  await there.getByTestId('confirm').click();
  await here.getByTestId('notice').getByText('La foto que estaba viendo ya no está aquí').waitFor();
  await viewer.waitFor({ state: 'detached' });
  // The next one takes its place there: whoever deleted it goes on.
  await there.locator(`[data-testid=lightbox][data-photo-id="${photos[1]?.id}"]`).waitFor();
  expect(await there.getByText('La foto que estaba viendo').count()).toBe(0);
  await there.keyboard.press('Control+z');
  await card(here, id).waitFor();
  expect(await viewer.count()).toBe(0);
  expect(await here.evaluate(() => document.activeElement === document.body)).toBe(false);
});
