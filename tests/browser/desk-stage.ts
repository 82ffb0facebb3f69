/** What the desk's tests of a file stand on, and what they press. */
import type { Browser, BrowserContextOptions, Page } from 'playwright';
import { afterEach, vi } from 'vitest';
import { WebSocket } from 'ws';
import { scene } from '../../electron/images/sample-photos.ts';
import { createWebSocketClient, type MostradorClient } from '../../renderer/client/index.ts';
import { openChromium } from './chromium.ts';
import { openPage, pairPhone } from './desk-page.ts';
import { openPlace, type Place } from './place.ts';
import { stage } from './stage.ts';

/** One place, one browser, a photo to send, filled before the first test; and visitors, whose idPersonas begin with the prefix. */
export function deskStage(prefix: string) {
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

  const newPerson = () => `${prefix}-${100 + visitors++}`;

  /** One whose phone is paired and connected. */
  async function visitor(idPersona = newPerson(), shots: string[] = []) {
    const { session, code } = await place.show({ idPersona, shots });
    const phone = await pairPhone(place, code);
    const client = createWebSocketClient(phone.token, { url: place.localUrl, WebSocket });
    phones.push(client);
    client.connect();
    const now = async () => (await place.client.send('sessions', 'get', { session_id: session.id })).session;
    const conversation_id = await vi.waitFor(async () => {
      const { phone, conversation_id } = await now();
      if (!phone.connected || conversation_id === null) throw new Error('not connected yet');
      return conversation_id;
    }, 10_000);
    /** What the desk writes. */
    const said: string[] = [];
    client.on('new_message', ({ content, sender_id }) => sender_id !== session.id && said.push(content));
    const say = (content: string) =>
      client.send('messages', 'create', {
        message: { conversation_id, sender_id: session.id, content, type: 'texto' },
      });
    return { ...phone, client, idPersona, id: session.id, emoji: session.emoji, said, say, now };
  }

  return {
    get place() {
      return place;
    },
    get browser() {
      return browser;
    },
    get image() {
      return image;
    },
    newPerson,
    visitor,
    desk: (options: BrowserContextOptions = {}) => openPage(browser, place, options),
  };
}

export const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
export const tab = (page: Page, idPersona: string) =>
  page.locator(`[data-testid=person-tab][data-person="p:${idPersona}"]`);

/** Of the open sessions beside one another, by their signs. */
export const choose = (page: Page, { emoji }: { emoji: string }) =>
  page
    .getByTestId('session-choice')
    .filter({ has: page.getByRole('img', { name: emoji }) })
    .click();
