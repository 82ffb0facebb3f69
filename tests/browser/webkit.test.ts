/**
 * The phone page in WebKitGTK, the engine nearest to an iPhone's that runs on a PC. It knows no made-up names, so phones come
 * by this machine's own IPv4 address; where it has none, by loopback, which a browser trusts more than a Wi-Fi.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { afterEach, expect, test } from 'vitest';
import { phonePhoto, scene } from '../../electron/images/sample-photos.ts';
import { openPlace, type Place } from './place.ts';
import { openSlowLink, type SlowLink } from './slow-link.ts';
import { stage } from './stage.ts';
import { noWebKit, startWebKit, type WebKit, type WebKitPage } from './webdriver.ts';

const own = Object.values(networkInterfaces())
  .flatMap(addresses => addresses ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal);
const host = own?.address ?? '127.0.0.1';

let link: SlowLink;
let place: Place;
let webkit: WebKit;
let folder: string;
let open: WebKitPage | undefined;

stage(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mostrador-photos-'));
  link = await openSlowLink(host);
  place = await openPlace({ host, url: `http://${host}:${link.port}` });
  link.leadTo(place.localUrl);
  webkit = await startWebKit();
  return [{ close: webkit.stop }, place, link, { close: () => rm(folder, { recursive: true, force: true }) }];
}, noWebKit);

afterEach(async () => {
  link?.flow();
  await open?.close();
  open = undefined;
});

async function phone(address: string): Promise<WebKitPage> {
  open = await webkit.open();
  await open.goto(address);
  return open;
}

/** A phone that has scanned and accepted. */
async function paired(input: Parameters<Place['show']>[0] = { idPersona: 'P-123456' }) {
  const shown = await place.show(input);
  const page = await phone(shown.address);
  await page.click(id('consent'));
  await page.wait(`${id('connection')}[data-state=online]`);
  return { page, ...shown };
}

/** Chosen with the camera's button, and seen. */
async function take(page: WebKitPage, bytes: Buffer, testid = 'take'): Promise<void> {
  const file = join(folder, 'photo.jpg');
  await writeFile(file, bytes);
  await page.choose(id(testid), file);
  await page.wait(`${id('send')}:enabled`);
}

const id = (testid: string) => `[data-testid=${testid}]`;
const card = (state: string) => `${id('photo-card')}[data-state=${state}]`;
/** Width and height of a picture as the browser shows it, once it does. */
const shape = (page: WebKitPage, css: string) =>
  page.run(
    'const i = document.querySelector(arguments[0]); return i.decode().then(() => [i.naturalWidth, i.naturalHeight])',
    css,
  );

/** For a person to look at. */
async function picture(page: WebKitPage, name: string): Promise<void> {
  const folder = resolve(import.meta.dirname, '../output');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `webkit-${name}.png`), await page.screenshot());
}

