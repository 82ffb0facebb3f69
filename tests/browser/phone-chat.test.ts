/** The messages between a phone and the desk, with a real operator's client at the other end. */
import type { Browser, Page } from 'playwright';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { scene } from '../../electron/images/sample-photos.ts';
import type { Message } from '../../protocol/chat.ts';
import type { EventData } from '../../protocol/events.ts';
import { openChromium } from './chromium.ts';
import { openPhone, type PhoneOptions } from './phone-page.ts';
import { openPlace, type Place } from './place.ts';
import { stage } from './stage.ts';
import { countsOn } from './stored-on.ts';

let desk: Place;
let browser: Browser;
let heard: EventData<'new_message'>[] = [];
let stopListening: () => void = () => {};

stage(async () => {
  [desk, browser] = await Promise.all([openPlace(), openChromium()]);
  return [browser, desk];
});

beforeEach(() => {
  heard = [];
  stopListening = desk.client.on('new_message', message => void heard.push(message));
});

afterEach(() => {
  stopListening();
});

/** Waits longer than usual: the machine may be busy. */
const soon = <T>(look: () => T | Promise<T>): Promise<T> => vi.waitFor(look, { timeout: 15_000 });

/** It is made when the phone has connected. */
async function conversationOf(session_id: string): Promise<string> {
  return soon(async () => {
    const { session } = await desk.client.send('sessions', 'get', { session_id });
    if (session.conversation_id === null) throw new Error('no conversation yet');
    return session.conversation_id;
  });
}

/** A phone that has scanned and accepted, and its conversation. */
async function paired(options: PhoneOptions = {}) {
  const shown = await desk.show({ idPersona: 'P-123456' });
  const it = await openPhone(browser, desk, options);
  await it.page.goto(shown.address);
  await it.page.getByTestId('consent').click();
  await it.page.getByTestId('visit-screen').waitFor();
  const conversation_id = await conversationOf(shown.session.id);
  const says = async (content: string): Promise<Message> => {
    const { message } = await desk.client.send('messages', 'create', {
      message: { conversation_id, sender_id: 'operator', content },
    });
    return message;
  };
  return { ...it, ...shown, conversation_id, says };
}

/** Those of this test's desk: others' phones are gone, their conversations are not. */
const heardIn = (conversation_id: string) => heard.filter(message => message.conversation_id === conversation_id);

const bubble = (page: Page, text: string) => page.getByTestId('message').filter({ hasText: text });
const inState = (page: Page, text: string, state: string) =>
  page.locator(`[data-testid=message][data-state=${state}]`).filter({ hasText: text });

async function write(page: Page, text: string) {
  await page.getByTestId('chat-text').fill(text);
  await page.getByTestId('chat-send').click();
}

async function openChat(page: Page) {
  await page.getByTestId('chat').click();
  await page.getByTestId('chat-sheet').waitFor();
}

test('[PCHAT1] phone and desk write to each other, with ticks, who is writing, and no complaint of the browser', async () => {
  const { page, complaints, conversation_id, session, says } = await paired();
  await openChat(page);
  await page.getByTestId('chat-empty').waitFor();
  const writing = vi.fn();
  const stop = desk.client.on('typing', writing);
  await write(page, '¿Tengo que\nesperar?');
  await inState(page, 'esperar', 'sent').waitFor();
  await soon(() => expect(heardIn(conversation_id)).toHaveLength(1));
  const [question] = heardIn(conversation_id);
  expect(question).toMatchObject({ content: '¿Tengo que\nesperar?', sender_id: session.id });
  expect(writing).toHaveBeenCalledWith({ conversation_id, user_id: session.id }, expect.anything());
  stop();
  const message_id = question?.id ?? '';
  await desk.client.send('messages', 'mark_delivered', { message_id });
  await inState(page, 'esperar', 'delivered').waitFor();
  await desk.client.send('messages', 'mark_read', { message_id });
  await inState(page, 'esperar', 'read').getByText('Leído').waitFor();

  await desk.client.send('messages', 'typing', { conversation_id });
  await page.getByTestId('typing').getByText('escribiendo').waitFor();
  const answer = await says('Un momento, ahora le llaman');
  await bubble(page, 'ahora le llaman').waitFor();
  expect(await page.getByTestId('typing').textContent()).toBe('');
  expect(await page.getByTestId('chat-heard').textContent()).toBe('Mostrador: Un momento, ahora le llaman');
  await soon(async () => {
    const { message } = await desk.client.send('messages', 'get', { message_id: answer.id });
    expect(message.receipts[0]?.read_at).not.toBeNull();
  });
  expect(complaints).toEqual([]);
});

