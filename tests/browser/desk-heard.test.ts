/** The desk's page for whoever does not see it: what is read aloud, once and no oftener, and what the buttons are called. */
import type { BrowserContextOptions, Page } from 'playwright';
import { expect, test } from 'vitest';
import { scene } from '../../electron/images/sample-photos.ts';
import { pairPhone } from './desk-page.ts';
import { button, choose, deskStage, tab } from './desk-stage.ts';

const on = deskStage('HEARD');
const { newPerson, visitor } = on;

/** From the back office. */
async function sendShot(idPersona: string, shot: string): Promise<string> {
  const id = crypto.randomUUID();
  const put = await fetch(`${on.place.localUrl}/api/photos/${id}?${new URLSearchParams({ idPersona, shot })}`, {
    method: 'PUT',
    headers: { Authorization: `Bearer ${on.place.token}`, 'Content-Type': 'image/jpeg' },
    body: new Uint8Array(on.image),
  });
  expect(put.status).toBe(201);
  return id;
}

/** The desk, and all that a screen reader would have read of itself since: what is added to a live region, or changes in one. */
async function desk(options: BrowserContextOptions = {}) {
  const { page } = await on.desk(options);
  await page.locator('[data-testid=rest]').waitFor();
  await page.evaluate(() => {
    const told: string[] = [];
    Object.assign(window, { told });
    const tell = (text: string | null) => text?.trim() && told.push(text.trim());
    const nameIn = (node: Node) =>
      node instanceof HTMLElement ? (node.ariaLabel ?? node.querySelector('[aria-label]')?.ariaLabel ?? '') : '';
    new MutationObserver(changes => {
      for (const { type, target, addedNodes } of changes) {
        const live = (target instanceof Element ? target : target.parentElement)?.closest(
          '[role=status], [role=alert], [role=log], [aria-live]',
        );
        if (!live || live.getAttribute('aria-live') === 'off') continue;
        if (type === 'childList') for (const node of addedNodes) tell(node.textContent || nameIn(node));
        else if (live.getAttribute('aria-relevant') !== 'additions') tell(target.textContent);
      }
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
  });
  const told = (): Promise<string[]> => page.evaluate(() => Reflect.get(window, 'told'));
  const announcer = page.getByTestId('announcer');
  return { page, told, announcer };
}

async function showQr(page: Page, idPersona: string): Promise<void> {
  await page.getByTestId('idpersona-input').fill(idPersona);
  await page.keyboard.press('Enter');
  await page.getByTestId('qr').waitFor();
}

test('[DESK520] what was read aloud is not read again, nor changed, when names are hidden and shown again', async () => {
  const who = await visitor();
  const { page, told, announcer } = await desk();
  await choose(page, who);
  await who.send(on.image);
  await announcer.getByText(`Foto nueva de ${who.idPersona}`).waitFor();
  await showQr(page, newPerson());
  expect(await announcer.textContent()).not.toContain(who.idPersona);
  await page.getByTitle('Ocultar').click();
  await tab(page, who.idPersona).waitFor();
  await page.getByTestId('rest').click();
  await page.getByTestId('rest-veil').waitFor();
  expect(await announcer.textContent()).not.toContain(who.idPersona);
  await page.keyboard.press('x');
  await page.getByTestId('rest-veil').waitFor({ state: 'detached' });
  await tab(page, who.idPersona).waitFor();
  expect((await told()).filter(text => text.startsWith('Foto nueva'))).toEqual([`Foto nueva de ${who.idPersona}`]);
});

test('[DESK521] that the QR shows, and for whom, is read aloud once, not that it is renewed', async () => {
  const who = newPerson();
  const { page, told } = await desk();
  const field = page.getByTestId('idpersona-input');
  await showQr(page, who);
  expect(await field.evaluate(element => element === document.activeElement)).toBe(true);
  await expect.poll(told).toEqual([`Código QR para ${who}`]);
  const code = await page.getByTestId('short-code').textContent();
  const { sessions } = await on.place.client.send('sessions', 'list', {});
  await on.place.client.send('sessions', 'renew', {
    session_id: sessions.find(one => one.idPersona === who)?.id ?? '',
  });
  await expect.poll(() => page.getByTestId('short-code').textContent()).not.toBe(code);
  await page.getByTitle('Ocultar').click();
  await button(page, 'Mostrar un QR de bienvenida').click();
  await page.getByTestId('qr').waitFor();
  await expect.poll(told).toEqual([`Código QR para ${who}`, 'Código QR para su teléfono']);
});

test('[DESK522] a phone that pairs, a message and the end of a visit are heard with whose they are, looked at or not', async () => {
  const first = await visitor();
  await first.say('Antes de abrir');
  const { page, told } = await desk();
  await tab(page, first.idPersona).getByTestId('unread-messages').waitFor();
  const other = await visitor();
  await tab(page, other.idPersona).locator('[data-session-state=connected]').waitFor();
  const { message } = await other.say('Buenas');
  await expect.poll(told).toEqual([`Teléfono vinculado: ${other.idPersona}`, `Mensaje de ${other.idPersona}`]);
  // Then the newest is one that was there before.
  await other.client.send('messages', 'delete', { message_id: message.id });
  await tab(page, other.idPersona).getByTestId('unread-messages').waitFor({ state: 'detached' });
  await on.place.client.send('sessions', 'end', { session_id: other.id });
  await expect.poll(async () => (await told()).slice(2)).toEqual([`Sesión terminada: ${other.idPersona}`]);

  // Of the one who is looked at, what the chat reads by itself is said by it alone.
  await choose(page, first);
  await page.getByTestId('chat-message').filter({ hasText: 'Antes de abrir' }).waitFor();
  const sofar = (await told()).length;
  await first.say('Ya está');
  await page.getByTestId('chat-message').filter({ hasText: 'Ya está' }).waitFor();
  first.client.close();
  await page.getByTestId('session-card').getByText('Ausente').waitFor();
  await expect
    .poll(async () => (await told()).slice(sofar).filter(text => !text.includes('Ya está')))
    .toEqual([`Ausente: ${first.idPersona}`]);
});

test('[DESK522] while a QR waits what comes from others is heard without their names; and then whose phone has paired', async () => {
  const other = await visitor();
  const { page, told } = await desk();
  const who = newPerson();
  await showQr(page, who);
  await other.say('Hola');
  await other.send(on.image);
  await expect.poll(told).toEqual([`Código QR para ${who}`, 'Mensaje de Otra persona', 'Foto nueva de Otra persona']);
  await pairPhone(on.place, (await page.getByTestId('short-code').textContent()) ?? '');
  await page.getByTestId('session-card').waitFor();
  await expect.poll(async () => (await told()).slice(3)).toEqual([`Teléfono vinculado: ${who}`]);
});

test('[DESK523] which photo it is, of those that were asked for, is heard when it comes and in the names of its buttons', async () => {
  const who = await visitor();
  const { page, told } = await desk();
  await choose(page, who);
  const id = await sendShot(who.idPersona, 'DNI anverso');
  await expect.poll(told).toEqual([`Foto nueva de ${who.idPersona}: DNI anverso`]);
  const card = page.locator(`[data-photo-id="${id}"]`);
  await card.getByRole('button', { name: 'Aceptar DNI anverso', exact: true }).waitFor();
  await card.getByRole('button', { name: 'Pedir otra: DNI anverso', exact: true }).waitFor();
  await card.getByRole('button', { name: /^Ver DNI anverso, de las \d{1,2}:\d\d:\d\d, Por revisar$/ }).click();
  await page.getByRole('dialog', { name: 'Foto 1 de 1: DNI anverso' }).waitFor();
  await page.getByRole('img', { name: /^DNI anverso, foto recibida el / }).waitFor();
});

test('[DESK524] a verdict by key or by pointer is heard once the server has it, in the grid and in the viewer', async () => {
  const who = await visitor();
  await who.send(on.image);
  await who.send(await scene(620, 450).jpeg().toBuffer());
  const { page, told } = await desk();
  await choose(page, who);
  await page.locator('[data-testid=photo-card] [data-open]').first().focus();
  await page.keyboard.press('a');
  await expect.poll(told).toEqual(['Aceptada']);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('a');
  await expect.poll(told).toEqual(['Aceptada', 'Aceptada']);
  await page.keyboard.press('r');
  await page.getByTestId('reject-reason').first().click();
  await expect.poll(told).toEqual(['Aceptada', 'Aceptada', 'Se pidió otra: Borrosa']);
  await page.locator('[data-testid=photo-card] [data-open]').first().click();
  await page.getByTestId('lightbox').waitFor();
  await page.keyboard.press('r');
  await page.getByTestId('lightbox').getByTestId('reject-text').fill('Falta el reverso');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await told()).slice(3)).toEqual(['Se pidió otra: Falta el reverso']);
});

