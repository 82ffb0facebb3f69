/** Visits from end to end: the desk's page and visitors' phones, all of them real pages, on a network that works. */
import type { Browser, Page } from 'playwright';
import { afterEach, expect, test } from 'vitest';
import { openChromium } from './chromium.ts';
import { type DeskPage, openPage } from './desk-page.ts';
import { chooseFiles, openPhone, type Phone, type PhoneOptions } from './phone-page.ts';
import { openPlace, type Place } from './place.ts';
import { stage } from './stage.ts';
import { prepareDecoders } from './two-decoders.ts';
import {
  arrive,
  closeChat,
  deskCard,
  deskMessage,
  deskSays,
  online,
  openChat,
  phoneCard,
  phoneMessage,
  phoneSays,
  photo,
  pictures,
  receive,
  send,
  shots,
  tab,
} from './visit.ts';

let place: Place;
let browser: Browser;
let open: (DeskPage | Phone)[] = [];

stage(async () => {
  [place, browser] = await Promise.all([openPlace(), openChromium(), prepareDecoders()]);
  return [browser, place];
});

afterEach(() => {
  open = [];
});

async function desk(): Promise<DeskPage> {
  const made = await openPage(browser, place, { viewport: { width: 1366, height: 768 } });
  open.push(made);
  return made;
}

/** A visitor whom the desk has received and whose phone is there. */
async function visitor(at: Page, idPersona: string, list = '', options: PhoneOptions = {}): Promise<Phone> {
  const made = await arrive(browser, place, await receive(at, idPersona, list), options);
  open.push(made);
  return made;
}

const complaintsOf = () => open.flatMap(({ complaints }) => complaints);

test('[JOB10] of three photos that were asked for one is rejected, taken again and accepted, and the ticks are right on both screens', async () => {
  const { page: at } = await desk();
  const { page: phone } = await visitor(at, 'DNI-1010', 'DNI', { device: 'iPhone 15' });
  const expectShots = async (onDesk: string[], onPhone: string[]) => {
    await expect.poll(() => shots(phone)).toEqual(onPhone);
    await expect.poll(() => shots(at)).toEqual(onDesk);
  };
  const cardOf = (shot: string) => deskCard(at).filter({ hasText: shot });
  const picked = () => phone.locator('[data-testid=shot]:has(input:checked) .shot-name').textContent();
  await expectShots(['missing', 'missing', 'missing'], ['missing', 'missing', 'missing']);
  expect(await picked()).toBe('DNI anverso');

  await send(phone, await photo('#c04040'), await photo('#40a040'), await photo('#4040c0'));
  await expectShots(['received', 'received', 'received'], ['sent', 'sent', 'sent']);
  await phone.getByTestId('done').getByText('Todo enviado').waitFor();

  await cardOf('DNI anverso').getByTestId('accept').click();
  await expectShots(['accepted', 'received', 'received'], ['accepted', 'sent', 'sent']);
  await cardOf('DNI reverso').getByTestId('reject').click();
  await at.getByTestId('reject-reason').filter({ hasText: 'Cortada' }).click();
  await expectShots(['accepted', 'missing', 'received'], ['accepted', 'missing', 'sent']);

  // The phone says why, and asks for exactly that one.
  const refused = phoneCard(phone, 'rejected');
  await refused.getByText('«Cortada»').waitFor();
  expect(await refused.getByRole('heading').textContent()).toBe('DNI reverso');
  expect(await phone.getByTestId('retake').count()).toBe(1);
  expect(await picked()).toBe('DNI reverso');
  await phone.getByText('Tomar foto: DNI reverso').waitFor();
  await pictures('rejected', { desk: at, phone });
  await cardOf('Rostro').getByTestId('accept').click();
  await expectShots(['accepted', 'missing', 'accepted'], ['accepted', 'missing', 'accepted']);
  expect(await phone.getByTestId('done').count()).toBe(0);

  await chooseFiles(phone, 'retake', { name: 'otra.jpg', bytes: await photo('#40c040') });
  await phone.locator('[data-testid=send]:enabled').waitFor();
  expect(await phone.getByTestId('which-shot').inputValue()).toBe('DNI reverso');
  await phone.getByTestId('send').click();
  await expectShots(['accepted', 'received', 'accepted'], ['accepted', 'sent', 'accepted']);
  expect(await phone.getByTestId('retake').count()).toBe(0);
  await cardOf('DNI reverso').and(deskCard(at, 'received')).getByTestId('accept').click();
  await expectShots(['accepted', 'accepted', 'accepted'], ['accepted', 'accepted', 'accepted']);
  await phone.getByTestId('done').getByText('Fotos aceptadas').waitFor();

  const { photos } = await place.client.send('photos', 'list', { idPersona: 'DNI-1010' });
  expect(photos.map(({ shot, status, reason }) => [shot, status, reason]).sort()).toEqual([
    ['DNI anverso', 'accepted', null],
    ['DNI reverso', 'accepted', null],
    ['DNI reverso', 'rejected', 'Cortada'],
    ['Rostro', 'accepted', null],
  ]);
  expect(complaintsOf()).toEqual([]);
});

