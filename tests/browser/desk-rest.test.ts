/** The desk when nobody is at it, and what it sounds like. */
import type { Browser, Page } from 'playwright';
import { expect, test, vi } from 'vitest';
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
  [place, browser, image] = await Promise.all([openPlace(), openChromium(), scene(640, 480).jpeg().toBuffer()]);
  return [browser, place];
});

async function desk(): Promise<Page> {
  const { page } = await openPage(browser, place);
  return page;
}

async function visitor() {
  visitors += 1;
  const who = `R-${1000 + visitors}`;
  const { session, code } = await place.show({ idPersona: who });
  const phone = await pairPhone(place, code);
  /** The visitor writes to the desk. */
  const say = async (content: string) => {
    const client = createWebSocketClient(phone.token, { url: place.localUrl, WebSocket });
    client.connect();
    const conversation_id = await vi.waitFor(async () => {
      const found = (await client.send('sessions', 'get', { session_id: session.id })).session.conversation_id;
      if (found === null) throw new Error('no conversation yet');
      return found;
    }, 10_000);
    await client.send('messages', 'create', { message: { conversation_id, sender_id: session.id, content } });
    client.close();
  };
  return { who, phone, say };
}

const connected = (page: Page) => page.locator('[data-testid=connection][data-state=connected]').waitFor();
const blurred = (page: Page) =>
  page.evaluate(() =>
    ['#photos', '[data-testid=session-card]', '[data-testid=qr]']
      .map(one => document.querySelector(one))
      .filter(element => element !== null)
      .map(element => getComputedStyle(element).filter !== 'none'),
  );

test('[DESK70] after minutes without anybody what is about people is blurred; a key or a touch lifts that and does nothing else', async () => {
  const page = await desk();
  const { who, phone } = await visitor();
  await phone.send(image);
  await page.clock.install();
  await page.reload();
  await connected(page);
  await page.locator(`[data-person="p:${who}"]`).click();
  await page.getByTestId('session-card').waitFor();
  await page.getByTestId('photo-card').locator('img').waitFor();
  expect(await blurred(page)).toEqual([false, false]);
  await page.clock.fastForward('04:50');
  expect(await blurred(page)).toEqual([false, false]);
  await page.clock.fastForward('00:20');
  await page.getByTestId('rest-veil').waitFor();
  expect(await blurred(page)).toEqual([true, true]);
  expect(await page.getByTestId('rest-said').textContent()).toContain('Pantalla en reposo');
  await picture(page, 'desk-rest');
  expect(await axeFinds(page)).toEqual([]);

  // A touch where a button is wakes the screen, and that is all.
  const accept = await page.getByTestId('accept').boundingBox();
  await page.mouse.click((accept?.x ?? 0) + 20, (accept?.y ?? 0) + 20);
  await page.getByTestId('rest-veil').waitFor({ state: 'detached' });
  expect(await blurred(page)).toEqual([false, false]);
  expect(await page.getByTestId('photo-card').getAttribute('data-status')).toBe('received');
});

test('[DESK70] a button and a key hide it at once; the QR stays for whoever stands before it', async () => {
  const page = await desk();
  await page.getByTestId('idpersona-input').fill('R-QR');
  await page.keyboard.press('Enter');
  await page.getByTestId('qr').waitFor();
  await page.getByTestId('rest').click();
  await page.getByTestId('rest-veil').waitFor();
  expect(await page.getByTestId('rest-veil').getAttribute('data-welcome')).toBe(null);
  expect(await blurred(page)).toEqual([true, false]);
  await page.getByTestId('rest').focus();
  await page.keyboard.press('Enter');
  await page.getByTestId('rest-veil').waitFor({ state: 'detached' });
  await page.keyboard.press('b');
  await page.getByTestId('rest-veil').waitFor();
  await page.keyboard.press('l');
  await page.getByTestId('rest-veil').waitFor({ state: 'detached' });
  expect(await page.getByTestId('activity-toggle').getAttribute('aria-expanded')).toBe('false');
});

test('[DESK331] at rest the words say so beside the QR, and cover nothing of it', async () => {
  const page = await desk();
  await page.getByTestId('idpersona-input').fill('R-BESIDE');
  await page.keyboard.press('Enter');
  await page.getByTestId('qr').waitFor();
  await page.keyboard.press('Tab');
  await page.getByTestId('rest').click();
  const words = page.getByTestId('rest-veil').locator('span');
  for (const [width, height] of [
    [1366, 768],
    [1920, 1080],
    [1080, 1920],
  ] as const) {
    await page.setViewportSize({ width, height });
    await picture(page, `desk-rest-qr-${width}`);
    const [said, qr] = [await words.boundingBox(), await page.getByTestId('qr').boundingBox()];
    if (!said || !qr) throw new Error('not on the screen');
    const apart =
      said.x >= qr.x + qr.width ||
      said.x + said.width <= qr.x ||
      said.y >= qr.y + qr.height ||
      said.y + said.height <= qr.y;
    expect([width, apart]).toEqual([width, true]);
  }
});

