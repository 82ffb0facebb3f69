/** The phone's page for whoever does not see it: where the focus is after each step, and what is read aloud. */
import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import { scene } from '../../electron/images/sample-photos.ts';
import { card, chooseFiles, openPaired, openPhone } from './phone-page.ts';
import { phoneStage } from './phone-stage.ts';
import { picture } from './picture.ts';

const on = phoneStage();

const focused = (page: Page) =>
  page.evaluate(() => `${document.activeElement?.tagName} ${document.activeElement?.textContent}`);

const heardOn = async (page: Page) => (await page.getByTestId('heard').textContent())?.trim();

/** One more photo on its way to the desk; its id once it is there. */
async function send(page: Page, name: string): Promise<string> {
  const received = on.desk.hears('photo_received');
  await chooseFiles(page, 'take', { name, bytes: on.photo });
  await page.locator('[data-testid=send]:enabled').click();
  return (await received).id;
}

const reject = (photo_id: string, reason: string) =>
  on.desk.client.send('photos', 'review', { photo_id, verdict: 'rejected', reason });

test('[PHONE460] after each step the focus is on the title of the screen that is there now', async () => {
  const { page } = await openPhone(on.browser, on.desk);
  await page.goto((await on.desk.show({ idPersona: 'P-1', shots: ['Anverso'] })).address);
  const isOn = (title: string) => expect.poll(() => focused(page)).toBe(`H1 ${title}`);
  await isOn('Antes de empezar');
  await page.getByTestId('consent').click();
  await page.getByTestId('visit-screen').waitFor();
  await isOn('Fotos para el mostrador');
  await chooseFiles(page, 'take', { name: 'a.jpg', bytes: on.photo });
  await isOn('Revise antes de enviar');
  await page.locator('[data-testid=send]:enabled').click();
  await card(page, 'received').waitFor();
  await isOn('Fotos para el mostrador');
  // A sheet gives it back to what opened it.
  await page.getByTestId('chat').click();
  await expect.poll(() => focused(page)).toBe('H2 Mensajes con el mostrador');
  await page.getByTestId('chat-close').click();
  await expect.poll(() => focused(page)).toBe('BUTTON Mensajes');
  // And by keyboard alone from there to the end.
  await page.getByTestId('leave').focus();
  await page.keyboard.press('Enter');
  await isOn('¿Terminar y borrar?');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await isOn('Su visita terminó');
});

