/** The photos' cards where there is little room: whatever stands on them, what is pressed stays in reach. */
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
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
      await picture(page, { path: resolve(import.meta.dirname, `../output/desk-cards-${language}.png`) });
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
    await picture(page, { path: resolve(import.meta.dirname, '../output/desk-cards-least.png') });
  } finally {
    client.close();
    await context.close();
  }
});
