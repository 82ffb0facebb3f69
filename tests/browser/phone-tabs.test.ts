/** The phone's page as a browser lives with it: several tabs, the back button, taps that come twice. */
import type { Browser, Page } from 'playwright';
import { afterEach, expect, test } from 'vitest';
import { scene } from '../../electron/images/sample-photos.ts';
import { openChromium } from './chromium.ts';
import { chooseFiles, openPaired, openPhone } from './phone-page.ts';
import { picture } from './picture.ts';
import { openPlace, type Place } from './place.ts';
import { stage } from './stage.ts';
import { closeChat, openChat } from './visit.ts';

let place: Place;
let browser: Browser;
let image: Buffer;

stage(async () => {
  [place, browser, image] = await Promise.all([openPlace(), openChromium(), scene(900, 700).jpeg().toBuffer()]);
  return [browser, place];
});

let complaints: string[] = [];
afterEach(() => {
  expect(complaints).toEqual([]);
});

async function paired(session: Parameters<Place['show']>[0] = {}) {
  const phone = await openPaired(browser, place, { session });
  ({ complaints } = phone);
  await phone.page.locator('[data-testid=connection][data-state=online]').waitFor();
  return phone;
}

const screenOf = (page: Page, name: string) => page.locator(`[data-screen=${name}]`);

async function take(page: Page): Promise<void> {
  await chooseFiles(page, 'take', { name: 'IMG_1.jpg', bytes: image });
  await page.locator('[data-testid=send]:enabled').waitFor();
}

/** Whom the phone says that its photos are for, in the ids that it keeps. */
const keptIn = (page: Page) => page.evaluate(() => localStorage.getItem('mostrador.visits'));

test('[PHONE400] of two tabs the visit that was begun last goes on in both, through a reload, and its photos go to nobody else', async () => {
  const first = await paired({ idPersona: 'UNO-111' });
  const second = await place.show({ idPersona: 'DOS-222' });
  const page = await first.context.newPage();
  await page.goto(second.address);
  await page.getByTestId('consent').click();
  await screenOf(page, 'visit').waitFor();

  // The older tab hears something of the older visit: it must not write that over the newer one.
  await place.client.send('sessions', 'assign', { session_id: first.session.id, idPersona: 'UNO-112' });
  await first.page.locator(`[aria-label*="${second.session.emoji}"]`).first().waitFor();
  await page.reload();
  await screenOf(page, 'visit').waitFor();
  for (const tab of [first.page, page]) {
    await tab.locator('[data-testid=connection][data-state=online]').waitFor();
    const came = place.hears('photo_received');
    await take(tab);
    await tab.getByTestId('send').click();
    expect((await came).idPersona).toBe('DOS-222');
  }
});

test('[PHONE400] another QR of the same session, scanned in a new tab, goes on there whatever becomes of the old one', async () => {
  const first = await paired({ idPersona: 'TRES-333' });
  const { session } = await place.client.send('sessions', 'renew', { session_id: first.session.id });
  await screenOf(first.page, 'ended').waitFor();
  const page = await first.context.newPage();
  await page.goto(session.qr?.url ?? '');
  await page.getByTestId('consent').click();
  await take(page);
  // The old tab follows, and what it knew of the session takes nothing from the new one.
  await screenOf(first.page, 'ended').waitFor({ state: 'detached' });
  await page.reload();
  await screenOf(page, 'review').waitFor();
  await page.getByTestId('send').click();
  await page.locator('[data-testid=photo-card][data-state=received]').waitFor();
});

test('[PHONE400] what one tab has erased no other writes again', async () => {
  const { page: old, context } = await paired();
  const page = await context.newPage();
  await page.goto(old.url());
  await screenOf(page, 'visit').waitFor();
  await page.getByTestId('leave').click();
  await page.getByTestId('leave-yes').click();
  await screenOf(page, 'ended').waitFor();
  await screenOf(old, 'ended').waitFor();
  expect(await keptIn(old)).toBe(null);
});

test('[PHONE401] the back button leads from a chosen photo, from the question before the end and from the messages to the visit', async () => {
  const { page } = await paired();
  await take(page);
  await page.goBack();
  await screenOf(page, 'visit').waitFor();
  await page.getByTestId('review').getByText('1 foto por revisar').waitFor();
  await page.getByTestId('review').click();
  await page.locator('[data-testid=send]:enabled').click();
  await page.locator('[data-testid=photo-card][data-state=received]').waitFor();
  // Nothing is left behind in the history that one would have to press through.
  await page.waitForFunction(() => history.state === null);
  await page.getByTestId('leave').click();
  await screenOf(page, 'leaving').waitFor();
  await page.goBack();
  await screenOf(page, 'visit').waitFor();
  await page.getByTestId('leave').click();
  await page.getByTestId('leave-no').click();
  await page.waitForFunction(() => history.state === null);
  await openChat(page);
  await closeChat(page);
  await page.waitForFunction(() => history.state === null);
});

