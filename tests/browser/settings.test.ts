/** The settings page in a real browser, and what phones and the desk make of what is set there. */
import type { Browser, BrowserContextOptions, Page } from 'playwright';
import { expect, test, vi } from 'vitest';
import { scene } from '../../electron/images/sample-photos.ts';
import { axeFinds } from './axe.ts';
import { openChromium } from './chromium.ts';
import { openPage } from './desk-page.ts';
import { chooseFiles, openPhone } from './phone-page.ts';
import { picture } from './picture.ts';
import { openPlace, type Place } from './place.ts';
import { stage } from './stage.ts';

let place: Place;
let browser: Browser;

stage(async () => {
  // Without a name from the environment, so that it can be changed in the page; the retention is fixed.
  [place, browser] = await Promise.all([openPlace({ env: { DESK_NAME: '', RETENTION_DAYS: '45' } }), openChromium()]);
  return [browser, place];
});

/** Nothing serious for a person who cannot see the page, and a picture of it to look at. */
async function inspected(page: Page, name: string): Promise<void> {
  await picture(page, `settings-${name}`);
  expect(await axeFinds(page)).toEqual([]);
}

test('[SET16] the phone shows the desk’s own words, and the desk keeps which of them were accepted', async () => {
  const text = 'Sus fotos sirven solo para este trámite.\n\nPuede pedir que se borren.';
  const { settings } = await place.client.send('settings', 'update', { settings: { consent_text: text } });
  const { session, address } = await place.show({ idPersona: 'P-1' });
  const phone = await openPhone(browser, place, { colorScheme: 'dark' });
  await phone.page.goto(address);
  await phone.page.getByTestId('consent-text').waitFor();
  expect(await phone.page.getByTestId('consent-text').innerText()).toBe(text);
  await inspected(phone.page, 'phone-consent-dark');
  await phone.page.getByTestId('consent').click();
  await vi.waitFor(async () => {
    const kept = await place.client.send('sessions', 'get', { session_id: session.id });
    expect(kept.session.consent?.version).toBe(settings.consent_version);
  }, 10_000);
  await place.client.send('settings', 'update', { settings: { consent_text: null } });
  expect(phone.complaints).toEqual([]);
});

const desk = (options: BrowserContextOptions = {}) => openPage(browser, place, options);

async function openSettings(page: Page): Promise<void> {
  await page.getByTestId('open-settings').click();
  await page.getByRole('dialog', { name: 'Ajustes del mostrador' }).waitFor();
}

const field = (page: Page, name: string) => page.locator(`[data-setting=${name}]`);
const section = (page: Page, name: string) => page.locator(`[data-section=${name}]`).click();
const state = (page: Page, name: string) => page.locator(`[data-testid=settings-state][data-state=${name}]`).waitFor();
const saved = async () => (await place.client.send('settings', 'get', {})).settings;

const all = ['desk', 'network', 'wifi', 'privacy', 'shots', 'replies', 'screen', 'security'];

test.each(['light', 'dark'] as const)('[SET18] every section is readable by everybody in the %s theme', async theme => {
  const { page, complaints } = await desk({ colorScheme: theme, viewport: { width: 1366, height: 768 } });
  await openSettings(page);
  for (const name of all) {
    await section(page, name);
    await inspected(page, `${theme}-${name}`);
  }
  const small = await page.getByRole('dialog').evaluate(dialog =>
    [...dialog.querySelectorAll('button, select, input:not([type=checkbox]), textarea, [role=tab]')]
      // The frame around it is what a finger hits.
      .filter(element => !element.closest('.mantine-PasswordInput-input'))
      .filter(element => {
        const { width, height } = element.getBoundingClientRect();
        return width < 44 || height < 44;
      })
      .map(element => element.outerHTML),
  );
  expect(small).toEqual([]);
  expect(complaints).toEqual([]);
});

