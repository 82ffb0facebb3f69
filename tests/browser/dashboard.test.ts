/** The dashboard's page in Chromium, with real phones and photos behind its figures. */
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { scene } from '../../electron/images/sample-photos.ts';
import { type DjangoStandIn, openDjango } from '../legacy/django-stand-in.ts';
import { noChrome, openChromium } from './chromium.ts';
import { openPage, pairPhone } from './desk-page.ts';
import { openPlace, type Place } from './place.ts';

let place: Place;
let browser: Browser;
let django: DjangoStandIn;
let image: Buffer;
let open: BrowserContext[] = [];

beforeEach(context => {
  if (noChrome) context.skip(noChrome);
});

beforeAll(async () => {
  if (noChrome) return;
  django = await openDjango();
  django.profiles.set('boss-of-django', { id: 7, is_staff: true });
  django.profiles.set('client-of-django', { id: 8, role: 'cliente' });
  [place, browser, image] = await Promise.all([
    openPlace({ env: { DJANGO_BASE_URL: django.baseUrl, DJANGO_TIMEOUT_MS: '500' } }),
    openChromium(),
    scene(640, 480).jpeg().toBuffer(),
  ]);
});

afterEach(async () => {
  for (const context of open) await context.close();
  open = [];
});

afterAll(async () => {
  await browser?.close();
  await place?.close();
  await django?.down();
});

interface Opened {
  page: Page;
  context: BrowserContext;
  complaints: string[];
}

