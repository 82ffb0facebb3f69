/** A visit in the other language, with a code that is typed by hand: each page is switched by its own button. */
import type { Browser, Page } from 'playwright';
import { expect, test } from 'vitest';
import { openChromium } from './chromium.ts';
import { openPage } from './desk-page.ts';
import { openPhone } from './phone-page.ts';
import { openPlace, type Place } from './place.ts';
import { stage } from './stage.ts';
import { deskCard, photo, send } from './visit.ts';

let place: Place;
let browser: Browser;

stage(async () => {
  [place, browser] = await Promise.all([openPlace(), openChromium()]);
  return [browser, place];
});

/** A page of the desk's in a browser of its own, so that no other one has switched it before. */
async function another(path: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(`${place.localUrl}${path}#token=${place.token}`);
  return page;
}

/** The words are on the screen, and the page says in which language it is. */
async function reads(page: Page, lang: 'es' | 'en', ...words: string[]): Promise<void> {
  for (const text of words) await page.getByText(text, { exact: true }).first().waitFor();
  await page.locator(`html[lang=${lang}]`).waitFor();
}

test('[JOB17] a code typed by hand, then the whole visit in the other language, on the phone, at the desk, on the visitor’s screen and on the dashboard', async () => {
  const { page: at, complaints } = await openPage(browser, place, { viewport: { width: 1366, height: 768 } });
  const [screen, board] = [await another('/display'), await another('/dashboard')];
  const visitor = await openPhone(browser, place, { device: 'iPhone 15' });
  const { page: phone } = visitor;

  await reads(at, 'es', 'Continúe en su teléfono', 'Listo para el siguiente visitante', 'Mostrar QR');
  await at.getByRole('button', { name: 'English' }).click();
  await reads(at, 'en', 'Continue on your phone', 'Ready for the next visitor', 'Show QR');
  await reads(screen, 'es', 'Le damos la bienvenida');
  await screen.getByRole('button', { name: 'English' }).click();
  await reads(screen, 'en', 'Welcome', 'When it is your turn, a code for your phone appears here.');
  await reads(board, 'es', 'Panel · Recepción Central', 'Sesiones', 'Escaneo a foto', 'Reconexiones');
  await board.getByRole('button', { name: 'English' }).click();
  await reads(board, 'en', 'Dashboard · Recepción Central', 'Sessions', 'Scan to photo', 'Reconnects');

  await at.getByTestId('idpersona-input').fill('CODE-1717');
  await at.getByTestId('show-qr').click();
  await reads(screen, 'en', 'Scan the code with your phone');
  await phone.goto(place.url);
  await reads(phone, 'es', 'Escriba el código', 'Código de la pantalla', 'Continuar');
  await phone.getByTestId('language').click();
  await reads(phone, 'en', 'Type the code', 'Code on the screen', 'Continue');
  const code = (await at.getByTestId('short-code').textContent()) ?? '';
  // As a person types it: letter by letter, in lower case.
  await phone.getByTestId('code-input').pressSequentially(code.toLowerCase());
  await phone.getByTestId('code-input').press('Enter');
  await reads(phone, 'en', 'Before you start', 'Kept for', 'I do not accept', 'Accept and continue');
  await phone.getByTestId('consent').click();
  await reads(phone, 'en', 'Take the first photo', 'Choose from gallery', 'Take photo', 'Connected', 'End and erase');
  await reads(at, 'en', 'Connected', 'The phone shows the same symbol and colour.', 'No photos yet', 'Another phone');
  await reads(screen, 'en', 'Your phone is paired', 'Take the photo with your phone');

  await send(phone, await photo('#c04040'));
  await reads(phone, 'en', 'All sent', 'Your photos', 'Sent');
  await reads(at, 'en', 'To review', 'Accept');
  await reads(screen, 'en', 'Photo received: we are looking at it', '1 photo');
  await deskCard(at).getByTestId('reject').click();
  await reads(at, 'en', 'What is wrong with this photo?', 'Blurred', 'Cut off', 'Glare');
  await at.getByTestId('reject-reason').filter({ hasText: 'Blurred' }).click();
  await reads(phone, 'en', 'They ask for another', '«Blurred»', 'Take another');
  await reads(at, 'en', 'Retake asked');
  await reads(screen, 'en', 'We ask for another photo: look at your phone');
  await deskCard(at).getByTestId('accept').click();
  await reads(phone, 'en', 'Photos accepted', 'Accepted');
  await reads(screen, 'en', 'Photo accepted');
  await at.getByTestId('end-session').click();
  await reads(at, 'en', 'End the session?');
  await at.getByTestId('confirm').click();
  await reads(at, 'en', 'Session ended', 'Next visitor');
  await reads(phone, 'en', 'Your visit has ended', 'Thank you: your photo was accepted.');
  await reads(screen, 'en', 'Thank you', 'We are done with your photos.');

  // It stays so, and the way back is as short.
  for (const [page, english, spanish] of [
    [at, 'Continue on your phone', 'Continúe en su teléfono'],
    [board, 'Scan to photo', 'Escaneo a foto'],
    [phone, 'Type the code', 'Escriba el código'],
  ] as const) {
    await page.reload();
    await reads(page, 'en', english);
    await page.getByRole('button', { name: 'Español' }).click();
    await reads(page, 'es', spanish);
  }
  await screen.getByRole('button', { name: 'Español' }).click();
  await reads(screen, 'es', 'Gracias', 'Hemos terminado con sus fotos.');
  expect([...complaints, ...visitor.complaints]).toEqual([]);
});
