/** The chat at the desk, in Chromium, with a real phone's token at the other end. (UX "Desk".) */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Browser, BrowserContextOptions, Page } from 'playwright';
import { afterEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { scene } from '../../electron/images/sample-photos.ts';
import type { Message } from '../../protocol/chat.ts';
import {
  createHttpClient,
  createWebSocketClient,
  type Input,
  type MostradorClient,
} from '../../renderer/client/index.ts';
import { axeFinds } from './axe.ts';
import { openChromium } from './chromium.ts';
import { openPage, pairPhone } from './desk-page.ts';
import { picture } from './picture.ts';
import { openPlace, type Place } from './place.ts';
import { stage } from './stage.ts';

let place: Place;
let browser: Browser;
let phones: MostradorClient[] = [];
let visitors = 0;

stage(async () => {
  [place, browser] = await Promise.all([openPlace(), openChromium()]);
  return [browser, place];
});

afterEach(async () => {
  for (const phone of phones) phone.close();
  phones = [];
});

const desk = (options: BrowserContextOptions = {}) => openPage(browser, place, options);

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
  }, 10_000);
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

const pdf = Buffer.from('%PDF-1.7\nun formulario');

async function expectNoViolations(page: Page): Promise<void> {
  expect(await axeFinds(page, { but: ['region'] })).toEqual([]);
}

/** What has the focus, by its test id, its name or its role. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const { activeElement: it } = document;
    return it?.getAttribute('data-testid') ?? it?.getAttribute('aria-label') ?? it?.getAttribute('role') ?? '';
  });

/** Goes on with Tab as a person without a pointer does. */
async function tabTo(page: Page, wanted: string, key = 'Tab'): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    if ((await focused(page)) === wanted) return;
    await page.keyboard.press(key);
  }
  throw new Error(`«${wanted}» is not reached with ${key}`);
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

test('[DCHAT2] a message to somebody else is counted on their tab, delivered and not read, until it is looked at', async () => {
  const { page } = await opened();
  const other = await visitor();
  const receipts: string[] = [];
  other.client.on('message_delivered', () => void receipts.push('delivered'));
  other.client.on('message_read', () => void receipts.push('read'));
  await other.say('¿Hay alguien?');
  await other.say('Tengo una duda');
  const badge = tab(page, other.idPersona).getByTestId('unread-messages');
  await expect.poll(() => badge.textContent()).toContain('22 mensajes sin leer');
  await expect.poll(() => receipts).toEqual(['delivered', 'delivered']);
  await page.reload();
  await expect.poll(() => badge.textContent()).toContain('22 mensajes sin leer');
  await tab(page, other.idPersona).click();
  await bubble(page, 'Tengo una duda').waitFor();
  await expect.poll(() => receipts).toEqual(['delivered', 'delivered', 'read', 'read']);
  await badge.waitFor({ state: 'detached' });
});

test('[DCHAT3] a quick reply goes out with one tap', async () => {
  const { who, page } = await opened();
  const reply = page.getByTestId('quick-reply').first();
  const text = (await reply.textContent()) ?? '';
  await reply.click();
  await bubble(page, text).waitFor();
  expect((await who.hears(text)).sender_id).toBe('operator');
});

