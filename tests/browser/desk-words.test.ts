/** What the desk says is so: what nobody will see, what is still to be done, and whom something would go to. */
import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import { scene } from '../../electron/images/sample-photos.ts';
import { button, choose, deskStage } from './desk-stage.ts';
import { picture } from './picture.ts';

const on = deskStage('WORDx');
const { desk, newPerson, visitor } = on;

const card = (page: Page) => page.getByTestId('session-card');
const photoCard = (page: Page, { id }: { id: string }) =>
  page.locator(`[data-testid=photo-card][data-photo-id="${id}"]`);
const end = (session_id: string) => on.place.client.send('sessions', 'end', { session_id });

test('[DESK540] where no phone sees why another photo is asked for, the question says so', async () => {
  const who = await visitor();
  const photo = await who.send(on.image);
  const { page } = await desk();
  await choose(page, who);
  const seen = page.getByText('El visitante verá el motivo en su teléfono.');
  const unseen = page.getByText('La visita de esta foto no está abierta: nadie verá el motivo.');
  await photoCard(page, photo).getByTestId('reject').click();
  await seen.waitFor();
  // Also where the visit ends while the question stands.
  await end(who.id);
  await unseen.waitFor();
  expect(await seen.count()).toBe(0);
  await picture(page, 'desk-reject-unseen');
  await page.keyboard.press('Escape');
  await unseen.waitFor({ state: 'detached' });

  // The person is here again; the photo is of the visit before.
  await visitor(who.idPersona);
  await photoCard(page, photo).locator('[data-open]').click();
  await page.getByTestId('lightbox').getByTestId('reject').click();
  await unseen.waitFor();
});

test('[DESK541] the question before a session ends says what waits for a verdict and what is missing', async () => {
  const who = await visitor(newPerson(), ['DNI anverso', 'Rostro']);
  const { page } = await desk();
  const text = page.getByRole('dialog').locator('p');
  const plain = 'El teléfono dejará de poder enviar fotos. Las recibidas se conservan.';
  await choose(page, who);
  await button(page, 'Terminar').click();
  await expect.poll(() => text.textContent()).toBe(`${plain} Faltan: DNI anverso, Rostro.`);
  // It follows what comes meanwhile.
  const front = await who.send(on.image, 'DNI anverso');
  const unreviewed = 'Queda 1 foto por revisar: el visitante no sabrá qué ha sido de ella.';
  await expect.poll(() => text.textContent()).toBe(`${plain} ${unreviewed} Falta: Rostro.`);
  await picture(page, 'desk-end-unreviewed');
  await who.send(await scene(620, 450).jpeg().toBuffer(), 'Rostro');
  await expect.poll(() => text.textContent()).toContain('Quedan 2 fotos por revisar');
  expect(await text.textContent()).not.toContain('Falta');
  await on.place.client.send('photos', 'review', { photo_id: front.id, verdict: 'rejected', reason: 'Borrosa' });
  await expect.poll(() => text.textContent()).toBe(`${plain} ${unreviewed} Falta: DNI anverso.`);
});

test('[DESK542] of a visit that ended without a phone the card says so', async () => {
  const idPersona = newPerson();
  const { page } = await desk();
  await page.getByTestId('idpersona-input').fill(idPersona);
  await page.keyboard.press('Enter');
  await page.getByTestId('qr').waitFor();
  await page.getByTitle('Terminar').click();
  await page.getByRole('dialog').getByTestId('confirm').click();
  await card(page).getByText('Sesión terminada').waitFor();
  await card(page).getByText('No llegó ningún teléfono.').waitFor();
  expect(await card(page).getByText('Las recibidas siguen').count()).toBe(0);
});

test('[DESK543] while the phone is away the card says so, and nothing of what it shows', async () => {
  const who = await visitor();
  const { page } = await desk();
  await choose(page, who);
  const match = card(page).getByText('El teléfono muestra el mismo símbolo y color.');
  const away = card(page).getByText('El teléfono no está conectado ahora; lo que envíe llegará cuando vuelva.');
  await match.waitFor();
  expect(await away.count()).toBe(0);
  who.client.close();
  await away.waitFor();
  expect(await match.count()).toBe(0);
  who.client.connect();
  await match.waitFor();
});

test('[DESK544] a visit joins the photos of somebody else only after a question', async () => {
  const [known, who] = [await visitor(), await visitor()];
  await known.send(on.image);
  await end(known.id);
  const { page } = await desk();
  await choose(page, who);
  const assign = async (idPersona: string) => {
    await button(page, 'Corregir idPersona').click();
    await card(page).getByRole('textbox').fill(idPersona);
    await button(page, 'Guardar').click();
  };
  const dialog = page.getByRole('dialog', { name: '¿Es la misma persona?' });
  await assign(known.idPersona);
  await dialog.getByText(`${known.idPersona} ya tiene 1 foto.`).waitFor();
  await picture(page, 'desk-same-person');
  await dialog.getByRole('button', { name: 'Cancelar' }).click();
  await dialog.waitFor({ state: 'detached' });
  expect((await who.now()).idPersona).toBe(who.idPersona);
  await button(page, 'Guardar').click();
  await dialog.getByTestId('confirm').click();
  await expect.poll(async () => (await who.now()).idPersona).toBe(known.idPersona);

  // Nobody is asked about a person who is not there yet, nor about the upper case of the visit's own name.
  for (const idPersona of [newPerson(), newPerson()].flatMap(one => [one, one.toUpperCase()])) {
    await assign(idPersona);
    await page.getByTestId('session-person').getByText(idPersona, { exact: true }).waitFor();
  }
});