test('[SET18] what is written counts once it is saved; a wrong field says what is allowed, a fixed one why', async () => {
  const { page } = await desk();
  await openSettings(page);
  await state(page, 'unchanged');
  await field(page, 'desk_name').fill('Ventanilla 3');
  await state(page, 'unsaved');
  expect((await saved()).desk_name).toBe('Mostrador');

  await section(page, 'privacy');
  expect(await field(page, 'retention_days').getAttribute('readonly')).not.toBeNull();
  expect(await page.getByText('lo fija una variable de entorno').count()).toBe(1);
  await field(page, 'blur_minutes').fill('900');
  await section(page, 'wifi');
  await page.getByTestId('save-settings').click();
  // The section with the mistake is shown, and the keyboard is in the field.
  await state(page, 'failed');
  const blur = field(page, 'blur_minutes');
  await vi.waitFor(async () => {
    expect(await blur.evaluate(element => element === document.activeElement)).toBe(true);
  }, 10_000);
  expect(await page.getByText('Se admite un número entero de 0 a 240.').count()).toBe(1);
  await inspected(page, 'problem');
  expect((await saved()).desk_name).toBe('Mostrador');

  await blur.fill('10');
  await page.keyboard.press('Enter');
  await state(page, 'saved');
  expect(await saved()).toMatchObject({ desk_name: 'Ventanilla 3', blur_minutes: 10 });
  await place.client.send('settings', 'update', { settings: { desk_name: null, blur_minutes: null } });
});

test('[SET18] a refused save leads the keyboard to what is wrong, also from the button: a secret, or what is said of a list', async () => {
  const { page } = await desk();
  await openSettings(page);
  await section(page, 'security');
  const pin = field(page, 'settings_pin');
  await pin.fill('12');
  await section(page, 'desk');
  await page.getByTestId('save-settings').click();
  await state(page, 'failed');
  await page.locator('[data-setting=settings_pin][aria-invalid=true]:focus').waitFor();
  await inspected(page, 'wrong-pin');
  await pin.fill('');
  await section(page, 'replies');
  await page.getByRole('textbox', { name: 'Respuesta 1' }).fill('Igual');
  await page.getByRole('textbox', { name: 'Respuesta 2' }).fill('Igual');
  await page.getByTestId('save-settings').click();
  await page.locator('[data-problem]:focus').waitFor();
  // The longest name of a section leaves room for the sign beside it.
  const [tab, sign] = [page.locator('[data-section=replies]'), page.getByLabel('Hay algo que corregir')];
  const [outer, inner] = [await tab.boundingBox(), await sign.boundingBox()];
  expect((inner?.x ?? 0) + (inner?.width ?? 0)).toBeLessThan((outer?.x ?? 0) + (outer?.width ?? 0));
  await inspected(page, 'wrong-list');
});

test.each([
  ['es', 'Mostrar u ocultar lo escrito'],
  ['en', 'Show or hide what is typed'],
])('[SET333] what is written into a secret can be looked at, by hand and by the keyboard (%s)', async (lang, name) => {
  const { page } = await desk({ viewport: { width: 1366, height: 768 } });
  if (lang === 'en') await page.getByRole('button', { name: 'English' }).click();
  await page.getByTestId('open-settings').click();
  for (const [where, what] of [
    ['wifi', 'wifi_password'],
    ['security', 'settings_pin'],
  ] as const) {
    await section(page, where);
    await field(page, what).fill('24680');
    const eye = page.getByRole('button', { name, exact: true });
    const box = await eye.boundingBox();
    expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(44);
    await eye.click();
    expect(await field(page, what).getAttribute('type')).toBe('text');
    await field(page, what).press('Tab');
    await page.keyboard.press('Enter');
    expect(await field(page, what).getAttribute('type')).toBe('password');
    expect(await field(page, what).inputValue()).toBe('24680');
    await inspected(page, `secret-${lang}-${where}`);
  }
});

test('[SET332] at 200 % the sections stand one below the other, and each is reached', async () => {
  const { page } = await desk({ viewport: { width: 683, height: 384 } });
  await openSettings(page);
  for (const name of all) {
    await section(page, name);
    await page.locator(`[data-section=${name}][aria-selected=true]`).waitFor();
  }
  const places = await page
    .locator('[data-section]')
    .evaluateAll(all => all.map(one => one.getBoundingClientRect().left));
  expect(new Set(places).size).toBe(1);
  await inspected(page, 'at 200 %');
});

test('[SET331] the unit beside a number has its singular', async () => {
  const { page } = await desk();
  await openSettings(page);
  await section(page, 'privacy');
  const blur = field(page, 'blur_minutes');
  expect(await blur.inputValue()).toBe('5 minutos');
  await blur.fill('1');
  await expect.poll(() => blur.inputValue()).toBe('1 minuto');
});

