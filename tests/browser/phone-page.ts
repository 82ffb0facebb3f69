/** For the phone page's tests: phones in Chromium that reach the place as phones do, not by loopback and over plain HTTP. */
import { type Browser, type BrowserContext, devices, type Page } from 'playwright';
import { axeFinds, ofColours } from './axe.ts';
import { picture } from './picture.ts';
import type { Place } from './place.ts';

export interface Phone {
  context: BrowserContext;
  page: Page;
  /** What a developer would see in red: errors of the console and uncaught ones, and requests that went elsewhere. */
  complaints: string[];
}

export interface PhoneOptions {
  device?: string;
  locale?: string;
  colorScheme?: 'light' | 'dark';
}

export async function openPhone(
  browser: Browser,
  place: Pick<Place, 'url'>,
  options: PhoneOptions = {},
): Promise<Phone> {
  const { device = 'Pixel 7', locale = 'es-ES', colorScheme = 'light' } = options;
  const { defaultBrowserType: _type, ...description } = devices[device] ?? {};
  const context = await browser.newContext({ ...description, locale, colorScheme });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', message => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', error => complaints.push(String(error)));
  page.on('request', request => {
    const url = request.url();
    if (!url.startsWith(place.url) && !/^(blob|data):/.test(url)) complaints.push(`asked elsewhere: ${url}`);
  });
  return { context, page, complaints };
}

/** The photos on the visit's screen that are in that state. */
export const card = (page: Page, state: string) => page.locator(`[data-testid=photo-card][data-state=${state}]`);

/** Files chosen in the page's file input of that test id. */
export async function chooseFiles(page: Page, testid: string, ...files: { name: string; bytes: Buffer }[]) {
  const mimeType = 'image/jpeg';
  await page.getByTestId(testid).setInputFiles(files.map(({ name, bytes }) => ({ name, mimeType, buffer: bytes })));
}

/** What is wrong with what the page shows now, in both themes and with large letters; pictures of it are left for people to look at. */
export async function faultsOf(page: Page, name: string): Promise<{ id: string; at: unknown }[]> {
  const found: { id: string; at: unknown }[] = [];
  for (const [colorScheme, rules] of [
    ['light', undefined],
    ['dark', ofColours],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await picture(page, `phone-${name}-${colorScheme}`);
    found.push(...(await axeFinds(page, { rules })).map(at => ({ id: 'axe', at: [colorScheme, at] })));
  }
  for (const letters of ['large', 'usual']) {
    await page.evaluate(letters => {
      document.documentElement.dataset.letters = letters;
    }, letters);
    if (letters === 'large') await picture(page, `phone-${name}-large`);
    const faults = { 'touch target or font': await tooSmall(page), 'wider than its place': await overflowing(page) };
    for (const [id, all] of Object.entries(faults)) found.push(...all.map(at => ({ id, at: [letters, at] })));
  }
  return found;
}

/** What a thumb would miss: under 48 px; and fields that make an iPhone zoom in: under 16 px. */
function tooSmall(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [
      ...document.querySelectorAll(
        'button, .button, .shot, .choice, select, textarea, input:not(.file-input, [type=radio], [type=checkbox])',
      ),
    ]
      .filter(element => {
        const { width, height } = element.getBoundingClientRect();
        const isField = element.matches('select, textarea, input');
        return width < 48 || height < 48 || (isField && Number.parseFloat(getComputedStyle(element).fontSize) < 16);
      })
      .map(element => element.outerHTML),
  );
}

/** A phone that has scanned and accepted, and what the desk showed it. */
export async function openPaired(
  browser: Browser,
  place: Place,
  options: PhoneOptions & {
    session?: Parameters<Place['show']>[0];
    before?: (context: BrowserContext) => unknown;
  } = {},
) {
  const { session = { idPersona: 'P-123456' }, before } = options;
  const shown = await place.show(session);
  const phone = await openPhone(browser, place, options);
  await before?.(phone.context);
  await phone.page.goto(shown.address);
  // By a key: no tap that a test makes at once after it is the second of two in one place.
  await phone.page.getByTestId('consent').press('Enter');
  await phone.page.getByTestId('visit-screen').waitFor();
  return { ...phone, ...shown };
}

/** What reaches past the screen's sides, or is wider than the box it stands in. */
function overflowing(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    return [...document.querySelectorAll('body *')]
      .filter(element => {
        // What lies below an open sheet is not to be seen, what is for screen readers alone is not either.
        const dialog = document.querySelector('dialog[open]');
        if ((dialog && !dialog.contains(element)) || element.closest('.unseen, svg')) return false;
        const { left, right, width: wide } = element.getBoundingClientRect();
        if (wide === 0) return false;
        const style = getComputedStyle(element);
        const spills =
          style.display !== 'inline' && style.overflowX === 'visible' && element.scrollWidth > element.clientWidth + 1;
        return left < -0.5 || right > width + 0.5 || spills;
      })
      .map(element => element.outerHTML.slice(0, 200));
  });
}
