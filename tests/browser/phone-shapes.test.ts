/** The phone's page with photos, files and screens of every shape that comes to a desk. */
import type { Browser, Page } from 'playwright';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { scene } from '../../electron/images/sample-photos.ts';
import { openChromium } from './chromium.ts';
import { card, chooseFiles, openPaired } from './phone-page.ts';
import { openPlace, type Place } from './place.ts';
import { stage } from './stage.ts';

let desk: Place;
let browser: Browser;

stage(async () => {
  [desk, browser] = await Promise.all([openPlace(), openChromium()]);
  return [browser, desk];
});

/** The longer side of each picture there, in pixels, once all are there. */
async function sides(page: Page, pictures: string, count: number): Promise<number[]> {
  const all = page.locator(pictures);
  const read = () =>
    all.evaluateAll(images =>
      images.flatMap(image =>
        image instanceof HTMLImageElement ? [Math.max(image.naturalWidth, image.naturalHeight)] : [],
      ),
    );
  await expect.poll(async () => (await read()).filter(side => side > 0).length).toBe(count);
  return read();
}

test('[PHONE462] on its side, and with letters twice as large, a phone leaves half of its height to what is to be read', async () => {
  const { page } = await openPaired(browser, desk, { session: { idPersona: 'P-1', shots: ['Anverso del documento'] } });
  await page.setViewportSize({ width: 640, height: 360 });
  const left = await page.evaluate(() => {
    window.scrollTo(0, document.body.scrollHeight);
    const [header, actions] = [document.querySelector('.header'), document.querySelector('.actions')];
    const top = Math.max(0, header?.getBoundingClientRect().bottom ?? 0);
    return ((actions?.getBoundingClientRect().top ?? 0) - top) / innerHeight;
  });
  expect(left).toBeGreaterThan(0.5);
  for (const testid of ['take', 'choose', 'chat']) {
    const box = await page.getByTestId(testid).boundingBox();
    expect([testid, (box?.height ?? 0) >= 48]).toEqual([testid, true]);
  }
  await page.setViewportSize({ width: 320, height: 568 });
  await page.evaluate(() => {
    document.documentElement.style.fontSize = '200%';
  });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  await chooseFiles(page, 'take', { name: 'a.jpg', bytes: await scene(900, 1200).jpeg().toBuffer() });
  await page.locator('[data-testid=send]:enabled').press('Enter');
  await page.getByTestId('done').waitFor();
  for (const size of [
    { width: 320, height: 568 },
    { width: 390, height: 664 },
    { width: 568, height: 320 },
  ]) {
    await page.setViewportSize(size);
    // In the middle of the page whatever bar is seen stays there.
    const seen = await page.evaluate(() => {
      document.querySelector('[data-testid=done]')?.scrollIntoView({ block: 'center' });
      const [header, actions, done] = ['.header', '.actions', '[data-testid=done]'].map(selector => {
        const box = document.querySelector(selector)?.getBoundingClientRect();
        return { top: box?.top ?? 0, bottom: box?.bottom ?? 0 };
      });
      const top = Math.max(0, header?.bottom ?? 0);
      const bottom = Math.min(innerHeight, actions?.top ?? 0);
      return { left: (bottom - top) / innerHeight, isRead: (done?.top ?? 0) >= top && (done?.top ?? 0) < bottom };
    });
    expect([size, seen.left > 0.5, seen.isRead]).toEqual([size, true, true]);
  }
});

test('[PHONE463] in lists a photo is shown by a small picture of it, before a reload and after, and so when it is sent', async () => {
  const { page } = await openPaired(browser, desk);
  const bytes = await scene(3000, 2250).jpeg().toBuffer();
  await chooseFiles(page, 'choose', ...['a', 'b', 'c'].map(name => ({ name: `${name}.jpg`, bytes })));
  await page.locator('[data-testid=send]:enabled').waitFor();
  expect(await sides(page, '.strip img', 3)).toEqual([320, 320, 320]);
  expect(await sides(page, '.preview:not(.strip *) img', 1)).toEqual([2560]);
  await page.reload();
  await page.getByTestId('review-screen').waitFor();
  expect(await sides(page, '.strip img', 3)).toEqual([320, 320, 320]);
  await page.getByTestId('send').click();
  await expect.poll(() => card(page, 'received').count(), { timeout: 15_000 }).toBe(3);
  expect(await sides(page, '.thumb img', 3)).toEqual([320, 320, 320]);
});

test('[PHONE464] what people choose by mistake or never looked at is taken or explained: screenshots, panoramas, moving and empty files', async () => {
  const { page, complaints } = await openPaired(browser, desk);
  const see = (width: number, height: number) => scene(width, height, 4);
  // A screenshot in which what is transparent was never painted.
  const clear = await sharp({
    create: { width: 1080, height: 2340, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
  })
    .composite([{ input: await scene(900, 1200).sharpen().png().toBuffer(), left: 90, top: 200 }])
    .png()
    .toBuffer();
  const frames = await Promise.all([scene(800, 600), scene(800, 600).negate()].map(frame => frame.png().toBuffer()));
  const moving = await sharp(frames, { join: { animated: true } })
    .webp({ loop: 0, delay: [100, 100] })
    .toBuffer();
  const panorama = await scene(9000, 1500).jpeg().toBuffer();
  const name = '👩‍👩‍👧 «DNI» ñ%.jpg';
  await page.getByTestId('choose').setInputFiles([
    { name, mimeType: 'image/png', buffer: clear },
    { name, mimeType: '', buffer: moving },
    { name: 'panorama', mimeType: '', buffer: panorama },
    { name: 'panorama', mimeType: '', buffer: panorama },
    { name: 'empty.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(0) },
    { name: 'alpha.png', mimeType: 'image/png', buffer: await see(3000, 300).png().toBuffer() },
  ]);
  await page.locator('[data-testid=send]:enabled').waitFor({ timeout: 30_000 });
  expect(await page.getByTestId('problem').allTextContents()).toEqual([
    'Ese archivo no es una foto que se pueda leer. Haga otra o elija un archivo JPEG o PNG.',
  ]);
  expect(await page.getByTestId('draft').count()).toBe(5);
  // On white it is not dark.
  expect(await page.getByTestId('draft').first().textContent()).not.toContain('oscura');
  await page.getByTestId('send').click();
  await expect.poll(() => card(page, 'received').count(), { timeout: 30_000 }).toBe(5);
  const { photos } = await desk.client.send('photos', 'list', { limit: 5 });
  expect(photos.map(({ width, height }) => `${width}x${height}`).sort()).toEqual(
    ['1080x2340', '2560x256', '2560x427', '2560x427', '800x600'].sort(),
  );
  expect(complaints).toEqual([]);
});