test('[SET330] a secret that is set where the program is started looks fixed, and nobody is told to write another', async () => {
  const fixed = await openPlace({ env: { WIFI_SSID: 'Clientes', WIFI_PASSWORD: 'not to be seen' } });
  const { page, context } = await openPage(browser, fixed, { viewport: { width: 1366, height: 768 } });
  try {
    await openSettings(page);
    await section(page, 'wifi');
    const [name, password] = [field(page, 'wifi_ssid'), field(page, 'wifi_password')];
    expect(await password.getAttribute('placeholder')).toBe('Guardado');
    const look = (element: Element) =>
      getComputedStyle(element.closest('[class*=Input-wrapper]')?.querySelector('[class*=Input-input]') ?? element)
        .backgroundColor;
    expect(await password.evaluate(look)).toBe(await name.evaluate(look));
    expect(await page.locator('[data-setting=wifi_password] ~ button, button[aria-label^=Mostrar]').count()).toBe(0);
    await inspected(page, 'fixed-secret');
  } finally {
    await context.close();
    await fixed.close();
  }
});

test('[SET19] closing with unsaved changes asks first', async () => {
  const { page } = await desk();
  await openSettings(page);
  await field(page, 'desk_name').fill('Otra');
  await page.keyboard.press('Escape');
  await page.getByText('Hay cambios sin guardar').waitFor();
  await inspected(page, 'leaving');
  await page.getByRole('button', { name: 'Cancelar' }).click();
  expect(await field(page, 'desk_name').inputValue()).toBe('Otra');
  await page.keyboard.press('Escape');
  await page.getByTestId('confirm').click();
  await page.getByTestId('settings-form').waitFor({ state: 'detached' });
  expect((await saved()).desk_name).toBe('Mostrador');
  // Nothing changed: nothing to ask.
  await openSettings(page);
  await page.keyboard.press('Escape');
  await page.getByTestId('settings-form').waitFor({ state: 'detached' });
  // The keyboard is back where the page was opened from.
  expect(await page.getByTestId('open-settings').evaluate(element => element === document.activeElement)).toBe(true);
});

test('[SET20] with a PIN the page asks for it first; with the right one changes are saved, and it can be removed', async () => {
  const { page } = await desk();
  await openSettings(page);
  await section(page, 'security');
  await field(page, 'settings_pin').fill('2468');
  await page.getByTestId('save-settings').click();
  await state(page, 'saved');
  await page.keyboard.press('Escape');
  await openSettings(page);
  expect(await page.getByTestId('settings-form').count()).toBe(0);
  await page.getByText('deja vacío SETTINGS_PIN en settings.json').waitFor();
  await page.getByTestId('pin').fill('1111');
  await page.keyboard.press('Enter');
  await page.getByText('Ese PIN no es correcto.').waitFor();
  await inspected(page, 'pin');
  await page.getByTestId('pin').fill('2468');
  await page.keyboard.press('Enter');
  await section(page, 'screen');
  await page.getByRole('switch', { name: 'Sonidos' }).uncheck();
  await page.getByTestId('save-settings').click();
  await state(page, 'saved');
  expect((await saved()).sounds).toBe(false);
  await section(page, 'security');
  await page.getByRole('button', { name: 'Quitar el PIN' }).click();
  await page.getByTestId('save-settings').click();
  await state(page, 'saved');
  expect((await saved()).pin_set).toBe(false);
  await place.client.send('settings', 'update', { settings: { sounds: null } });
});

test('[SET20] the wait after too many wrong PINs counts down and ends', async () => {
  const locked = await openPlace({ env: { SETTINGS_PIN: '2468' } });
  const { page, context } = await openPage(browser, locked);
  try {
    for (const pin of ['1', '2', '3', '4', '5']) {
      await locked.client.send('settings', 'check_pin', { pin }).catch(() => {});
    }
    await openSettings(page);
    await page.clock.install();
    await page.getByTestId('pin').fill('2468');
    await page.keyboard.press('Enter');
    const wait = page.getByText(/^Demasiados intentos\. Espere \d+ segundos y/);
    const seconds = async () => Number(/\d+/.exec((await wait.textContent()) ?? '')?.[0]);
    const first = await seconds();
    expect(first).toBeGreaterThan(30);
    await page.clock.fastForward(10_000);
    await expect.poll(seconds).toBeLessThanOrEqual(first - 10);
    await inspected(page, 'pin-wait');
    await page.clock.fastForward(60_000);
    await page.getByText('Ya puede probar otra vez.').waitFor();
  } finally {
    await context.close();
    await locked.close();
  }
});

