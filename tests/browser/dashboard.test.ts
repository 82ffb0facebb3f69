/** The dashboard's page in Chromium, with real phones and photos behind its figures. */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright';
import { afterAll, expect, onTestFinished, test, vi } from 'vitest';
import { scene } from '../../electron/images/sample-photos.ts';
import { renewEvery } from '../../renderer/client/dashboard-store.ts';
import { type DjangoStandIn, openDjango } from '../legacy/django-stand-in.ts';
import { openChromium } from './chromium.ts';
import { openPage, pairPhone } from './desk-page.ts';
import { examiner } from './examine.ts';
import { openPlace, type Place } from './place.ts';
import { stage } from './stage.ts';

let place: Place;
let browser: Browser;
let django: DjangoStandIn;
let image: Buffer;

stage(async () => {
  django = await openDjango();
  django.profiles.set('boss-of-django', { id: 7, is_staff: true });
  django.profiles.set('client-of-django', { id: 8, role: 'cliente' });
  [place, browser, image] = await Promise.all([
    openPlace({ env: { DESK_NAME: '', DJANGO_BASE_URL: django.baseUrl, DJANGO_TIMEOUT_MS: '500' } }),
    openChromium(),
    scene(640, 480).jpeg().toBuffer(),
  ]);
  return [browser, place, { close: () => django.down() }];
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

async function dashboard(options: BrowserContextOptions & { token?: string | null; at?: Place } = {}): Promise<Opened> {
  const { at = place, token = at.token, ...more } = options;
  const context = await browser.newContext({
    viewport: { width: 1366, height: 768 },
    reducedMotion: 'reduce',
    ...more,
  });
  const page = await context.newPage();
  // Its clock goes as usual, and can be put forward to the next round of questions.
  await page.clock.install();
  const complaints: string[] = [];
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', error => complaints.push(String(error)));
  page.on('request', asked => {
    if (!asked.url().startsWith(at.localUrl) && !/^(blob|data):/.test(asked.url())) complaints.push(asked.url());
  });
  await page.goto(`${at.localUrl}/dashboard${token === null ? '' : `#token=${token}`}`);
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

/** In the next rounds of questions, whose five seconds are not waited for. */
async function soon(page: Page, isSo: () => Promise<boolean>): Promise<void> {
  await vi.waitFor(
    async () => {
      if (await isSo()) return;
      await page.clock.fastForward(renewEvery);
      throw new Error(`not in the round before: ${isSo}`);
    },
    { timeout: 20_000 },
  );
}

/** As soon as the page, by itself, shows as much. */
function shows(page: Page, step: string, many: number): Promise<void> {
  return soon(page, async () => (await page.getByTestId(`funnel-${step}`).textContent()) === String(many));
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
  expect(await page.getByTestId('tile-median').textContent()).toMatch(/\d\u00a0s/);
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
});

test('[DASH71] bars are drawn in the theme’s colour, and anew as soon as the system changes it', async () => {
  await place.client.send('events', 'publish', { type: 'turno_llamado', data: { numero: 2 } });
  const { page } = await dashboard({ colorScheme: 'light' });
  await figures(page).waitFor();
  const pixels = (colour: readonly number[]) =>
    page
      .getByTestId('chart-events')
      .locator('canvas')
      .evaluate((canvas, wanted) => {
        if (!(canvas instanceof HTMLCanvasElement)) return 0;
        const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
        let found = 0;
        for (let n = 0; n < data.length; n += 4) if (wanted.every((part, at) => data[n + at] === part)) found += 1;
        return found;
      }, colour);
  // --desk-accent in each of them.
  const [light, dark] = [
    [0x0b, 0x6b, 0x75],
    [0x43, 0xb6, 0xc1],
  ] as const;
  await vi.waitFor(async () => expect(await pixels(light)).toBeGreaterThan(50), 10_000);
  await page.emulateMedia({ colorScheme: 'dark' });
  await vi.waitFor(async () => expect(await pixels(dark)).toBeGreaterThan(50), 10_000);
  expect(await pixels(light)).toBe(0);
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
  await soon(page, () => log.getByText('Reanudar (1 nuevo)').isVisible());
  expect(await rows.count()).toBe(before);
  await page.getByTestId('event-pause').click();
  await log.getByText('diez').waitFor();
});

test('[DASH34] the token leaves the address bar at once, lives as long as its tab, and can be pasted', async () => {
  const { page, context } = await dashboard();
  await figures(page).waitFor();
  expect(page.url()).toBe(`${place.localUrl}/dashboard`);
  expect(await page.title()).toBe('Panel · Mostrador');
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
  const { page } = await openPage(browser, place);
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
  await soon(late, () => late.getByText('El servidor no aceptó el token').isVisible());
});

test('[DASH39] without the server the page says since when, keeps its figures, and goes on by itself', async () => {
  const { page } = await dashboard();
  await figures(page).waitFor();
  const sessions = await value(page, 'tile-sessions');
  await page.context().setOffline(true);
  await soon(page, () => page.getByTestId('stale').isVisible());
  expect(await page.getByTestId('stale').textContent()).toMatch(/Lo que ve es de las \d\d:\d\d:\d\d/);
  expect(await page.getByTestId('renewed').getAttribute('data-state')).toBe('offline');
  expect(await value(page, 'tile-sessions')).toBe(sessions);
  await page.context().setOffline(false);
  await soon(page, () => page.getByTestId('stale').isHidden());
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

test('[DASH70] a change of the desk’s name, language or colours shows with the next figures; one’s own language stays after a reload until then', async () => {
  const { page, complaints } = await dashboard({ colorScheme: 'light' });
  await figures(page).waitFor();
  await page.getByRole('heading', { name: 'Evolución' }).waitFor();
  await place.client.send('settings', 'update', { settings: { desk_name: 'Planta 2', lang: 'en', theme: 'dark' } });
  await soon(page, () => page.getByText('· Planta 2').isVisible());
  await page.getByRole('heading', { name: 'Over time' }).waitFor();
  await page.locator('html[data-mantine-color-scheme=dark]').waitFor();
  await vi.waitFor(async () => expect(await page.title()).toBe('Dashboard · Planta 2'), 10_000);

  await page.getByRole('button', { name: 'Español' }).click();
  await page.getByRole('heading', { name: 'Evolución' }).waitFor();
  expect(await page.title()).toBe('Panel · Planta 2');
  await page.reload();
  await page.getByRole('heading', { name: 'Evolución' }).waitFor();
  await place.client.send('settings', 'update', { settings: { desk_name: null, lang: null, theme: null } });
  await soon(page, () => page.getByText('Panel · Mostrador').isVisible());
  await page.locator('html[data-mantine-color-scheme=light]').waitFor();
  expect(complaints).toEqual([]);
});

const sizes = [
  { width: 1366, height: 768 },
  { width: 1920, height: 1080 },
  { width: 820, height: 1180 },
  { width: 1080, height: 1920 },
];
const examining = (page: Page) => examiner({ page, name: 'dashboard', sizes, least: 44 });

/** A server of its own, on which nothing has happened, with a Django that is away. */
async function freshPlace(): Promise<Place> {
  const gone = await openDjango();
  await gone.down();
  const fresh = await openPlace({ env: { DJANGO_BASE_URL: gone.baseUrl, DJANGO_TIMEOUT_MS: '500' } });
  onTestFinished(() => fresh.close());
  return fresh;
}

test('[DASH40] before there are figures, in every size, theme and language everything fits, can be hit, and axe finds nothing', async () => {
  const { page } = await dashboard({ token: null });
  const examine = examining(page);
  await page.getByTestId('sign-in').waitFor();
  await examine('sign-in');
  await signIn(page, 'not-a-token');
  await page.getByText('El servidor no aceptó el token').waitFor();
  await examine('refused');
  await page.route('**/dashboard/**', () => {});
  await signIn(page, place.token);
  await page.getByText('Cargando las cifras…').waitFor();
  await examine('loading');
  const { page: failed } = await dashboard({ at: await freshPlace(), token: 'one-of-django' });
  await failed.getByRole('alert').getByText('Django no responde').waitFor();
  await examining(failed)('failed');
});

test('[DASH40] with its figures, in every size, theme and language everything fits, can be hit, and axe finds nothing', async () => {
  const fresh = await freshPlace();
  const { page, complaints } = await dashboard({ at: fresh });
  const examine = examining(page);
  await figures(page).waitFor();
  await page.locator('[data-part=django][data-state=bad]').waitFor();
  await examine('empty');
  const { code } = await fresh.show({ idPersona: 'DASH-40' });
  const phone = await pairPhone(fresh, code);
  const photo = await phone.send(image);
  await fresh.client.send('photos', 'review', { photo_id: photo.id, verdict: 'accepted' });
  await soon(page, async () => (await funnel(page)).join() === '1,1,1,1,1');
  await page.getByTestId('chart-photos').locator('summary').click();
  await examine('full');
  expect(complaints).toEqual([]);
});

test('[DASH40] while it is cleaned up and when it is cut off, in every size, theme and language everything fits, can be hit, and axe finds nothing', async () => {
  const { page, context, complaints } = await dashboard({ at: await freshPlace() });
  const examine = examining(page);
  await figures(page).waitFor();
  await page.getByTestId('clean-up').click();
  await page.getByRole('dialog').waitFor();
  await examine('clean-up', '[role=dialog]');
  await page.getByTestId('confirm').click();
  await page.getByTestId('notice').waitFor();
  await examine('cleaned');
  expect(complaints).toEqual([]);
  await context.setOffline(true);
  await soon(page, () => page.getByTestId('stale').isVisible());
  await examine('stale');
});
