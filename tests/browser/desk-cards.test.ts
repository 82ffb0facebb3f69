/** The photos' cards where there is little room: whatever stands on them, what is pressed stays in reach. */
import { randomUUID } from 'node:crypto';
import type { Browser } from 'playwright';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { scene } from '../../electron/images/sample-photos.ts';
import { createWebSocketClient } from '../../renderer/client/index.ts';
import { openChromium } from './chromium.ts';
import { openPage, pairPhone } from './desk-page.ts';
import { picture } from './picture.ts';
import { openPlace, type Place } from './place.ts';
import { stage } from './stage.ts';

let place: Place;
let browser: Browser;

stage(async () => {
  [place, browser] = await Promise.all([openPlace(), openChromium()]);
  return [browser, place];
});

const shot = 'Documento, por detrás';
const reason = 'Está borrosa: no se lee el número. Apóyela en la mesa y tómela con más luz.';

test.each([
  [3, 'in sight at once'],
  [9, 'below a list that is scrolled'],
  [0, 'in sight at once'],
])('[DESK305] at 1366×768 the buttons of a session that asks for %i photos are in sight: %s', async count => {
  const shots = Array.from({ length: count }, (_, n) => `Documento ${n + 1}`);
  const { code } = await place.show({ idPersona: `CARD-S${count}`, shots });
  const phone = await pairPhone(place, code);
  const client = createWebSocketClient(phone.token, { url: place.localUrl, WebSocket });
  client.connect();
  const { page } = await openPage(browser, place, { viewport: { width: 1366, height: 768 } });
  await page
    .getByRole('button', { name: `CARD-S${count}` })
    .first()
    .click();
  const card = page.getByTestId('session-card');
  await card.getByText('Conectado').waitFor();
  await picture(page, `desk-session-${count}`);
  for (const name of ['Corregir idPersona', 'Otro teléfono', 'Terminar', 'Siguiente visitante']) {
    const reached = await card.getByRole('button', { name }).evaluate(button => {
      const { left, top, right, bottom } = button.getBoundingClientRect();
      const corners = [left + 4, right - 4].flatMap(x => [top + 4, bottom - 4].map(y => [x, y] as const));
      return corners.filter(([x, y]) => button.contains(document.elementFromPoint(x, y))).length;
    });
    expect([name, reached]).toEqual([name, 4]);
  }
  // What stands last above them; a long list is scrolled to it.
  const last = count === 0 ? card.getByTestId('session-consent') : card.getByText(`Documento ${count}`);
  if (count > 3) await last.scrollIntoViewIfNeeded();
  const isAbove = await last.evaluate(element => {
    const buttons = document.querySelector('[data-testid=end-session]')?.parentElement;
    return element.getBoundingClientRect().bottom <= (buttons?.getBoundingClientRect().top ?? 0) + 1;
  });
  expect(isAbove).toBe(true);
  client.close();
});

