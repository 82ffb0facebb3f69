/** The phone's page for whoever does not see it: where the focus is after each step, and what is read aloud. */
import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import { card, chooseFiles, openPaired, openPhone } from './phone-page.ts';
import { phoneStage } from './phone-stage.ts';

const on = phoneStage();

const focused = (page: Page) =>
  page.evaluate(() => `${document.activeElement?.tagName} ${document.activeElement?.textContent}`);

test('[PHONE460] after each step the focus is on the title of the screen that is there now', async () => {
  const { page } = await openPhone(on.browser, on.desk);
  await page.goto((await on.desk.show({ idPersona: 'P-1', shots: ['Anverso'] })).address);
  const isOn = (title: string) => expect.poll(() => focused(page)).toBe(`H1 ${title}`);
  await isOn('Fotos para el mostrador');
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
  await expect.poll(told).toEqual(['Todo enviado']);
  const { photos } = await on.desk.client.send('photos', 'list', { limit: 1 });
  const photo_id = photos[0]?.id ?? '';
  await on.desk.client.send('photos', 'review', { photo_id, verdict: 'rejected', reason: 'Sale un dedo' });
  await card(page, 'rejected').waitFor();
  await expect.poll(told).toEqual(['Todo enviado', 'Le piden otra: Foto. Sale un dedo']);
  await page.getByRole('button', { name: 'Hacer otra: Foto' }).waitFor();
  await on.desk.client.send('photos', 'review', { photo_id, verdict: 'accepted' });
  await card(page, 'accepted').waitFor();
  await expect.poll(told).toEqual(['Todo enviado', 'Le piden otra: Foto. Sale un dedo', 'Todo enviado']);
});

test('[PHONE461] of photos that were asked for it is told which are there, accepted, asked for again and missing', async () => {
  const { page } = await openPaired(on.browser, on.desk, {
    session: { idPersona: 'P-461', shots: ['Anverso', 'Rostro'] },
  });
  const heard = (text: string) =>
    expect
      .poll(() =>
        page
          .getByTestId('heard')
          .textContent()
          .then(told => told?.trim()),
      )
      .toBe(text);
  const send = async () => {
    const received = on.desk.hears('photo_received');
    await chooseFiles(page, 'take', { name: 'a.jpg', bytes: on.photo });
    await page.locator('[data-testid=send]:enabled').click();
    return (await received).id;
  };
  const review = (photo_id: string, verdict: 'accepted' | 'rejected', reason?: string) =>
    on.desk.client.send('photos', 'review', { photo_id, verdict, ...(reason ? { reason } : {}) });
  await heard('');
  const front = await send();
  await heard('Enviada: Anverso. Falta: Rostro.');
  await review(front, 'accepted');
  await heard('Aceptada: Anverso. Falta: Rostro.');
  const face = await send();
  await heard('Todo enviado. Aceptada: Anverso. Enviada: Rostro.');
  await review(face, 'rejected', 'Sale un dedo');
  await heard('Le piden otra: Rostro. Sale un dedo. Aceptada: Anverso. Falta: Rostro.');
  await review(face, 'accepted');
  await heard('Fotos aceptadas');
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
