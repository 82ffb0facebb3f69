/** What the phone's page makes of a chosen photo before it is sent: in a worker or on the page, its hint, and its size. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright';
import sharp, { type Sharp } from 'sharp';
import { expect, test } from 'vitest';
import { phonePhoto, scene } from '../../electron/images/sample-photos.ts';
import { openChromium } from './chromium.ts';
import { chooseFiles, faultsOf, openPaired } from './phone-page.ts';
import { openPlace, type Place } from './place.ts';
import { stage } from './stage.ts';
import { storedOn } from './stored-on.ts';

let desk: Place;
let browser: Browser;
/** 12 megapixels, held upright. */
let large: Buffer;

stage(async () => {
  [desk, browser, large] = await Promise.all([openPlace(), openChromium(), phonePhoto(6, 3000, 4000)]);
  return [browser, desk];
});

const paired = (before?: (context: BrowserContext) => unknown) => openPaired(browser, desk, { before });

async function take(page: Page, bytes: Buffer) {
  await chooseFiles(page, 'take', { name: 'photo.jpg', bytes });
  await page.getByTestId('review-screen').getByRole('img').first().waitFor();
  await page.locator('[data-testid=send]:enabled').waitFor();
}

/** A page of print as a camera sees it: dark lines on light paper. */
function page(width: number, height: number): Sharp {
  const lines = Array.from({ length: 24 }, (_, n) =>
    Array.from({ length: 9 }, (_, word) => {
      const [x, y] = [0.06 + word * 0.1, 0.05 + n * 0.038];
      return `<rect x="${x * width}" y="${y * height}" width="${0.07 * width}" height="${0.014 * height}"/>`;
    }).join(''),
  ).join('');
  const paper = `<rect width="100%" height="100%" fill="#e8e4da"/>`;
  return sharp(
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${paper}${lines}</svg>`),
  );
}

/** How often the page itself did the work. */
async function countPageWork(context: BrowserContext) {
  await context.addInitScript(() => {
    const work = { bitmaps: 0, jpegs: 0 };
    Object.assign(window, { work });
    const { toBlob } = HTMLCanvasElement.prototype;
    HTMLCanvasElement.prototype.toBlob = function (...args) {
      work.jpegs += 1;
      toBlob.apply(this, args);
    };
    const make = window.createImageBitmap;
    if (make) {
      const counted = (image: ImageBitmapSource, options?: ImageBitmapOptions) => {
        work.bitmaps += 1;
        return make(image, options);
      };
      Object.assign(window, { createImageBitmap: counted });
    }
  });
}
const pageWork = (page: Page) => page.evaluate(() => ('work' in window ? window.work : null));

test('[PHONE71] a photo of 12 megapixels is made smaller in a worker that comes with it; the page itself does nothing', async () => {
  const { page, complaints } = await paired(countPageWork);
  expect(page.workers()).toEqual([]);
  const worked = desk.hears('photo_updated');
  const worker = page.waitForEvent('worker');
  await take(page, large);
  expect(new URL((await worker).url()).pathname).toMatch(/^\/assets\/photo-worker-/);
  expect(await pageWork(page)).toEqual({ bitmaps: 0, jpegs: 0 });
  await page.getByTestId('send').click();
  expect(await worked).toMatchObject({ width: 1920, height: 2560, mime: 'image/jpeg' });
  expect(complaints).toEqual([]);
});

for (const [lacking, before] of [
  ['no workers', (context: BrowserContext) => context.addInitScript(() => Reflect.deleteProperty(window, 'Worker'))],
  [
    'no canvas in workers',
    (context: BrowserContext) => context.addInitScript(() => Reflect.deleteProperty(window, 'OffscreenCanvas')),
  ],
  [
    'no bitmaps either',
    (context: BrowserContext) =>
      context.addInitScript(() => {
        Reflect.deleteProperty(window, 'OffscreenCanvas');
        Reflect.deleteProperty(window, 'createImageBitmap');
      }),
  ],
  [
    'no network when it is to be fetched',
    (context: BrowserContext) => context.route('**/photo-worker-*', route => route.abort()),
  ],
] as const) {
  test(`[PHONE72] the page prepares a photo itself with ${lacking}: smaller and upright all the same`, async () => {
    const { page } = await paired(async context => {
      await before(context);
      await countPageWork(context);
    });
    const worked = desk.hears('photo_updated');
    await take(page, large);
    // The one that is sent, and the small one for the lists.
    expect(await pageWork(page)).toMatchObject({ jpegs: 2 });
    await page.getByTestId('send').click();
    expect(await worked).toMatchObject({ width: 1920, height: 2560, mime: 'image/jpeg' });
  });
}

test('[PHONE73] a dark, a blurred and a small photo get their hint, a sharp one none; all can be sent, and hints survive a reload', async () => {
  const { page: phone, session } = await paired();
  const print = page(2400, 1800);
  const shots = {
    sharp: print.clone().jpeg(),
    dark: print.clone().linear(0.12, 0).jpeg(),
    blurred: print.clone().blur(30).jpeg(),
    small: page(600, 450).jpeg(),
    'large and blurred': page(4000, 3000).blur(50).jpeg(),
    'large and sharp': page(4000, 3000).jpeg(),
    'a smooth scene': scene(2000, 1500).jpeg(),
  };
  const files = await Promise.all(
    Object.entries(shots).map(async ([name, shot]) => ({ name: `${name}.jpg`, bytes: await shot.toBuffer() })),
  );
  const count = files.length;
  await chooseFiles(phone, 'choose', ...files);
  const hints = async () => {
    await phone.locator('[data-testid=send]:enabled').waitFor();
    const found: (string | null)[] = [];
    for (let index = 0; index < count; index += 1) {
      await phone.getByTestId('draft').nth(index).click();
      await phone.locator('[data-testid=draft][aria-current=true]').nth(0).waitFor();
      const hint = phone.getByTestId('hint');
      found.push((await hint.count()) > 0 ? await hint.textContent() : null);
    }
    return found;
  };
  const expected = [
    null,
    'La foto parece oscura: puede que no se lea bien.',
    'La foto parece movida: compruebe que se lee.',
    'La foto es pequeña: puede que no se lea bien.',
    'La foto parece movida: compruebe que se lee.',
    null,
    'La foto parece movida: compruebe que se lee.',
  ];
  expect(await hints()).toEqual(expected);
  await phone.reload();
  await phone.getByTestId('review-screen').waitFor();
  expect(await hints()).toEqual(expected);
  await phone.getByTestId('send').click();
  await phone.getByTestId('done').waitFor();
  const { photos } = await desk.client.send('photos', 'list', { session_id: session.id });
  expect(photos).toHaveLength(count);
});

test('[PHONE331] each of several chosen photos shows that it has a hint before it is looked at', async () => {
  const { page: phone } = await paired();
  const shots = [page(2400, 1800), page(600, 450), page(2400, 1800).linear(0.12, 0)];
  const files = await Promise.all(
    shots.map(async (shot, index) => ({ name: `${index}.jpg`, bytes: await shot.jpeg().toBuffer() })),
  );
  await chooseFiles(phone, 'choose', ...files);
  await phone.locator('[data-testid=send]:enabled').waitFor();
  const drafts = phone.getByTestId('draft');
  expect(await phone.getByTestId('hint').count()).toBe(0);
  expect(await drafts.evaluateAll(all => all.map(draft => draft.querySelector('svg') !== null))).toEqual([
    false,
    true,
    true,
  ]);
  await phone
    .getByRole('button', { name: 'Foto 3 de 3 La foto parece oscura: puede que no se lea bien.', exact: true })
    .click();
  await phone.getByTestId('hint').waitFor();
  expect(await faultsOf(phone, 'drafts-with-hints')).toEqual([]);
});

test('[PHONE72] a worker that cannot draw goes on all the same: one is enough, and each photo goes with its hash', async () => {
  const { page } = await paired(async context => {
    const assets = resolve(import.meta.dirname, '../../dist/client/assets');
    const worker = (await readdir(assets)).find(name => name.startsWith('photo-worker-')) ?? '';
    const body = `OffscreenCanvas.prototype.getContext = () => null;${await readFile(join(assets, worker), 'utf8')}`;
    await context.route('**/photo-worker-*', route => route.fulfill({ contentType: 'text/javascript', body }));
  });
  let workers = 0;
  page.on('worker', () => {
    workers += 1;
  });
  const hashes: (string | undefined)[] = [];
  page.on('request', request => {
    if (request.method() === 'PUT') hashes.push(request.headers()['x-content-sha256']);
  });
  const photos = [await scene(900, 700).jpeg().toBuffer(), await scene(700, 900).jpeg().toBuffer()];
  for (const photo of photos) {
    const received = desk.hears('photo_received');
    await take(page, photo);
    await page.getByTestId('send').click();
    await received;
  }
  expect(hashes).toEqual(photos.map(photo => createHash('sha256').update(photo).digest('hex')));
  expect(workers).toBe(1);
});

test('[PHONE74] a photo that would be made smaller can be sent as it is; the choice survives a reload', async () => {
  const { page: phone } = await paired();
  const bytes = await scene(4000, 3000).jpeg({ quality: 80 }).toBuffer();
  await take(phone, bytes);
  const choice = phone.getByTestId('original');
  const label = phone.locator('.choice');
  expect(await label.textContent()).toContain(`Tamaño original, ${megabytes(bytes.length)}`);
  expect(await choice.isChecked()).toBe(false);
  await label.click();
  // An original of megabytes is not on the disk at once.
  await expect.poll(async () => (await storedOn(phone))['mostrador/photos']).toMatchObject([{ whole: true }]);
  await phone.reload();
  await phone.getByTestId('review-screen').waitFor();
  expect(await choice.isChecked()).toBe(true);
  const [received, worked] = [desk.hears('photo_received'), desk.hears('photo_updated')];
  await phone.getByTestId('send').click();
  expect(await received).toMatchObject({ bytes: bytes.length });
  expect(await worked).toMatchObject({ width: 4000, height: 3000 });
  await phone.getByTestId('done').waitFor();

  // And when the choice is taken back, or not made, the smaller one.
  await take(phone, await scene(4000, 3200).jpeg({ quality: 80 }).toBuffer());
  await label.click();
  await label.click();
  const smaller = desk.hears('photo_updated');
  await phone.getByTestId('send').click();
  expect(await smaller).toMatchObject({ width: 2560, height: 2048 });
});

test('[PHONE75] an original that is more than the desk takes is explained, and the smaller one goes', async () => {
  const { page: phone } = await paired();
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 60 };
  const create = { width: 4200, height: 3000, channels: 3 as const, background: '#888', noise };
  const bytes = await sharp({ create }).jpeg({ quality: 100 }).toBuffer();
  expect(bytes.length).toBeGreaterThan(12 * 1024 * 1024);
  await take(phone, bytes);
  const words = await phone.getByTestId('original-too-large').textContent();
  expect(words).toContain(`El original pesa ${megabytes(bytes.length)} y el mostrador admite hasta 12 MB`);
  expect(await phone.getByTestId('original').count()).toBe(0);
  const worked = desk.hears('photo_updated');
  await phone.getByTestId('send').click();
  expect(await worked).toMatchObject({ width: 2560 });
});

function megabytes(bytes: number): string {
  const size = { style: 'unit', unit: 'megabyte', unitDisplay: 'short', maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat('es-ES', size).format(bytes / 1_000_000);
}
