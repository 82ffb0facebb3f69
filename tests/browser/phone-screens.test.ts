/**
 * Every screen and state of the phone's page, one after another as a visitor comes to them: each is looked at in both themes
 * by axe, and measured at 360 px with usual and with large letters; each way is gone in both languages.
 */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { scene } from '../../electron/images/sample-photos.ts';
import { openChromium } from './chromium.ts';
import { card, chooseFiles, faultsOf, openPaired, openPhone, type PhoneOptions } from './phone-page.ts';
import { openPlace, type Place } from './place.ts';
import { stage } from './stage.ts';

let desk: Place;
let browser: Browser;
let plain: Buffer;
let dark: Buffer;
let large: Buffer;
let tooLarge: Buffer;

stage(async () => {
  [desk, browser] = await Promise.all([openPlace({ env: { MAX_PHOTO_MB: '3' } }), openChromium()]);
  plain = await scene(900, 1200).jpeg().toBuffer();
  dark = await scene(1200, 900).linear(0.1, 0).jpeg().toBuffer();
  large = await scene(3000, 2250).jpeg({ quality: 60 }).toBuffer();
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 40 };
  const create = { width: 2700, height: 2000, channels: 3 as const, background: '#888', noise };
  tooLarge = await sharp({ create }).blur(1).jpeg({ quality: 100 }).toBuffer();
  return [browser, desk];
});

/** What a way shows next: where, and what it is called. */
type Sight = [page: Page, name: string];
type Way = (options: PhoneOptions) => AsyncGenerator<Sight>;

async function phone(options: PhoneOptions) {
  const made = await openPhone(browser, desk, options);
  await made.page.setViewportSize(narrow);
  return made;
}

async function paired(options: Parameters<typeof openPaired>[2]) {
  const made = await openPaired(browser, desk, options);
  await made.page.setViewportSize(narrow);
  return made;
}

const narrow = { width: 360, height: 740 };
const files = (...all: Buffer[]) => all.map((bytes, n) => ({ name: `${n}.jpg`, bytes }));
const ready = (page: Page) => page.locator('[data-testid=send]:enabled').waitFor();

async function send(page: Page, ...all: Buffer[]) {
  await chooseFiles(page, 'choose', ...files(...all));
  await ready(page);
  await page.getByTestId('send').click();
}

async function* arriving(options: PhoneOptions): AsyncGenerator<Sight> {
  const { page, context } = await phone(options);
  await page.goto(`${desk.url}/`);
  await page.getByTestId('code-screen').waitFor();
  yield [page, 'code'];
  await page.getByTestId('code-submit').click();
  await page.getByTestId('code-short').waitFor();
  yield [page, 'code-short'];
  await page.getByTestId('code-input').fill('222-222');
  await page.getByTestId('code-submit').click();
  await page.getByTestId('code-problem').waitFor();
  yield [page, 'code-problem'];

  const pairing = '**/api/pair';
  let answer = () => {};
  await context.route(pairing, async route => {
    await new Promise<void>(resolve => {
      answer = resolve;
    });
    await route.abort();
  });
  await page.goto(`${desk.url}/J/ABCDEFGHIJKLMNOPQRSTUVWXYZ`);
  await page.locator('[data-screen=pairing]').waitFor();
  yield [page, 'pairing'];
  answer();
  await page.locator('[data-testid=refused-screen][data-state=unreachable]').waitFor();
  yield [page, 'refused-unreachable'];
  const refusals = {
    expired: { status: 410, code: 'expired', details: { reason: 'expired' } },
    used: { status: 409, code: 'conflict', details: { reason: 'used' } },
    unknown: { status: 404, code: 'not_found' },
    too_many: { status: 429, code: 'rate_limited' },
    other: { status: 403, code: 'forbidden' },
  };
  for (const [name, { status, ...error }] of Object.entries(refusals)) {
    await context.unroute(pairing);
    await context.route(pairing, route => route.fulfill({ status, json: { error: { message: '', ...error } } }));
    await page.goto(`${desk.url}/J/ABCDEFGHIJKLMNOPQRSTUVWXYZ`);
    await page.locator(`[data-testid=refused-screen][data-state=${name}]`).waitFor();
    yield [page, `refused-${name}`];
  }

  const old = await phone(options);
  // Its program cannot be read.
  const built = await readFile(resolve(import.meta.dirname, '../../dist/client/phone/index.html'), 'utf8');
  const body = built.replace(/<script type="module">.*<\/script>/s, '');
  await old.context.route('**/J', route => route.fulfill({ contentType: 'text/html; charset=utf-8', body }));
  await old.page.goto(`${desk.url}/J`);
  await old.page.evaluate(() => {
    for (const animation of document.getAnimations()) animation.finish();
  });
  await old.page.getByText('este navegador es demasiado antiguo').waitFor();
  yield [old.page, 'too-old'];

  const computer = await phone({ ...options, device: 'Desktop Chrome' });
  await computer.page.setViewportSize({ width: 1000, height: 740 });
  await computer.page.goto((await desk.show()).address);
  await computer.page.getByTestId('computer-screen').waitFor();
  await computer.page.setViewportSize(narrow);
  yield [computer.page, 'computer'];
}

