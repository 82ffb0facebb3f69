/** The desk moves to another address while a phone is connected: the page says so and leads there, visit and all. */
import type { Browser, WebSocketRoute } from 'playwright';
import { expect, test } from 'vitest';
import { scene } from '../../electron/images/sample-photos.ts';
import type { Interfaces } from '../../electron/lan.ts';
import { card } from '../network-card.ts';
import { lanName, openChromium } from './chromium.ts';
import { chooseFiles, faultsOf, openPaired, openPhone } from './phone-page.ts';
import { openPlace, type Place } from './place.ts';
import { stage } from './stage.ts';

const next = '192.168.77.6';

let now: Interfaces = { wlan0: card(lanName) };
let desk: Place;
let browser: Browser;

stage(async () => {
  [desk, browser] = await Promise.all([
    openPlace({ env: { HOST: '0.0.0.0', PUBLIC_URL: '' }, interfaces: () => now }),
    openChromium(),
  ]);
  return [browser, desk];
});

test('[PHONE78] where the desk is now is told when it is not to be reached here any more, and the way there takes the visit along', async () => {
  const open: WebSocketRoute[] = [];
  let isGone = false;
  const { page, session, context } = await openPaired(browser, desk, {
    before: context =>
      context.routeWebSocket(`ws://${lanName}:*/ws`, socket => {
        if (isGone) return void socket.close({ code: 1011 });
        socket.connectToServer();
        open.push(socket);
      }),
  });
  await page.setViewportSize({ width: 360, height: 740 });
  await page.locator('[data-testid=connection][data-state=online]').waitFor();
  const told = new Promise(resolve => {
    const stop = desk.client.on('network_status', status => {
      if (!status.url?.includes(next)) return;
      stop();
      resolve(status);
    });
  });
  now = { wlan0: card(next) };
  await told;
  // As long as this address still works, nothing is said.
  await page.locator('[data-testid=connection][data-state=online]').waitFor();
  expect(await page.getByTestId('moved').count()).toBe(0);

  isGone = true;
  await context.route(`http://${lanName}:*/**`, route => route.abort());
  for (const socket of open) await socket.close({ code: 1011 });
  await page.getByTestId('moved').waitFor({ timeout: 20_000 });
  const port = new URL(desk.url).port;
  await page.getByTestId('moved').getByText(`ahora está en ${next}:${port}`).waitFor();
  expect(await page.getByTestId('offline').count()).toBe(0);
  expect(await page.getByTestId('moved').textContent()).not.toContain('Lo que aún no se envió');
  await chooseFiles(page, 'take', { name: 'a.jpg', bytes: await scene(900, 1200).jpeg().toBuffer() });
  await page.getByTestId('moved').getByText('Lo que aún no se envió').waitFor();
  expect(await faultsOf(page, 'moved-es')).toEqual([]);
  expect(await page.getByTestId('follow').getAttribute('href')).toBe(`http://${next}:${port}/J`);

  await page.getByTestId('follow').click();
  // Whose visit it is, is shown once more: nothing of the earlier page is here.
  await page.getByTestId('consent-screen').waitFor();
  expect(page.url()).toBe(`http://${next}:${port}/J`);
  expect(await page.getByTestId('mark').first().textContent()).toBe(session.emoji);
  await page.getByTestId('consent').click();
  await page.locator('[data-testid=connection][data-state=online]').waitFor();
  const received = desk.hears('photo_received');
  await chooseFiles(page, 'take', { name: 'a.jpg', bytes: await scene(900, 1200).jpeg().toBuffer() });
  await page.getByTestId('send').click();
  expect(await received).toMatchObject({ session_id: session.id, idPersona: 'P-123456' });
  await page.reload();
  await page.getByTestId('visit-screen').waitFor();
});

test('[PHONE79] a visit that is handed over with a token that is not good is refused with a plain word', async () => {
  const { page } = await openPhone(browser, desk);
  const port = new URL(desk.url).port;
  await page.goto(`http://${next}:${port}/J#visit=s1&token=not-one`);
  await page.locator('[data-testid=refused-screen][data-state=other]').waitFor();
  expect(page.url()).toBe(`http://${next}:${port}/J`);
  expect(await page.evaluate(() => Object.keys(localStorage))).toEqual([]);
});
