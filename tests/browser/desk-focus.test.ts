/** Where the keyboard is on the desk's page, how one sees it there, and what stays in reach on a page that is enlarged. */
import type { Browser, BrowserContextOptions, Page } from 'playwright';
import { expect, test } from 'vitest';
import { scene } from '../../electron/images/sample-photos.ts';
import { openChromium } from './chromium.ts';
import { openPage, pairPhone } from './desk-page.ts';
import { openPlace, type Place } from './place.ts';
import { stage } from './stage.ts';

let place: Place;
let browser: Browser;
let image: Buffer;
let visitors = 0;

stage(async () => {
  [place, browser, image] = await Promise.all([
    openPlace({ env: { DESK_NAME: '' } }),
    openChromium(),
    scene(800, 600).jpeg().toBuffer(),
  ]);
  return [browser, place];
});

const newPerson = () => `FOCUS-${100 + visitors++}`;

async function desk(options: BrowserContextOptions = {}): Promise<Page> {
  const { page } = await openPage(browser, place, options);
  return page;
}

/** Somebody with photos, newest first, whom the page shows. */
async function withPhotos(page: Page, count: number) {
  const who = newPerson();
  const phone = await pairPhone(place, (await place.show({ idPersona: who })).code);
  const photos: string[] = [];
  for (let n = 0; n < count; n += 1) photos.unshift((await phone.send(image)).id);
  await page.locator(`[data-testid=person-tab][data-person="p:${who}"]`).click();
  await page.locator(`[data-photo-id="${photos[0]}"] img`).waitFor();
  return { who, photos };
}

async function openViewer(page: Page, id: string | undefined) {
  await page.locator(`[data-photo-id="${id}"] [data-open]`).focus();
  await page.keyboard.press('Enter');
  await shown(page, id);
}

const shown = (page: Page, id: string | undefined) =>
  page.locator(`[data-testid=lightbox][data-photo-id="${id}"] img`).waitFor();
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
/** Whether the keyboard comes to be on it. */
const at = (page: Page, what: string) => expect.poll(() => focused(page)).toBe(what);
const focused = (page: Page) =>
  page.evaluate(() => {
    const { activeElement: one } = document;
    if (one === document.body) return 'nowhere';
    return one?.getAttribute('data-testid') ?? one?.getAttribute('aria-label') ?? one?.textContent;
  });

test('[DESK500] in the viewer the keys go on working at the first and the last photo, and after what was opened and closed in it', async () => {
  const page = await desk();
  const { photos } = await withPhotos(page, 2);
  const [newest, oldest] = photos;
  await openViewer(page, newest);
  await button(page, 'Foto siguiente').focus();
  await page.keyboard.press('Enter');
  await shown(page, oldest);
  await at(page, 'Foto siguiente');
  expect(await button(page, 'Foto siguiente').getAttribute('aria-disabled')).toBe('true');
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowLeft');
  await shown(page, newest);
  await button(page, 'Foto anterior').focus();
  await page.keyboard.press('ArrowRight');
  await shown(page, oldest);
  await page.keyboard.press('Enter');
  await shown(page, newest);
  await at(page, 'Foto anterior');

  await page.keyboard.press('m');
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('INPUT');
  await page.keyboard.press('Escape');
  await at(page, 'Foto anterior');
  await page.keyboard.press('ArrowRight');
  await shown(page, oldest);
  await page.keyboard.press('a');
  await page.locator(`[data-photo-id="${oldest}"][data-status=accepted]`).waitFor();
  await page.keyboard.press('Escape');
  await page.getByTestId('lightbox').waitFor({ state: 'detached' });
});

test('[DESK501] in the viewer too R leads to the first reason, and Escape back to where the keyboard was', async () => {
  const page = await desk();
  const { photos } = await withPhotos(page, 2);
  const [newest] = photos;
  await openViewer(page, newest);
  await button(page, 'Foto siguiente').focus();
  await page.keyboard.press('r');
  await at(page, 'reject-reason');
  await page.keyboard.press('Escape');
  await at(page, 'Foto siguiente');
  await page.keyboard.press('r');
  await at(page, 'reject-reason');
  await page.keyboard.press('Enter');
  await page.locator(`[data-photo-id="${newest}"][data-status=rejected]`).waitFor();
  await at(page, 'Foto siguiente');
});