for (const [size, colorScheme] of [
  [{ width: 1366, height: 768 }, 'light'],
  [{ width: 1080, height: 1920 }, 'dark'],
] as const) {
  test(`[DESK84] at rest, where no QR waits, it is a welcome through which nothing shows (${size.width}, ${colorScheme})`, async () => {
    const page = await desk();
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme });
    const { who, phone } = await visitor();
    await phone.send(image);
    await page.locator(`[data-person="p:${who}"]`).click();
    await page.getByTestId('photo-card').locator('img').waitFor();
    await page.getByTestId('rest').click();
    const veil = page.locator('[data-testid=rest-veil][data-welcome]');
    await veil.getByText('Le damos la bienvenida').waitFor();
    await veil.getByText('Recepción Central').waitFor();
    await picture(page, `desk-rest-welcome-${colorScheme}`);
    const shows = await veil.evaluate(element => {
      const ground = getComputedStyle(element).backgroundColor;
      const points = [
        ...document.querySelectorAll('main, #photos, header, [data-person], [data-testid=photo-card] img'),
      ];
      const through = points.filter(one => {
        const { x, y, width, height } = one.getBoundingClientRect();
        return !element.contains(document.elementFromPoint(x + width / 2, y + height / 2));
      });
      return { ground, through: through.map(one => one.outerHTML) };
    });
    expect(shows).toEqual({ ground: expect.stringMatching(/^rgb\(/), through: [] });
    expect(await axeFinds(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByTestId('rest-veil').waitFor({ state: 'detached' });
    await page.getByTestId('session-card').waitFor();
  });
}

test('[DESK303] its welcome, with nobody selected and nobody at it for a minute, names nobody; the first touch brings the names back', async () => {
  const { settings } = await place.client.send('settings', 'get', {});
  // It never rests.
  await place.client.send('settings', 'update', { settings: { blur_minutes: 0 } });
  try {
    const { who, phone } = await visitor();
    await phone.send(image);
    const page = await desk();
    await page.setViewportSize({ width: 1366, height: 768 });
    await page.clock.install();
    await page.reload();
    await connected(page);
    const tab = page.locator(`[data-person="p:${who}"]`);
    await tab.getByText(who).waitFor();
    const seen = () => page.evaluate(() => document.body.innerText);
    expect((await seen()).split(who).length).toBeGreaterThan(3);
    await page.clock.fastForward('00:50');
    expect(await seen()).toContain(who);
    await page.clock.fastForward('00:15');
    await tab.getByText('Otra persona').waitFor();
    expect(await seen()).not.toContain(who);
    expect(
      await page.locator('[aria-label],[title]').evaluateAll(all => all.map(one => one.outerHTML.slice(0, 300))),
    ).toEqual(expect.not.arrayContaining([expect.stringMatching(new RegExp(`(label|title)="[^"]*${who}`))]));
    await picture(page, 'desk-still');
    expect(await axeFinds(page)).toEqual([]);
    // A touch is as good as ever: it presses what is under it.
    await tab.click();
    await tab.getByText(who).waitFor();
    await page.getByTestId('photo-card').locator('img').waitFor();

    // Somebody is served: their name stays.
    await page.getByTestId('session-choice').filter({ hasText: who }).click();
    await page.getByTestId('session-card').waitFor();
    await page.clock.fastForward('02:00');
    expect(await page.getByTestId('session-person').textContent()).toBe(who);
    expect(await tab.textContent()).toContain(who);

    // At rest nothing of them can be read either, by whatever reads the page.
    await page.keyboard.press('b');
    await page.getByTestId('rest-veil').waitFor();
    expect(await tab.textContent()).not.toContain(who);
  } finally {
    await place.client.send('settings', 'update', { settings: { blur_minutes: settings.blur_minutes } });
  }
});

test('[DESK71] a photo, a message and a refusal sound, each in its own way; off is off, and is kept', async () => {
  const page = await desk();
  await page.addInitScript(() => {
    const heard: number[] = [];
    const real = window.AudioContext.prototype.createOscillator;
    window.AudioContext.prototype.createOscillator = function () {
      const sound = real.call(this);
      const start = sound.start;
      sound.start = when => {
        heard.push(sound.frequency.value);
        start.call(sound, when);
      };
      return sound;
    };
    Object.assign(window, { heard });
  });
  await page.reload();
  await connected(page);
  const heard = () => page.evaluate(() => (window as unknown as { heard: number[] }).heard.map(Math.round));
  const arrived = (who: string) => page.getByTestId('announcer').getByText(who).waitFor();

  // Nobody has touched the page yet.
  const early = await visitor();
  await early.phone.send(image);
  await arrived(early.who);
  expect(await heard()).toEqual([]);

  await page.getByRole('heading', { level: 1 }).click();
  const second = await visitor();
  await second.phone.send(image);
  await expect.poll(heard).toEqual([659, 880]);
  await second.phone.send(Buffer.from('not a picture')).catch(() => null);
  await expect.poll(heard).toEqual([659, 880, 330, 247]);
  await second.say('Ya está');
  await expect.poll(heard).toEqual([659, 880, 330, 247, 587]);

  await page.getByTestId('sounds').click();
  await page.getByRole('button', { name: 'Sonidos: apagados' }).waitFor();
  await page.reload();
  await connected(page);
  await page.getByRole('button', { name: 'Sonidos: apagados' }).waitFor();
  await page.getByRole('heading', { level: 1 }).click();
  const third = await visitor();
  await third.phone.send(image);
  await arrived(third.who);
  await third.say('Buenas');
  await page.locator(`[data-person="p:${third.who}"]`).getByTestId('unread-messages').waitFor();
  expect(await heard()).toEqual([]);
});
