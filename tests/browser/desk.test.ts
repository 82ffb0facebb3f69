import jsQR from 'jsqr';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { scene } from '../../electron/images/sample-photos.ts';
import { createWebSocketClient } from '../../renderer/client/index.ts';
import { axeFinds } from './axe.ts';
import { lanName, openChromium } from './chromium.ts';
import { backgroundOf } from './colour.ts';
import { openPage, pairPhone } from './desk-page.ts';
import { picture } from './picture.ts';
import { openPlace, type Place } from './place.ts';
import { stage } from './stage.ts';

let place: Place;
let browser: Browser;
let image: Buffer;
let visitors = 0;

stage(async () => {
  [place, browser, image] = await Promise.all([openPlace(), openChromium(), scene(1200, 900).jpeg().toBuffer()]);
  return [browser, place];
});

const desk = (options: BrowserContextOptions & { signedIn?: boolean } = {}) => openPage(browser, place, options);

/** Nobody whom another test knows. */
function visitor(): string {
  visitors += 1;
  return `P-${1000 + visitors}`;
}

async function showQr(page: Page, idPersona: string): Promise<void> {
  await page.getByTestId('idpersona-input').fill(idPersona);
  await page.keyboard.press('Enter');
  await page.getByTestId('qr').waitFor();
}

async function pairFrom(page: Page) {
  const code = ((await page.getByTestId('short-code').textContent()) ?? '').replace('-', '');
  const phone = await pairPhone(place, code);
  await page.locator('[data-testid=session-card][data-status=authenticated]').waitFor();
  return phone;
}

const card = (page: Page, id: string, status?: string) =>
  page.locator(`[data-testid=photo-card][data-photo-id="${id}"]${status ? `[data-status=${status}]` : ''}`);
const tab = (page: Page, idPersona: string) => page.locator(`[data-testid=person-tab][data-person="p:${idPersona}"]`);

async function scanned(page: Page): Promise<string | undefined> {
  const picture = await page.getByTestId('qr').screenshot();
  const { data, info } = await sharp(picture).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return jsQR(new Uint8ClampedArray(data), info.width, info.height)?.data;
}

test('[DESK20] from an idPersona to a photo that is accepted, without a complaint of the browser', async () => {
  const { page, complaints } = await desk();
  expect(page.url()).toBe(`${place.localUrl}/kiosk`);
  const input = page.getByTestId('idpersona-input');
  expect(await input.evaluate(element => element === document.activeElement)).toBe(true);

  const who = visitor();
  await showQr(page, who);
  expect(await page.getByTestId('connection').textContent()).toBe(`Red lista · ${lanName}`);
  expect(Number(await page.getByTestId('qr').getAttribute('data-module'))).toBeGreaterThanOrEqual(12);
  expect(await scanned(page)).toMatch(/^HTTP:\/\/192\.168\.77\.5:\d+\/J\/[A-Z2-7]{26}$/);
  expect(await page.getByTestId('short-code').textContent()).toMatch(/^[A-Z2-9]{3}-[A-Z2-9]{3}$/);

  const phone = await pairFrom(page);
  expect(await page.getByTestId('session-person').textContent()).toBe(who);
  expect(await page.getByTestId('session-card').textContent()).toContain(phone.session.emoji);
  // By its colour two people tell it from another of the same symbol: the phone has the same (PHONE40).
  const mark = page.getByTestId('session-card').getByRole('img', { name: phone.session.emoji });
  expect(await backgroundOf(mark)).toBe(phone.session.color);
  expect(await page.getByTestId('session-card').textContent()).toContain('Android');

  const photo = await phone.send(image);
  await card(page, photo.id, 'received').locator('img').waitFor();
  expect(await page.getByTestId('announcer').textContent()).toContain(who);
  const drawn = await card(page, photo.id)
    .locator('img')
    .evaluate(async element => {
      if (!(element instanceof HTMLImageElement)) return null;
      await element.decode();
      return [element.src.slice(0, 5), element.naturalWidth];
    });
  expect(drawn).toEqual(['blob:', 480]);

  await card(page, photo.id).getByTestId('accept').click();
  await card(page, photo.id, 'accepted').waitFor();
  const kept = await fetch(`${place.localUrl}/api/photos?idPersona=${who}`, {
    headers: { Authorization: `Bearer ${place.token}` },
  });
  await expect(kept.json()).resolves.toMatchObject({ photos: [{ id: photo.id, status: 'accepted' }] });
  expect(complaints).toEqual([]);
});

