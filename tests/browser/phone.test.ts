import { gzipSync } from 'node:zlib';
import type { Browser, Page, Route, WebSocketRoute } from 'playwright';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { phonePhoto, scene } from '../../electron/images/sample-photos.ts';
import { axeFinds } from './axe.ts';
import { openChromium } from './chromium.ts';
import { backgroundOf } from './colour.ts';
import { card, chooseFiles, openPaired, openPhone, type PhoneOptions } from './phone-page.ts';
import { openPlace, type Place } from './place.ts';
import { stage } from './stage.ts';
import { countsOn } from './stored-on.ts';

let desk: Place;
let browser: Browser;
let small: Buffer;

stage(async () => {
  [desk, browser] = await Promise.all([openPlace(), openChromium()]);
  small = await scene(900, 1200).jpeg().toBuffer();
  return [browser, desk];
});

const phone = (options: PhoneOptions = {}) => openPhone(browser, desk, options);

/** A phone that has scanned and accepted. */
async function paired(input: Parameters<Place['show']>[0] = { idPersona: 'P-123456' }, options: PhoneOptions = {}) {
  const shown = await desk.show(input);
  const it = await phone(options);
  await it.page.goto(shown.address);
  await it.page.getByTestId('consent').click();
  await it.page.getByTestId('visit-screen').waitFor();
  return { ...it, ...shown };
}

async function take(page: Page, bytes = small, testid = 'take') {
  await chooseFiles(page, testid, { name: 'photo.jpg', bytes });
  await page.getByTestId('review-screen').getByRole('img').first().waitFor();
}

const kept = (page: Page) => page.evaluate(() => Object.keys(localStorage));

test('[PHONE40] from the scan to the verdict, on plain HTTP, without a complaint and without asking anybody else', async () => {
  const { session, address } = await desk.show({
    idPersona: 'P-123456',
    label: 'Alta de cliente',
    shots: ['Anverso', 'Reverso'],
  });
  const { page, complaints } = await phone();
  await page.goto(address.toLowerCase());
  await page.getByTestId('consent-screen').waitFor();
  expect(new URL(page.url()).pathname).toBe('/J');
  expect(await page.evaluate(() => isSecureContext)).toBe(false);
  expect(await page.getByTestId('person').textContent()).toBe('…456');
  expect(await page.getByTestId('consent-screen').textContent()).toContain('Alta de cliente');
  expect(await page.getByTestId('mark').first().textContent()).toBe(session.emoji);
  expect(await backgroundOf(page.getByTestId('mark').first())).toBe(session.color);
  await page.getByTestId('consent').click();
  await page.locator('[data-testid=connection][data-state=online]').waitFor();
  expect(await page.getByRole('radio', { name: 'Anverso' }).isChecked()).toBe(true);

  await take(page);
  expect(await page.getByTestId('send').textContent()).toBe('Enviar foto');
  const received = desk.hears('photo_received');
  await page.getByTestId('send').click();
  const photo = await received;
  expect(photo).toMatchObject({ session_id: session.id, idPersona: 'P-123456', shot: 'Anverso', bytes: small.length });
  await card(page, 'received').waitFor();
  expect(await page.getByRole('radio', { name: 'Reverso' }).isChecked()).toBe(true);

  await desk.client.send('photos', 'review', { photo_id: photo.id, verdict: 'rejected', reason: 'Sale un dedo' });
  await card(page, 'rejected').getByText('Sale un dedo').waitFor();
  const second = desk.hears('photo_received');
  await take(page, small, 'retake');
  await page.getByTestId('send').click();
  expect(await second).toMatchObject({ shot: 'Anverso' });
  await desk.client.send('photos', 'review', { photo_id: (await second).id, verdict: 'accepted' });
  await card(page, 'accepted').waitFor();
  expect(await page.getByTestId('retake').count()).toBe(0);
  expect(complaints).toEqual([]);
});