test('[JOB11] desk and phone write to each other with every tick, also through a break of the network, once and in order', async () => {
  const morning = await desk();
  const { page: phone, context } = await visitor(morning.page, 'CHAT-1111');

  // The phone has it before anybody looks, and then somebody does.
  await deskSays(morning.page, 'Buenos días, ¿trae el DNI?');
  await deskMessage(morning.page, '¿trae el DNI?', 'delivered').waitFor();
  await phone.getByTestId('chat-news').getByText('¿trae el DNI?').waitFor();
  await openChat(phone);
  await deskMessage(morning.page, '¿trae el DNI?', 'read').getByText('Leído').waitFor();

  // At the desk the page is closed; then there is one again; then they look.
  await morning.context.close();
  await phoneSays(phone, 'Sí, aquí lo tengo');
  await phoneMessage(phone, 'aquí lo tengo', 'sent').getByText('Enviado').waitFor();
  const { page: at } = await desk();
  await phoneMessage(phone, 'aquí lo tengo', 'delivered').getByText('Entregado').waitFor();
  await tab(at, 'CHAT-1111').getByTestId('unread-messages').waitFor();
  await tab(at, 'CHAT-1111').click();
  await phoneMessage(phone, 'aquí lo tengo', 'read').getByText('Leído').waitFor();

  await context.setOffline(true);
  await phone.getByTestId('chat-offline').waitFor();
  await phoneSays(phone, 'Se me fue la red');
  await phoneSays(phone, '¿Sigue ahí?');
  await phoneMessage(phone, '¿Sigue ahí?', 'waiting').getByText('Se enviará cuando vuelva la conexión').waitFor();
  await deskSays(at, 'Le espero');
  await deskMessage(at, 'Le espero', 'sent').waitFor();
  await pictures('apart', { desk: at, phone });
  expect(await deskMessage(at, 'Se me fue la red').count()).toBe(0);
  await context.setOffline(false);
  await phoneMessage(phone, '¿Sigue ahí?', 'read').waitFor();
  await phoneMessage(phone, 'Se me fue la red', 'read').waitFor();
  await deskMessage(at, 'Le espero', 'read').waitFor();

  const said = ['¿trae el DNI?', 'aquí lo tengo', 'Le espero', 'Se me fue la red', '¿Sigue ahí?'].map(words =>
    expect.stringContaining(words),
  );
  await expect.poll(() => phone.getByTestId('message').allTextContents()).toEqual(said);
  await expect.poll(() => at.getByTestId('chat-message').allTextContents()).toEqual(said);
  // The browser itself says that a connection without a network failed.
  expect(complaintsOf().filter(text => !/ERR_INTERNET_DISCONNECTED/.test(text))).toEqual([]);
});

/** What a phone's page gets: every word on its socket, and each address that it asks for. */
function listen(phone: Page): { heard: string[]; asked: string[] } {
  const [heard, asked]: [string[], string[]] = [[], []];
  phone.on('websocket', socket => socket.on('framereceived', ({ payload }) => heard.push(payload.toString())));
  phone.on('request', request => asked.push(request.url()));
  return { heard, asked };
}

/** The colour that is strongest in each photo on the desk's page: 0 red, 1 green, 2 blue. */
function tones(at: Page): Promise<number[]> {
  return deskCard(at)
    .locator('img')
    .evaluateAll(all =>
      all.map(img => {
        const pen = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d');
        if (!pen || !(img instanceof HTMLImageElement)) return -1;
        pen.drawImage(img, 0, 0, 1, 1);
        const [red = 0, green = 0, blue = 0] = pen.getImageData(0, 0, 1, 1).data;
        return [red, green, blue].indexOf(Math.max(red, green, blue));
      }),
    );
}