test('[DESK21] a photo on its way has a place with its progress, which the photo then takes', async () => {
  const { page } = await desk();
  await showQr(page, visitor());
  const phone = await pairFrom(page);
  const large = await scene(2600, 2000).jpeg({ quality: 95 }).toBuffer();
  const upload = await phone.sendHalf(large);
  const coming = page.locator(`[data-testid=upload-card][data-photo-id="${upload.id}"]`);
  await coming.waitFor();
  expect(await coming.textContent()).toMatch(/Recibiendo…\d+ %/);
  expect(await upload.finish()).toBe(201);
  await card(page, upload.id).waitFor();
  await coming.waitFor({ state: 'detached' });
});

test('[DESK22] while a QR waits only its person is named or shown, in the tabs, the sessions and the log', async () => {
  const { page } = await desk();
  const [first, second] = [visitor(), visitor()];
  await showQr(page, first);
  await (await pairFrom(page)).send(image);
  await page.getByTestId('photo-card').waitFor();
  await showQr(page, second);
  await page.getByTestId('activity-toggle').click();
  await page.getByTestId('activity-list').waitFor();
  expect(await tab(page, second).getAttribute('aria-selected')).toBe('true');
  expect(await page.getByTestId('photo-card').count()).toBe(0);
  expect(await page.locator('body').textContent()).not.toContain(first);
  expect(await page.locator('body').textContent()).toContain('Otra persona');
  await page.getByRole('button', { name: 'Ocultar' }).click();
  await tab(page, first).click();
  await page.getByTestId('photo-card').waitFor();
});

test('[DESK23] a wrong idPersona is explained, one with a live session leads to that one', async () => {
  const { page } = await desk();
  const input = page.getByTestId('idpersona-input');
  await page.getByTestId('show-qr').click();
  await page.getByText('Escriba el idPersona del visitante.').waitFor();
  await input.fill('x'.repeat(65));
  await page.keyboard.press('Enter');
  await page.getByText('64 caracteres como máximo; este tiene 65').waitFor();
  await input.fill('a\u0007b');
  await page.keyboard.press('Enter');
  await page.getByText('caracteres que no se pueden usar').waitFor();
  await input.fill(`HTTP://192.168.77.5:8080/J/${'A2'.repeat(13)}`);
  await page.keyboard.press('Enter');
  await page.getByText('Eso es la dirección de un QR, no un idPersona.').waitFor();
  expect(await page.getByTestId('qr').count()).toBe(0);

  const who = visitor();
  await showQr(page, who);
  await pairFrom(page);
  await page.getByRole('button', { name: 'Siguiente visitante' }).click();
  await input.fill(` ${who} `);
  await page.keyboard.press('Enter');
  await page.getByTestId('show-existing').click();
  expect(await page.getByTestId('session-person').textContent()).toBe(who);
});

test('[DESK24] without a token there is a sign-in; a refused one comes back with the reason; a good one gets in', async () => {
  const { page } = await desk({ signedIn: false });
  await page.getByTestId('sign-in').waitFor();
  expect(await page.getByTestId('sign-in').textContent()).toContain('npm run desk');
  await page.getByTestId('token-input').fill('wrong');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  await page.getByTestId('token-input').fill(place.token);
  await page.keyboard.press('Enter');
  await page.locator('[data-testid=connection][data-state=connected]').waitFor();
  await page.reload();
  await page.locator('[data-testid=connection][data-state=connected]').waitFor();
  expect(await page.evaluate(() => localStorage.length + document.cookie.length)).toBe(0);
});