test('[DESK525] the search for persons says whether it is open and how many it has found; the log says that nothing matches', async () => {
  const [one, other] = [newPerson(), newPerson()];
  await sendShot(one, 'Rostro');
  await sendShot(other, 'Rostro');
  const { page, told } = await desk();
  const search = page.getByRole('combobox', { name: 'Buscar idPersona' });
  expect(await search.getAttribute('aria-expanded')).toBe('false');
  await search.fill(one);
  await expect.poll(told).toEqual(['1 persona']);
  expect(await search.getAttribute('aria-expanded')).toBe('true');
  const list = page.getByRole('listbox', { name: 'Personas encontradas' });
  expect(await search.getAttribute('aria-controls')).toBe(await list.getAttribute('id'));
  await search.fill('no hay nadie');
  await expect.poll(told).toEqual(['1 persona', 'Nadie con ese idPersona']);
  await search.blur();
  await expect.poll(() => search.getAttribute('aria-expanded')).toBe('false');

  await page.getByTestId('activity-toggle').click();
  await page.getByPlaceholder('Filtrar por texto').fill('esto no está');
  await expect.poll(async () => (await told()).at(-1)).toMatch(/^Nada coincide con el filtro\./);
});

test('[DESK526] the title counts what nobody has seen, also of who is shown while another window is in front, and names nobody', async () => {
  // What others have left unread would count as well.
  await on.place.renew();
  const [one, other] = [await visitor(), await visitor()];
  const { page } = await desk();
  const titled = (title: string) => expect.poll(() => page.title()).toBe(title);
  await choose(page, one);
  await page.getByTestId('chat-input').waitFor();
  await titled('Recepción Central');
  await other.send(on.image);
  await titled('(1) Recepción Central');
  await other.say('Ya está');
  await titled('(2) Recepción Central');
  await choose(page, other);
  await titled('Recepción Central');

  await page.evaluate(() => window.dispatchEvent(new Event('blur')));
  await other.send(await scene(620, 450).jpeg().toBuffer());
  await other.say('¿Hola?');
  await titled('(2) Recepción Central');
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await titled('Recepción Central');
});

test('[DESK527] a message of one’s own is heard once, as it is written; not that it is sent, delivered and read', async () => {
  const who = await visitor();
  await who.say('Buenas');
  const { page, told } = await desk();
  await choose(page, who);
  await page.getByTestId('chat-message').filter({ hasText: 'Buenas' }).waitFor();
  const before = (await told()).length;
  await page.getByTestId('chat-input').fill('Falta el reverso');
  await page.keyboard.press('Enter');
  const mine = page.getByTestId('chat-message').filter({ hasText: 'Falta el reverso' });
  await mine.getByRole('button', { name: 'Acciones del mensaje' }).waitFor();
  const message_id = (await mine.getAttribute('data-message-id')) ?? '';
  await who.client.send('messages', 'mark_read', { message_id });
  await mine.and(page.locator('[data-state=read]')).waitFor();
  expect((await told()).slice(before)).toEqual([expect.stringMatching(/^Usted:Falta el reverso/)]);
});