test('[DESK545] another spelling of somebody known is offered, for a QR and for a visit', async () => {
  const [known, who] = [await visitor(), await visitor()];
  await end(known.id);
  const typed = known.idPersona.toUpperCase();
  const { page } = await desk();
  const dialog = page.getByRole('dialog', { name: '¿Es la misma persona?' });
  const input = page.getByTestId('idpersona-input');
  const ask = async (idPersona: string) => {
    await input.fill(idPersona);
    await page.getByTestId('show-qr').click();
  };
  await ask(typed);
  await dialog.getByText(`Ya existe ${known.idPersona}, y usted ha escrito ${typed}.`).waitFor();
  await picture(page, 'desk-other-case');
  // Neither.
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  expect(await input.inputValue()).toBe(typed);
  await expect.poll(() => input.evaluate(field => field === document.activeElement)).toBe(true);

  // To a visit, which stays somebody else's.
  await choose(page, who);
  await button(page, 'Corregir idPersona').click();
  await card(page).getByRole('textbox').fill(typed);
  await button(page, 'Guardar').click();
  await button(page, 'Es otra persona').click();
  await expect.poll(async () => (await who.now()).idPersona).toBe(typed);
  await on.place.client.send('sessions', 'assign', { session_id: who.id, idPersona: newPerson() });

  // For a QR: that of the one who is known, and no question where it is the very same.
  await ask(typed);
  await button(page, `Usar ${known.idPersona}`).click();
  await page.getByText(`Para ${known.idPersona}`, { exact: true }).waitFor();
  expect(await input.inputValue()).toBe('');
  await page.getByTitle('Ocultar').click();
  // Whose session is open by now.
  await ask(typed);
  await button(page, `Usar ${known.idPersona}`).click();
  await page.getByText(`Para ${known.idPersona}`, { exact: true }).waitFor();
  await page.getByTitle('Terminar').click();
  await page.getByRole('dialog').getByTestId('confirm').click();
  await card(page).getByText('Sesión terminada').waitFor();
  await ask(known.idPersona);
  await page.getByText(`Para ${known.idPersona}`, { exact: true }).waitFor();
});

test('[DESK545] a bar code reader is asked nothing, and ends what a person is asked', async () => {
  const [known, next] = [await visitor(), newPerson()];
  await end(known.id);
  const typed = known.idPersona.toUpperCase();
  const { page } = await desk();
  await page.getByTestId('idpersona-input').fill(typed);
  await page.getByTestId('show-qr').click();
  await button(page, 'Es otra persona').waitFor();
  await page.keyboard.type(`${next}\n`);
  await page.getByText(`Para ${next}`, { exact: true }).waitFor();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.keyboard.type(`${typed}\n`);
  await page.getByText(`Para ${typed}`, { exact: true }).waitFor();
  const sessions = (await on.place.client.send('sessions', 'list', {})).sessions.filter(({ qr }) => qr !== null);
  expect(sessions.map(({ idPersona }) => idPersona)).toEqual(expect.arrayContaining([next, typed]));
});

test('[DESK546] what was written in an earlier visit can still be read', async () => {
  const first = await visitor();
  await first.send(on.image);
  await first.say('Vengo por el pasaporte');
  await end(first.id);
  // Nothing is written in it.
  await end((await visitor(first.idPersona)).id);
  const third = await visitor(first.idPersona);
  const { page } = await desk({ viewport: { width: 1366, height: 768 } });
  await choose(page, third);
  const visits = page.getByTestId('chat-visit');
  const message = page.getByTestId('chat-message').filter({ hasText: 'Vengo por el pasaporte' });
  await visits.waitFor();
  expect(await visits.locator('option').count()).toBe(2);
  expect(await message.count()).toBe(0);
  await visits.selectOption(first.id);
  await message.waitFor();
  await page.getByText('aquí solo se leen').waitFor();
  expect([await page.getByTestId('chat-input').count(), await page.getByTestId('quick-reply').count()]).toEqual([0, 0]);
  await picture(page, 'desk-earlier-chat');
  await visits.selectOption('Esta visita');
  await page.getByTestId('chat-input').waitFor();
  await picture(page, 'desk-this-chat');

  // Also where a QR came after it that nobody scanned.
  await end(third.id);
  const { session } = await on.place.show({ idPersona: first.idPersona });
  await choose(page, session);
  await end(session.id);
  await message.waitFor();
});

test('[DESK547] the choice of a list of photos says that it is for the next QR', async () => {
  const { page } = await desk({ viewport: { width: 1366, height: 768 } });
  const choice = page.getByLabel('Fotos para el próximo QR', { exact: true });
  await choice.selectOption({ index: 1 });
  await picture(page, 'desk-next-list');
  // The label stays in one line, and leaves room for a name of some length.
  const [label, field] = [page.getByText('Fotos para el próximo QR', { exact: true }), choice];
  expect((await label.boundingBox())?.height).toBeLessThan(30);
  expect((await field.boundingBox())?.width).toBeGreaterThan(140);
});

test('[DESK548] the buttons that hide a QR and that end it say whether its code goes on working', async () => {
  const { page } = await desk();
  await page.getByTestId('idpersona-input').fill(newPerson());
  await page.keyboard.press('Enter');
  await page.getByTestId('qr').waitFor();
  // A title is read after the name.
  expect(await button(page, 'Ocultar').getAttribute('title')).toBe('Ocultar: el código sigue valiendo');
  expect(await button(page, 'Terminar').getAttribute('title')).toBe('Terminar: el código deja de valer');
});