test('[DESK302] a refused and an expired token each say what happened and what to do, in both languages, at the desk and on the visitor’s screen', async () => {
  const expired = await place.userToken('ana', new Date(Date.now() - 60_000));
  for (const where of ['kiosk', 'display']) {
    const { page } = await desk({ signedIn: false, viewport: { width: 1366, height: 768 } });
    for (const [token, es, en] of [
      [expired, 'El acceso de esta pantalla ha caducado.', 'This screen’s access has expired.'],
      ['wrong', 'Este mostrador no reconoce el acceso', 'This desk does not know this screen’s access'],
    ] as const) {
      await page.goto(`about:blank`);
      await page.goto(`${place.localUrl}/${where}#token=${token}`);
      const said = page.locator('[data-testid=sign-in][data-refused]');
      await said.getByRole('alert').getByText(es).waitFor();
      await said.getByRole('heading', { name: 'Hay que volver a entrar' }).waitFor();
      expect(await said.textContent()).toContain('Abra el mostrador desde la aplicación');
      expect(await said.textContent()).toContain('npm run desk');
      await picture(page, `refused-${where}-${token === 'wrong' ? 'unknown' : 'expired'}`);
      await page.getByRole('button', { name: 'English' }).click();
      await said.getByRole('alert').getByText(en).waitFor();
      expect(await said.textContent()).toContain('Open the desk from the app');
      expect(await page.locator('body').textContent()).not.toMatch(/unauthorized|forged/);
      await page.getByRole('button', { name: 'Español' }).click();
    }
    await page.getByTestId('token-input').fill(place.token);
    await page.keyboard.press('Enter');
    await page.getByTestId('sign-in').waitFor({ state: 'detached' });
    await page.getByTestId(where === 'kiosk' ? 'idpersona-input' : 'visitor').waitFor();
  }
});

test('[DESK302] in Electron a refused token is asked for again with one button', async () => {
  const { page } = await desk({ signedIn: false });
  await page.addInitScript(token => {
    window.mostrador = {
      operatorToken: async () => {
        const before = window.name;
        window.name = 'asked';
        return before === 'asked' ? token : 'of an earlier start';
      },
      canAutostart: async () => false,
      showDisplay: async () => {},
    };
  }, place.token);
  await page.reload();
  await page.getByTestId('ask-again').click();
  await page.locator('[data-testid=connection][data-state=connected]').waitFor();
});

test('[DESK24] in Electron the token comes from the preload script', async () => {
  const { page } = await desk({ signedIn: false });
  await page.addInitScript(token => {
    window.mostrador = {
      operatorToken: () => Promise.resolve(token),
      canAutostart: () => Promise.resolve(false),
      showDisplay: async () => {
        document.title = 'shown';
      },
    };
  }, place.token);
  await page.reload();
  await page.locator('[data-testid=connection][data-state=connected]').waitFor();
  // There the page opens no window by itself.
  await page.getByTestId('display-open').click();
  await page.waitForFunction(() => document.title === 'shown');
  expect(page.context().pages()).toHaveLength(1);
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
});

test('[DESK25] another photo can be asked for, with one of three reasons or in words', async () => {
  const { page } = await desk();
  await showQr(page, visitor());
  const phone = await pairFrom(page);
  const [one, two] = [await phone.send(image), await phone.send(await scene(640, 480).jpeg().toBuffer())];
  await card(page, one.id).getByTestId('reject').click();
  await expect
    .poll(() => page.getByTestId('reject-reason').allInnerTexts())
    .toEqual(['Borrosa', 'Cortada', 'Con reflejos']);
  await page.getByTestId('reject-reason').first().click();
  await card(page, one.id, 'rejected').getByText('Borrosa').waitFor();
  await card(page, two.id).getByTestId('reject').click();
  await page.getByTestId('reject-text').fill('Falta el reverso');
  await page.keyboard.press('Enter');
  await card(page, two.id, 'rejected').getByText('Falta el reverso').waitFor();
});

test('[DESK32] a verdict that the server refuses is taken back, and the screen says why', async () => {
  const { page } = await desk();
  const who = visitor();
  await showQr(page, who);
  const photo = await (await pairFrom(page)).send(image);
  await card(page, photo.id).waitFor();
  // As if another desk had changed it, and this one had not heard of that yet.
  const refuse = (id: string) =>
    JSON.stringify({ type: 'error', id, payload: { code: 'conflict', message: 'Ya cambió.' } });
  await page.routeWebSocket(/\/ws$/, socket => {
    const server = socket.connectToServer();
    socket.onMessage(frame => {
      const review = /"action":"review"/.test(String(frame));
      if (review) socket.send(refuse(/"id":"([^"]+)"/.exec(String(frame))?.[1] ?? ''));
      else server.send(frame);
    });
  });
  await page.reload();
  await tab(page, who).click();
  await card(page, photo.id).getByTestId('accept').click();
  await page.getByText('La revisión no se guardó: ya cambió mientras tanto.').waitFor();
  await card(page, photo.id, 'received').waitFor();
});

