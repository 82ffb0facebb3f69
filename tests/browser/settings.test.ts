/** The settings page in a real browser, and what phones and the desk make of what is set there. */
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { noChrome, openChromium } from './chromium.ts';
import { openPhone } from './phone-page.ts';
import { openPlace, type Place } from './place.ts';

let place: Place;
let browser: Browser;
let open: { context: { close(): Promise<void> } }[] = [];

beforeEach(context => {
  if (noChrome) context.skip(noChrome);
});

beforeAll(async () => {
  if (noChrome) return;
  // Without a name from the environment, so that it can be changed in the page; the retention is fixed.
  [place, browser] = await Promise.all([openPlace({ env: { DESK_NAME: '', RETENTION_DAYS: '45' } }), openChromium()]);
});

afterEach(async () => {
  for (const { context } of open) await context.close();
  open = [];
});

afterAll(async () => {
  await browser?.close();
  await place?.close();
});

/** Nothing serious for a person who cannot see the page, and a picture of it to look at. */
async function inspected(page: Page, name: string): Promise<void> {
  const folder = resolve(import.meta.dirname, '../output/settings');
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: resolve(folder, `${name}.png`) });
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  expect(violations.map(({ id, nodes }) => [id, ...nodes.map(node => node.html)])).toEqual([]);
}

test('[SET16] the phone shows the desk’s own words, and the desk keeps which of them were accepted', async () => {
  const text = 'Sus fotos sirven solo para este trámite.\n\nPuede pedir que se borren.';
  const { settings } = await place.client.send('settings', 'update', { settings: { consent_text: text } });
  const { session, address } = await place.show({ idPersona: 'P-1' });
  const phone = await openPhone(browser, place, { colorScheme: 'dark' });
  open.push(phone);
  await phone.page.goto(address);
  await phone.page.getByTestId('consent-text').waitFor();
  expect(await phone.page.getByTestId('consent-text').innerText()).toBe(text);
  await inspected(phone.page, 'phone-consent-dark');
  await phone.page.getByTestId('consent').click();
  await vi.waitFor(async () => {
    const kept = await place.client.send('sessions', 'get', { session_id: session.id });
    expect(kept.session.consent?.version).toBe(settings.consent_version);
  });
  await place.client.send('settings', 'update', { settings: { consent_text: null } });
  expect(phone.complaints).toEqual([]);
});