async function dashboard(options: BrowserContextOptions & { token?: string | null } = {}): Promise<Opened> {
  const { token = place.token, ...more } = options;
  const context = await browser.newContext({
    viewport: { width: 1366, height: 768 },
    reducedMotion: 'reduce',
    ...more,
  });
  open.push(context);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', error => complaints.push(String(error)));
  page.on('request', asked => {
    if (!asked.url().startsWith(place.localUrl) && !/^(blob|data):/.test(asked.url())) complaints.push(asked.url());
  });
  await page.goto(`${place.localUrl}/dashboard${token === null ? '' : `#token=${token}`}`);
  return { page, context, complaints };
}

const figures = (page: Page, span = '15m') => page.locator(`[data-testid=figures][data-span="${span}"]`);

async function signIn(page: Page, token: string): Promise<void> {
  await page.getByTestId('token-input').fill(token);
  await page.getByRole('button', { name: 'Entrar' }).click();
}

/** The funnel's numbers, in its order. */
async function funnel(page: Page): Promise<number[]> {
  const numbers = await page.getByTestId('funnel').locator('[data-testid^=funnel-]').allTextContents();
  return numbers.map(Number);
}

const value = async (page: Page, tile: string) =>
  Number((await page.getByTestId(tile).locator('dd').first().textContent())?.replace(/\D/g, ''));

/** As soon as the page, by itself, shows as much. */
async function shows(page: Page, step: string, many: number): Promise<void> {
  await page.waitForFunction(
    ([name, wanted]) => document.querySelector(`[data-testid="funnel-${name}"]`)?.textContent === wanted,
    [step, String(many)] as const,
  );
}

test('[DASH36] a phone that pairs, sends a photo and gets it accepted moves tiles, charts and funnel by itself', async () => {
  const { page, complaints } = await dashboard();
  await figures(page).waitFor();
  expect(await value(page, 'tile-photos')).toBe(0);
  expect(await page.getByText('Ninguna visita en este periodo.').isVisible()).toBe(true);

  const { address, code } = await place.show({ idPersona: 'DASH-1' });
  await fetch(`${place.localUrl}${new URL(address).pathname}`, { headers: { Accept: 'text/html' } });
  await shows(page, 'scanned', 1);
  expect(await funnel(page)).toEqual([1, 1, 0, 0, 0]);
  const phone = await pairPhone(place, code);
  const photo = await phone.send(image);
  await place.client.send('photos', 'review', { photo_id: photo.id, verdict: 'accepted' });
  await shows(page, 'accepted', 1);

  expect(await funnel(page)).toEqual([1, 1, 1, 1, 1]);
  expect([await value(page, 'tile-sessions'), await value(page, 'tile-photos')]).toEqual([1, 1]);
  expect(await page.getByTestId('tile-sessions').textContent()).toContain('1 con teléfono · 0 en espera');
  expect(await page.getByTestId('tile-median').textContent()).toMatch(/\d s/);
  expect(await page.getByTestId('tile-failures').textContent()).toContain('ninguno hoy');
  expect(await page.getByTestId('chart-photos').textContent()).toContain('1 en total');
  expect(await page.getByTestId('clients').locator('[data-role=operator]').count()).toBeGreaterThanOrEqual(1);

  for (const [span, label] of [
    ['7d', '7 días'],
    ['24h', '24 horas'],
  ] as const) {
    await page.getByText(label, { exact: true }).click();
    await figures(page, span).waitFor();
    expect(await funnel(page)).toEqual([1, 1, 1, 1, 1]);
  }
  expect(complaints).toEqual([]);
});

test('[DASH37] a chart says its sum and its peak, and gives its numbers as a table', async () => {
  await place.client.send('events', 'publish', { type: 'turno_llamado', data: { numero: 1 } });
  const { page } = await dashboard();
  await figures(page).waitFor();
  const chart = page.getByTestId('chart-events');
  expect(await chart.getByRole('img').getAttribute('aria-label')).toMatch(
    /^Eventos: \d+ en total\. Máximo \d+, \d\d:\d\d\. Mensajes: /,
  );
  expect(await chart.getByRole('table').isVisible()).toBe(false);
  await chart.getByText('Ver como tabla').click();
  expect(await chart.getByRole('row').count()).toBe(16);
  const numbers = await chart.locator('tbody tr td:nth-child(2)').allTextContents();
  const sum = numbers.reduce((total, each) => total + Number(each), 0);
  expect(await chart.getByRole('img').getAttribute('aria-label')).toContain(`Eventos: ${sum} en total`);
  // The bars are there, in the theme's colour: not a blank canvas.
  const drawn = await chart.locator('canvas').evaluate(canvas => {
    if (!(canvas instanceof HTMLCanvasElement)) return 0;
    const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
    let bars = 0;
    for (let n = 0; n < data.length; n += 4)
      if (data[n] === 11 && data[n + 1] === 107 && data[n + 2] === 117) bars += 1;
    return bars;
  });
  expect(drawn).toBeGreaterThan(50);
});

test('[DASH38] events are filtered by what they say, and held still while others come', async () => {
  await place.client.send('events', 'publish', { type: 'turno_llamado', data: { ventanilla: 'nueve' } });
  const { page } = await dashboard();
  const log = page.getByTestId('event-log');
  await log.getByText('turno_llamado').first().waitFor();
  await page.getByTestId('event-filter').fill('NUEVE');
  const rows = log.getByRole('listitem');
  expect(await rows.count()).toBe(1);
  expect(await rows.first().textContent()).toMatch(/de operator +\{"ventanilla":"nueve"\}/);
  await page.getByTestId('event-filter').fill('no such thing');
  await log.getByText('Nada coincide con el filtro.').waitFor();
  await page.getByTestId('event-filter').fill('turno');
  await page.getByTestId('event-pause').click();
  const before = await rows.count();
  await place.client.send('events', 'publish', { type: 'turno_llamado', data: { ventanilla: 'diez' } });
  await log.getByText('Reanudar (1 nuevos)').waitFor();
  expect(await rows.count()).toBe(before);
  await page.getByTestId('event-pause').click();
  await log.getByText('diez').waitFor();
});

test('[DASH34] the token leaves the address bar at once, lives as long as its tab, and can be pasted', async () => {
  const { page, context } = await dashboard();
  await figures(page).waitFor();
  expect(page.url()).toBe(`${place.localUrl}/dashboard`);
  expect(await page.title()).toBe('Panel · Recepción Central');
  await page.reload();
  await figures(page).waitFor();
  const other = await context.newPage();
  await other.goto(`${place.localUrl}/dashboard`);
  await signIn(other, 'not-a-token');
  await other.getByText('El servidor no aceptó el token').waitFor();
  expect(await other.getByTestId('sign-in').textContent()).toContain('Este es el panel de administración');
  await signIn(other, place.token);
  await figures(other).waitFor();
});

test('[DASH34] the desk’s header leads to the dashboard, signed in, and back', async () => {
  const { page, context } = await openPage(browser, place);
  open.push(context);
  await page.getByTestId('to-dashboard').click();
  await figures(page).waitFor();
  await page.getByRole('link', { name: 'Ir al mostrador' }).click();
  await page.locator('[data-testid=connection][data-state=connected]').waitFor();
});

test('[DASH35] an admin of Django opens the page with that token; who is none is told so, and Django away too', async () => {
  const { page } = await dashboard({ token: null });
  await signIn(page, 'client-of-django');
  await page.getByText('Su cuenta de Django no es de administrador.').waitFor();
  await signIn(page, 'boss-of-django');
  await figures(page).waitFor();
  expect(await page.locator('[data-part=django]').getAttribute('data-state')).toBe('good');
  expect(await page.locator('[data-part=redis]').textContent()).toContain('No se usa');
  // It opened the dashboard and nothing more.
  const photos = await page.evaluate(async () => {
    const token = sessionStorage.getItem('mostrador.token');
    return (await fetch('/api/photos', { headers: { Authorization: `Bearer ${token}` } })).status;
  });
  expect(photos).toBe(401);

  await django.down();
  const { page: late } = await dashboard({ token: 'somebody-else' });
  await late.getByText('Django no responde').waitFor();
  await late.getByRole('alert').getByRole('button', { name: 'Reintentar' }).waitFor();
  await django.up();
  await late.getByText('El servidor no aceptó el token').waitFor();
});

test('[DASH39] without the server the page says since when, keeps its figures, and goes on by itself', async () => {
  const { page } = await dashboard();
  await figures(page).waitFor();
  const sessions = await value(page, 'tile-sessions');
  await page.context().setOffline(true);
  await page.getByTestId('stale').waitFor();
  expect(await page.getByTestId('stale').textContent()).toMatch(/Lo que ve es de las \d\d:\d\d:\d\d/);
  expect(await page.getByTestId('renewed').getAttribute('data-state')).toBe('offline');
  expect(await value(page, 'tile-sessions')).toBe(sessions);
  await page.context().setOffline(false);
  await page.getByTestId('stale').waitFor({ state: 'detached' });
});

test('[DASH41] cleaning up asks first, and says what came of it', async () => {
  const { page } = await dashboard();
  await page.getByTestId('clean-up').click();
  await page.getByRole('dialog').getByText('No se borra ninguna foto').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancelar' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await page.getByTestId('notice').count()).toBe(0);
  await page.getByTestId('clean-up').click();
  await page.getByTestId('confirm').click();
  expect(await page.getByTestId('notice').textContent()).toContain('Limpieza hecha: 0 conexiones cerradas');
});

const screens = [
  { name: '1366x768', viewport: { width: 1366, height: 768 }, colorScheme: 'light', lang: 'es' },
  { name: '1920x1080', viewport: { width: 1920, height: 1080 }, colorScheme: 'dark', lang: 'en' },
  { name: '820x1180', viewport: { width: 820, height: 1180 }, colorScheme: 'dark', lang: 'es' },
  { name: '1080x1920', viewport: { width: 1080, height: 1920 }, colorScheme: 'light', lang: 'en' },
] as const;

for (const { name, viewport, colorScheme, lang } of screens) {
  test(`[DASH40] ${name}: everything fits, can be hit, and axe finds nothing`, async () => {
    const { page, context, complaints } = await dashboard({ viewport, colorScheme, token: null });
    if (lang === 'en') await page.getByRole('button', { name: 'English' }).click();
    await page.getByTestId('sign-in').waitFor();
    await examine('sign-in');
    await page.goto(`${place.localUrl}/dashboard?again#token=${place.token}`);
    await figures(page).waitFor();
    await page.getByTestId('server-state').waitFor();
    await page.getByTestId('chart-photos').locator('summary').click();
    await examine('figures');
    await page.getByTestId('clean-up').click();
    await page.getByRole('dialog').waitFor();
    await examine('clean-up', '[role=dialog]');
    await page.keyboard.press('Escape');
    expect(complaints).toEqual([]);
    await context.setOffline(true);
    await page.getByTestId('stale').waitFor();
    await examine('stale');

    async function examine(step: string, part = 'html'): Promise<void> {
      const folder = resolve('tests/output');
      await mkdir(folder, { recursive: true });
      await page.screenshot({ path: resolve(folder, `dashboard-${name}-${step}.png`), fullPage: true });
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
      const { violations } = await new AxeBuilder({ page }).include(part).withTags(tags).analyze();
      expect(violations.map(({ id, nodes }) => [step, id, nodes.map(node => node.failureSummary)])).toEqual([]);
      const small = await page.evaluate(() =>
        [...document.querySelectorAll('button, input, a, summary')]
          .filter(element => element.checkVisibility() && !element.closest('label, [role=radiogroup]'))
          .map(element => ({ box: element.getBoundingClientRect(), html: element.outerHTML.slice(0, 120) }))
          .filter(({ box }) => box.width > 2 && box.bottom > 0 && (box.height < 43.5 || box.width < 43.5))
          .map(({ html }) => html),
      );
      expect([step, small]).toEqual([step, []]);
    }
  });
}