test('[DESK26] the viewer zooms, turns, goes on by keys, moves, saves and deletes after asking', async () => {
  const { page, complaints } = await desk();
  const [who, other] = [visitor(), visitor()];
  await showQr(page, who);
  const phone = await pairFrom(page);
  const [one, two] = [await phone.send(image), await phone.send(await scene(640, 480).jpeg().toBuffer())];
  await card(page, two.id).getByRole('button').first().click();
  const viewer = page.getByTestId('lightbox');
  const shown = viewer.locator('img');
  await shown.waitFor();
  const shape = () =>
    shown.evaluate(element => element instanceof HTMLImageElement && [element.naturalWidth, element.naturalHeight]);
  expect(await shape()).toEqual([640, 480]);
  await viewer.getByRole('button', { name: 'Girar la vista' }).click();
  await expect.poll(shape).toEqual([480, 640]);
  const before = (await shown.boundingBox())?.width ?? 0;
  await viewer.getByRole('button', { name: 'Acercar' }).click();
  await expect.poll(async () => (await shown.boundingBox())?.width ?? 0).toBeGreaterThan(before);

  await page.keyboard.press('ArrowRight');
  await page.locator(`[data-testid=lightbox][data-photo-id="${one.id}"] img`).waitFor();
  await page.keyboard.press('a');
  await card(page, one.id, 'accepted').waitFor();

  const download = page.waitForEvent('download');
  await viewer.getByTestId('save-photo').click();
  expect((await download).suggestedFilename()).toMatch(new RegExp(`^${who}_\\d{4}-\\d\\d-\\d\\d_\\d{6}\\.jpg$`));

  await viewer.getByTestId('move-photo').click();
  await page.keyboard.type(other);
  await page.keyboard.press('Enter');
  await tab(page, other).waitFor();
  await card(page, one.id).waitFor({ state: 'detached' });

  await card(page, two.id).getByRole('button').first().click();
  await viewer.getByTestId('delete-photo').click();
  await page.getByTestId('confirm').click();
  await card(page, two.id).waitFor({ state: 'detached' });
  await viewer.waitFor({ state: 'detached' });
  await page.getByText('Aún no hay fotos').waitFor();
  expect(complaints).toEqual([]);
});

test.each([
  ['es', /^Foto recibida el \d{1,2} \w+ \d{4}, \d{1,2}:\d\d$/, ['La foto en grande', 'vista', 'Foto 1 de 2', 'foto']],
  ['en', /^Photo received on \w+ \d{1,2}, \d{4}, \d{1,2}:\d\d$/, ['The photo, large', 'view', 'Photo 1 of 2', 'photo']],
] as const)(
  '[DESK26] what is heard of the photo in the viewer is in the page’s language (%s)',
  async (lang, alt, words) => {
    const { page } = await desk();
    if (lang === 'en') await page.getByRole('button', { name: 'English' }).click();
    await showQr(page, visitor());
    const phone = await pairFrom(page);
    await phone.send(image);
    const two = await phone.send(await scene(640, 480).jpeg().toBuffer());
    await card(page, two.id).getByRole('button').first().click();
    const lightbox = page.getByTestId('lightbox').locator('[class*=yarl__root]');
    await lightbox.waitFor();
    expect(await lightbox.locator('img').getAttribute('alt')).toMatch(alt);
    const heard = await lightbox.evaluate(root =>
      [root, ...root.querySelectorAll('*')].flatMap(element =>
        ['aria-label', 'aria-roledescription', 'title'].flatMap(name => element.getAttribute(name) ?? []),
      ),
    );
    expect([...new Set(heard)].sort()).toEqual([...words].sort());
  },
);

