/** What people at the desk do by mistake: a wrong number, a second click, a button pressed while the server is away. */
import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import { scene } from '../../electron/images/sample-photos.ts';
import { button, choose, deskStage, tab } from './desk-stage.ts';
import { picture } from './picture.ts';

const on = deskStage('SLIP');
const { desk, newPerson, visitor } = on;

const bubble = (page: Page, text: string) => page.getByTestId('chat-message').filter({ hasText: text });
const answer = (page: Page) => page.getByRole('dialog').getByTestId('confirm');
const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute('data-testid') ?? document.activeElement?.textContent);

test('[DESK407] a session is not given the idPersona of another one; where two have it all the same, one writes to the phone of the one that is selected', async () => {
  const [one, other] = [await visitor(), await visitor()];
  const { page } = await desk();
  await choose(page, one);
  await button(page, 'Corregir idPersona').click();
  await page.keyboard.type(other.idPersona);
  await page.keyboard.press('Enter');
  await page.getByText(`${other.idPersona} ya tiene una sesión abierta: termínela`).waitFor();
  expect((await one.now()).idPersona).toBe(one.idPersona);
  await page.keyboard.press('Escape');
  await expect.poll(() => focused(page)).toBe('Corregir idPersona');

  // Another system may.
  await on.place.client.send('sessions', 'assign', { session_id: one.id, idPersona: other.idPersona });
  await tab(page, one.idPersona).waitFor({ state: 'detached' });
  for (const [to, text] of [
    [one, '¿Mensaje para el primero?'],
    [other, '¿Mensaje para el segundo?'],
  ] as const) {
    await choose(page, to);
    await page.getByTestId('chat-input').fill(text);
    await page.keyboard.press('Enter');
    await expect.poll(() => to.said).toContain(text);
    await to.say(`Respuesta a ${text}`);
    await bubble(page, `Respuesta a ${text}`).waitFor();
  }
  expect(one.said).toEqual(['¿Mensaje para el primero?']);
  expect(other.said).toEqual(['¿Mensaje para el segundo?']);
  // The one who is not looked at is counted.
  await one.say('¿Hay alguien?');
  await expect
    .poll(() => tab(page, other.idPersona).getByTestId('unread-messages').textContent())
    .toContain('1 mensaje sin leer');
});

test('[DESK408] a second click in one place sends nothing twice, nor what stood behind, and opens one session', async () => {
  const who = await visitor();
  const photo = await who.send(on.image);
  const { page } = await desk({ viewport: { width: 1366, height: 768 } });
  await choose(page, who);
  await page.locator(`[data-photo-id="${photo.id}"]`).getByTestId('reject').click();
  await page.getByTestId('reject-reason').first().dblclick();
  await page.locator(`[data-photo-id="${photo.id}"][data-status=rejected]`).waitFor();
  const reply = page.getByTestId('quick-reply').first();
  const text = (await reply.textContent()) ?? '';
  await reply.dblclick();
  await expect.poll(() => who.said).toEqual([text]);

  const before = (await on.place.client.send('sessions', 'list', {})).sessions.length;
  await button(page, 'Siguiente visitante').click();
  await button(page, 'Mostrar un QR de bienvenida').dblclick();
  await page.getByTestId('qr').waitFor();
  expect((await on.place.client.send('sessions', 'list', {})).sessions.length).toBe(before + 1);
  expect(who.said).toEqual([text]);
});

