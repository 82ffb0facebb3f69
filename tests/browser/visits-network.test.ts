/** Visits on a bad day: the desk's page is loaded again, the phone sleeps, the Wi-Fi breaks. Both ends are real pages; the phone comes through a slow link. */
import type { Browser, Page } from 'playwright';
import { beforeEach, expect, test } from 'vitest';
import { lanName, openChromium } from './chromium.ts';
import { openPage } from './desk-page.ts';
import { openPhone } from './phone-page.ts';
import { openPlace, type Place } from './place.ts';
import { openSlowLink, type SlowLink } from './slow-link.ts';
import { stage } from './stage.ts';
import { prepareDecoders } from './two-decoders.ts';
import { deskCard, deskMessage, deskSays, online, phoneCard, photo, pictures, receive, send, tab } from './visit.ts';

let link: SlowLink;
let place: Place;
let browser: Browser;

stage(async () => {
  [browser] = await Promise.all([openChromium(), prepareDecoders()]);
  return [browser];
});

// Each test breaks its link and leaves a visit open: whoever is next, be it the same test once more, gets others.
beforeEach(async () => {
  link = await openSlowLink('127.0.0.1');
  place = await openPlace({ url: `http://${lanName}:${link.port}` });
  link.leadTo(place.localUrl);
  return async () => {
    await place.close();
    await link.close();
  };
});

/** The desk and a visitor's phone. `random`: what this phone's page gets for a random number, by which it waits before it tries again. */
async function visit(idPersona: string, { device = 'Pixel 7', random = 0.5 } = {}) {
  const desk = await openPage(browser, place, { viewport: { width: 1366, height: 768 } });
  const address = await receive(desk.page, idPersona);
  const phone = await openPhone(browser, place, { device });
  await phone.context.addInitScript(number => {
    Math.random = () => number;
  }, random);
  await phone.page.goto(address);
  await phone.page.getByTestId('consent').click();
  await online(phone.page).waitFor();
  await desk.page.getByTestId('chat-input').waitFor();
  return { desk, at: desk.page, phone: phone.page };
}

const coming = (at: Page) => at.getByTestId('upload-card');
const percent = async (at: Page) => Number(/(\d+) %/.exec((await coming(at).textContent()) ?? '')?.[1]);

test('[JOB13] the desk’s page loaded again in the middle of an upload and of a message: the same person, the upload goes on, the draft is there', async () => {
  const { desk, at, phone } = await visit('P-RECARGA');
  await at.getByTestId('chat-input').fill('Le falta la firma en');
  link.stall(250_000);
  await send(phone, await photo('#c04040', 'large'));
  await coming(at).waitFor();
  // It is told at most every 150 ms: how far it had come when the link stood still, may not have been.
  const before = await percent(at);
  expect(before).toBeLessThan(70);

  await at.reload();
  await at.locator('[data-testid=connection][data-state=connected]').waitFor();
  await tab(at, 'P-RECARGA').and(at.locator('[aria-selected=true]')).waitFor();
  expect(await at.getByTestId('session-person').textContent()).toBe('P-RECARGA');
  await expect.poll(() => at.getByTestId('chat-input').inputValue()).toBe('Le falta la firma en');

  link.stall(550_000);
  await coming(at).waitFor();
  await expect.poll(() => percent(at)).toBeGreaterThan(before);
  expect(await deskCard(at).count()).toBe(0);
  await pictures('reloaded', { desk: at });
  link.flow();
  await deskCard(at, 'received').locator('img').waitFor();
  await coming(at).waitFor({ state: 'detached' });
  await phoneCard(phone, 'received').waitFor();
  expect(await deskCard(at).count()).toBe(1);

  await deskSays(at, `${await at.getByTestId('chat-input').inputValue()} la página 2`);
  await phone.getByTestId('chat-news').getByText('Le falta la firma en la página 2').waitFor();
  // What has been sent is no draft any more.
  await at.reload();
  await deskMessage(at, 'la página 2').waitFor();
  expect(await at.getByTestId('chat-input').inputValue()).toBe('');
  expect(desk.complaints).toEqual([]);
});