async function* choosing(options: PhoneOptions): AsyncGenerator<Sight> {
  const { page, context } = await phone(options);
  const shots = ['DNI anverso', 'DNI reverso', 'Rostro'];
  const { address, session } = await desk.show({ idPersona: 'P-123456', label: 'Alta de cliente', shots });
  await page.goto(address);
  await page.getByTestId('consent-screen').waitFor();
  yield [page, 'consent'];
  await page.getByTestId('consent').click();
  await page.getByTestId('visit-screen').waitFor();
  yield [page, 'choose-shots'];
  let go = () => {};
  const mayGo = new Promise<void>(resolve => {
    go = resolve;
  });
  await context.route('**/photo-worker-*', route => mayGo.then(() => route.continue()));
  const heic = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic'), Buffer.alloc(64)]);
  await chooseFiles(page, 'choose', ...files(heic, Buffer.from('hello')));
  await page.getByTestId('review-screen').getByRole('status').waitFor();
  yield [page, 'preparing'];
  go();
  await page.getByTestId('problem').nth(1).waitFor();
  await page.getByTestId('visit-screen').waitFor();
  yield [page, 'problem'];
  await chooseFiles(page, 'choose', ...files(dark, large, tooLarge));
  await ready(page);
  await page.getByTestId('hint').waitFor();
  yield [page, 'review-hint'];
  await page.getByTestId('draft').nth(1).click();
  await page.locator('.choice').click();
  yield [page, 'review-original'];
  await page.getByTestId('draft').nth(2).click();
  await page.getByTestId('original-too-large').waitFor();
  yield [page, 'review-original-too-large'];
  await page.getByTestId('add-more').click();
  await page.getByTestId('review').waitFor();
  yield [page, 'drafts-wait'];
  await desk.client.send('sessions', 'end', { session_id: session.id });
  await page.getByTestId('ended-screen').waitFor();
  yield [page, 'ended-by-desk'];
}

async function* sending(options: PhoneOptions): AsyncGenerator<Sight> {
  const { page, context, session } = await paired(options);
  yield [page, 'choose'];
  const uploads = '**/api/photos/*';
  let fail = () => {};
  const failed = new Promise<void>(resolve => {
    fail = resolve;
  });
  await context.route(uploads, async route => {
    await failed;
    await route.fulfill({ status: 400, json: { error: { code: 'invalid_message', message: '' } } });
  });
  await send(page, plain, await scene(901, 1200).jpeg().toBuffer(), await scene(902, 1200).jpeg().toBuffer());
  await card(page, 'uploading').nth(1).waitFor();
  await card(page, 'queued').waitFor();
  yield [page, 'sending'];
  fail();
  await card(page, 'failed').nth(2).waitFor();
  yield [page, 'failed'];
  await page.getByTestId('leave').click();
  await page.getByTestId('leave-screen').waitFor();
  yield [page, 'leave-unsent'];
  await page.getByTestId('leave-no').click();
  for (let left = 3; left > 1; left -= 1) {
    await page.getByTestId('remove').first().click();
    await card(page, 'failed')
      .nth(left - 1)
      .waitFor({ state: 'detached' });
  }
  await context.unroute(uploads);
  await context.route(uploads, route => route.abort());
  await page.getByTestId('retry').click();
  await card(page, 'waiting').waitFor();
  yield [page, 'waiting'];
  await context.unroute(uploads);
  const received = desk.hears('photo_received');
  await page.evaluate(() => dispatchEvent(new Event('online')));
  const { id: photo_id } = await received;
  await page.getByTestId('done').waitFor();
  yield [page, 'sent'];
  const reason = 'Sale un dedo delante; hágala otra vez con más luz, por favor';
  await desk.client.send('photos', 'review', { photo_id, verdict: 'rejected', reason });
  await card(page, 'rejected').waitFor();
  yield [page, 'rejected'];
  await desk.client.send('photos', 'review', { photo_id, verdict: 'accepted' });
  await card(page, 'accepted').waitFor();
  await page.getByTestId('done').waitFor();
  yield [page, 'accepted'];
  await context.setOffline(true);
  await page.getByTestId('offline').waitFor({ timeout: 20_000 });
  yield [page, 'offline'];
  await context.setOffline(false);
  await page.locator('[data-testid=connection][data-state=online]').waitFor();
  await page.getByTestId('leave').click();
  await page.getByTestId('leave-yes').click();
  await page.getByTestId('ended-screen').waitFor();
  yield [page, 'ended'];
  const { session: over } = await desk.client.send('sessions', 'get', { session_id: session.id });
  expect(over.status).toBe('disconnected');

  const forgetful = await paired({
    ...options,
    before: context => context.addInitScript(() => Object.defineProperty(window, 'indexedDB', { value: undefined })),
  });
  await forgetful.page.getByTestId('memory-only').waitFor();
  yield [forgetful.page, 'memory-only'];
}