test('[DESK335] while the server is away nothing is asked for that it would do later, when nobody wants it any more', async () => {
  const who = await visitor();
  const { page } = await desk();
  await choose(page, who);
  await button(page, 'Terminar').click();
  await answer(page).waitFor();
  await on.place.stopServer();
  await page.locator('[data-testid=connection][data-state=offline]').waitFor();
  expect(await answer(page).isDisabled()).toBe(true);
  await page.getByRole('dialog').getByRole('button', { name: 'Cancelar' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  for (const name of ['Corregir idPersona', 'Otro teléfono', 'Terminar'])
    expect([name, await button(page, name).isDisabled()]).toEqual([name, true]);
  await on.place.startServer();
  await expect.poll(() => button(page, 'Terminar').isEnabled()).toBe(true);
  expect((await who.now()).status).toBe('authenticated');
});

test('[DESK409] a phone that is connected is replaced only after a question; one that is away at once', async () => {
  const who = await visitor();
  const { page } = await desk();
  await choose(page, who);
  await page.getByTestId('session-card').getByText('Conectado').waitFor();
  await button(page, 'Otro teléfono').click();
  await page.getByRole('dialog').getByText('perderá lo que aún no ha enviado').waitFor();
  await picture(page, 'desk-replace');
  await page.getByRole('dialog').getByRole('button', { name: 'Cancelar' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect((await who.now()).status).toBe('authenticated');

  who.client.close();
  await page.getByTestId('session-card').getByText('Ausente').waitFor();
  await button(page, 'Otro teléfono').click();
  await page.getByTestId('qr').waitFor();
});

test('[DESK410] Ctrl+Z with nothing to take back leaves the viewer and the fields behind it alone', async () => {
  const who = await visitor();
  const photo = await who.send(on.image);
  const { page } = await desk();
  await page.getByTestId('idpersona-input').fill('4012');
  await page.getByTestId('idpersona-input').press('Control+a');
  await page.keyboard.press('Delete');
  await choose(page, who);
  await page.locator(`[data-photo-id="${photo.id}"] [data-open]`).click();
  const viewer = page.getByTestId('lightbox');
  await viewer.waitFor();
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  expect(await page.getByTestId('idpersona-input').inputValue()).toBe('');
  await page.keyboard.press('Escape');
  await viewer.waitFor({ state: 'detached' });

  // In a field it is the field's own.
  await page.getByTestId('idpersona-input').focus();
  await page.keyboard.press('Control+z');
  expect(await page.getByTestId('idpersona-input').inputValue()).not.toBe('');
});

test('[DESK411] where the button that was pressed is gone, the keyboard goes on from what took its place', async () => {
  const who = await visitor();
  const { page } = await desk();
  const press = async (name: string) => {
    await button(page, name).focus();
    await page.keyboard.press('Enter');
  };
  await page.getByTestId('idpersona-input').fill(who.idPersona);
  await page.keyboard.press('Enter');
  await press('Ver esa sesión');
  await expect.poll(() => focused(page)).toBe('session-card');

  await press('Corregir idPersona');
  await page.keyboard.type(newPerson());
  await page.keyboard.press('Enter');
  await expect.poll(() => focused(page)).toBe('Corregir idPersona');

  await press('Otro teléfono');
  await answer(page).focus();
  await page.keyboard.press('Enter');
  await page.getByTestId('qr').waitFor();
  await expect.poll(() => page.locator('section:focus').getByTestId('qr').count()).toBe(1);

  await press('Ocultar');
  await expect.poll(() => focused(page)).toBe('idpersona-input');
  await choose(page, who);
  await press('Terminar');
  await answer(page).focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => focused(page)).toBe('session-card');
  await press('Nuevo QR para esta persona');
  await expect.poll(() => page.locator('section:focus').getByTestId('qr').count()).toBe(1);
});

test('[DESK412] a photo that was moved to somebody else can be taken back', async () => {
  const who = await visitor();
  const photo = await who.send(on.image);
  const { page } = await desk();
  await choose(page, who);
  await page.locator(`[data-photo-id="${photo.id}"] [data-open]`).click();
  await page.getByTestId('move-photo').click();
  const wrong = newPerson();
  await page.keyboard.type(wrong);
  await page.keyboard.press('Enter');
  await page.getByText(`Foto movida a ${wrong}.`).waitFor();
  await button(page, 'Deshacer').click();
  await page.getByText(`Foto movida a ${who.idPersona}.`).waitFor();
  await page.locator(`[data-photo-id="${photo.id}"]`).waitFor();
  expect((await on.place.client.send('photos', 'get', { photo_id: photo.id })).photo.idPersona).toBe(who.idPersona);
});

test('[DESK330] the tab of who is shown is in sight, also where a QR takes its room', async () => {
  const people = Array.from({ length: 9 }, () => newPerson());
  for (const idPersona of people) await on.place.show({ idPersona });
  const { page } = await desk({ viewport: { width: 1366, height: 768 } });
  const last = people.at(-1) ?? '';
  await page.getByTestId('idpersona-input').fill(last);
  await page.keyboard.press('Enter');
  await button(page, 'Ver esa sesión').click();
  await page.getByTestId('qr').waitFor();
  await expect
    .poll(() =>
      tab(page, last).evaluate(element => {
        const [own, list] = [element.getBoundingClientRect(), element.parentElement?.getBoundingClientRect()];
        return list !== undefined && own.left >= list.left - 1 && own.right <= list.right + 1;
      }),
    )
    .toBe(true);
});

test('[DESK413] beside the QR stands what the phone will be asked for', async () => {
  const shots = ['DNI anverso', 'DNI reverso', 'Rostro'];
  await on.place.client.send('settings', 'update', { settings: { shot_lists: [{ name: 'DNI y rostro', shots }] } });
  const { page } = await desk({ viewport: { width: 1366, height: 768 } });
  await page.getByTestId('shot-list-choice').selectOption('DNI y rostro');
  await page.getByTestId('idpersona-input').fill(newPerson());
  await page.keyboard.press('Enter');
  await page.getByTestId('qr').waitFor();
  await picture(page, 'desk-qr-shots');
  expect(await page.getByTestId('qr-shots').textContent()).toBe('Fotos pedidas: DNI anverso · DNI reverso · Rostro');
  await page.getByTitle('Ocultar').click();
  await page.getByTestId('shot-list-choice').selectOption('');
  await page.getByTestId('idpersona-input').fill(newPerson());
  await page.keyboard.press('Enter');
  await page.getByTestId('qr').waitFor();
  expect(await page.getByTestId('qr-shots').count()).toBe(0);
});

test('[DESK414] a tab says how many photos wait for a verdict, seen or not, and nothing of it while another QR waits', async () => {
  const [one, other] = [await visitor(), await visitor()];
  const photo = await one.send(on.image);
  await one.send(await scene(620, 450).jpeg().toBuffer());
  const { page } = await desk();
  await choose(page, one);
  await expect.poll(() => tab(page, one.idPersona).getByTestId('to-review').textContent()).toBe('2 por revisar');
  await page.locator(`[data-photo-id="${photo.id}"]`).getByTestId('accept').click();
  await expect.poll(() => tab(page, one.idPersona).getByTestId('to-review').textContent()).toBe('1 por revisar');
  await choose(page, other);
  expect(await tab(page, one.idPersona).getByTestId('to-review').textContent()).toBe('1 por revisar');
  await page.getByTestId('idpersona-input').fill(newPerson());
  await page.keyboard.press('Enter');
  await page.getByTestId('qr').waitFor();
  expect(await page.getByTestId('to-review').count()).toBe(0);
});

test('[DESK415] of a visit that ended before the person agreed, and brought nothing, the card says so', async () => {
  const [refuses, sends] = [await visitor(), await visitor()];
  await sends.send(on.image);
  const { page } = await desk();
  const card = page.getByTestId('session-card');
  const unaccepted = 'Terminó sin que la persona aceptara el aviso de privacidad: no hay fotos de esta visita.';
  for (const [who, text] of [
    [refuses, unaccepted],
    [sends, 'El teléfono ya no puede enviar fotos. Las recibidas siguen a la derecha.'],
  ] as const) {
    await choose(page, who);
    await on.place.client.send('sessions', 'end', { session_id: who.id });
    await card.getByText('Sesión terminada').waitFor();
    await card.getByText(text).waitFor();
  }
});

test('[DESK416] the second Enter of a hand that does everything twice finds no fault with the empty field beside the QR', async () => {
  const { page } = await desk();
  const input = page.getByTestId('idpersona-input');
  await input.fill(newPerson());
  await page.getByTestId('show-qr').click();
  await page.getByTestId('qr').waitFor();
  await page.getByTestId('show-qr').click();
  await input.press('Enter');
  expect(await input.getAttribute('aria-invalid')).not.toBe('true');
  await page.getByTitle('Ocultar').click();
  await input.press('Enter');
  await page.getByText('Escriba el idPersona del visitante.').waitFor();
});

test('[DESK417] a notice moves nothing that is about to be pressed, neither as it comes nor as it goes', async () => {
  const who = await visitor();
  const photo = await who.send(on.image);
  await who.send(await scene(620, 450).jpeg().toBuffer());
  const { page } = await desk({ viewport: { width: 1366, height: 768 } });
  await choose(page, who);
  const places = () =>
    page.evaluate(() =>
      ['quick-reply', 'chat-input', 'accept', 'end-session', 'activity-toggle'].map(id => {
        const box = document.querySelector(`[data-testid=${id}]`)?.getBoundingClientRect();
        return [id, box && [box.x, box.y, box.width, box.height].map(Math.round).join()];
      }),
    );
  await page.locator(`[data-photo-id="${photo.id}"] [data-open]`).click();
  await button(page, 'Eliminar').click();
  await answer(page).click();
  await page.getByTestId('undo').waitFor();
  await answer(page).waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  await page.getByTestId('lightbox').waitFor({ state: 'detached' });
  const during = await places();
  await button(page, 'Descartar aviso').click();
  await page.getByTestId('notice').waitFor({ state: 'detached' });
  expect(await places()).toEqual(during);
});