test('[DESK27] the server going away and coming back is told, and what was there is there again', async () => {
  const { page } = await desk();
  const who = visitor();
  await showQr(page, who);
  const photo = await (await pairFrom(page)).send(image);
  await card(page, photo.id).waitFor();
  await place.stopServer();
  await page.locator('[data-testid=connection][data-state=offline]').waitFor();
  expect(await page.getByTestId('show-qr').isDisabled()).toBe(true);
  await card(page, photo.id).waitFor();
  await page.getByRole('button', { name: 'Reintentar' }).first().click();
  await place.startServer();
  await page.locator('[data-testid=connection][data-state=connected]').waitFor();
  await card(page, photo.id).getByTestId('accept').click();
  await card(page, photo.id, 'accepted').waitFor();
});

test('[DESK335] what needs the server is not offered while that is away: a QR that is not there cannot be enlarged', async () => {
  const { page } = await desk();
  await showQr(page, visitor());
  const enlarge = page.getByRole('button', { name: 'Ampliar' });
  expect(await enlarge.isEnabled()).toBe(true);
  await place.stopServer();
  await page.locator('[data-testid=connection][data-state=offline]').waitFor();
  expect(await enlarge.isDisabled()).toBe(true);
  await place.startServer();
  await page.locator('[data-testid=connection][data-state=connected]').waitFor();
  await expect.poll(() => enlarge.isEnabled()).toBe(true);
});