test('[DESK502] who stays in the settings after all is where they were in them', async () => {
  const page = await desk();
  await page.getByTestId('open-settings').focus();
  await page.keyboard.press('Enter');
  const name = page.getByTestId('settings-form').getByLabel('Nombre del mostrador');
  await name.fill('Otro nombre');
  await page.keyboard.press('Escape');
  await page.getByTestId('confirm').waitFor();
  await button(page, 'Cancelar').focus();
  await page.keyboard.press('Enter');
  await page.getByTestId('confirm').waitFor({ state: 'detached' });
  await expect.poll(() => name.evaluate(element => element === document.activeElement)).toBe(true);
  await page.keyboard.press('Tab');
  const within = () => page.evaluate(() => document.activeElement?.closest('[data-testid=settings-form]') !== null);
  expect(await within()).toBe(true);
});

test('[DESK503] the log is closed by L or Escape from within, which leads to its bar', async () => {
  const page = await desk();
  const closed = () => page.locator('[data-testid=activity-toggle][aria-expanded=false]').waitFor();
  await page.keyboard.press('Tab');
  for (const key of ['l', 'Escape']) {
    await page.getByTestId('activity-toggle').click();
    await page.getByTestId('activity-pause').focus();
    await page.keyboard.press(key);
    await closed();
    await at(page, 'activity-toggle');
  }
  // Escape is for what lies above it.
  await page.keyboard.press('Enter');
  await page.getByTestId('activity-pause').focus();
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await at(page, 'activity-pause');
  expect(await page.getByTestId('activity-toggle').getAttribute('aria-expanded')).toBe('true');
});

test('[DESK504] a phone that comes, and the last other session that is chosen, take the keyboard along to the card', async () => {
  await place.renew();
  const page = await desk();
  const [one, other] = [newPerson(), newPerson()];
  for (const large of [true, false]) {
    const who = large ? one : other;
    await page.getByTestId('idpersona-input').fill(who);
    await page.keyboard.press('Enter');
    await page.getByTestId('qr').waitFor();
    await button(page, 'Ampliar').focus();
    if (large) {
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').getByTestId('qr').waitFor();
    }
    const code = (await page.getByTestId('short-code').textContent()) ?? '';
    await pairPhone(place, code.replace('-', ''));
    await page.getByTestId('session-card').waitFor();
    await at(page, 'session-card');
  }

  // Ended, the one that is shown has no place in the strip any more once the other is chosen.
  const { sessions } = await place.client.send('sessions', 'list', {});
  const shownNow = sessions.find(({ idPersona }) => idPersona === other);
  await place.client.send('sessions', 'end', { session_id: shownNow?.id ?? '' });
  await page.locator('[data-testid=session-card][data-status=disconnected]').waitFor();
  await page.getByTestId('session-choice').focus();
  await page.keyboard.press('Enter');
  await page.getByTestId('session-choice').waitFor({ state: 'detached' });
  await at(page, 'session-card');
});

/** What of it is not wholly in sight once it is scrolled to; but for what stands in a line that is gone through sideways. */
async function cut(page: Page, scope: string) {
  return page.evaluate(within => {
    const all = [
      ...document.querySelectorAll<HTMLElement>(`:is(${within}) :is(button, input, textarea, select, h2, h3)`),
    ];
    const found = all.filter(one => {
      if (!one.checkVisibility() || one.matches('[data-testid=quick-reply], [data-testid=person-tab]')) return false;
      one.scrollIntoView({ block: 'center', inline: 'nearest' });
      const { left, right, top, bottom, width, height } = one.getBoundingClientRect();
      if (width <= 2) return false;
      return (
        left < 0 ||
        right > innerWidth ||
        (height < innerHeight && (top < 0 || bottom > innerHeight)) ||
        one.scrollWidth > width + 1
      );
    });
    const wide = document.documentElement.scrollWidth > innerWidth ? ['the page'] : [];
    return [...wide, ...found.map(one => one.outerHTML.slice(0, 160))];
  }, scope);
}

