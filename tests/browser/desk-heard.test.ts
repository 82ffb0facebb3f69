/** The desk's page for whoever does not see it: what is read aloud, once and no oftener, and what the buttons are called. */
import type { Browser, BrowserContextOptions, Page } from 'playwright';
import { afterEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { scene } from '../../electron/images/sample-photos.ts';
import { createWebSocketClient, type MostradorClient } from '../../renderer/client/index.ts';
import { openChromium } from './chromium.ts';
import { openPage, pairPhone } from './desk-page.ts';
import { openPlace, type Place } from './place.ts';
import { stage } from './stage.ts';

let place: Place;
let browser: Browser;
let image: Buffer;
let phones: MostradorClient[] = [];
let visitors = 0;

stage(async () => {
  [place, browser, image] = await Promise.all([openPlace(), openChromium(), scene(600, 450).jpeg().toBuffer()]);
  return [browser, place];
});

afterEach(() => {
  for (const phone of phones) phone.close();
  phones = [];
});

const newPerson = () => `HEARD-${100 + visitors++}`;
const tab = (page: Page, idPersona: string) => page.locator(`[data-testid=person-tab][data-person="p:${idPersona}"]`);

/** A visitor whose phone is paired and connected. */
async function visitor(idPersona = newPerson()) {
  const { session, code } = await place.show({ idPersona });
  const phone = await pairPhone(place, code);
  const client = createWebSocketClient(phone.token, { url: place.localUrl, WebSocket });
  phones.push(client);
  client.connect();
  const conversation_id = await vi.waitFor(async () => {
    const { session: now } = await place.client.send('sessions', 'get', { session_id: session.id });
    if (!now.phone.connected || now.conversation_id === null) throw new Error('not connected yet');
    return now.conversation_id;
  }, 10_000);
  const say = (content: string) =>
    client.send('messages', 'create', { message: { conversation_id, sender_id: session.id, content, type: 'texto' } });
  return { ...phone, client, idPersona, id: session.id, emoji: session.emoji, say };
}

/** The desk, and all that a screen reader would have read of itself since: what is added to a live region, or changes in one. */
async function desk(options: BrowserContextOptions = {}) {
  const { page } = await openPage(browser, place, options);
  await page.locator('[data-testid=rest]').waitFor();
  await page.evaluate(() => {
    const told: string[] = [];
    Object.assign(window, { told });
    const tell = (text: string | null) => text?.trim() && told.push(text.trim());
    new MutationObserver(changes => {
      for (const { type, target, addedNodes } of changes) {
        const live = (target instanceof Element ? target : target.parentElement)?.closest(
          '[role=status], [role=alert], [role=log], [aria-live]',
        );
        if (!live || live.getAttribute('aria-live') === 'off') continue;
        if (type === 'childList') for (const node of addedNodes) tell(node.textContent);
        else if (live.getAttribute('aria-relevant') !== 'additions') tell(target.textContent);
      }
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
  });
  const told = (): Promise<string[]> => page.evaluate(() => Reflect.get(window, 'told'));
  const announcer = page.getByTestId('announcer');
  return { page, told, announcer };
}

const choose = (page: Page, { emoji }: { emoji: string }) =>
  page
    .getByTestId('session-choice')
    .filter({ has: page.getByRole('img', { name: emoji }) })
    .click();

async function showQr(page: Page, idPersona: string): Promise<void> {
  await page.getByTestId('idpersona-input').fill(idPersona);
  await page.keyboard.press('Enter');
  await page.getByTestId('qr').waitFor();
}

test('[DESK520] what was read aloud is not read again, nor changed, when names are hidden and shown again', async () => {
  const who = await visitor();
  const { page, told, announcer } = await desk();
  await choose(page, who);
  await who.send(image);
  await announcer.getByText(`Foto nueva de ${who.idPersona}`).waitFor();
  await showQr(page, newPerson());
  expect(await announcer.textContent()).not.toContain(who.idPersona);
  await page.getByTitle('Ocultar').click();
  await tab(page, who.idPersona).waitFor();
  await page.getByTestId('rest').click();
  await page.getByTestId('rest-veil').waitFor();
  expect(await announcer.textContent()).not.toContain(who.idPersona);
  await page.keyboard.press('x');
  await page.getByTestId('rest-veil').waitFor({ state: 'detached' });
  await tab(page, who.idPersona).waitFor();
  expect((await told()).filter(text => text.startsWith('Foto nueva'))).toEqual([`Foto nueva de ${who.idPersona}`]);
});