test('[PHONE330] of photos sent together a refused one asks for another until that is chosen, also through a reload', async () => {
  const { page, session } = await paired();
  const wanted = page.getByTestId('retake');
  await chooseFiles(
    page,
    'choose',
    ...(await Promise.all(
      [700, 800, 900].map(async width => ({ name: `${width}.jpg`, bytes: await scene(width, 600).jpeg().toBuffer() })),
    )),
  );
  await page.getByText('Enviar 3 fotos').click();
  await page.getByTestId('done').waitFor();
  const { photos } = await desk.client.send('photos', 'list', { session_id: session.id });
  for (const photo of photos.slice(1))
    await desk.client.send('photos', 'review', { photo_id: photo.id, verdict: 'rejected', reason: `${photo.width}` });
  await expect.poll(() => wanted.count()).toBe(2);
  expect(await page.getByTestId('done').count()).toBe(0);
  await page.reload();
  await expect.poll(() => wanted.count()).toBe(2);

  // The older of the two, by its own button; taken back before it is sent, it is asked for again.
  const older = page.getByTestId('photo-card').filter({ hasText: `«${photos[2]?.width}»` });
  const another = { name: 'otra.jpg', mimeType: 'image/jpeg', buffer: await scene(820, 600).jpeg().toBuffer() };
  await older.getByTestId('retake').setInputFiles(another);
  await page.getByTestId('remove').click();
  await expect.poll(() => wanted.count()).toBe(2);
  await older.getByTestId('retake').setInputFiles(another);
  await page.locator('[data-testid=send]:enabled').click();
  await older.getByText('Ya hizo otra').waitFor();
  expect(await wanted.count()).toBe(1);

  await take(page, await scene(840, 600).jpeg().toBuffer());
  await page.getByTestId('send').click();
  await page.getByTestId('done').waitFor();
  await page.reload();
  await page.getByTestId('done').waitFor();
  expect(await wanted.count()).toBe(0);
});

test('[PHONE41] photos chosen and sent without network survive a reload and go out when it is back', async () => {
  const { page, context, session } = await paired();
  await context.route('**/api/photos/**', route => route.abort());
  await chooseFiles(
    page,
    'choose',
    { name: 'a.jpg', bytes: small },
    { name: 'b.jpg', bytes: await scene(800, 800).jpeg().toBuffer() },
  );
  await page.getByText('Enviar 2 fotos').click();
  await card(page, 'waiting').first().waitFor();
  await page.reload();
  await page.getByTestId('visit-screen').waitFor();
  expect(await page.getByTestId('photo-card').count()).toBe(2);
  await context.unroute('**/api/photos/**');
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await page.getByTestId('done').waitFor();
  const { photos } = await desk.client.send('photos', 'list', { session_id: session.id });
  expect(photos).toHaveLength(2);
});

test('[PHONE42] a photo that was chosen but not sent is still there to be reviewed after a reload', async () => {
  const { page, session } = await paired();
  await take(page);
  await page.reload();
  await page.getByTestId('review-screen').getByRole('img').first().waitFor();
  const received = desk.hears('photo_received');
  await page.getByTestId('send').click();
  expect(await received).toMatchObject({ session_id: session.id });
  // And after another reload its picture comes from the desk.
  await card(page, 'received').waitFor();
  await page.reload();
  await card(page, 'received').locator('img').waitFor();
});

test('[PHONE43] a used, an unknown and a renewed QR each say so and show the way on', async () => {
  const { address } = await paired();
  const other = await phone();
  await other.page.goto(address);
  await other.page.locator('[data-testid=refused-screen][data-state=used]').waitFor();
  await other.page.getByTestId('type-code').click();
  await other.page.getByTestId('code-input').waitFor();

  const stranger = await phone();
  await stranger.page.goto(`${desk.url}/J/ABCDEFGHIJKLMNOPQRSTUVWXYZ`);
  await stranger.page.locator('[data-testid=refused-screen][data-state=unknown]').waitFor();

  const late = await desk.show();
  await desk.client.send('sessions', 'renew', { session_id: late.session.id });
  const slow = await phone();
  await slow.page.goto(late.address);
  await slow.page.locator('[data-testid=refused-screen][data-state=expired]').waitFor();
});