test('[PCHAT2] with the sheet closed a message is announced with its first words, counted, and delivered but not read', async () => {
  const { page, says } = await paired();
  const message = await says('Pase por la ventanilla 3');
  await page.getByTestId('chat-news').getByText('Pase por la ventanilla 3').waitFor();
  await says('Cuando quiera');
  await page.getByTestId('chat-news').getByText('Cuando quiera').waitFor();
  expect(await page.getByTestId('unread').textContent()).toBe('2');
  await page.getByRole('button', { name: 'Mensajes, 2 mensajes sin leer', exact: true }).waitFor();
  await soon(async () => {
    const [receipt] = (await desk.client.send('messages', 'get', { message_id: message.id })).message.receipts;
    expect(receipt).toMatchObject({ delivered_at: expect.any(String), read_at: null });
  });
  await page.getByTestId('chat-news-see').click();
  await bubble(page, 'ventanilla 3').waitFor();
  await soon(async () => {
    const [receipt] = (await desk.client.send('messages', 'get', { message_id: message.id })).message.receipts;
    expect(receipt?.read_at).not.toBeNull();
  });
  await page.getByTestId('chat-close').click();
  expect(await page.getByTestId('unread').count()).toBe(0);
  expect(await page.getByTestId('chat-news').count()).toBe(0);
  // The notice that opened it is gone.
  expect(await page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe('chat');
});

test('[PCHAT3] what is written without network is kept through a reload and goes out once, in order, when it is back', async () => {
  const { page, context, conversation_id, says } = await paired();
  await openChat(page);
  let isCut = true;
  await context.routeWebSocket('**/ws', socket => {
    if (isCut) void socket.close({ code: 1011 });
    else socket.connectToServer();
  });
  await page.reload();
  // The sheet is where it was.
  await page.getByTestId('chat-sheet').waitFor();
  await page.getByTestId('chat-offline').waitFor();
  for (const text of ['primero', 'segundo', 'tercero']) await write(page, text);
  await inState(page, 'tercero', 'waiting').getByText('Se enviará cuando vuelva la conexión').waitFor();
  await says('¿Sigue ahí?');
  await page.reload();
  await inState(page, 'tercero', 'waiting').waitFor();
  expect(heardIn(conversation_id).map(({ content }) => content)).toEqual(['¿Sigue ahí?']);
  isCut = false;
  await inState(page, 'tercero', 'sent').waitFor();
  await bubble(page, '¿Sigue ahí?').waitFor();
  const { messages } = await desk.client.send('messages', 'get_all', { conversation_id });
  expect(messages.map(({ content }) => content)).toEqual(['¿Sigue ahí?', 'primero', 'segundo', 'tercero']);
  await page.reload();
  await inState(page, 'tercero', 'sent').waitFor();
  expect(await page.getByTestId('message').count()).toBe(4);
  expect(heardIn(conversation_id)).toHaveLength(4);
});

test('[PCHAT4] a photo in the chat is filed under the person and shown to both; a photo of the desk’s opens large', async () => {
  const { page, session, conversation_id, complaints } = await paired();
  await openChat(page);
  const received = desk.hears('photo_received');
  const buffer = await scene(900, 1200).jpeg().toBuffer();
  await page.getByTestId('chat-attach').setInputFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer });
  const photo = await received;
  expect(photo).toMatchObject({ session_id: session.id, idPersona: 'P-123456' });
  await soon(() => expect(heardIn(conversation_id)).toHaveLength(1));
  expect(heardIn(conversation_id)[0]).toMatchObject({ type: 'imagen', file_url: photo.urls.full, client_id: photo.id });
  await page.getByTestId('chat-thumb').waitFor();
  expect(await page.getByTestId('chat-upload').count()).toBe(0);
  // After a reload the phone has to fetch it.
  await page.reload();
  await page.getByTestId('chat-thumb').waitFor();
  await page.getByTestId('chat-picture').click();
  const large = page.getByTestId('chat-large');
  await large.getByRole('img', { name: 'Foto' }).waitFor();
  await page.keyboard.press('Escape');
  await large.waitFor({ state: 'detached' });
  await page.getByTestId('chat-sheet').waitFor();
  expect(complaints).toEqual([]);
});