test('[DCHAT4] files go both ways: chosen, pasted and dropped at the desk, saved from the card, byte for byte', async () => {
  const { who, page, complaints } = await opened();
  await page
    .getByTestId('chat-file-input')
    .setInputFiles({ name: 'alta.pdf', mimeType: 'application/pdf', buffer: pdf });
  await bubble(page, 'alta.pdf').locator('[data-testid=ticks][data-state=sent]').waitFor();
  const { type, file_url } = await who.hears('alta.pdf');
  expect(type).toBe('archivo');
  const got = await who.http.fetchBlob(file_url ?? '');
  expect(got.ok && Buffer.from(await got.value.arrayBuffer())).toEqual(pdf);

  const bytes = [...(await scene(300, 200).png().toBuffer())];
  for (const [how, name] of [
    ['paste', 'plano.png'],
    ['drop', 'mapa.png'],
  ] as const) {
    await page.getByTestId('chat-input').evaluate(
      (input, { how, name, bytes }) => {
        const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(bytes)], name, { type: 'image/png' }));
        const init = { bubbles: true, cancelable: true };
        if (how === 'paste') input.dispatchEvent(new ClipboardEvent('paste', { ...init, clipboardData: data }));
        else
          for (const type of ['dragover', 'drop'])
            input.dispatchEvent(new DragEvent(type, { ...init, dataTransfer: data }));
      },
      { how, name, bytes },
    );
    // The picture was encoded anew, and is named as what it is.
    const sent = await who.hears(name.replace('png', 'png.jpg'));
    expect([sent.type, (await who.http.fetchBlob(sent.file_url ?? '')).ok]).toEqual(['imagen', true]);
  }

  const file = await who.http.uploadFile({
    id: randomUUID(),
    conversationId: who.conversation,
    name: 'padrón.pdf',
    blob: new Blob([pdf]),
  });
  if (!file.ok) throw new Error(file.error.message);
  await who.say(file.value.name, { type: 'archivo', file_url: file.value.url });
  const download = page.waitForEvent('download');
  await bubble(page, 'padrón.pdf').getByTestId('chat-file').click();
  const saved = await download;
  expect(saved.suggestedFilename()).toBe('padrón.pdf');
  expect(await readFile(await saved.path())).toEqual(pdf);
  expect(complaints).toEqual([]);
});

test('[DCHAT5] a photo in the chat opens in the viewer of the photos', async () => {
  const { who, page } = await opened();
  const photo = await who.send(await scene(1200, 900).jpeg().toBuffer());
  await who.say('foto', { type: 'imagen', file_url: `/api/photos/${photo.id}` });
  await page.getByTestId('chat-image').locator('img').waitFor();
  await page.getByTestId('chat-image').click();
  await page.locator(`[data-testid=lightbox][data-photo-id="${photo.id}"]`).waitFor();
});

test('[DCHAT6] a file that is refused says why and can be tried again; one on its way shows its progress and can be stopped', async () => {
  const { who, page } = await opened();
  const choose = (name: string, buffer: Buffer) =>
    page.getByTestId('chat-file-input').setInputFiles({ name, mimeType: 'text/plain', buffer });
  await choose('juego.exe', Buffer.from('MZ\x90\0'));
  const failed = page.locator('[data-testid=attachment][data-state=failed]');
  await failed.waitFor();
  expect(await failed.textContent()).toContain('Este tipo de archivo no se admite.');
  await failed.getByLabel('Reintentar juego.exe').click();
  await failed.waitFor();
  await failed.getByLabel('Cancelar juego.exe').click();
  await failed.waitFor({ state: 'detached' });

  await page.route('**/api/files/**', () => {});
  await choose('largo.txt', Buffer.alloc(500_000, 'a'));
  const sending = page.locator('[data-testid=attachment][data-state=sending]');
  await sending.getByRole('progressbar').waitFor({ state: 'attached' });
  await sending.getByLabel('Cancelar largo.txt').click();
  await sending.waitFor({ state: 'detached' });
  await page.unroute('**/api/files/**');
  await page.getByTestId('chat-input').fill('sin archivo');
  await page.keyboard.press('Enter');
  await who.hears('sin archivo');
  expect(who.heard().map(({ content }) => content)).toEqual(['sin archivo']);
});

test('[DCHAT7] written while the server is away it waits, also through a reload, and goes out once', async () => {
  const { who, page } = await opened();
  await place.stopServer();
  await page.locator('[data-testid=connection]:not([data-state=connected])').waitFor();
  await page.getByTestId('chat-input').fill('Vuelvo enseguida');
  await page.keyboard.press('Enter');
  await bubble(page, 'Vuelvo enseguida').locator('[data-testid=ticks][data-state=waiting]').waitFor();
  await page.getByText('Sin conexión: lo que escriba se enviará').waitFor();
  await place.startServer();
  await page.reload();
  await who.hears('Vuelvo enseguida');
  await bubble(page, 'Vuelvo enseguida').locator('[data-testid=ticks][data-state=sent]').waitFor();
  expect(await bubble(page, 'Vuelvo enseguida').count()).toBe(1);
  expect(who.heard()).toHaveLength(1);
});

/** Milliseconds between two keys; faster than any finger would be a bar code reader. */
const byHand = { delay: 60 };