async function* chatting(options: PhoneOptions): AsyncGenerator<Sight> {
  // The server refuses what says "no": the page lets nothing go that it would refuse by itself.
  const refuse = (context: BrowserContext) =>
    context.routeWebSocket('**/ws', socket => {
      const server = socket.connectToServer();
      socket.onMessage(frame => {
        const { id, resource, payload } = JSON.parse(String(frame));
        const isRefused = resource === 'messages' && payload?.message?.content === 'no';
        if (!isRefused) return server.send(frame);
        socket.send(JSON.stringify({ type: 'error', id, payload: { code: 'forbidden', message: '' } }));
      });
    });
  const { page, context, session } = await paired({ ...options, before: refuse });
  const conversation = async () => {
    const now = await desk.client.send('sessions', 'get', { session_id: session.id });
    return now.session.conversation_id ?? '';
  };
  await expect.poll(conversation, { timeout: 15_000 }).not.toBe('');
  const conversation_id = await conversation();
  const message = (state: string) => page.locator(`[data-testid=message][data-state=${state}]`);
  const write = async (text: string) => {
    await page.getByTestId('chat-text').fill(text);
    await page.getByTestId('chat-send').click();
  };
  await page.getByTestId('chat').click();
  await page.getByTestId('chat-empty').waitFor();
  yield [page, 'chat-empty'];
  await page.getByTestId('chat-close').click();
  const content = 'Hello there, please take a seat; we call you in a moment. Do you have your ID with you?';
  await desk.client.send('messages', 'create', { message: { conversation_id, sender_id: 'operator', content } });
  await page.getByTestId('chat-news').waitFor();
  yield [page, 'chat-news'];
  await page.getByTestId('chat-news-see').click();
  const heard = new Promise<string>(resolve => {
    const stop = desk.client.on('new_message', ({ id, content: said }) => {
      if (said !== 'Sí, aquí está') return;
      stop();
      resolve(id);
    });
  });
  await write('Sí, aquí está');
  await desk.client.send('messages', 'mark_read', { message_id: await heard });
  await message('read').waitFor();
  const attach = page.getByTestId('chat-attach');
  await attach.setInputFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer: plain });
  await page.getByTestId('chat-thumb').waitFor();
  const pdf = Buffer.from('%PDF-1.4\n%%EOF\n'.padEnd(1_500, ' '));
  await attach.setInputFiles({
    name: 'Contrato_de_prestación_de_servicios_firmado_2026.pdf',
    mimeType: 'application/pdf',
    buffer: pdf,
  });
  await page.getByTestId('chat-file-size').waitFor();
  await desk.client.send('messages', 'typing', { conversation_id });
  yield [page, 'chat-file'];
  await page.getByTestId('chat-picture').click();
  await page.getByTestId('chat-large').getByRole('img').waitFor();
  yield [page, 'chat-photo-large'];
  await page.keyboard.press('Escape');
  await page.getByTestId('chat-large').waitFor({ state: 'detached' });
  await write('no');
  await message('failed').waitFor();
  await attach.setInputFiles({ name: 'a.pdf', mimeType: 'application/pdf', buffer: Buffer.from('PK\x03\x04 no') });
  await page.locator('[data-testid=chat-upload][data-state=failed]').waitFor();
  await attach.setInputFiles({ name: 'b.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(4 * 1024 * 1024) });
  await page.getByTestId('chat-problem').waitFor();
  yield [page, 'chat-failed'];
  await context.routeWebSocket('**/ws', socket => void socket.close({ code: 1011 }));
  await page.reload();
  await page.getByTestId('chat-offline').waitFor();
  await write('Otra pregunta que se escribe sin conexión');
  await page.getByTestId('chat-text').fill('x'.repeat(2_003));
  await page.getByTestId('chat-left').waitFor();
  yield [page, 'chat-offline'];
}

for (const [device, locale] of [
  ['Pixel 7', 'es-ES'],
  ['iPhone 15', 'en-GB'],
] as const) {
  const passes = async (way: Way) => {
    const found: unknown[] = [];
    for await (const [page, name] of way({ device, locale })) {
      found.push(...(await faultsOf(page, `${name}-${locale.slice(0, 2)}`)).map(fault => ({ screen: name, ...fault })));
    }
    expect(found).toEqual([]);
  };
  for (const [what, way] of [
    ['arriving', arriving],
    ['choosing and reviewing', choosing],
    ['sending, verdicts and the end', sending],
  ] as const) {
    test(`[PHONE60] every screen passes axe in both themes and fits a thumb and 360 px: ${what}, ${locale}`, () =>
      passes(way));
  }
  test(`[PCHAT9] the sheet passes axe in both themes and fits a thumb and 360 px, ${locale}`, () => passes(chatting));
}