test('[PCHAT12] a file goes both ways as a card with name and size that saves it; one that the desk does not take says so', async () => {
  const { page, conversation_id, complaints } = await paired();
  await openChat(page);
  const text = Buffer.from('%PDF-1.4\n%%EOF\n'.padEnd(1_500, ' '));
  const attach = page.getByTestId('chat-attach');
  await attach.setInputFiles({ name: 'Contrato.pdf', mimeType: 'application/pdf', buffer: text });
  await soon(() => expect(heardIn(conversation_id)).toHaveLength(1));
  const [message] = heardIn(conversation_id);
  expect(message).toMatchObject({ type: 'archivo', content: 'Contrato.pdf', file_url: expect.any(String) });
  const card = page.getByTestId('chat-file');
  await card.getByTestId('chat-file-size').getByText('kB').waitFor();
  const saved = page.waitForEvent('download');
  await page.getByTestId('chat-download').click();
  expect((await saved).suggestedFilename()).toBe('Contrato.pdf');
  const { message: answer } = await desk.client.send('messages', 'create', {
    message: {
      conversation_id,
      sender_id: 'operator',
      type: 'archivo',
      content: 'Firmado.pdf',
      file_url: message?.file_url ?? null,
    },
  });
  expect(answer.type).toBe('archivo');
  await page.locator('.theirs').getByText('Firmado.pdf').waitFor();
  expect(complaints).toEqual([]);
  await attach.setInputFiles({ name: 'a.pdf', mimeType: 'application/pdf', buffer: Buffer.from('PK\x03\x04 no') });
  await page.getByTestId('chat-upload').getByText('no admite ese tipo de archivo').waitFor();
  await attach.setInputFiles({ name: 'b.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(13 * 1024 * 1024) });
  await page.getByTestId('chat-problem').getByText('demasiado grande').waitFor();
  expect(heardIn(conversation_id)).toHaveLength(2);
});

test('[PCHAT5] the sheet keeps the focus, and closes by its button, by Escape and by the phone’s back button', async () => {
  const { page } = await paired();
  await openChat(page);
  for (let key = 0; key < 12; key++) {
    await page.keyboard.press('Tab');
    const outside = await page.evaluate(
      () => document.activeElement !== document.body && !document.activeElement?.closest('dialog'),
    );
    expect(outside).toBe(false);
  }
  await page.getByTestId('chat-text').fill('a medias');
  await page.keyboard.press('Escape');
  await page.getByTestId('chat-sheet').waitFor({ state: 'detached' });
  await page.waitForFunction(() => document.activeElement?.getAttribute('data-testid') === 'chat');
  await page.waitForFunction(() => history.state === null);
  await openChat(page);
  expect(await page.getByTestId('chat-text').inputValue()).toBe('a medias');
  await page.goBack();
  await page.getByTestId('chat-sheet').waitFor({ state: 'detached' });
  await page.getByTestId('visit-screen').waitFor();
  await openChat(page);
  await page.getByTestId('chat-close').click();
  await page.getByTestId('chat-sheet').waitFor({ state: 'detached' });
  await page.waitForFunction(() => history.state === null);

  // Opened again before the entry of the last time is gone.
  await openChat(page);
  await page.evaluate(async () => {
    const gone = new Promise(resolve => addEventListener('popstate', resolve, { once: true }));
    document.querySelector<HTMLElement>('[data-testid=chat-close]')?.click();
    while (document.querySelector('dialog')) await Promise.resolve();
    document.querySelector<HTMLElement>('[data-testid=chat]')?.click();
    await gone;
  });
  await page.getByTestId('chat-sheet').waitFor();
  await page.waitForFunction(() => history.state?.step === 'chat');
  await page.goBack();
  await page.getByTestId('chat-sheet').waitFor({ state: 'detached' });
  await page.getByTestId('visit-screen').waitFor();
});

test('[PCHAT6] near the limit it counts down, past it nothing goes; too many in a minute are told and sent later', async () => {
  const { page, conversation_id } = await paired();
  await openChat(page);
  await page.getByTestId('chat-text').fill('á'.repeat(1_900));
  await page.getByTestId('chat-left').getByText('Quedan 100').waitFor();
  await page.getByTestId('chat-text').fill('😀'.repeat(2_001));
  await page.getByTestId('chat-left').getByText('Sobra 1 ').waitFor();
  await page.getByTestId('chat-send').dispatchEvent('click');
  expect(await page.getByTestId('message').count()).toBe(0);
  for (let n = 1; n <= 31; n++) await write(page, `mensaje ${n}.`);
  await inState(page, 'mensaje 31.', 'waiting').getByText('muchos mensajes seguidos').waitFor();
  await soon(() => expect(heardIn(conversation_id)).toHaveLength(30));
});

test('[PCHAT7] "Terminar y borrar" warns of what was not sent and leaves none of it on the phone', async () => {
  const { page, context } = await paired();
  await context.routeWebSocket('**/ws', socket => void socket.close({ code: 1011 }));
  await page.reload();
  await openChat(page);
  await write(page, 'no llegará');
  await inState(page, 'no llegará', 'waiting').waitFor();
  await page.getByTestId('chat-close').click();
  const count = async () => (await countsOn(page))['mostrador-chat/outboxes'];
  expect(await count()).toBe(1);
  await page.getByTestId('leave').click();
  await page.getByTestId('leave-screen').getByText('1 mensaje sin enviar').waitFor();
  await page.getByTestId('leave-yes').click();
  await page.getByTestId('ended-screen').waitFor();
  expect(await count()).toBe(0);
});

test('[PCHAT8] older messages come above on asking, and what is read stays in its place', async () => {
  const { page, says } = await paired();
  for (let n = 1; n <= 60; n++) await says(`aviso ${n}.`);
  // Not those that came as events, but what a phone finds that was not there.
  await page.reload();
  await openChat(page);
  await bubble(page, 'aviso 60.').waitFor();
  expect(await bubble(page, 'aviso 10.').count()).toBe(0);
  expect(await bubble(page, 'aviso 60.').isVisible()).toBe(true);
  const log = page.getByTestId('chat-log');
  await log.evaluate(element => element.scrollTo(0, 0));
  await page.getByTestId('chat-newest').waitFor();
  const top = () => bubble(page, 'aviso 11.').evaluate(element => Math.round(element.getBoundingClientRect().top));
  await page.getByTestId('chat-older').click();
  await bubble(page, 'aviso 1.').waitFor({ state: 'attached' });
  expect(await top()).toBeGreaterThan(0);
  await page.getByTestId('chat-newest').click();
  await page.getByTestId('chat-newest').waitFor({ state: 'detached' });
});

test('[PCHAT14] the page comes whole: once it is there, the sheet opens and keeps what is written without any network', async () => {
  const { page, context } = await openPhone(browser, desk);
  const { address } = await desk.show({ idPersona: 'P-123456' });
  const asked: string[] = [];
  page.on('request', request => asked.push(new URL(request.url()).pathname));
  await page.goto(address);
  await page.getByTestId('consent').click();
  await page.locator('[data-testid=connection][data-state=online]').waitFor();
  expect(asked.filter(path => !path.startsWith('/api/'))).toEqual([new URL(address).pathname]);
  await context.setOffline(true);
  await page.getByTestId('chat').click();
  await page.getByTestId('chat-sheet').waitFor();
  await write(page, 'Hola');
  await inState(page, 'Hola', 'waiting').waitFor();
  await context.setOffline(false);
  await inState(page, 'Hola', 'sent').waitFor();
});
