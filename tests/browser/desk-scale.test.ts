/** The desk's page with thousands of photos and a long log: what is drawn and held stays bounded. */
import type { Browser, Page } from 'playwright';
import { expect, test } from 'vitest';
import { seedBusyDesk } from './busy-desk.ts';
import { openChromium } from './chromium.ts';
import { openPage } from './desk-page.ts';
import { picture } from './picture.ts';
import { openPlace, type Place } from './place.ts';
import { stage } from './stage.ts';

const who = 'MUCHAS';
const photos = 2_000;
const lines = 100_000;
let place: Place;
let browser: Browser;
let ids: string[] = [];

stage(async () => {
  const before = async (dataDir: string) => {
    ids = await seedBusyDesk(dataDir, { photos, idPersona: who, lines });
  };
  [place, browser] = await Promise.all([openPlace({ before }), openChromium()]);
  return [browser, place];
});

async function desk(): Promise<Page> {
  const { page } = await openPage(browser, place);
  return page;
}

const cards = (page: Page) => page.getByTestId('photo-card');
const card = (page: Page, id: string | undefined) => page.locator(`[data-testid=photo-card][data-photo-id="${id}"]`);

async function view(page: Page): Promise<void> {
  await page.locator(`[data-testid=person-tab][data-person="p:${who}"]`).click();
  await cards(page).first().locator('img').waitFor();
}

const scrollToEnd = (page: Page) =>
  cards(page)
    .first()
    .evaluate(element => {
      const scroller = element.closest('ul')?.parentElement;
      if (scroller) scroller.scrollTop = scroller.scrollHeight;
    });

test('[DESK60] of 2,000 photos only what is in sight is drawn, and the last one can be reached by scrolling alone', async () => {
  const page = await desk();
  await view(page);
  expect(await card(page, ids[0]).count()).toBe(1);
  await expect
    .poll(
      async () => {
        await scrollToEnd(page);
        return card(page, ids.at(-1)).count();
      },
      { timeout: 90_000, interval: 20 },
    )
    .toBe(1);
  expect(await cards(page).count()).toBeLessThan(60);
  expect(await card(page, ids.at(-1)).getAttribute('aria-posinset')).toBe(String(photos));
  expect(await card(page, ids.at(-1)).getAttribute('aria-setsize')).toBe(String(photos));
  await card(page, ids.at(-1)).locator('img').waitFor();
  // None is squeezed, and none lies on another.
  const shapes = await page.evaluate(() => {
    const boxes = [...document.querySelectorAll('[data-testid=photo-card]')].map(card => card.getBoundingClientRect());
    const pictures = [...document.querySelectorAll('[data-testid=photo-card] [data-open]')];
    return {
      ratios: [...new Set(pictures.map(open => (open.clientWidth / open.clientHeight).toFixed(1)))],
      rows: [...new Set(boxes.map(box => Math.round(box.top)))].sort((a, b) => a - b),
      heights: Math.min(...boxes.map(box => box.height)),
    };
  });
  expect(shapes.ratios).toEqual(['1.3']);
  for (const [i, top] of shapes.rows.entries()) {
    if (i > 0) expect(top - (shapes.rows[i - 1] ?? 0)).toBeGreaterThanOrEqual(shapes.heights + 15);
  }
  await picture(page, 'desk-scale-end');
}, 120_000);

test('[DESK61] what is scrolled out of sight lets its picture go', async () => {
  const page = await desk();
  await page.addInitScript(() => {
    const urls = new Set<string>();
    const { createObjectURL, revokeObjectURL } = URL;
    URL.createObjectURL = blob => {
      const url = createObjectURL.call(URL, blob);
      urls.add(url);
      return url;
    };
    URL.revokeObjectURL = url => {
      urls.delete(url);
      revokeObjectURL.call(URL, url);
    };
    Object.assign(window, { objectUrls: urls });
  });
  await page.reload();
  await view(page);
  for (let turn = 0; turn < 6; turn += 1) {
    const last = Number(await cards(page).last().getAttribute('data-index'));
    await scrollToEnd(page);
    await expect.poll(async () => Number(await cards(page).last().getAttribute('data-index'))).toBeGreaterThan(last);
    await cards(page).last().locator('img').waitFor();
  }
  const held = await page.evaluate(() => {
    const { objectUrls } = window as unknown as { objectUrls: Set<string> };
    return { urls: objectUrls.size, drawn: document.querySelectorAll('[data-testid=photo-card] img').length };
  });
  expect(held.drawn).toBeGreaterThan(10);
  expect(held.urls).toBeLessThanOrEqual(held.drawn + 8);
});

test('[DESK69] of photos that fly past none is fetched; those where the list comes to rest are', async () => {
  const page = await desk();
  await view(page);
  const missing = async () => (await cards(page).count()) - (await cards(page).locator('img').count());
  const scroller = cards(page).first().locator('xpath=ancestor::ul/..');
  // Enough of them that the flight meets no end, where it would wait for the next page.
  await expect
    .poll(
      async () => {
        await scrollToEnd(page);
        return scroller.evaluate(element => element.scrollHeight);
      },
      { timeout: 60_000, interval: 50 },
    )
    .toBeGreaterThan(24_000);
  await scroller.evaluate(element => {
    element.scrollTop = 0;
  });
  await card(page, ids[0]).waitFor();
  await expect.poll(missing).toBe(0);

  const fetched = await scroller.evaluate(async element => {
    performance.clearResourceTimings();
    const began = performance.now();
    let last = began;
    while (last - began < 2_200) {
      const now = await new Promise<number>(resolve => requestAnimationFrame(resolve));
      element.scrollBy(0, Math.max(0, now - last) * 8);
      last = Math.max(last, now);
    }
    // What was asked for before it flew comes later where the machine is busy.
    const thumbs = performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('/thumb'));
    return { inFlight: thumbs.filter(({ startTime }) => startTime > began + 1_200).length, gone: element.scrollTop };
  });
  expect(fetched.gone).toBeGreaterThan(14_000);
  expect(fetched.inFlight).toBe(0);
  await expect.poll(missing).toBe(0);
  const resting = () =>
    page.evaluate(() => performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('/thumb')).length);
  await expect.poll(resting).toBeGreaterThan(10);
}, 120_000);

