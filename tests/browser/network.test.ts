/** The desk's help with the network, and what a change of network does to its screen. Loopback addresses stand for networks. */
import type { Browser, BrowserContextOptions, Page } from 'playwright';
import { afterEach, expect, test } from 'vitest';
import type { Interfaces } from '../../electron/lan.ts';
import { card } from '../network-card.ts';
import { ask } from '../server/running.ts';
import { axeFinds } from './axe.ts';
import { openChromium } from './chromium.ts';
import { openPage } from './desk-page.ts';
import { picture } from './picture.ts';
import { openPlace, type Place } from './place.ts';
import { stage } from './stage.ts';
import { prepareDecoders, readByTwo } from './two-decoders.ts';

const wifi = '127.0.0.1';
const vpn = '127.0.0.7';
/** A device that is not this PC. */
const other = '127.0.0.9';
const password = 'café; "sí", no\\:';

const usual: Interfaces = { docker0: card('127.0.0.6'), tun0: card(vpn), wlan0: card(wifi) };

let now: Interfaces = usual;
let place: Place;
let browser: Browser;

stage(async () => {
  await prepareDecoders();
  [place, browser] = await Promise.all([
    openPlace({
      env: { PUBLIC_URL: '', WIFI_SSID: 'Visitantes; planta 2', WIFI_PASSWORD: password },
      interfaces: () => now,
    }),
    openChromium(),
  ]);
  return [browser, place];
});

afterEach(() => {
  now = usual;
});

const desk = (options: BrowserContextOptions = {}) => openPage(browser, place, options);

async function showQr(page: Page, idPersona: string): Promise<void> {
  await page.getByTestId('idpersona-input').fill(idPersona);
  await page.keyboard.press('Enter');
  await page.getByTestId('qr').waitFor();
}

const step = (page: Page, number: number, state = '') =>
  page.locator(`[data-testid=network-step-${number}]${state ? `[data-state=${state}]` : ''}`);