test('[DCHAT8] by keyboard alone: write two lines, change the message, take it back, set the height, close; it is remembered', async () => {
  const { who, page } = await opened();
  await tabTo(page, 'chat-input');
  await page.keyboard.type('primera', byHand);
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('segunda', byHand);
  await page.keyboard.press('Enter');
  const { id } = await who.hears('primera\nsegunda');

  const changed = new Promise<string>(done => {
    who.client.on('message_updated', ({ message }) => done(message.content));
  });
  await tabTo(page, 'Acciones del mensaje', 'Shift+Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Editar' }).waitFor();
  await vi.waitFor(async () => {
    await page.keyboard.press('ArrowDown');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Editar');
  }, 10_000);
  await page.keyboard.press('Enter');
  await expect.poll(() => focused(page)).toBe('chat-input');
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('corregida', byHand);
  await page.keyboard.press('Enter');
  expect(await changed).toBe('corregida');
  await bubble(page, 'corregida').getByText('editado').waitFor();

  const gone = new Promise<string>(done => {
    who.client.on('message_deleted', ({ message_id }) => done(message_id));
  });
  await tabTo(page, 'Acciones del mensaje', 'Shift+Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Eliminar' }).waitFor();
  await vi.waitFor(async () => {
    await page.keyboard.press('ArrowDown');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Eliminar');
  }, 10_000);
  await page.keyboard.press('Enter');
  await tabTo(page, 'confirm');
  await page.keyboard.press('Enter');
  expect(await gone).toBe(id);
  await page.getByText('Aún no hay mensajes.').waitFor();

  await tabTo(page, 'chat-grip', 'Shift+Tab');
  const grip = page.getByTestId('chat-grip');
  expect(await grip.getAttribute('aria-valuenow')).toBe('45');
  await page.keyboard.press('ArrowUp');
  expect(await grip.getAttribute('aria-valuenow')).toBe('50');
  await tabTo(page, 'chat-toggle', 'Shift+Tab');
  await page.keyboard.press('Enter');
  await grip.waitFor({ state: 'detached' });
  await page.reload();
  await page.locator('[data-testid=chat][data-opened=false]').waitFor();
  await page.getByTestId('chat-toggle').click();
  expect(await grip.getAttribute('aria-valuenow')).toBe('50');
});

test('[DCHAT9] older messages come as one scrolls up, and the place is kept', async () => {
  const who = await visitor();
  for (let n = 0; n < 120; n += 1) {
    const message = { conversation_id: who.conversation, sender_id: 'operator', content: `mensaje ${n}` };
    await place.client.send('messages', 'create', { message });
  }
  const { page } = await desk();
  await tab(page, who.idPersona).click();
  await bubble(page, 'mensaje 119').waitFor();
  expect(await page.getByTestId('chat-message').count()).toBeLessThan(120);
  const log = page.getByRole('log');
  await expect(bubble(page, 'mensaje 119').isVisible()).resolves.toBe(true);
  await vi.waitFor(async () => {
    await log.evaluate(element => element.scrollTo({ top: -element.scrollHeight }));
    expect(await page.getByTestId('chat-message').count()).toBe(120);
  }, 15_000);
  await log.evaluate(element => element.scrollTo({ top: -element.scrollHeight }));
  await page.getByText('mensaje 0', { exact: true }).waitFor();
  const before = await log.evaluate(element => element.scrollTop);
  expect(before).toBeLessThan(-500);
});

test('[DCHAT10] when the session has ended the chat says that nobody gets it any more, and can still be read', async () => {
  const { who, page } = await opened();
  await who.say('Adiós');
  await who.send(await scene(300, 200).jpeg().toBuffer());
  await bubble(page, 'Adiós').waitFor();
  await place.client.send('sessions', 'end', { session_id: who.id });
  await page.getByText('La sesión terminó: el visitante ya no recibe mensajes.').waitFor();
  expect(await page.getByTestId('chat-input').count()).toBe(0);
  expect(await bubble(page, 'Adiós').count()).toBe(1);
});

test('[DCHAT15] what was begun to be written stays with its conversation while another is looked at', async () => {
  const { who, page } = await opened();
  const other = await visitor();
  await page.getByTestId('chat-input').fill('Para usted tengo');
  await tab(page, other.idPersona).click();
  await expect.poll(() => page.getByTestId('chat-input').inputValue()).toBe('');
  await tab(page, who.idPersona).click();
  await expect.poll(() => page.getByTestId('chat-input').inputValue()).toBe('Para usted tengo');
});