for (const [width, height] of [
  [960, 540],
  [683, 384],
] as const)
  test(`[DESK334] at 200 % (${width}×${height}) nothing stands over anything else, and all is reached by scrolling down`, async () => {
    const { page } = await desk({ viewport: { width, height } });
    const inSight = async (name: string) => {
      const one = page.getByTestId(name).first();
      await one.scrollIntoViewIfNeeded();
      return one.evaluate(element => {
        const { left, top, right, bottom } = element.getBoundingClientRect();
        const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
        return left >= 0 && right <= innerWidth && over !== null && (element.contains(over) || over.contains(element));
      });
    };
    const look = async (names: string[]) => {
      for (const name of names) expect([name, await inSight(name)]).toEqual([name, true]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    };
    const welcome = page.getByRole('button', { name: 'Mostrar un QR de bienvenida' });
    await welcome.scrollIntoViewIfNeeded();
    const overlaps = await page.getByText('Listo para el siguiente visitante').evaluate(title => {
      const form = document.querySelector('form')?.getBoundingClientRect();
      const message = title.parentElement?.getBoundingClientRect();
      return !form || !message || message.top < form.bottom - 1;
    });
    expect(overlaps).toBe(false);
    await look(['open-settings', 'rest', 'to-dashboard', 'idpersona-input', 'person-search', 'activity-toggle']);
    const who = visitor();
    await showQr(page, who);
    await look(['qr', 'short-code', 'activity-toggle']);
    const photo = await (await pairFrom(page)).send(image);
    await card(page, photo.id).waitFor();
    await look(['session-card', 'end-session', 'accept', 'activity-toggle']);
    await card(page, photo.id).getByTestId('accept').click();
    await card(page, photo.id, 'accepted').waitFor();
    await picture(page, `desk-zoom-${width}`, true);
  });

test('[DESK28] correcting the idPersona takes photos and tab along; another phone, and the end', async () => {
  const { page } = await desk();
  const [wrong, right] = [visitor(), visitor()];
  await showQr(page, wrong);
  const photo = await (await pairFrom(page)).send(image);
  await card(page, photo.id).waitFor();
  await page.getByRole('button', { name: 'Corregir idPersona' }).click();
  await page.keyboard.type(right);
  await page.keyboard.press('Enter');
  await tab(page, right).waitFor();
  await tab(page, wrong).waitFor({ state: 'detached' });
  await card(page, photo.id).waitFor();

  await page.getByRole('button', { name: 'Otro teléfono' }).click();
  await page.getByTestId('qr').waitFor();
  await pairFrom(page);
  await page.getByTestId('end-session').click();
  await page.getByTestId('confirm').click();
  await page.locator('[data-testid=session-card][data-status=disconnected]').waitFor();
  await page.getByRole('button', { name: 'Nuevo QR para esta persona' }).click();
  await page.getByTestId('qr').waitFor();
});

test('[DESK29] the log is live, filtered by kind and words, and counts what is held back', async () => {
  const { page } = await desk();
  const who = visitor();
  await page.getByTestId('activity-toggle').click();
  await showQr(page, who);
  const phone = await pairFrom(page);
  const lines = page.getByTestId('activity-list').getByRole('listitem');
  await lines.filter({ hasText: `Sesión nueva para ${who}.` }).waitFor();
  await page.getByRole('region', { name: 'Actividad' }).getByText('Fotos', { exact: true }).click();
  const photo = await phone.send(image);
  await lines.filter({ hasText: `Llegó una foto de ${who}.` }).waitFor();
  await page.getByRole('textbox', { name: 'Filtrar por texto' }).fill('nada de esto');
  await page.getByText('Nada coincide con el filtro.').waitFor();
  await page.getByRole('textbox', { name: 'Filtrar por texto' }).fill('');
  await page.getByTestId('activity-pause').click();
  await card(page, photo.id).getByTestId('accept').click();
  await page.getByRole('button', { name: 'Reanudar (1 retenida)' }).click();
  await lines.filter({ hasText: `Foto de ${who} aceptada.` }).waitFor();
  await card(page, photo.id).getByRole('button').first().click();
  await lines.filter({ hasText: `El mostrador abrió una foto de ${who}.` }).waitFor();
});

test('[DESK30] language and theme are a tap away and stay', async () => {
  const { page } = await desk({ colorScheme: 'dark' });
  const theme = () => page.evaluate(() => document.documentElement.dataset.mantineColorScheme);
  expect(await theme()).toBe('dark');
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('heading', { name: 'Continue on your phone' }).waitFor();
  await page.getByRole('button', { name: 'Theme: as the system' }).click();
  expect(await theme()).toBe('light');
  await page.reload();
  await page.getByRole('heading', { name: 'Continue on your phone' }).waitFor();
  expect([await theme(), await page.evaluate(() => document.documentElement.lang)]).toEqual(['light', 'en']);
});

test('[DESK33] a notice covers no control, with the viewer open and without', async () => {
  const { page } = await desk({ viewport: { width: 1366, height: 768 } });
  await showQr(page, visitor());
  const photo = await (await pairFrom(page)).send(image);
  await card(page, photo.id).getByRole('button').first().click();
  await page.getByTestId('lightbox').locator('img').waitFor();
  // Bad news stays: nothing here has to be quick.
  await page.route(/\/api\/photos\/[^/]+$/, route => route.abort());
  await page.getByTestId('save-photo').click();
  await page.getByTestId('notice').waitFor();
  const upright = { width: 1080, height: 1920 };
  const flat = { width: 1366, height: 768 };
  for (const size of [flat, upright]) {
    await page.setViewportSize(size);
    expect([size, await covered(page, '[data-testid=lightbox]')]).toEqual([size, []]);
  }
  await page.keyboard.press('Escape');
  await page.getByTestId('lightbox').waitFor({ state: 'detached' });
  for (const size of [upright, flat]) {
    await page.setViewportSize(size);
    expect([size, await covered(page, 'body')]).toEqual([size, []]);
  }
});

/** The controls of that part of the page that a notice lies on, and notices that are not on top themselves. */
function covered(page: Page, part: string): Promise<string[]> {
  return page.evaluate(part => {
    const notices = [...document.querySelectorAll('[data-testid=notice]')];
    const hidden = notices.filter(notice => {
      const { x, y, width, height } = notice.getBoundingClientRect();
      return !notice.contains(document.elementFromPoint(x + width / 2, y + height / 2));
    });
    const controls = [...document.querySelectorAll(`:is(${part}) :is(button, input, a, [role=tab])`)];
    const under = controls.filter(control => {
      if (!control.checkVisibility({ visibilityProperty: true }) || control.closest('[data-testid=notice]'))
        return false;
      const its = control.getBoundingClientRect();
      return notices.some(notice => {
        const box = notice.getBoundingClientRect();
        return box.left < its.right && its.left < box.right && box.top < its.bottom && its.top < box.bottom;
      });
    });
    return [...hidden, ...under].map(element => element.outerHTML.slice(0, 160));
  }, part);
}

test('[DESK34] after a reload the same session and the same tab are there, kept as ids alone', async () => {
  const { page } = await desk();
  const [first, second] = [visitor(), visitor()];
  await showQr(page, first);
  const photo = await (await pairFrom(page)).send(image);
  await card(page, photo.id).waitFor();
  await showQr(page, second);
  await page.reload();
  await page.getByTestId('qr').waitFor();
  await page.locator(`[data-person="p:${second}"][aria-selected=true]`).waitFor();
  expect(await page.locator('body').textContent()).not.toContain(first);

  await page.getByRole('button', { name: 'Ocultar' }).click();
  await tab(page, first).click();
  await page.getByTestId('session-card').waitFor();
  expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain(first);
  await page.reload();
  await card(page, photo.id).waitFor();
  expect(await page.getByTestId('session-person').textContent()).toBe(first);

  // Nothing selected stays nothing selected, beside the photos that one was looking at.
  await page.getByRole('button', { name: 'Siguiente visitante' }).click();
  await page.reload();
  await card(page, photo.id).waitFor();
  expect(await page.getByTestId('session-card').count()).toBe(0);
});

test('[DESK35] at 1366×768 no name of a button is cut off, also once the session has ended', async () => {
  for (const lang of ['es', 'en']) {
    const { page } = await desk({ viewport: { width: 1366, height: 768 } });
    await showQr(page, visitor());
    await pairFrom(page);
    if (lang === 'en') await page.getByRole('button', { name: 'English' }).click();
    expect(await cutOff(page)).toEqual([]);
    await page.getByTestId('end-session').click();
    await page.getByTestId('confirm').click();
    await page.locator('[data-testid=session-card][data-status=disconnected]').waitFor();
    await page.getByTestId('confirm').waitFor({ state: 'detached' });
    expect(await cutOff(page)).toEqual([]);
  }
});

/** Names of the buttons in the session's card that have less room than they need. */
function cutOff(page: Page): Promise<(string | null)[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('[data-testid=session-card] button *')]
      .filter(
        element => element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1,
      )
      .filter(element => element instanceof HTMLElement && element.clientWidth > 0)
      .map(element => element.textContent),
  );
}