test('[PHONE461] what became of the photos is read aloud once, whatever number of them changed how often', async () => {
  const { page } = await openPaired(on.browser, on.desk);
  await chooseFiles(page, 'choose', ...['a', 'b', 'c'].map(name => ({ name: `${name}.jpg`, bytes: on.photo })));
  await page.locator('[data-testid=send]:enabled').waitFor();
  await page.evaluate(() => {
    const told: string[] = [];
    Object.assign(window, { told });
    new MutationObserver(changes => {
      for (const { target } of changes) {
        const element = target instanceof Element ? target : target.parentElement;
        const live = element?.closest('[role=status], [role=alert], [aria-live]');
        const text = live?.textContent?.trim();
        if (text && told.at(-1) !== text) told.push(text);
      }
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
  });
  const told = () => page.evaluate(() => Reflect.get(window, 'told'));
  await page.getByTestId('send').click();
  await expect.poll(() => card(page, 'received').count()).toBe(3);
  const [sending, sent] = [
    'Enviando.',
    'Todo enviado. Ya puede volver al mostrador. Si le piden otra foto, lo verá aquí.',
  ];
  await expect.poll(told).toEqual([sending, sent]);
  const { photos } = await on.desk.client.send('photos', 'list', { limit: 1 });
  const photo_id = photos[0]?.id ?? '';
  await on.desk.client.send('photos', 'review', { photo_id, verdict: 'rejected', reason: 'Sale un dedo' });
  await card(page, 'rejected').waitFor();
  await expect.poll(told).toEqual([sending, sent, 'Le piden otra: Foto. Sale un dedo.']);
  await page.getByRole('button', { name: 'Hacer otra: Foto' }).waitFor();
  await on.desk.client.send('photos', 'review', { photo_id, verdict: 'accepted' });
  await card(page, 'accepted').waitFor();
  await expect.poll(told).toEqual([sending, sent, 'Le piden otra: Foto. Sale un dedo.', sent]);
});

test('[PHONE461] of photos that were asked for it is told which are there, accepted, asked for again and missing', async () => {
  const { page } = await openPaired(on.browser, on.desk, {
    session: { idPersona: 'P-461', shots: ['Anverso', 'Rostro'] },
  });
  const heard = (text: string) => expect.poll(() => heardOn(page)).toBe(text);
  const review = (photo_id: string, verdict: 'accepted' | 'rejected', reason?: string) =>
    on.desk.client.send('photos', 'review', { photo_id, verdict, ...(reason ? { reason } : {}) });
  await heard('');
  const front = await send(page, 'a.jpg');
  await heard('Enviada: Anverso. Falta: Rostro.');
  await review(front, 'accepted');
  await heard('Aceptada: Anverso. Falta: Rostro.');
  const face = await send(page, 'b.jpg');
  await heard(
    'Todo enviado. Ya puede volver al mostrador. Si le piden otra foto, lo verá aquí. Aceptada: Anverso. Enviada: Rostro.',
  );
  await review(face, 'rejected', 'Sale un dedo');
  await heard('Le piden otra: Rostro. Sale un dedo. Aceptada: Anverso. Falta: Rostro.');
  await review(face, 'accepted');
  await heard('Fotos aceptadas. Ya puede volver al mostrador.');
});

test('[PHONE468] a ready reason is shown in the phone’s language whatever the desk’s is; words of one’s own stay as they are', async () => {
  const { page } = await openPaired(on.browser, on.desk, { locale: 'en-GB' });
  await chooseFiles(page, 'take', { name: 'a.jpg', bytes: on.photo });
  const received = on.desk.hears('photo_received');
  await page.locator('[data-testid=send]:enabled').click();
  const { id: photo_id } = await received;
  for (const { reason, english, spanish } of [
    { reason: 'Con reflejos', english: 'Glare', spanish: 'Con reflejos' },
    { reason: 'Cut off', english: 'Cut off', spanish: 'Cortada' },
    { reason: 'Borrosa abajo', english: 'Borrosa abajo', spanish: 'Borrosa abajo' },
  ]) {
    await on.desk.client.send('photos', 'review', { photo_id, verdict: 'rejected', reason });
    await card(page, 'rejected').getByText(`«${english}»`, { exact: true }).waitFor();
    await page.getByTestId('language').click();
    await card(page, 'rejected').getByText(`«${spanish}»`, { exact: true }).waitFor();
    await page.getByTestId('language').click();
  }
});

test('[PHONE470] of each photo that is asked for again it is told which and why, and of those on their way how they stand', async () => {
  const { page, context } = await openPaired(on.browser, on.desk, {
    session: { idPersona: 'P-470', shots: ['Anverso', 'Rostro'] },
  });
  const [front, face] = [await send(page, 'a.jpg'), await send(page, 'b.jpg')];
  await reject(face, 'Borrosa');
  await expect.poll(() => heardOn(page)).toBe('Le piden otra: Rostro. Borrosa. Enviada: Anverso. Falta: Rostro.');
  await reject(front, 'Cortada');
  await expect
    .poll(() => heardOn(page))
    .toBe('Le piden otra: Rostro. Borrosa. Le piden otra: Anverso. Cortada. Falta: Anverso, Rostro.');
  await context.setOffline(true);
  await chooseFiles(page, 'take', { name: 'c.jpg', bytes: on.photo });
  await page.locator('[data-testid=send]:enabled').click();
  await expect.poll(() => heardOn(page)).toBe('Le piden otra: Rostro. Borrosa. Esperando a la red…');
  await context.setOffline(false);
  await expect.poll(() => heardOn(page)).toBe('Le piden otra: Rostro. Borrosa. Enviada: Anverso. Falta: Rostro.');
});

test('[PHONE471] what is said of a photo reaches whoever has the messages open, to be heard and seen', async () => {
  const { page } = await openPaired(on.browser, on.desk);
  const id = await send(page, 'a.jpg');
  await page.getByTestId('chat').click();
  const heard = page.getByTestId('chat-sheet').getByTestId('heard');
  await heard.waitFor({ state: 'attached' });
  expect(await page.getByTestId('heard').count()).toBe(1);
  expect(await heard.getAttribute('class')).toBe('unseen');
  await reject(id, 'Con reflejos');
  await heard.getByText('Le piden otra: Foto. Con reflejos.').waitFor();
  expect(await heard.getAttribute('class')).toBe('notice warn');
  await picture(page, 'phone-chat-rejected');
});

test('[PHONE472] where the button that was pressed is gone, the focus goes on to the title', async () => {
  const { page, session } = await openPaired(on.browser, on.desk);
  const { session: now } = await on.desk.client.send('sessions', 'get', { session_id: session.id });
  const conversation_id = now.conversation_id ?? '';
  await on.desk.client.send('messages', 'create', {
    message: { conversation_id, sender_id: 'operator', content: 'Buenos días', type: 'texto' },
  });
  await page.getByRole('button', { name: 'Ocultar el aviso' }).press('Enter');
  await expect.poll(() => focused(page)).toBe('H1 Haga la primera foto');
});

test('[PHONE473] the language’s button is named by the word that it shows, in that language', async () => {
  const { page } = await openPaired(on.browser, on.desk);
  for (const [name, lang] of [
    ['English', 'en'],
    ['Español', 'es'],
  ] as const) {
    const button = page.getByRole('button', { name, exact: true });
    expect(await button.getAttribute('lang')).toBe(lang);
    await button.click();
  }
});

test('[PHONE474] which of the chosen photos is looked at, and what may be wrong with it, is told', async () => {
  const { page } = await openPaired(on.browser, on.desk);
  const small = await scene(200, 150).jpeg().toBuffer();
  await chooseFiles(page, 'choose', { name: 'a.jpg', bytes: on.photo }, { name: 'b.jpg', bytes: small });
  const told = page.locator('[data-testid=review-screen] > [role=status]');
  await expect.poll(() => told.textContent()).toBe('Foto 1 de 2. La foto parece movida: compruebe que se lee.');
  await page.getByTestId('draft').nth(1).click();
  await expect.poll(() => told.textContent()).toBe('Foto 2 de 2. La foto es pequeña: puede que no se lea bien.');
  await page.getByTestId('remove').click();
  await expect.poll(() => told.textContent()).toBe('Foto 1 de 1. La foto parece movida: compruebe que se lee.');
});

test('[PHONE475] the ready names of photos are shown in the phone’s language, and go to the desk as it wrote them', async () => {
  const { page } = await openPaired(on.browser, on.desk, {
    locale: 'en-GB',
    session: { idPersona: 'P-475', shots: ['DNI anverso', 'Carné de socio'] },
  });
  await page.getByText('Take photo: ID card, front').waitFor();
  expect(await page.locator('.shot-name').allTextContents()).toEqual([
    'ID card, front',
    'Carné de socio',
    'Another photo',
  ]);
  const id = await send(page, 'a.jpg');
  expect((await on.desk.client.send('photos', 'get', { photo_id: id })).photo.shot).toBe('DNI anverso');
  await card(page, 'received').getByRole('heading', { name: 'ID card, front' }).waitFor();
  await expect.poll(() => heardOn(page)).toBe('Sent: ID card, front. Missing: Carné de socio.');
  await page.getByTestId('language').click();
  await card(page, 'received').getByRole('heading', { name: 'DNI anverso' }).waitFor();
});

test('[PHONE476] who is done is not urged to take another photo, and the goodbye counts what has no verdict yet', async () => {
  const { page, session } = await openPaired(on.browser, on.desk);
  const camera = page.locator('label.button', { has: page.getByTestId('take') });
  expect(await camera.getAttribute('class')).toBe('button primary');
  const first = await send(page, 'a.jpg');
  await page.getByTestId('done').waitFor();
  expect(await camera.getAttribute('class')).toBe('button secondary');
  expect(await camera.textContent()).toBe('Hacer otra');
  await send(page, 'b.jpg');
  await on.desk.client.send('photos', 'review', { photo_id: first, verdict: 'accepted' });
  await card(page, 'accepted').waitFor();
  await on.desk.client.send('sessions', 'end', { session_id: session.id });
  await page.getByTestId('ended-screen').getByText('El mostrador recibió 2 fotos. 1 está aceptada.').waitFor();
  expect(await page.getByTestId('ended-screen').textContent()).not.toContain('Gracias');
});