test('[PHONE44] the short code is typed as people type; a wrong one is told', async () => {
  const { code } = await desk.show({ idPersona: '777' });
  const { page } = await phone();
  await page.goto(`${desk.url}/`);
  await page.getByTestId('code-input').fill('k7');
  await page.getByTestId('code-submit').click();
  await page.getByTestId('code-short').waitFor();
  await page.getByTestId('code-input').fill('222-222');
  await page.getByTestId('code-submit').click();
  await page.getByTestId('code-problem').waitFor();
  await page.getByTestId('code-input').fill(` ${code.slice(0, 3).toLowerCase()} ${code.slice(3)}`);
  expect(await page.getByTestId('code-input').inputValue()).toBe(`${code.slice(0, 3)}-${code.slice(3)}`);
  await page.getByTestId('code-submit').click();
  await page.getByTestId('consent-screen').waitFor();
  expect(new URL(page.url()).pathname).toBe('/J');
});

test('[PHONE45] a session that the desk ends shows its own page at once, and the phone forgets it', async () => {
  const { page, session } = await paired();
  await take(page);
  const received = desk.hears('photo_received');
  await page.getByTestId('send').click();
  await desk.client.send('photos', 'review', { photo_id: (await received).id, verdict: 'accepted' });
  await card(page, 'accepted').waitFor();
  await desk.client.send('sessions', 'end', { session_id: session.id });
  const ended = page.locator('[data-testid=ended-screen][data-state=desk]');
  await ended.getByText('Gracias: su foto fue aceptada.').waitFor();
  expect(await kept(page)).toEqual([]);
  await page.reload();
  await page.getByTestId('code-screen').waitFor();
});

test('[PHONE46] "Terminar y borrar" ends the session at the desk and leaves nothing on the phone', async () => {
  const { page, context, session } = await paired();
  await context.route('**/api/photos/**', route => route.abort());
  await take(page);
  await page.getByTestId('send').click();
  await card(page, 'waiting').waitFor();
  await page.getByTestId('leave').click();
  await page.getByTestId('leave-screen').getByText('1 foto sin enviar').waitFor();
  await page.getByTestId('leave-yes').click();
  await page.locator('[data-testid=ended-screen][data-state=visitor]').waitFor();
  const { session: now } = await desk.client.send('sessions', 'get', { session_id: session.id });
  expect(now.status).toBe('disconnected');
  expect(await kept(page)).toEqual([]);
  expect(await keptAnywhere(page)).toMatchObject({ 'mostrador/photos': 0 });
});

test('[PHONE47] on a computer nothing is claimed until the person insists', async () => {
  const { address, session } = await desk.show();
  const { page } = await phone({ device: 'Desktop Chrome' });
  await page.goto(address);
  await page.getByTestId('computer-screen').waitFor();
  const { session: now } = await desk.client.send('sessions', 'get', { session_id: session.id });
  expect(now.status).toBe('qr_ready');
  await page.getByTestId('insist').click();
  await page.getByTestId('consent-screen').waitFor();
});

test('[PHONE48] a large photo is sent smaller, upright and as JPEG', async () => {
  const { page } = await paired();
  const turned = await phonePhoto(6, 3000, 4000);
  const received = desk.hears('photo_received');
  const worked = desk.hears('photo_updated');
  await take(page, turned);
  await page.getByTestId('send').click();
  expect(await received).toMatchObject({ mime: 'image/jpeg' });
  expect(await worked).toMatchObject({ width: 1920, height: 2560 });
  const token = await page.evaluate(() => localStorage.getItem('mostrador.visits') ?? '');
  const bytes = await page.evaluate(
    async ([url, visits]) => {
      const answer = await fetch(url ?? '', {
        headers: { Authorization: `Bearer ${JSON.parse(visits ?? '')[0].phone_token}` },
      });
      return [...new Uint8Array(await answer.arrayBuffer())];
    },
    [(await worked).urls.full, token],
  );
  const { data, info } = await sharp(Buffer.from(bytes)).raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => [...data.subarray((y * info.width + x) * info.channels).subarray(0, 3)];
  const [red, blue] = [at(200, 1280), at(1700, 1280)];
  expect(red[0]).toBeGreaterThan(200);
  expect(blue[2]).toBeGreaterThan(200);
});

