/** The chat at the desk, in Chromium, with a real phone's token at the other end. (UX "Desk".) */
import type { Browser, BrowserContextOptions, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Message } from '../../protocol/chat.ts';
import {
  createHttpClient,
  createWebSocketClient,
  type Input,
  type MostradorClient,
} from '../../renderer/client/index.ts';
import { noChrome, openChromium } from './chromium.ts';
import { type DeskPage, openPage, pairPhone } from './desk-page.ts';
import { openPlace, type Place } from './place.ts';

let place: Place;
let browser: Browser;
let open: DeskPage[] = [];
let phones: MostradorClient[] = [];
let visitors = 0;

beforeEach(context => {
  if (noChrome) context.skip(noChrome);
});

beforeAll(async () => {
  if (noChrome) return;
  [place, browser] = await Promise.all([openPlace(), openChromium()]);
});

afterEach(async () => {
  for (const phone of phones) phone.close();
  for (const { context } of open) await context.close();
  phones = [];
  open = [];
});

afterAll(async () => {
  await browser?.close();
  await place?.close();
});

async function desk(options: BrowserContextOptions = {}): Promise<DeskPage> {
  const made = await openPage(browser, place, options);
  open.push(made);
  return made;
}

const tab = (page: Page, idPersona: string) => page.locator(`[data-testid=person-tab][data-person="p:${idPersona}"]`);
const bubble = (page: Page, text: string) => page.getByTestId('chat-message').filter({ hasText: text });

/** A visitor whose phone is paired, as the server and the SDK see it. */
async function visitor(idPersona = `CHAT-${100 + visitors++}`) {
  const { session, code } = await place.show({ idPersona });
  const paired = await pairPhone(place, code);
  const client = createWebSocketClient(paired.token, { url: place.localUrl, WebSocket });
  phones.push(client);
  client.connect();
  const conversation: string = await vi.waitFor(async () => {
    const { conversation_id } = (await client.send('sessions', 'get', { session_id: session.id })).session;
    if (conversation_id === null) throw new Error('no conversation yet');
    return conversation_id;
  });
  const said: Message[] = [];
  client.on('new_message', message => void said.push(message));
  const http = createHttpClient({ token: paired.token, url: place.localUrl });
  return {
    idPersona,
    id: session.id,
    conversation,
    client,
    http,
    /** What it heard, its own aside. */
    heard: () => said.filter(message => message.sender_id !== session.id),
    send: paired.send,
    async say(content: string, file: { type: 'archivo' | 'imagen'; file_url: string } | null = null) {
      const said = { conversation_id: conversation, sender_id: session.id, content };
      const message: Input<'messages', 'create'>['message'] = file ? { ...said, ...file } : said;
      return (await client.send('messages', 'create', { message })).message;
    },
    async hears(text: string) {
      return vi.waitFor(() => {
        const found: Message | undefined = said.find(({ content }) => content === text);
        if (!found) throw new Error(`the phone did not hear «${text}»`);
        return found;
      }, 10_000);
    },
  };
}

async function opened(options: BrowserContextOptions = {}) {
  const who = await visitor();
  const { page, complaints } = await desk(options);
  await tab(page, who.idPersona).click();
  await page.getByTestId('chat-input').waitFor();
  return { who, page, complaints };
}

test('[DCHAT1] desk and phone write to each other; ticks go from sent to delivered to read; nothing complains', async () => {
  const { who, page, complaints } = await opened();
  await page.getByTestId('chat-input').fill('Buenos días, ¿tiene su DNI?');
  await page.keyboard.press('Enter');
  const mine = bubble(page, '¿tiene su DNI?');
  await mine.waitFor();
  expect(await page.getByTestId('chat-input').inputValue()).toBe('');
  const { id } = await who.hears('Buenos días, ¿tiene su DNI?');
  await mine.locator('[data-testid=ticks][data-state=sent]').waitFor();
  expect(await mine.getByTestId('ticks').textContent()).toBe('Enviado');
  await who.client.send('messages', 'mark_delivered', { message_id: id });
  await mine.locator('[data-testid=ticks][data-state=delivered]').waitFor();
  await who.client.send('messages', 'mark_read', { message_id: id });
  await mine.locator('[data-testid=ticks][data-state=read]').waitFor();
  expect(await mine.getByTestId('ticks').textContent()).toBe('Leído');

  const read = new Promise<string>(done => {
    who.client.on('message_read', ({ message_id }) => done(message_id));
  });
  const { id: theirs } = await who.say('Sí, aquí está');
  await bubble(page, 'Sí, aquí está').waitFor();
  expect(await read).toBe(theirs);
  await who.client.send('messages', 'typing', { conversation_id: who.conversation });
  await page.getByText('El visitante está escribiendo…').waitFor();
  expect(complaints).toEqual([]);
});