test('[JOB12] two visitors at once: what each sends lands under their own name, and neither phone gets anything of the other', async () => {
  const { page: at } = await desk();
  const [ana, bea] = [
    { idPersona: 'ANA-11111', color: '#c04040', tone: 0, words: 'palabras-de-ana' },
    { idPersona: 'BEA-22222', color: '#4040c0', tone: 2, words: 'palabras-de-bea' },
  ];
  const addresses = [await receive(at, bea.idPersona)];
  // The desk goes on to the next one while the first is still looking for their phone.
  await at.getByRole('button', { name: 'Ocultar' }).click();
  addresses.push(await receive(at, ana.idPersona));
  const phones = [
    await openPhone(browser, place, { device: 'Pixel 7' }),
    await openPhone(browser, place, { device: 'iPhone 15', locale: 'en-GB' }),
  ];
  open.push(...phones);
  const [forBea, forAna] = phones.map(({ page }) => page);
  if (!forBea || !forAna) throw new Error('two phones');
  const [beasEars, anasEars] = [listen(forBea), listen(forAna)];
  await Promise.all(
    phones.map(async ({ page }, index) => {
      await page.goto(addresses[index] ?? '');
      await page.getByTestId('consent').click();
      await online(page).waitFor();
    }),
  );
  // The desk has Ana before it.
  await tab(at, ana.idPersona).click();
  await at.getByTestId('chat-input').waitFor();

  const visits = [
    { ...ana, page: forAna },
    { ...bea, page: forBea },
  ];
  const turn = async ({ page, color, words }: (typeof visits)[number], n: number) => {
    await send(page, await photo(color));
    await openChat(page);
    await phoneSays(page, `${words} ${n}`);
    await phoneMessage(page, `${words} ${n}`).waitFor();
    await closeChat(page);
  };
  for (const n of [1, 2, 3]) await Promise.all(visits.map(visit => turn(visit, n)));

  const beasTab = tab(at, bea.idPersona);
  await expect.poll(() => beasTab.getByTestId('unread').textContent()).toBe('33 fotos sin ver');
  await expect.poll(() => beasTab.getByTestId('unread-messages').textContent()).toBe('33 mensajes sin leer');
  expect(await tab(at, ana.idPersona).locator('[data-testid^=unread]').count()).toBe(0);
  await pictures('two', { desk: at });
  const sees = async (who: typeof ana, other: typeof ana) => {
    await expect.poll(() => tones(at)).toEqual([who.tone, who.tone, who.tone]);
    await expect.poll(() => at.getByTestId('chat-message').count()).toBe(3);
    expect(await at.getByRole('log').textContent()).toContain(`${who.words} 3`);
    expect(await at.getByRole('log').textContent()).not.toContain(other.words);
  };
  await sees(ana, bea);
  await deskCard(at).first().getByTestId('accept').click();
  await deskSays(at, 'respuesta-para-ana');
  await phoneCard(forAna, 'accepted').waitFor();
  await beasTab.click();
  await sees(bea, ana);
  await expect.poll(() => beasTab.locator('[data-testid^=unread]').count()).toBe(0);
  await deskCard(at).first().getByTestId('reject').click();
  await at.getByTestId('reject-text').fill('motivo-para-bea');
  await at.getByTestId('reject-text').press('Enter');
  await deskSays(at, 'respuesta-para-bea');
  await phoneCard(forBea, 'rejected').getByText('motivo-para-bea').waitFor();

  const { photos } = await place.client.send('photos', 'list', {});
  const { sessions } = await place.client.send('sessions', 'list', {});
  const ownOf = ({ idPersona, words }: typeof ana, name: string) => [
    idPersona,
    words,
    `para-${name}`,
    ...sessions.filter(session => session.idPersona === idPersona).map(({ id }) => id),
    ...photos.filter(one => one.idPersona === idPersona).map(({ id }) => id),
  ];
  for (const [page, ears, own, others] of [
    [forAna, anasEars, ownOf(ana, 'ana'), ownOf(bea, 'bea')],
    [forBea, beasEars, ownOf(bea, 'bea'), ownOf(ana, 'ana')],
  ] as const) {
    expect(own).toHaveLength(7);
    await openChat(page);
    await phoneMessage(page, own[2] ?? '').waitFor();
    expect(await phoneCard(page).count()).toBe(3);
    expect(await page.getByTestId('message').count()).toBe(4);
    const everything = [await page.content(), ...ears.heard, ...ears.asked].join('\n');
    for (const words of own.slice(1)) expect(everything).toContain(words);
    for (const words of others) expect(everything).not.toContain(words);
  }
  expect(complaintsOf()).toEqual([]);
});