test('[DESK86] one button shows a QR for a visitor who is named later, and the others are masked meanwhile', async () => {
  const { page, complaints } = await desk({ viewport: { width: 1366, height: 768 } });
  const [known, later] = [visitor(), visitor()];
  await place.show({ idPersona: known });
  await tab(page, known).waitFor();
  await picture(page, 'desk-nobody');
  await page.getByRole('button', { name: 'Mostrar un QR de bienvenida' }).click();
  await page.getByTestId('qr').waitFor();
  await picture(page, 'desk-welcome-qr');
  await page.getByRole('main').getByText('Le damos la bienvenida').waitFor();
  expect(await page.locator('body').textContent()).not.toContain(known);
  const photo = await (await pairFrom(page)).send(image);
  await card(page, photo.id).waitFor();
  expect(await page.getByTestId('session-person').textContent()).toBe('Sin asignar');
  await page.getByRole('button', { name: 'Asignar idPersona' }).click();
  await page.keyboard.type(later);
  await page.keyboard.press('Enter');
  await tab(page, later).waitFor();
  await card(page, photo.id).waitFor();
  expect(complaints).toEqual([]);
});

test('[DESK83] how a visit stands is an icon, a word and a colour, in the sessions and on the tabs', async () => {
  const { page } = await desk({ viewport: { width: 1366, height: 768 } });
  const [away, here, waiting] = [visitor(), visitor(), visitor()];
  await showQr(page, away);
  await pairFrom(page);
  await showQr(page, here);
  const phone = createWebSocketClient((await pairFrom(page)).token, { url: place.localUrl, WebSocket });
  phone.connect();
  await showQr(page, waiting);
  await page.getByRole('button', { name: 'Ocultar' }).click();
  const looks = (where: Locator) =>
    where.locator('[data-session-state]').evaluate(element => ({
      word: element.textContent,
      pictures: element.querySelectorAll('svg').length,
      color: getComputedStyle(element).color,
    }));
  const colors = new Set<string>();
  for (const [who, word] of [
    [away, 'Ausente'],
    [here, 'Conectado'],
    [waiting, 'Esperando'],
  ] as const) {
    const choice = page.getByTestId('session-choice').filter({ hasText: who });
    await choice.getByText(word).waitFor();
    const look = await looks(choice);
    expect([look.word, look.pictures]).toEqual([word, 1]);
    expect(await looks(tab(page, who))).toEqual(look);
    colors.add(look.color);
  }
  expect(colors.size).toBe(3);
  phone.close();
});