test('[PHONE49] a HEIC photo and a file that is none each get advice, and nothing is sent', async () => {
  const { page } = await paired();
  const heic = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic'), Buffer.alloc(64)]);
  await chooseFiles(
    page,
    'choose',
    { name: 'IMG_1.HEIC', bytes: heic },
    { name: 'a.jpg', bytes: Buffer.from('hello') },
  );
  await page.getByText('Más compatible').waitFor();
  await page.getByText('Ponga la cámara en JPEG').waitFor();
  await page.getByTestId('problem').nth(1).waitFor();
  expect(await page.getByTestId('problem').count()).toBe(2);
  expect(await page.getByTestId('photo-card').count()).toBe(0);
});

test('[PHONE50] after a restart of the desk the phone goes on by itself', async () => {
  const { page, session } = await paired();
  await page.locator('[data-testid=connection][data-state=online]').waitFor();
  await desk.stopServer();
  await desk.startServer();
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await page.locator('[data-testid=connection][data-state=online]').waitFor();
  const received = desk.hears('photo_received');
  await take(page);
  await page.getByTestId('send').click();
  expect(await received).toMatchObject({ session_id: session.id });
});

test('[PHONE51] photos of an earlier visit go to that visit, never to the new one', async () => {
  const { page, context, session: first } = await paired({ idPersona: 'first' });
  await context.route('**/api/photos/**', route => route.abort());
  await take(page);
  await page.getByTestId('send').click();
  await card(page, 'waiting').waitFor();
  const second = await desk.show({ idPersona: 'second' });
  await page.goto(second.address);
  await page.getByTestId('consent').click();
  await page.getByText('1 foto de su visita anterior se sigue enviando.').waitFor();
  expect(await page.getByTestId('photo-card').count()).toBe(0);
  const received = desk.hears('photo_received');
  await context.unroute('**/api/photos/**');
  await page.evaluate(() => dispatchEvent(new Event('online')));
  expect(await received).toMatchObject({ session_id: first.id, idPersona: 'first' });
  // With that its token is of no more use.
  await page.waitForFunction(() => JSON.parse(localStorage.getItem('mostrador.visits') ?? '[]').length === 1);
});

test('[PHONE52] the socket cannot be reached: the banner says that the photos are kept', async () => {
  const { page, context } = await paired();
  await page.locator('[data-testid=connection][data-state=online]').waitFor();
  await context.setOffline(true);
  await page.getByTestId('offline').getByText('sus fotos están guardadas').waitFor({ timeout: 20_000 });
  await context.setOffline(false);
  await page.locator('[data-testid=connection][data-state=online]').waitFor();
  expect(await page.getByTestId('offline').count()).toBe(0);
});

test('[PHONE58] offline, what was sent is told without the look and the promises of "all sent"', async () => {
  const { page, context } = await paired();
  await take(page);
  await page.getByTestId('send').click();
  const done = page.getByTestId('done');
  await done.getByText('Todo enviado').waitFor();
  await context.setOffline(true);
  await page.getByTestId('offline').waitFor({ timeout: 20_000 });
  expect(await done.textContent()).toBe('Las fotos que envió ya están en el mostrador.');
  expect(await done.getAttribute('class')).toContain('plain');
  expect(await axeFinds(page)).toEqual([]);
  await context.setOffline(false);
  await done.getByText('Todo enviado').waitFor();
});