test('[DESK62] arrows, Home and End go through all photos, and the keyboard never falls out of the list', async () => {
  const page = await desk();
  await view(page);
  const focused = () =>
    page.evaluate(() => document.activeElement?.closest('[data-photo-id]')?.getAttribute('data-photo-id') ?? null);
  await card(page, ids[0]).getByRole('button').first().focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(focused).toBe(ids[1]);
  const columns = await page.evaluate(() => {
    const list = document.querySelector('[data-testid=photo-card]')?.parentElement;
    return list ? getComputedStyle(list).gridTemplateColumns.split(' ').length : 0;
  });
  await page.keyboard.press('ArrowDown');
  await expect.poll(focused).toBe(ids[1 + columns]);
  // Scrolled away with the wheel, the one with the focus is still there, and the next one comes after it.
  await scrollToEnd(page);
  await card(page, ids[0]).waitFor({ state: 'detached' });
  expect(await focused()).toBe(ids[1 + columns]);
  for (const _ of ['accept', 'another', 'next']) await page.keyboard.press('Tab');
  await expect.poll(focused).toBe(ids[2 + columns]);
  expect(
    await card(page, ids[2 + columns]).evaluate(element => {
      const box = element.getBoundingClientRect();
      return box.top >= 0 && box.top < innerHeight;
    }),
  ).toBe(true);
  await page.keyboard.press('Home');
  await expect.poll(focused).toBe(ids[0]);
  await page.keyboard.press('End');
  await expect.poll(focused).not.toBe(ids[0]);
  expect(await cards(page).count()).toBeLessThan(70);
});

test('[DESK82] of 100,000 lines one reads back page by page, none comes twice, and a filter finds the oldest', async () => {
  const page = await desk();
  const list = page.getByTestId('activity-list');
  await page.getByTestId('activity-toggle').click();
  await list.getByRole('listitem').first().waitFor();
  /** Every line that was drawn, by its place and its words. */
  const seen = new Map<number, string>();
  const note = async () => {
    const rows = await list
      .getByRole('listitem')
      .evaluateAll(items =>
        items.map(
          item => [Number(item.ariaPosInSet), `${item.querySelector('time')?.dateTime} ${item.textContent}`] as const,
        ),
      );
    for (const [place, words] of rows) {
      expect(seen.get(place) ?? words).toBe(words);
      seen.set(place, words);
    }
  };
  const total = () => list.evaluate(element => element.scrollHeight);
  await note();
  await list.hover();
  for (let pages = 0; pages < 4; pages += 1) {
    const before = await total();
    await expect
      .poll(
        async () => {
          // Less than is drawn at once: no line is passed over.
          await page.mouse.wheel(0, 600);
          await note();
          return total();
        },
        { timeout: 20_000, interval: 10 },
      )
      .toBeGreaterThan(before);
  }
  await picture(page, 'desk-scale-log');
  expect(seen.size).toBeGreaterThan(700);
  expect(new Set(seen.values()).size).toBe(seen.size);
  expect(await list.getByRole('listitem').count()).toBeLessThan(60);

  // The line that is read keeps its place while a new one comes in at the top.
  const height = await total();
  const upper = () =>
    list.evaluate(element => {
      const { top } = element.getBoundingClientRect();
      return [...element.querySelectorAll('li')]
        .map(item => ({ from: item.getBoundingClientRect().top - top, words: item.textContent }))
        .filter(({ from }) => from >= 0)
        .sort((a, b) => a.from - b.from)[0];
    });
  const read = await upper();
  await place.show({ idPersona: 'LIVE' });
  await expect.poll(total).toBeGreaterThan(height);
  await expect.poll(upper).toEqual(read);

  // Nobody of that name is in what was read: it is looked for farther back, as far as the log goes.
  await page.getByRole('textbox', { name: 'Filtrar por texto' }).fill('LIVE');
  await expect.poll(() => list.getByRole('listitem').count()).toBe(1);
  await page.getByRole('region', { name: 'Actividad' }).getByText('Fotos', { exact: true }).click();
  await page.getByRole('textbox', { name: 'Filtrar por texto' }).fill('OTRA-1.');
  const older = page.getByRole('button', { name: 'Buscar en lo anterior' }).or(page.getByTestId('activity-older'));
  const beginning = page.getByText('Aquí empieza la actividad.');
  for (;;) {
    await older.or(beginning).waitFor();
    if (await beginning.isVisible()) break;
    // It may have made room for the beginning meanwhile.
    await older.click({ timeout: 2_000 }).catch(() => {});
  }
  // As `seedBusyDesk` wrote them: each a thousand lines from the next, and every third one an acceptance.
  const written = Array.from({ length: lines }, (_, n) => n).filter(n => n % 1_000 === 1 && n % 3 !== 0);
  expect(await list.getByRole('listitem').first().getAttribute('aria-setsize')).toBe(String(written.length));
}, 120_000);