test('[NET11] the Wi-Fi has a QR of its own, and its password is in the page only while that shows', async () => {
  const { page, complaints } = await desk();
  await showQr(page, 'N-1');
  expect(await page.content()).not.toContain('café');
  await page.getByRole('button', { name: 'Unirse al Wi-Fi' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByTestId('qr').waitFor();
  const text = String.raw`WIFI:T:WPA;P:café\; \"sí\"\, no\\\:;S:Visitantes\; planta 2;;`;
  expect(await readByTwo(dialog)).toEqual([text, text]);
  expect(await dialog.textContent()).toContain('Visitantes; planta 2');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  expect(await page.content()).not.toContain('café');
  expect(complaints).toEqual([]);
});

test('[NET12] what may keep a phone away stands there one after another, and the first that arrives turns it green', async () => {
  const { page, complaints } = await desk();
  await showQr(page, 'N-2');
  await page.getByRole('button', { name: 'No me funciona' }).click();
  await step(page, 3, 'good').waitFor();
  expect(await step(page, 1).textContent()).toContain('Visitantes; planta 2');
  expect(await step(page, 2).textContent()).toContain(`http://${wifi}:`);
  expect(await step(page, 4).textContent()).toContain(`sudo ufw allow ${new URL(place.localUrl).port}/tcp`);
  expect(await step(page, 4).getByText('netsh advfirewall').isVisible()).toBe(false);
  await step(page, 4).getByText('Órdenes para otros sistemas').click();
  expect(await step(page, 4).getByText('netsh advfirewall').isVisible()).toBe(true);
  expect(await page.getByTestId('arrival').getAttribute('data-reached')).toBe('false');

  await ask(Number(new URL(place.localUrl).port), { path: '/J', from: other });
  await page.locator('[data-testid=arrival][data-reached=true]').waitFor();
  for (const number of [1, 2, 4, 5]) await step(page, number, 'good').waitFor();
  expect(await page.getByTestId('interface-wlan0').textContent()).toContain('Llegó un teléfono');
  expect(complaints).toEqual([]);
});

test('[NET13] another interface goes into the QR at once and is kept; one where nobody answers is told', async () => {
  const { page, complaints } = await desk();
  await showQr(page, 'N-3');
  await page.getByTestId('connection').click();
  await page.getByTestId('interface-tun0').click();
  await step(page, 2).getByText('Es la que se eligió (tun0).').waitFor();
  expect(await page.getByTestId('interface-tun0').getAttribute('aria-checked')).toBe('true');
  await page.getByTestId('retest').click();
  await step(page, 3, 'bad').waitFor();
  expect((await place.client.send('settings', 'get', {})).settings.lan_interface).toBe('tun0');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  const read = await readByTwo(page.getByTestId('qr'));
  expect(read[0]).toMatch(/^HTTP:\/\/127\.0\.0\.7:/);
  expect(read[1]).toBe(read[0]);
  expect(await page.getByTestId('connection').textContent()).toBe(`Red lista · ${vpn}`);

  await page.getByTestId('connection').click();
  await page.getByTestId('interface-automatic').click();
  await page.getByTestId('connection').getByText(wifi).waitFor();
  expect((await place.client.send('settings', 'get', {})).settings.lan_interface).toBeNull();
  expect(complaints).toEqual([]);
});

test('[NET14] a change of network redraws the QR on the screen within 5 s', async () => {
  const { page } = await desk();
  await showQr(page, 'N-4');
  const before = await page.getByTestId('qr').innerHTML();
  const began = performance.now();
  now = { wlan0: card('127.0.0.77') };
  await page.getByTestId('connection').getByText('127.0.0.77').waitFor();
  await page.waitForFunction(drawn => document.querySelector('[data-testid=qr]')?.innerHTML !== drawn, before);
  const read = await readByTwo(page.getByTestId('qr'));
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(read[0]).toMatch(/^HTTP:\/\/127\.0\.0\.77:\d+\/J\//);
  expect(read[1]).toBe(read[0]);
  now = usual;
  await page.getByTestId('connection').getByText(wifi).waitFor();
});

test('[DESK85] without a network it is said in words, with what to do, and the code comes by itself once there is one', async () => {
  const { page, complaints } = await desk({ viewport: { width: 1366, height: 768 } });
  now = { lo: card('127.0.0.1').map(one => ({ ...one, internal: true })) };
  await page.locator('[data-testid=connection][data-cut-off]').getByText('Sin red').waitFor();
  await page.getByTestId('idpersona-input').fill('N-6');
  await page.keyboard.press('Enter');
  const said = page.getByRole('alert').filter({ hasText: 'Este equipo no está en ninguna red' });
  await said.getByText('Conecte el cable o el Wi-Fi').waitFor();
  expect(await page.getByTestId('qr').count()).toBe(0);
  await picture(page, 'network-none');
  await said.getByRole('button', { name: 'Revisar la red' }).click();
  await page.getByTestId('network-alone').getByText('Este equipo no está en ninguna red').waitFor();
  await page.keyboard.press('Escape');
  now = usual;
  await page.getByTestId('qr').waitFor();
  expect((await readByTwo(page.getByTestId('qr')))[0]).toMatch(/^HTTP:\/\/127\.0\.0\.1:/);
  expect(await said.count()).toBe(0);
  expect(complaints).toEqual([]);
});

/** What would send a phone back to this PC, or say that all is well. */
const promises = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('[data-testid=qr], [data-testid=short-code], [role=timer], [data-state=good]')]
      .map(element => element.outerHTML.slice(0, 120))
      .concat(document.body.innerText.match(/127\.0\.0\.\d+|Red lista|Bien$/gm) ?? []),
  );

test('[DESK300] without a network no QR, address, countdown or green state shows, from the first moment on, in the help, and when the server is away', async () => {
  now = {};
  const { page, complaints } = await desk({ viewport: { width: 1366, height: 768 } });
  await page.locator('[data-testid=connection][data-cut-off=network]').waitFor();
  await page.getByTestId('idpersona-input').fill('N-300');
  await page.keyboard.press('Enter');
  const said = page.getByRole('alert').filter({ hasText: 'Este equipo no está en ninguna red' });
  await said.waitFor();
  expect(await promises(page)).toEqual([]);

  // Whatever the page was showing at any moment since it was opened.
  await page.addInitScript(() => {
    const seen: string[] = [];
    Object.assign(window, { seen });
    new MutationObserver(() => {
      if (document.querySelector('[data-testid=qr], [data-testid=short-code]')) seen.push('a QR');
    }).observe(document, { subtree: true, childList: true });
  });
  await page.reload();
  await said.waitFor();
  expect(await page.evaluate(() => (window as unknown as { seen: string[] }).seen)).toEqual([]);

  await page.getByTestId('connection').click();
  const help = page.getByTestId('network-alone');
  await help.getByRole('button', { name: 'Comprobar otra vez' }).waitFor();
  expect(await promises(page)).toEqual([]);
  await picture(page, 'network-alone');
  expect(await axeFinds(page)).toEqual([]);
  now = usual;
  await page.getByTestId('network-help').waitFor();
  await page.keyboard.press('Escape');
  await page.getByTestId('qr').waitFor();
  now = {};
  await said.waitFor();
  expect(complaints).toEqual([]);

  await place.stopServer();
  await page.locator('[data-testid=connection]:not([data-state=connected])').waitFor();
  expect(await promises(page)).toEqual([]);
  await place.startServer();
  now = usual;
  await page.getByTestId('qr').waitFor();
});

test('[NET301] with an address that phones seldom reach the desk says so beside the QR, until a phone arrives or there is a better one', async () => {
  let cards: Interfaces = { docker0: card(wifi) };
  const unlikely = await openPlace({ env: { PUBLIC_URL: '' }, interfaces: () => cards });
  try {
    const { page } = await openPage(browser, unlikely, { viewport: { width: 1366, height: 768 } });
    const pill = page.getByTestId('connection');
    await pill.getByText('Red dudosa').waitFor();
    await showQr(page, 'N-302');
    const said = page.getByTestId('closed');
    await said.getByText('no parece estar en la red de los teléfonos').waitFor();
    await picture(page, 'network-unlikely');
    expect(await axeFinds(page)).toEqual([]);
    // The help is the usual one: there another address can be chosen.
    await pill.click();
    await page.getByTestId('network-help').waitFor();
    await page.keyboard.press('Escape');

    cards = { docker0: card(wifi), wlan0: card(vpn) };
    await pill.getByText(vpn).waitFor();
    await said.waitFor({ state: 'detached' });
    cards = { docker0: card(wifi) };
    await said.waitFor();
    await ask(Number(new URL(unlikely.localUrl).port), { path: '/J', from: other });
    await said.waitFor({ state: 'detached' });
    await pill.getByText(wifi).waitFor();
    await page.context().close();
  } finally {
    await unlikely.close();
  }
});

test('[NET300] told to listen on this PC alone, the desk says which setting keeps phones away, and on which network it is not heard', async () => {
  const wired: Interfaces = {
    eth0: card('192.168.1.50'),
    lo: card('127.0.0.1').map(one => ({ ...one, internal: true })),
  };
  const alone = await openPlace({ env: { PUBLIC_URL: '' }, interfaces: () => wired });
  try {
    const { page } = await openPage(browser, alone, { viewport: { width: 1366, height: 768 } });
    await page.getByTestId('connection').getByText('Cerrado a la red: no llegan teléfonos').waitFor();
    await page.getByTestId('idpersona-input').fill('N-301');
    await page.keyboard.press('Enter');
    await page.getByTestId('closed').getByText('el ajuste HOST es 127.0.0.1').waitFor();
    // A browser on this very PC may still come by it, to try things out.
    await page.getByTestId('qr').waitFor();
    await picture(page, 'network-closed');
    await page.getByTestId('connection').click();
    await page.getByTestId('network-alone').getByText('Está en una red (192.168.1.50)').waitFor();
    await picture(page, 'network-host');
    await page.context().close();
  } finally {
    await alone.close();
  }
});

const screens = [
  { name: 'small', viewport: { width: 1366, height: 768 }, colorScheme: 'light', lang: 'es' },
  { name: 'dark', viewport: { width: 1920, height: 1080 }, colorScheme: 'dark', lang: 'en' },
  { name: 'portrait', viewport: { width: 1080, height: 1920 }, colorScheme: 'light', lang: 'en' },
  { name: 'small-dark', viewport: { width: 1366, height: 768 }, colorScheme: 'dark', lang: 'es' },
] as const;

test.each(screens)('[NET15] $name: the help can be read and hit, and axe finds nothing (WCAG 2.2 AA)', async screen => {
  const { viewport, colorScheme, lang, name } = screen;
  const { page } = await desk({ viewport, colorScheme });
  await showQr(page, `N-5-${name}`);
  const look = async (what: string) => {
    await picture(page, `network-${name}-${what}`);
    expect([what, await axeFinds(page)]).toEqual([what, []]);
    const small = await page.evaluate(() =>
      [...document.querySelectorAll('button, summary, [role=radio]')]
        .filter(element => element.checkVisibility())
        .map(element => ({ box: element.getBoundingClientRect(), html: element.outerHTML.slice(0, 120) }))
        .filter(({ box }) => box.width > 2 && (box.height < 43.5 || box.width < 43.5))
        .map(({ html }) => html),
    );
    expect(small).toEqual([]);
  };
  if (lang === 'en') await page.getByRole('button', { name: 'English' }).click();
  await look('qr');
  await page.getByTestId('connection').click();
  await step(page, 3, 'good').waitFor();
  await look('help');
  await step(page, 4).locator('summary').click();
  await step(page, 5).scrollIntoViewIfNeeded();
  await look('help-end');
  await step(page, 1).getByRole('button').click();
  await page.getByRole('dialog').getByTestId('qr').waitFor();
  await look('wifi');
});

test.each(screens)(
  '[NET17] $name: the help stands beside the QR, and none of the QR lies behind it',
  async ({ viewport, name }) => {
    const { page } = await desk({ viewport });
    await showQr(page, `N-17-${name}`);
    await page.getByRole('button', { name: 'No me funciona' }).click();
    const help = page.getByRole('dialog');
    await step(page, 3, 'good').waitFor();
    const [qr, over] = await Promise.all([page.getByTestId('qr').boundingBox(), help.boundingBox()]);
    if (!qr || !over) throw new Error('nothing to compare');
    expect(qr.x + qr.width <= over.x || qr.y + qr.height <= over.y).toBe(true);
    // What is cut off by that is reached by scrolling.
    await step(page, 5).scrollIntoViewIfNeeded();
    const last = await step(page, 5).boundingBox();
    expect((last?.y ?? Infinity) + (last?.height ?? 0)).toBeLessThanOrEqual(over.y + over.height);
    for (const text of await readByTwo(page.getByTestId('qr'))) expect(text).toContain(`HTTP://${wifi}:`);
  },
);