test('[PHONE53] the answer to a pairing is lost: trying again, or a reload, gets the same visit', async () => {
  for (const again of ['button', 'reload']) {
    const { address, session } = await desk.show();
    const { page, context } = await phone();
    const lose = async (route: Route) => {
      const body = route.request().postData();
      await fetch(`${desk.localUrl}/api/pair`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body,
      });
      await route.abort();
    };
    await context.route('**/api/pair', lose, { times: 1 });
    await page.goto(address);
    await page.locator('[data-testid=refused-screen][data-state=unreachable]').waitFor();
    const { session: now } = await desk.client.send('sessions', 'get', { session_id: session.id });
    expect(now.status).toBe('authenticated');
    if (again === 'reload') await page.reload();
    else await page.getByTestId('try-again').click();
    await page.getByTestId('consent-screen').waitFor();
  }
});

test('[PHONE54] where the browser keeps no photos it says so, and sends them all the same', async () => {
  const { address, session } = await desk.show();
  const { page, context, complaints } = await phone();
  await context.addInitScript(() => Object.defineProperty(window, 'indexedDB', { value: undefined }));
  await page.goto(address);
  await page.getByTestId('consent').click();
  await page.getByTestId('memory-only').waitFor();
  const received = desk.hears('photo_received');
  await take(page);
  await page.getByTestId('send').click();
  expect(await received).toMatchObject({ session_id: session.id });
  await card(page, 'received').waitFor();
  expect(complaints).toEqual([]);
});

test('[PHONE55] the other language is a tap away and stays', async () => {
  const { page } = await paired();
  await page.getByText('Tomar foto').waitFor();
  await page.getByTestId('language').click();
  await page.getByText('Take photo').waitFor();
  await page.reload();
  await page.getByText('Take photo').waitFor();
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
});

test('[PHONE76] the letters can be made larger with one tap, from the first screen on, and stay so for this phone', async () => {
  const { page } = await phone();
  await page.goto((await desk.show()).address);
  await page.getByTestId('consent-screen').waitFor();
  const size = () => page.evaluate(() => Number.parseFloat(getComputedStyle(document.documentElement).fontSize));
  const usual = await size();
  await page.getByRole('button', { name: 'Letra más grande', pressed: false }).click();
  await page.getByRole('button', { name: 'Letra más grande', pressed: true }).waitFor();
  expect((await size()) / usual).toBeCloseTo(1.25, 2);
  await page.getByTestId('consent').click();
  await page.getByTestId('visit-screen').waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Letra más grande', pressed: true }).waitFor();
  expect((await size()) / usual).toBeCloseTo(1.25, 2);
  await page.getByRole('button', { name: 'Letra más grande' }).click();
  expect(await size()).toBe(usual);
});

test('[PHONE332] the name of a desk that is longer than one line takes a second one', async () => {
  const { page } = await paired();
  await page.setViewportSize({ width: 360, height: 740 });
  const name = page.locator('.header .desk');
  const isCut = () =>
    name.evaluate(({ scrollHeight, clientHeight, scrollWidth, clientWidth }) => [
      scrollHeight > clientHeight + 1,
      scrollWidth > clientWidth,
    ]);
  await page.getByRole('button', { name: 'Letra más grande' }).click();
  await expect.poll(() => name.textContent()).toBe('Recepción Central');
  expect(await isCut()).toEqual([false, false]);
});

test('[PHONE77] letters follow the size that is set in the browser', async () => {
  const { page, context } = await phone();
  await page.goto(`${desk.url}/`);
  await page.getByTestId('code-screen').waitFor();
  const browserSettings = await context.newCDPSession(page);
  await browserSettings.send('Page.setFontSizes', { fontSizes: { standard: 24 } });
  const sizes = () =>
    page.evaluate(() =>
      [document.documentElement, document.querySelector('h1'), document.querySelector('[data-testid=code-submit]')].map(
        element => element && Number.parseFloat(getComputedStyle(element).fontSize),
      ),
    );
  await expect.poll(sizes).toEqual([25.5, 38.25, 25.5]);
});

