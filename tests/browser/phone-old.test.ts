/** The phone's page in old browsers: it works from Safari 14 and Chrome 81 on, and says so where it cannot. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright';
import { parseSync } from 'vite';
import { expect, test } from 'vitest';
import { phonePhoto } from '../../electron/images/sample-photos.ts';
import { root } from '../process/program.ts';
import { openChromium } from './chromium.ts';
import { makeOld } from './old-phone.ts';
import { card, chooseFiles, openPaired, openPhone } from './phone-page.ts';
import { openPlace, type Place } from './place.ts';
import { stage } from './stage.ts';

let desk: Place;
let browser: Browser;

stage(async () => {
  [desk, browser] = await Promise.all([openPlace(), openChromium()]);
  return [browser, desk];
});

const old = (session: Parameters<Place['show']>[0] = { idPersona: 'P-123456' }) =>
  openPaired(browser, desk, { session, before: makeOld });

/** What of that program no Safari before 16.4 reads: there one such literal keeps all of it from being read. */
function lateExpressions(program: string): string[] {
  const found: string[] = [];
  JSON.stringify(parseSync('built.js', program).program, (key, value) => {
    if (key === 'regex' && (/\(\?<[=!]/.test(value.pattern) || /[dv]/.test(value.flags))) found.push(value.pattern);
    return value;
  });
  return found;
}

test('[PHONE450] nothing that the page loads has a regular expression that Safari before 16.4 cannot read', async () => {
  expect(lateExpressions('const a = /(?<!b)/, b = "(?<!b)", c = /x/v, d = /(?<name>d)/')).toEqual(['(?<!b)', 'x']);
  const page = readFileSync(join(root, 'dist/client/phone/index.html'), 'utf8');
  const [, own = ''] = /<script type="module">(.*?)<\/script>/s.exec(page) ?? [];
  const [worker = ''] = /assets\/photo-worker-[\w-]+\.js/.exec(own) ?? [];
  const built = [`client/${worker}`, 'sdk/mostrador-client.js', 'sdk/mostrador-s2-client.js'];
  const programs = [own, ...built.map(path => readFileSync(join(root, 'dist', path), 'utf8'))];
  // The page's only other program is its worker.
  expect(own.match(/assets\/[\w-]+\.js/g)).toEqual([worker]);
  const late = programs.flatMap(lateExpressions);
  expect(late).toEqual([]);
});

test('[PHONE451] a whole visit works in a browser of the year 2020: photo, original, messages and the end', async () => {
  const { page, session, complaints } = await old({ idPersona: 'P-123456', shots: ['Anverso'] });
  const large = await phonePhoto(6, 3000, 4000);
  await chooseFiles(page, 'take', { name: 'photo.jpg', bytes: large });
  await page.getByTestId('original').waitFor();
  expect(await page.locator('.choice').textContent()).toMatch(/Tamaño original, \d+\skB/);
  const received = desk.hears('photo_received');
  await page.locator('[data-testid=send]:enabled').click();
  const photo = await received;
  expect(photo).toMatchObject({ session_id: session.id, shot: 'Anverso', width: 1920, height: 2560 });
  await card(page, 'received').waitFor();
  await desk.client.send('photos', 'review', { photo_id: photo.id, verdict: 'accepted' });
  await card(page, 'accepted').waitFor();
  await page.getByTestId('chat').click();
  await page.locator('[data-testid=chat-text]:enabled').fill('¿Falta algo?');
  await page.getByTestId('chat-send').click();
  await page.locator('[data-testid=message][data-state=sent], [data-testid=message][data-state=delivered]').waitFor();
  await page.getByTestId('chat-close').click();
  await page.getByTestId('chat-sheet').waitFor({ state: 'detached' });
  await page.getByTestId('leave').click();
  await page.getByTestId('leave-yes').click();
  await page.getByTestId('ended-screen').waitFor();
  expect(complaints).toEqual([]);
});

test('[PHONE452] a browser that reads the page and cannot run it says so at once, in both languages; so does one in which it breaks down', async () => {
  const { address } = await desk.show();
  for (const broken of [
    () => Reflect.deleteProperty(Blob.prototype, 'text'),
    () => Reflect.deleteProperty(window, 'matchMedia'),
  ]) {
    const { page } = await openPhone(browser, desk, { device: 'Desktop Chrome' });
    await page.addInitScript(broken);
    await page.goto(address);
    // Without any wait for it: it stands there from the first moment that the program knows.
    await page.locator('.late-notice.now').waitFor();
    expect(await page.locator('.late-notice').evaluate(notice => getComputedStyle(notice).opacity)).toBe('1');
    for (const lang of ['es', 'en']) expect(await page.locator(`.late-notice [lang=${lang}]`).isVisible()).toBe(true);
    expect(await page.locator('body').innerText()).not.toContain('Un momento');
  }
});

test('[PHONE453] without modal dialogs the messages lie above the page, and the keyboard goes into them', async () => {
  const { page } = await old();
  await page.getByTestId('chat').click();
  await page.locator('[data-testid=chat-text]:enabled').waitFor();
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('chat-title');
  for (const testid of ['chat-close', 'chat-text', 'chat-send', 'chat-attach']) {
    const isOnTop = await page.getByTestId(testid).evaluate(element => {
      const { left, top, width, height } = element.getBoundingClientRect();
      const found = document.elementFromPoint(left + width / 2, top + height / 2);
      return element === found || element.contains(found);
    });
    expect([testid, isOnTop]).toEqual([testid, true]);
  }
});