test('[WEBKIT1] from the QR to the verdict: consent, a turned photo, the desk hears it, a second one, accepted', async () => {
  const { session, address } = await place.show({ idPersona: 'P-123456', shots: ['Anverso', 'Reverso'] });
  const page = await phone(address);
  await page.wait(id('consent-screen'));
  expect(await page.run('return [location.pathname, isSecureContext]')).toEqual(['/J', host === '127.0.0.1']);
  expect(await page.text(id('person'))).toBe('…456');
  expect(await page.text(id('mark'))).toBe(session.emoji);
  await page.click(id('language'));
  await page.wait('html[lang=es]');
  await picture(page, 'consent');
  await page.click(id('consent'));
  await page.wait(`${id('connection')}[data-state=online]`);
  expect(await page.run('return document.querySelectorAll("[data-testid=memory-only]").length')).toBe(0);
  await picture(page, 'visit');

  // Small enough to go as it is: turned by its EXIF alone, here on the screen and later at the desk.
  await take(page, await phonePhoto(6, 900, 1200));
  expect(await shape(page, `${id('review-screen')} .preview img`)).toEqual([900, 1200]);
  await picture(page, 'review');
  const [received, worked] = [place.hears('photo_received'), place.hears('photo_updated')];
  await page.click(id('send'));
  expect(await received).toMatchObject({ session_id: session.id, idPersona: 'P-123456', shot: 'Anverso' });
  expect(await worked).toMatchObject({ id: (await received).id, width: 900, height: 1200 });
  expect(await colours((await worked).urls.full)).toEqual(['red', 'blue']);
  await page.wait(`${card('received')} img`);
  await picture(page, 'sent');

  const photo_id = (await received).id;
  await place.client.send('photos', 'review', { photo_id, verdict: 'rejected', reason: 'Sale un dedo' });
  await page.wait(card('rejected'));
  expect(await page.text(card('rejected'))).toContain('Sale un dedo');
  await picture(page, 'rejected');
  const second = place.hears('photo_received');
  await take(page, await scene(900, 1200).jpeg().toBuffer(), 'retake');
  await page.click(id('send'));
  expect(await second).toMatchObject({ shot: 'Anverso' });
  await place.client.send('photos', 'review', { photo_id: (await second).id, verdict: 'accepted' });
  await page.wait(card('accepted'));
});

test('[WEBKIT2] a large photo goes out smaller, upright and as JPEG', async () => {
  const { page } = await paired();
  await take(page, await phonePhoto(6, 3000, 4000));
  const [received, worked] = [place.hears('photo_received'), place.hears('photo_updated')];
  await page.click(id('send'));
  expect(await received).toMatchObject({ mime: 'image/jpeg' });
  expect(await worked).toMatchObject({ width: 1920, height: 2560 });
  expect(await colours((await worked).urls.full)).toEqual(['red', 'blue']);
});

test('[WEBKIT3] a reload in the middle of an upload keeps the photo, and it arrives once', async () => {
  const { page, session } = await paired();
  const noise = { type: 'gaussian' as const, mean: 120, sigma: 60 };
  const large = sharp({ create: { width: 2400, height: 1800, channels: 3, background: '#888', noise } });
  await take(page, await large.jpeg({ quality: 90 }).toBuffer());
  link.stall(200_000);
  const began = new Promise<void>(resolve => {
    const stop = place.client.on('upload_progress', ({ session_id }) => {
      if (session_id !== session.id) return;
      stop();
      resolve();
    });
  });
  await page.click(id('send'));
  await began;
  await page.wait(`${card('uploading')} img`);
  await expect.poll(() => page.run('return document.querySelector("progress").value')).toBeGreaterThan(0);
  await picture(page, 'uploading');
  await page.reload();
  await page.wait(card('uploading'));
  const { photos: none } = await place.client.send('photos', 'list', { session_id: session.id });
  expect(none).toEqual([]);
  const received = place.hears('photo_received');
  link.flow();
  expect(await received).toMatchObject({ session_id: session.id });
  await page.wait(id('done'));
  const { photos } = await place.client.send('photos', 'list', { session_id: session.id });
  expect(photos).toHaveLength(1);
});

test('[WEBKIT4] a photo chosen and not sent is there after a reload', async () => {
  const { page, session } = await paired();
  await take(page, await scene(900, 1200).jpeg().toBuffer());
  await page.reload();
  await page.wait(`${id('review-screen')} .preview img`);
  const received = place.hears('photo_received');
  await page.click(id('send'));
  expect(await received).toMatchObject({ session_id: session.id });
});

test('[WEBKIT5] the short code is typed as people type, and a wrong one is told', async () => {
  const { code, session } = await place.show({ idPersona: '777' });
  const page = await phone(`${place.url}/`);
  await page.type(id('code-input'), '222-222');
  await page.click(id('code-submit'));
  await page.wait(id('code-problem'));
  await picture(page, 'code');
  await page.run('document.querySelector(arguments[0]).select()', id('code-input'));
  await page.type(id('code-input'), ` ${code.slice(0, 3).toLowerCase()} ${code.slice(3)}`);
  expect(await page.run('return document.querySelector(arguments[0]).value', id('code-input'))).toBe(
    `${code.slice(0, 3)}-${code.slice(3)}`,
  );
  await page.click(id('code-submit'));
  await page.wait(id('consent-screen'));
  const { session: now } = await place.client.send('sessions', 'get', { session_id: session.id });
  expect(now.status).toBe('authenticated');
});