/** As a phone tells its page that the screen is locked, or on again. */
function setShown(phone: Page, shown: boolean): Promise<void> {
  return phone.evaluate(shown => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => !shown });
    Object.defineProperty(document, 'visibilityState', {
      configurable: true,
      get: () => (shown ? 'visible' : 'hidden'),
    });
    document.dispatchEvent(new Event('visibilitychange'));
  }, shown);
}

/** Milliseconds until the page says that it is connected. */
function untilOnline(phone: Page): Promise<number> {
  return phone.evaluate(
    () =>
      new Promise<number>(done => {
        const from = performance.now();
        const look = () => {
          if (!document.querySelector('[data-testid=connection][data-state=online]')) return;
          watch.disconnect();
          done(performance.now() - from);
        };
        const watch = new MutationObserver(look);
        watch.observe(document, { subtree: true, childList: true, attributes: true });
        look();
      }),
  );
}

test('[JOB14] a phone that was locked and lost its connection is back at once when it is shown, with the verdict and the message', async () => {
  // The longest waits: half a second, 1, 2, 4 …
  const { desk, at, phone } = await visit('P-BLOQUEO', { device: 'iPhone 15', random: 0.999 });
  await send(phone, await photo('#40a040'));
  await phoneCard(phone, 'received').waitFor();
  await setShown(phone, false);
  link.cut();
  await at.getByTestId('session-card').getByText('Ausente').waitFor();
  await deskCard(at).getByTestId('accept').click();
  await deskCard(at, 'accepted').waitFor();
  await deskSays(at, 'Ya está, gracias');
  await deskMessage(at, 'Ya está, gracias', 'sent').waitFor();
  // By now it waits 4 s before the next try.
  await expect.poll(() => link.refused(), { timeout: 15_000 }).toBeGreaterThanOrEqual(3);
  expect(await online(phone).count()).toBe(0);
  link.restore();
  const isBack = untilOnline(phone);
  await setShown(phone, true);
  expect(await isBack).toBeLessThan(1_500);
  await phoneCard(phone, 'accepted').waitFor();
  await phone.getByTestId('chat-news').getByText('Ya está, gracias').waitFor();
  await deskMessage(at, 'Ya está, gracias', 'delivered').waitFor();
  await at.getByTestId('session-card').getByText('Conectado').waitFor();
  expect(desk.complaints).toEqual([]);
});

test('[PHONE300] a photo that comes no further says that it waits for the network, not a number that stands still, and goes on by itself', async () => {
  const { at, phone } = await visit('P-QUIETA');
  link.stall(100_000);
  await send(phone, await photo('#8040c0', 'large'));
  const card = phoneCard(phone, 'uploading');
  await card
    .getByTestId('phase')
    .getByText(/^Enviando\d+ %$/)
    .waitFor();
  await card.getByTestId('phase').getByText('Esperando a la red…', { exact: true }).waitFor();
  expect(await card.locator('progress').count()).toBe(0);
  expect(await card.textContent()).not.toMatch(/\d+ %/);
  expect(await deskCard(at).count()).toBe(0);
  await pictures('stalled', { phone });
  await phone.getByTestId('language').click();
  await card.getByText('Waiting for the network…').waitFor();
  link.flow();
  await deskCard(at, 'received').waitFor();
  await phoneCard(phone, 'received').waitFor();
});