test('[PHONE56] a browser that cannot run the page says so in both languages', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${desk.url}/J`);
  await page.getByText('este navegador es demasiado antiguo').waitFor();
  await page.getByText('this browser is too old').waitFor();
  await context.close();
});

test('[PHONE57] a photo is shown once, also while its event is here and the answer to its upload is not', async () => {
  const { page, context } = await paired();
  let answer = () => {};
  const held = new Promise<void>(resolve => {
    answer = resolve;
  });
  const thumbs: string[] = [];
  page.on('request', request => request.url().endsWith('/thumb') && thumbs.push(request.url()));
  await context.route('**/api/photos/*', async route => {
    const { origin: _origin, ...headers } = route.request().headers();
    const response = await route.fetch({ url: route.request().url().replace(desk.url, desk.localUrl), headers });
    await held;
    await route.fulfill({ response });
  });
  await take(page);
  await page.getByTestId('send').click();
  await card(page, 'received').locator('img').waitFor();
  expect(await page.getByTestId('photo-card').count()).toBe(1);
  answer();
  await page.getByTestId('done').waitFor();
  expect(await page.getByTestId('photo-card').count()).toBe(1);
  expect(thumbs).toEqual([]);
});

test('[PHONE80] camera and gallery are apart: one opens the camera, the other takes several photos and no camera', async () => {
  const { page } = await paired();
  const input = (testid: string) =>
    page.getByTestId(testid).evaluate(element => {
      if (!(element instanceof HTMLInputElement)) throw new Error('no input');
      const { type, accept, multiple } = element;
      return { type, accept, multiple, capture: element.getAttribute('capture') };
    });
  const photos = { type: 'file', accept: 'image/*' };
  expect(await input('take')).toEqual({ ...photos, multiple: false, capture: 'environment' });
  expect(await input('choose')).toEqual({ ...photos, multiple: true, capture: null });
  await take(page);
  expect(await input('repeat')).toEqual({ ...photos, multiple: false, capture: 'environment' });
});

test('[PHONE81] a phone that was locked is back at once when it is looked at again, and what waited arrives once', async () => {
  const open: WebSocketRoute[] = [];
  let isLocked = false;
  const it = await openPaired(browser, desk, {
    before: async context => {
      await context.clock.install();
      await context.routeWebSocket('**/ws', socket => {
        if (isLocked) return void socket.close({ code: 1011 });
        socket.connectToServer();
        open.push(socket);
      });
    },
  });
  const { page, context, session } = it;
  await page.locator('[data-testid=connection][data-state=online]').waitFor();
  const conversation = async () =>
    (await desk.client.send('sessions', 'get', { session_id: session.id })).session.conversation_id;
  await expect.poll(conversation, { timeout: 15_000 }).not.toBeNull();

  // The screen goes dark: the socket breaks, an upload breaks, and no timer runs any more.
  isLocked = true;
  await context.route('**/api/photos/**', route => route.abort());
  for (const socket of open) await socket.close({ code: 1011 });
  await take(page);
  await page.getByTestId('send').click();
  await card(page, 'waiting').waitFor();
  await page.getByTestId('chat').click();
  await page.getByTestId('chat-text').fill('¿Me oyen?');
  await page.getByTestId('chat-send').click();
  const message = (state: string) => page.locator(`[data-testid=message][data-state=${state}]`);
  await message('waiting').waitFor();
  await show(page, 'hidden');
  await context.clock.pauseAt(Date.now() + 60_000);
  isLocked = false;
  await context.unroute('**/api/photos/**');

  const photo = desk.hears('photo_received');
  const said = new Promise<string>(resolve => {
    const stop = desk.client.on('new_message', ({ content }) => {
      stop();
      resolve(content);
    });
  });
  await show(page, 'visible');
  // Its clock still stands: nothing of this was a timer's doing.
  expect(await photo).toMatchObject({ session_id: session.id });
  expect(await said).toBe('¿Me oyen?');
  await context.clock.resume();
  await message('sent').waitFor();
  await page.getByTestId('chat-close').click();
  await page.getByTestId('done').waitFor();
  const { photos } = await desk.client.send('photos', 'list', { session_id: session.id });
  expect(photos).toHaveLength(1);
  const conversation_id = (await conversation()) ?? '';
  const { messages } = await desk.client.send('messages', 'get_all', { conversation_id });
  expect(messages.map(({ content }) => content)).toEqual(['¿Me oyen?']);
});

test('[PHONE82] nothing moves for somebody who has asked for less motion', async () => {
  const { page, context } = await phone();
  const names = (css: string) =>
    page.locator(css).evaluate(element => getComputedStyle(element).animationName.split(', '));
  await context.route('**/api/pair', () => {});
  const { address } = await desk.show();
  for (const [reducedMotion, turns, rises] of [
    ['reduce', 'none', 'none'],
    ['no-preference', 'turn', 'rise'],
  ] as const) {
    await page.emulateMedia({ reducedMotion });
    await page.goto(address);
    await page.locator('[data-screen=pairing]').waitFor();
    expect(await names('.message [data-icon=turning]')).toEqual([turns]);
    const other = await paired();
    await other.page.emulateMedia({ reducedMotion });
    await other.page.getByTestId('chat').click();
    const sheet = other.page.getByTestId('chat-sheet');
    expect(await sheet.evaluate(element => getComputedStyle(element).animationName)).toBe(rises);
  }
});

test('[PHONE83] after "Terminar y borrar" nothing at all is kept on the phone: no photo, message, token, nor choice', async () => {
  const { page, context } = await paired();
  await page.getByTestId('language').click();
  await page.getByTestId('letters').click();
  await context.routeWebSocket('**/ws', socket => void socket.close({ code: 1011 }));
  await context.route('**/api/photos/**', route => route.abort());
  await page.reload();
  await take(page, await scene(3000, 2000).jpeg().toBuffer());
  await page.getByTestId('original').check();
  await page.getByTestId('send').click();
  await card(page, 'waiting').waitFor();
  await take(page);
  await page.getByTestId('add-more').click();
  await page.getByTestId('chat').click();
  await page.getByTestId('chat-text').fill('no llegará');
  await page.getByTestId('chat-send').click();
  await page.locator('[data-testid=message][data-state=waiting]').waitFor();
  await page.getByTestId('chat-close').click();
  const full = await keptAnywhere(page);
  expect(full).toMatchObject({ 'mostrador/photos': 2, 'mostrador-chat/outboxes': 1 });
  expect(full.local).toBeGreaterThan(2);
  await page.getByTestId('leave').click();
  await page.getByTestId('leave-yes').click();
  await page.getByTestId('ended-screen').waitFor();
  expect(await keptAnywhere(page)).toEqual({
    local: 0,
    session: 0,
    'mostrador/photos': 0,
    'mostrador-chat/outboxes': 0,
  });
});

/** How many entries there are in the storages and in each store of IndexedDB. */
async function keptAnywhere(page: Page): Promise<Record<string, number>> {
  const texts = await page.evaluate(() => ({ local: localStorage.length, session: sessionStorage.length }));
  return { ...texts, ...(await countsOn(page)) };
}

/** As the browser tells a page that its tab, or the whole screen, is gone and back. */
function show(page: Page, state: 'hidden' | 'visible'): Promise<void> {
  return page.evaluate(state => {
    Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);
}

test('[PHONE61] the first load weighs at most 60 KB, compressed', async () => {
  const { page } = await phone();
  const bodies: Promise<Buffer>[] = [];
  page.on('response', response => bodies.push(response.body()));
  await page.goto(`${desk.url}/`);
  await page.getByTestId('code-screen').waitFor();
  const sizes = (await Promise.all(bodies)).map(body => gzipSync(body).length);
  // The page itself is all there is.
  expect(sizes).toHaveLength(1);
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(60 * 1024);
});