test('[DESK505] at 400 % (320×256) all of the desk, the viewer, the settings and the questions is reached by scrolling down alone', async () => {
  await place.renew();
  const page = await desk({ viewport: { width: 320, height: 256 } });
  const whole = async (scope: string) => expect([scope, await cut(page, scope)]).toEqual([scope, []]);
  await page.getByTestId('idpersona-input').fill('12345678');
  // The whole of it is read while it is typed.
  const room = await page.getByTestId('idpersona-input').evaluate(one => one.clientWidth);
  expect(room).toBeGreaterThan(200);
  await whole('header, main');
  await page.keyboard.press('Enter');
  await page.getByTestId('qr').waitFor();
  await whole('header, main');
  const code = (await page.getByTestId('short-code').textContent()) ?? '';
  const phone = await pairPhone(place, code.replace('-', ''));
  const photo = (await phone.send(image)).id;
  const tab = page.locator('[data-testid=person-tab]');
  expect((await tab.boundingBox())?.width).toBeGreaterThan(100);
  await whole('header, main, #photos');

  await openViewer(page, photo);
  await page.keyboard.press('r');
  await at(page, 'reject-reason');
  await whole('[data-viewer]');
  const picture = await page.getByTestId('lightbox').locator('img').boundingBox();
  expect(Math.min(picture?.width ?? 0, picture?.height ?? 0)).toBeGreaterThan(150);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Delete');
  await page.getByTestId('confirm').waitFor();
  await whole('[role=dialog]:has([data-testid=confirm])');
  await page.keyboard.press('Escape');
  await page.getByTestId('confirm').waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  await page.getByTestId('lightbox').waitFor({ state: 'detached' });

  await page.getByTestId('activity-toggle').click();
  const line = page.getByTestId('activity-list').locator('li').first();
  const sentence = line.getByText('12345678');
  await sentence.waitFor();
  const [above, below] = await Promise.all([line.locator('time').boundingBox(), sentence.boundingBox()]);
  expect(below?.y).toBeGreaterThanOrEqual((above?.y ?? 0) + (above?.height ?? 0) - 1);
  expect(
    await sentence.evaluate(one => one.scrollWidth <= one.clientWidth && one.scrollHeight <= one.clientHeight),
  ).toBe(true);

  await page.getByTestId('open-settings').click();
  for (const section of ['desk', 'network', 'wifi', 'privacy', 'shots', 'replies', 'screen', 'security']) {
    await page.locator(`[data-section=${section}]`).click();
    await page.locator(`[data-section=${section}][aria-selected=true]`).waitFor();
    expect([section, await cut(page, '[role=dialog]')]).toEqual([section, []]);
    const panel = await page.getByTestId('settings-form').getByRole('tabpanel').boundingBox();
    expect(panel?.width).toBeGreaterThan(250);
  }
});