test('[PHONE467] a phone whose visit the desk gives to another says so', async () => {
  const { page, session } = await paired({ idPersona: 'OTRO-444' });
  await take(page);
  await page.getByTestId('send').click();
  await page.locator('[data-testid=photo-card][data-state=received]').waitFor();
  await place.client.send('sessions', 'renew', { session_id: session.id });
  const ended = page.locator('[data-testid=ended-screen][data-state=other_phone]');
  await ended.getByRole('heading', { name: 'Su visita sigue en otro teléfono' }).waitFor();
  await ended.getByText('El mostrador recibió 1 foto.').waitFor();
  expect(await ended.textContent()).not.toContain('caducó');
  expect(await keptIn(page)).toBe(null);
  await page.getByTestId('language').click();
  await ended.getByRole('heading', { name: 'Your visit goes on on another phone' }).waitFor();
});

test('[PHONE466] who does not accept is asked before the visit ends, comes back from there to the consent, and is told what to do at the end', async () => {
  const { address, session } = await place.show();
  const phone = await openPhone(browser, place);
  const { page } = phone;
  ({ complaints } = phone);
  const decline = async () => {
    await page.getByTestId('decline').click();
    await screenOf(page, 'leaving').waitFor();
  };
  await page.goto(address);
  await decline();
  await page.getByRole('heading', { name: '¿No acepta?' }).waitFor();
  expect(await page.getByTestId('leave-screen').textContent()).not.toContain('ya envió');
  await page.goBack();
  await screenOf(page, 'consent').waitFor();
  await decline();
  await page.getByTestId('leave-no').click();
  await screenOf(page, 'consent').waitFor();
  await page.waitForFunction(() => history.state === null);
  await decline();
  const { session: now } = await place.client.send('sessions', 'get', { session_id: session.id });
  expect(now.status).toBe('authenticated');
  // By a key: a tap would be the second of two in one place.
  await page.getByTestId('leave-yes').press('Enter');
  const ended = page.locator('[data-testid=ended-screen][data-state=declined]');
  await ended.getByText('Puede entregar sus documentos en el mostrador.').waitFor();
  expect(await keptIn(page)).toBe(null);
  await page.getByTestId('language').click();
  await ended.getByText('You can hand your documents to the desk.').waitFor();
});

test('[PHONE402] the second of two quick taps in one place does nothing where the first led to another screen', async () => {
  const { page } = await paired();
  let cameras = 0;
  page.on('filechooser', () => {
    cameras += 1;
  });
  await take(page);
  const box = await page.getByTestId('send').boundingBox();
  if (!box) throw new Error('no button');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.touchscreen.tap(x, y);
  await page.getByTestId('visit-screen').waitFor();
  await page.touchscreen.tap(x, y);
  await page.locator('[data-testid=photo-card][data-state=received]').waitFor();
  expect(cameras).toBe(0);
  // A tap of its own opens the camera there.
  await expect
    .poll(async () => {
      await page.touchscreen.tap(x, y);
      return cameras;
    })
    .toBeGreaterThan(0);
});

test('[PHONE403] on a phone on its side, with large letters, each screen says what it is about above its buttons', async () => {
  const { page } = await paired();
  await page.getByTestId('letters').click();
  await page.setViewportSize({ width: 740, height: 360 });
  const inSight = async (text: string) => {
    const words = await page.getByText(text).first().boundingBox();
    const buttons = await page.locator('footer.actions').boundingBox();
    if (!words || !buttons) throw new Error(`«${text}» is not there`);
    expect(words.y).toBeGreaterThanOrEqual(0);
    expect(words.y + words.height).toBeLessThanOrEqual(buttons.y);
    expect(buttons.y + buttons.height).toBeLessThanOrEqual(360);
    // Two thirds of the screen at least are not buttons.
    expect(buttons.height).toBeLessThanOrEqual(120);
  };
  await page.evaluate(() => scrollTo(0, 0));
  await inSight('Haga la primera foto');
  await picture(page, 'phone-side-visit');
  await take(page);
  await inSight('Revise antes de enviar');
  await picture(page, 'phone-side-review');
  await page.goBack();
  await page.getByTestId('leave').click();
  await picture(page, 'phone-side-leave');
  await inSight('¿Terminar y borrar?');
  await inSight('Se cierra su visita');
});