test('[DESK301] at 1366×768 with the chat open, the buttons of a card with shot and reason are in sight, in both languages', async () => {
  const { code } = await place.show({ idPersona: 'CARD-1', shots: [shot, 'Cara'] });
  const phone = await pairPhone(place, code);
  // The chat opens once the phone is there.
  const client = createWebSocketClient(phone.token, { url: place.localUrl, WebSocket });
  client.connect();
  const ids: string[] = [];
  for (const [index, width] of [640, 660, 680, 700].entries()) {
    const id = randomUUID();
    const put = await fetch(`${place.localUrl}/api/photos/${id}?shot=${encodeURIComponent(shot)}`, {
      method: 'PUT',
      headers: { Authorization: `Bearer ${phone.token}`, 'Content-Type': 'image/jpeg' },
      body: new Uint8Array(await scene(width, 480).jpeg().toBuffer()),
    });
    expect(put.status).toBe(201);
    if (index > 0) await place.client.send('photos', 'review', { photo_id: id, verdict: 'rejected', reason });
    ids.push(id);
  }
  const { page, context } = await openPage(browser, place, { viewport: { width: 1366, height: 768 } });
  try {
    await page.locator('[data-person="p:CARD-1"]').click();
    await page.locator('[data-testid=chat][data-opened=true]').waitFor();
    for (const language of ['es', 'en']) {
      if (language === 'en') await page.getByRole('button', { name: 'English' }).click();
      await page.getByTestId('photo-card').nth(2).getByText(reason).waitFor();
      await picture(page, `desk-cards-${language}`);
      // The first row: the three newest, each with a shot and a reason.
      for (const id of ids.slice(1)) {
        const card = page.locator(`[data-photo-id="${id}"]`);
        for (const name of ['accept', 'reject']) {
          const reached = await card.getByTestId(name).evaluate(button => {
            const { left, top, right, bottom } = button.getBoundingClientRect();
            const corners = [
              [left + 4, top + 4],
              [right - 4, top + 4],
              [left + 4, bottom - 4],
              [right - 4, bottom - 4],
            ] as const;
            return corners.map(([x, y]) => button.contains(document.elementFromPoint(x, y)));
          });
          expect([language, id, name, reached]).toEqual([language, id, name, [true, true, true, true]]);
        }
      }
    }
    // As high as the chat goes, the second row is still reached by scrolling.
    await page.getByTestId('chat-grip').focus();
    for (let step = 0; step < 8; step += 1) await page.keyboard.press('ArrowUp');
    await page.locator(`[data-photo-id="${ids[0]}"]`).getByTestId('accept').click();
    await page.locator(`[data-photo-id="${ids[0]}"][data-status=accepted]`).waitFor();
    await picture(page, 'desk-cards-least');
  } finally {
    client.close();
    await context.close();
  }
});

test('[DESK332] cards that change their row, because one before them went, are measured without a complaint', async () => {
  const { code } = await place.show({ idPersona: 'CARD-2' });
  const phone = await pairPhone(place, code);
  const ids: string[] = [];
  for (const width of [640, 660, 680, 700]) ids.push((await phone.send(await scene(width, 480).jpeg().toBuffer())).id);
  const { page, context, complaints } = await openPage(browser, place, { viewport: { width: 1366, height: 768 } });
  try {
    await page.locator('[data-person="p:CARD-2"]').click();
    const cards = page.getByTestId('photo-card');
    await cards.nth(3).waitFor();
    const rows = () => cards.evaluateAll(all => all.map(card => card.getAttribute('data-row')));
    expect(await rows()).toEqual(['0', '0', '0', '1']);
    await place.client.send('photos', 'delete', { photo_id: ids[3] ?? '' });
    await cards.nth(3).waitFor({ state: 'detached' });
    expect(await rows()).toEqual(['0', '0', '0']);
    // Another height for every one of them.
    await page.setViewportSize({ width: 1300, height: 700 });
    await page.evaluate(() => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    expect(await rows()).toEqual(['0', '0', '0']);
    expect(complaints).toEqual([]);
  } finally {
    await context.close();
  }
});

test('[DESK330] names longer than their tab are cut within it, and none stands over another', async () => {
  for (const idPersona of [
    'María José Fernández de la Vega',
    'PASAPORTE-AAB1234567890-RESIDENTE-COMUNITARIO-0012',
    'X1',
  ])
    await pairPhone(place, (await place.show({ idPersona })).code);
  for (const width of [1920, 1366]) {
    const { page, context } = await openPage(browser, place, { viewport: { width, height: 768 } });
    try {
      const tabs = page.getByTestId('person-tab');
      await tabs.filter({ hasText: 'PASAPORTE' }).waitFor();
      const spilled = await tabs.evaluateAll(all =>
        all.flatMap(tab => {
          const { left, right } = tab.getBoundingClientRect();
          return [...tab.querySelectorAll('span')]
            .map(part => part.getBoundingClientRect())
            .filter(part => part.width > 1 && (part.left < left || part.right > right));
        }),
      );
      expect(spilled).toEqual([]);
      await page.getByTitle('PASAPORTE-AAB1234567890-RESIDENTE-COMUNITARIO-0012').first().waitFor();
      await picture(page, `desk-long-names-${width}`);
    } finally {
      await context.close();
    }
  }
});