/** What the phone's page says of its photos, each time something changes on it. */
function record(phone: Page) {
  return phone.evaluateHandle(() => {
    const seen: { cards: number; received: number; done: boolean; percents: number[] }[] = [];
    const look = () => {
      if (!document.querySelector('[data-testid=visit-screen]')) return;
      const cards = [...document.querySelectorAll('[data-testid=photo-card]')];
      seen.push({
        cards: cards.length,
        received: cards.filter(card => card.getAttribute('data-state') === 'received').length,
        done: document.querySelector('[data-testid=done]') !== null,
        percents: [...document.querySelectorAll('[data-testid=photo-card] progress')].map(bar =>
          bar instanceof HTMLProgressElement ? bar.value : -1,
        ),
      });
    };
    new MutationObserver(look).observe(document, {
      subtree: true,
      childList: true,
      attributes: true,
      characterData: true,
    });
    return seen;
  });
}

test('[JOB15] on a network that delays, stalls, breaks and swallows answers five photos arrive exactly once, and the phone says no more than is true', async () => {
  const { desk, at, phone } = await visit('P-MALA-RED', { random: 0 });
  const heard: string[] = [];
  const stop = place.client.on('photo_received', ({ photo: { id } }) => void heard.push(id));
  const colors = ['#c04040', '#40a040', '#4040c0', '#a0a040', '#40a0a0'];
  const photos = await Promise.all(colors.map(color => photo(color, 'large')));
  const atDesk = async () =>
    (await place.client.send('photos', 'list', { idPersona: 'P-MALA-RED' })).photos.map(({ id }) => id);
  link.delay(4);
  link.meet(
    { stall: 200_000 },
    { reset: 300_000 },
    'unanswered',
    { reset: 1_000 },
    { stall: 500_000 },
    { reset: 700_000 },
  );
  const seen = await record(phone);
  const first = link.stalled();
  await send(phone, ...photos);

  const breakFirst = await first;
  // One that stands still, or waits, is not said to be there; the one whose answer was swallowed is, once it was asked for again.
  await expect.poll(async () => (await atDesk()).length).toBeGreaterThan(0);
  expect(await phoneCard(phone).count()).toBe(5);
  expect(await phoneCard(phone, 'uploading').getByTestId('phase').first().textContent()).toMatch(
    /^(Enviando\d{1,2} %|Esperando a la red…)$/,
  );
  await pictures('bad-network', { desk: at, phone });
  breakFirst();

  const breakSecond = await link.stalled();
  // What the phone says is there is there; events tell it of the others as well.
  const there = await atDesk();
  await expect.poll(() => phoneCard(phone, 'received').count()).toBeGreaterThanOrEqual(there.length);
  expect(await phoneCard(phone, 'received').count()).toBeLessThanOrEqual((await atDesk()).length);
  expect(await phone.getByTestId('done').count()).toBe(0);
  // Now all of it breaks, the events' connection too.
  breakSecond();
  link.cut();
  await expect.poll(() => link.refused()).toBeGreaterThan(0);
  expect(await phoneCard(phone, 'uploading').count()).toBeLessThanOrEqual(2);
  link.restore();

  await phone.getByTestId('done').waitFor();
  await online(phone).waitFor();
  stop();
  expect(link.ahead()).toBe(0);
  const kept = await atDesk();
  expect(new Set(kept).size).toBe(5);
  expect(kept).toHaveLength(5);
  expect(heard.toSorted()).toEqual(kept.toSorted());
  await expect.poll(() => deskCard(at, 'received').count()).toBe(5);
  expect(await at.getByTestId('duplicate').count()).toBe(0);
  expect(await phoneCard(phone, 'received').count()).toBe(5);

  const moments = await seen.jsonValue();
  expect(moments.length).toBeGreaterThan(20);
  expect(moments.filter(({ cards }) => cards !== 5)).toEqual([]);
  expect(moments.filter(({ done, received }) => done && received < 5)).toEqual([]);
  expect(moments.filter(({ received }, index) => received < (moments[index - 1]?.received ?? 0))).toEqual([]);
  expect(moments.flatMap(({ percents }) => percents).filter(value => value < 0 || value > 99)).toEqual([]);
  expect(desk.complaints).toEqual([]);
});