test('[WEBKIT6] a used, a renewed and an unknown QR each say so and lead to the code', async () => {
  const used = await place.show();
  await fetch(`${place.localUrl}/api/pair`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ token: used.address.split('/').at(-1), claim: 'a'.repeat(64) }),
  });
  const renewed = await place.show();
  await place.client.send('sessions', 'renew', { session_id: renewed.session.id });
  const page = await phone(used.address);
  await page.wait(`${id('refused-screen')}[data-state=used]`);
  await picture(page, 'used');
  await page.goto(renewed.address);
  await page.wait(`${id('refused-screen')}[data-state=expired]`);
  await page.goto(`${place.url}/J/ABCDEFGHIJKLMNOPQRSTUVWXYZ`);
  await page.wait(`${id('refused-screen')}[data-state=unknown]`);
  await page.click(id('type-code'));
  await page.wait(id('code-input'));
});

test('[WEBKIT7] the desk restarts and the phone goes on; the desk ends it and the phone says so', async () => {
  const { page, session } = await paired();
  await place.stopServer();
  await page.wait(`${id('connection')}:not([data-state=online])`);
  await place.startServer();
  await page.wait(`${id('connection')}[data-state=online]`);
  await place.client.send('sessions', 'end', { session_id: session.id });
  await page.wait(`${id('ended-screen')}[data-state=desk]`);
});

test('[WEBKIT8] phone and desk write to each other; what was on its way at a reload is there once', async () => {
  const { page, session } = await paired();
  const heard: string[] = [];
  const stop = place.client.on('new_message', ({ content, sender_id }) => {
    if (sender_id === session.id) heard.push(content);
  });
  await page.click(id('chat'));
  await page.wait(id('chat-empty'));
  await page.type(id('chat-text'), 'Buenos días');
  await page.click(id('chat-send'));
  await page.wait(`${id('message')}[data-state=sent]`);
  const { session: now } = await place.client.send('sessions', 'get', { session_id: session.id });
  await place.client.send('messages', 'create', {
    message: { conversation_id: now.conversation_id ?? '', sender_id: 'operator', content: 'Pase, por favor' },
  });
  await page.wait(`${id('message')}[data-state=received]`);
  await picture(page, 'chat');
  // It gets stuck on its way, and the reload ends the connection: the outbox has it.
  link.stall(0);
  await page.type(id('chat-text'), 'Sigo aquí');
  await page.click(id('chat-send'));
  await page.wait(`${id('message')}[data-state=sending]`);
  link.flow();
  await page.reload();
  await page.wait(id('chat-sheet'));
  await page.wait(`${id('message')}[data-state=sent] ~ ${id('message')}[data-state=sent]`);
  expect(await page.run(`return document.querySelectorAll('${id('message')}').length`)).toBe(3);
  expect(heard).toEqual(['Buenos días', 'Sigo aquí']);
  await page.click(id('chat-close'));
  await page.wait(id('visit-screen'));
  stop();
});

/** Of the left and the right half of a photo that the desk has. */
async function colours(path: string): Promise<string[]> {
  const answer = await fetch(place.localUrl + path, { headers: { Authorization: `Bearer ${place.token}` } });
  const picture = sharp(Buffer.from(await answer.arrayBuffer()));
  const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
  return [0.1, 0.9].map(part => {
    const at = (Math.floor(info.height / 2) * info.width + Math.floor(info.width * part)) * info.channels;
    const [red = 0, , blue = 0] = data.subarray(at, at + 3);
    return red > 200 && blue < 60 ? 'red' : blue > 200 && red < 60 ? 'blue' : `${red}, ${blue}`;
  });
}