test('[SET21] quick replies are added, moved and removed by the keyboard alone', async () => {
  await place.client.send('settings', 'update', { settings: { quick_replies: ['Uno', 'Dos', 'Tres'] } });
  const { page } = await desk();
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
  await page.getByTestId('open-settings').focus();
  await page.keyboard.press('Enter');
  await page.getByTestId('settings-form').waitFor();
  await page.locator('[data-section=desk]').focus();
  for (let n = 0; n < all.indexOf('replies'); n++) await page.keyboard.press('ArrowDown');
  await page.getByRole('button', { name: 'Subir: Tres' }).focus();
  await page.keyboard.press('Enter');
  expect(await focused()).toBe('Subir: Tres');
  await page.keyboard.press('Enter');
  // At the top there is no way up: the keyboard goes to the way down.
  expect(await focused()).toBe('Bajar: Tres');
  await page.getByRole('button', { name: 'Quitar: Uno' }).focus();
  await page.keyboard.press('Enter');
  expect(await focused()).toBe('Quitar: Dos');
  await page.getByRole('button', { name: 'Añadir respuesta' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.type('Cuatro');
  await page.getByTestId('save-settings').focus();
  await page.keyboard.press('Enter');
  await state(page, 'saved');
  expect((await saved()).quick_replies).toEqual(['Tres', 'Dos', 'Cuatro']);
  await place.client.send('settings', 'update', { settings: { quick_replies: null } });
});

test('[SET22] another desk’s change of name, language and colours is followed at once; one’s own choice stands until then', async () => {
  const { page } = await desk({ colorScheme: 'light' });
  const scheme = () => page.locator('html').getAttribute('data-mantine-color-scheme');
  await place.client.send('settings', 'update', { settings: { desk_name: 'Planta 2', lang: 'en', theme: 'dark' } });
  await page.getByRole('heading', { name: 'Planta 2' }).waitFor();
  await page.getByRole('button', { name: 'Settings' }).waitFor();
  await vi.waitFor(async () => expect(await scheme()).toBe('dark'));
  await vi.waitFor(async () => expect(await page.title()).toBe('Planta 2'));
  await page.getByRole('button', { name: 'Español' }).click();
  await page.reload();
  await page.getByRole('button', { name: 'Ajustes' }).waitFor();
  expect(await scheme()).toBe('dark');
  await place.client.send('settings', 'update', { settings: { desk_name: null, lang: null, theme: null } });
  await page.getByRole('heading', { name: 'Mostrador', exact: true }).waitFor();
  await vi.waitFor(async () => expect(await scheme()).toBe('light'));
});

test('[SET23] a list chosen with the person is asked for on the phone and ticked off on both screens', async () => {
  const { page, complaints } = await desk({ viewport: { width: 1366, height: 768 } });
  const image = await scene(900, 1200).jpeg().toBuffer();
  await inspected(page, 'choice');
  await page.getByTestId('shot-list-choice').selectOption('DNI');
  await page.getByTestId('idpersona-input').fill('P-23');
  await page.keyboard.press('Enter');
  await page.getByTestId('qr').waitFor();
  const { sessions } = await place.client.send('sessions', 'list', {});
  const session = sessions.find(one => one.idPersona === 'P-23');
  const phone = await openPhone(browser, place);
  await phone.page.goto(session?.qr?.url ?? '');
  await phone.page.getByTestId('consent').click();
  const shot = (n: number, state: string) => page.locator(`[data-testid=shot][data-state=${state}]`).nth(n).waitFor();
  await shot(2, 'missing');
  await page.getByText(/^Aceptada \d/).waitFor();
  expect(await phone.page.getByRole('radio').count()).toBeGreaterThanOrEqual(3);

  await chooseFiles(phone.page, 'take', { name: 'photo.jpg', bytes: image });
  await phone.page.getByTestId('review-screen').getByRole('img').first().waitFor();
  const received = place.hears('photo_received');
  await phone.page.getByTestId('send').click();
  const photo = await received;
  expect(photo.shot).toBe('DNI anverso');
  await shot(0, 'received');
  await place.client.send('photos', 'review', { photo_id: photo.id, verdict: 'rejected', reason: 'Movida' });
  await shot(2, 'missing');
  await place.client.send('photos', 'review', { photo_id: photo.id, verdict: 'accepted' });
  await shot(0, 'accepted');
  await phone.page.getByText('Aceptada').first().waitFor();
  await inspected(page, 'ticks');
  await page.setViewportSize({ width: 1920, height: 1080 });
  await inspected(page, 'ticks-large');
  expect(complaints).toEqual([]);
});

test('[DESK549] a Wi-Fi password that no network can have is refused beside its field', async () => {
  const { page } = await desk();
  await openSettings(page);
  await section(page, 'wifi');
  await field(page, 'wifi_password').fill('corta');
  await page.getByTestId('save-settings').click();
  await page.getByText('Una contraseña de Wi-Fi tiene de 8 a 63 caracteres.').waitFor();
  expect(await saved()).toMatchObject({ wifi_password_set: false });
});