const screens = [
  { name: 'hd', viewport: { width: 1920, height: 1080 }, colorScheme: 'light', lang: 'es' },
  { name: 'laptop', viewport: { width: 1366, height: 768 }, colorScheme: 'dark', lang: 'es' },
  { name: 'laptop-en', viewport: { width: 1366, height: 768 }, colorScheme: 'light', lang: 'en' },
  { name: 'portrait', viewport: { width: 1080, height: 1920 }, colorScheme: 'dark', lang: 'en' },
] as const;

for (const { name, viewport, colorScheme, lang } of screens) {
  test(`[DESK31] ${name}: everything fits, can be hit, and axe finds nothing (WCAG 2.2 AA)`, async () => {
    const { page, complaints } = await desk({ viewport, colorScheme });
    if (lang === 'en') await page.getByRole('button', { name: 'English' }).click();
    await place.show({ idPersona: visitor() });
    await page.getByRole('navigation').waitFor();
    await examine('welcome');
    await showQr(page, visitor());
    await examine('qr');
    expect(Number(await page.getByTestId('qr').getAttribute('data-module'))).toBeGreaterThanOrEqual(12);
    const spill = await page.evaluate(() => {
      const station = document.querySelector('main');
      return [
        document.documentElement.scrollHeight - innerHeight,
        document.documentElement.scrollWidth - innerWidth,
        station ? station.scrollHeight - station.clientHeight : null,
      ];
    });
    expect(spill).toEqual([0, 0, 0]);
    // The steps with their numbers stay inside the column and off its edge; sessions that do not fit fade out.
    const tight = await page.evaluate(() => {
      const station = document.querySelector('main');
      const [top, left] = station ? [station.getBoundingClientRect(), station.querySelector('h2')] : [];
      return [...(station?.querySelectorAll('ol, ol *') ?? [])]
        .map(element => element.getBoundingClientRect())
        .filter(box => !top || !left || box.bottom > top.bottom - 16 || box.left < left.getBoundingClientRect().left);
    });
    expect(tight).toEqual([]);
    const strip = page.getByRole('navigation');
    expect(await strip.evaluate(element => getComputedStyle(element).maskImage)).toContain('linear-gradient');
    const phone = await pairFrom(page);
    const photo = await phone.send(image);
    await card(page, photo.id).locator('img').waitFor();
    await examine('photos');
    await card(page, photo.id).getByTestId('reject').click();
    await page.getByTestId('reject-reason').first().waitFor();
    await examine('reason');
    await page.keyboard.press('Escape');
    await card(page, photo.id).getByRole('button').first().click();
    await page.getByTestId('lightbox').locator('img').waitFor();
    await examine('viewer');
    await page.keyboard.press('Escape');
    await page.getByTestId('activity-toggle').click();
    await page.getByTestId('activity-list').waitFor();
    await examine('log');
    expect(complaints).toEqual([]);

    async function examine(step: string) {
      await picture(page, `desk-${name}-${step}`);
      expect([step, await axeFinds(page)]).toEqual([step, []]);
      const small = await page.evaluate(() =>
        [...document.querySelectorAll('button, input, [role=tab]')]
          .filter(element => element.checkVisibility() && !element.closest('label, [role=radiogroup]'))
          .map(element => ({ box: element.getBoundingClientRect(), html: element.outerHTML.slice(0, 120) }))
          .filter(({ box }) => box.width > 2 && (box.height < 43.5 || box.width < 43.5))
          .map(({ html }) => html),
      );
      expect([step, small]).toEqual([step, []]);
    }
  });
}