test('[DCHAT11] a group is made, read and left; each message says how many have read it', async () => {
  const ana = createWebSocketClient(await place.userToken('ana'), { url: place.localUrl, WebSocket });
  const luis = createWebSocketClient(await place.userToken('luis'), { url: place.localUrl, WebSocket });
  phones.push(ana, luis);
  ana.connect();
  luis.connect();
  await vi.waitFor(async () => {
    const { users } = await ana.send('users', 'get_all', {});
    expect(users.map(({ id }) => id)).toEqual(expect.arrayContaining(['ana', 'luis']));
  }, 10_000);
  const heard: Message[] = [];
  ana.on('new_message', message => void heard.push(message));

  const { page, complaints } = await desk();
  await page.getByTestId('groups').click();
  await page.getByText('Aún no hay grupos').waitFor();
  await page.getByTestId('new-group').click();
  await page.getByTestId('group-title').fill('Turno de tarde');
  await page.getByLabel('ana', { exact: true }).check();
  await page.getByLabel('luis', { exact: true }).check();
  await page.getByTestId('create-group').click();
  await page.getByText('Miembros: ').waitFor();
  await page.getByTestId('chat-input').fill('¿Quién cierra hoy?');
  await page.keyboard.press('Enter');
  await expect.poll(() => heard.map(({ content }) => content)).toEqual(['¿Quién cierra hoy?']);
  const [message] = heard;
  await ana.send('messages', 'mark_read', { message_id: message?.id ?? '' });
  await bubble(page, '¿Quién cierra hoy?').getByText('Leído 1 de 2').waitFor();
  await ana.send('messages', 'create', {
    message: { conversation_id: message?.conversation_id ?? '', sender_id: 'ana', content: 'Yo misma' },
  });
  await bubble(page, 'Yo misma').getByText('ana', { exact: true }).waitFor();
  await picture(page, 'desk-chat-groups');
  await expectNoViolations(page);
  await page.getByText('Salir del grupo').click();
  await page.getByTestId('confirm').click();
  await page.getByText('Aún no hay grupos').waitFor();
  const { conversation } = await ana.send('conversations', 'get', { conversation_id: message?.conversation_id ?? '' });
  expect(conversation.members.toSorted()).toEqual(['ana', 'luis']);
  expect(complaints).toEqual([]);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`[DCHAT12] nothing stands in anybody's way, and photos and chat both have room at 1366 × 768: ${colorScheme}`, async () => {
    const { who, page } = await opened({ viewport: { width: 1366, height: 768 }, colorScheme });
    await who.send(await scene(600, 450).jpeg().toBuffer());
    await who.say('Buenos días');
    await page.getByTestId('chat-input').fill('Buenos días, dígame');
    await page.keyboard.press('Enter');
    await bubble(page, 'dígame').locator('[data-testid=ticks][data-state=sent]').waitFor();
    await page
      .getByTestId('chat-file-input')
      .setInputFiles({ name: 'a.exe', mimeType: '', buffer: Buffer.from('MZ\0') });
    await page.locator('[data-testid=attachment][data-state=failed]').waitFor();
    await expectNoViolations(page);
    await picture(page, `desk-chat-${colorScheme}`);
    await page.getByLabel('Cancelar a.exe').click();
    await page.getByLabel('Acciones del mensaje').click();
    await page.getByRole('menuitem', { name: 'Eliminar' }).waitFor();
    await expectNoViolations(page);
    await page.keyboard.press('Escape');
    const [log, card] = await Promise.all([
      page.getByRole('log').boundingBox(),
      page.getByTestId('photo-card').first().boundingBox(),
    ]);
    expect(log?.height).toBeGreaterThan(120);
    expect(card && log && log.y - card.y).toBeGreaterThan(250);
    const small = await page
      .getByTestId('chat')
      .evaluate(chat =>
        [...chat.querySelectorAll('button, textarea, [role=separator]')]
          .filter(one => one.getBoundingClientRect().height < 44)
          .map(one => one.outerHTML),
      );
    expect(small).toEqual([]);
  });
}