/** Relative luminance, and of two of them the contrast. (WCAG 2.2, "Relative luminance".) */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number).map(part => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

const ring = (page: Page) =>
  page.evaluate(() => {
    const field = document.activeElement?.closest('.mantine-Input-input');
    if (!field) throw new Error('no field has the keyboard');
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(field);
    const { left, top, width, height } = field.getBoundingClientRect();
    const ground = getComputedStyle(document.body).backgroundColor;
    return {
      outlineStyle,
      outlineWidth: Number.parseFloat(outlineWidth),
      outlineColor,
      ground,
      box: [left, top, width, height],
    };
  });

for (const colorScheme of ['light', 'dark'] as const)
  test(`[DESK506] a field that has the keyboard shows it by a ring, and does not move (${colorScheme})`, async () => {
    const page = await desk({ colorScheme });
    await withPhotos(page, 1);
    for (const name of ['idpersona-input', 'shot-list-choice', 'person-search']) {
      const field = page.getByTestId(name);
      const { x, y, width, height } = (await field.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
      await field.focus();
      const { outlineStyle, outlineWidth, outlineColor, ground, box } = await ring(page);
      expect([name, outlineStyle, box]).toEqual([name, 'solid', [x, y, width, height]]);
      expect(outlineWidth).toBeGreaterThanOrEqual(2);
      expect(contrast(outlineColor, ground)).toBeGreaterThanOrEqual(3);
    }
    // The ring of a field with a button in it is around both.
    await page.getByTestId('open-settings').click();
    await page.locator('[data-section=security]').click();
    await page.getByTestId('settings-form').locator('input[type=password]').first().focus();
    expect((await ring(page)).outlineWidth).toBeGreaterThanOrEqual(2);
  });

test("[DESK507] in the system's colours what is chosen and what has the keyboard is told from the rest", async () => {
  await place.renew();
  const page = await desk({ forcedColors: 'active' });
  const [one, other] = [await withPhotos(page, 1), await withPhotos(page, 1)];
  await page.locator(`[data-testid=person-tab][data-person="p:${one.who}"]`).click();
  const edge = async (name: string, chosen: string) => {
    // What is pointed at or has the keyboard looks different whatever it is.
    await page.mouse.move(0, 0);
    await page.getByTestId('idpersona-input').focus();
    return page.locator(`[data-testid=${name}]${chosen}`).evaluate(element => {
      const { borderBottomWidth, borderBottomColor } = getComputedStyle(element);
      return [borderBottomWidth, borderBottomColor];
    });
  };
  const highlight = await page.evaluate(() => {
    const sample = document.body.appendChild(document.createElement('i'));
    sample.style.color = 'Highlight';
    return getComputedStyle(sample).color;
  });
  expect(await edge('person-tab', '[aria-selected=true]')).toEqual(['3px', highlight]);
  expect(await edge('person-tab', '[aria-selected=false]')).not.toContain(highlight);
  await page.getByTestId('session-choice').filter({ hasText: other.who }).click();
  await page.locator('[data-testid=session-choice][aria-current=true]').filter({ hasText: other.who }).waitFor();
  expect(await edge('session-choice', '[aria-current=true]')).toEqual(['3px', highlight]);
  expect(await edge('session-choice', ':not([aria-current])')).not.toContain(highlight);
  await page.getByTestId('idpersona-input').focus();
  expect(await ring(page)).toMatchObject({ outlineStyle: 'solid', outlineWidth: 3, outlineColor: highlight });
});

test('[DESK508] of a long dialog the title alone is read out when it opens, of a question its words too', async () => {
  const page = await desk();
  await withPhotos(page, 1);
  const dialog = page.getByRole('dialog');
  const described = async (open: () => Promise<void>, title: string) => {
    await open();
    await dialog.filter({ hasText: title }).waitFor();
    const about = await dialog.evaluate(one => one.getAttribute('aria-describedby'));
    const name = await dialog.evaluate(one => {
      return document.getElementById(one.getAttribute('aria-labelledby') ?? '')?.textContent;
    });
    expect(name).toContain(title);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    return about;
  };
  const long: [() => Promise<void>, string][] = [
    [() => page.getByTestId('open-settings').click(), 'Ajustes del mostrador'],
    [() => page.getByTestId('help-open').click(), 'Atajos de teclado'],
    [() => page.getByTestId('connection').click(), 'No me funciona'],
    [() => page.getByTestId('groups').click(), 'Grupos'],
    [
      async () => {
        await page.getByTestId('person-menu').click();
        await page.getByTestId('export-person').click();
      },
      'Exportar todo',
    ],
  ];
  for (const [open, title] of long) expect([title, await described(open, title)]).toEqual([title, null]);
  expect(await described(() => button(page, 'Terminar').click(), '¿Terminar')).not.toBe(null);
  await page.getByTestId('idpersona-input').fill(newPerson());
  await page.keyboard.press('Enter');
  expect(await described(() => button(page, 'Ampliar').click(), 'Escanee')).toBe(null);
});
