/** The desk's log taken elsewhere: as a table in a file, and by the clipboard. */
import { readFile } from 'node:fs/promises';
import type { Browser, BrowserContextOptions, Page } from 'playwright';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createWebSocketClient } from '../../renderer/client/index.ts';
import { openChromium } from './chromium.ts';
import { openPage, pairPhone } from './desk-page.ts';
import { picture } from './picture.ts';
import { openPlace, type Place } from './place.ts';
import { stage } from './stage.ts';

let place: Place;
let browser: Browser;

stage(async () => {
  [place, browser] = await Promise.all([openPlace(), openChromium()]);
  return [browser, place];
});

const desk = (options: BrowserContextOptions = {}) => openPage(browser, place, options);

/** A visit of that person, with a consent: a line of the log that begins with the person. */
async function visit(idPersona: string): Promise<void> {
  const { session, code } = await place.show({ idPersona });
  const { token } = await pairPhone(place, code);
  const phone = createWebSocketClient(token, { url: place.localUrl, WebSocket });
  phone.connect();
  await phone.send('sessions', 'consent', { session_id: session.id, version: '2026-01-01' });
  phone.close();
}

const lines = (page: Page) => page.getByTestId('activity-list').getByRole('listitem');

/** The log, of which these words stand in every line. */
async function openLog(page: Page, words: string, language: 'es' | 'en' = 'es'): Promise<void> {
  await page.getByTestId('activity-toggle').click();
  await page.getByRole('textbox', { name: language === 'es' ? 'Filtrar por texto' : 'Filter by text' }).fill(words);
  await lines(page).first().waitFor();
}

async function saved(page: Page): Promise<{ name: string; text: string }> {
  const coming = page.waitForEvent('download');
  await page.getByTestId('activity-export').click();
  const download = await coming;
  return { name: download.suggestedFilename(), text: await readFile((await download.path()) ?? '', 'utf8') };
}

test('[DESK80] the log is saved as a table: what the filter shows, oldest first, and no cell is a formula', async () => {
  const who = '=1+1,"L-1"';
  await visit(who);
  await visit('L-OTHER');
  const { page, complaints } = await desk({ viewport: { width: 1366, height: 768 }, timezoneId: 'Asia/Kolkata' });
  await openLog(page, '=1+1');
  await expect.poll(() => lines(page).count()).toBe(5);
  await picture(page, 'desk-log-tools');
  const { name, text } = await saved(page);
  expect(name).toMatch(/^mostrador-actividad-\d{4}-\d\d-\d\d-\d{6}\.csv$/);
  const at = String.raw`\d{4}-\d\d-\d\dT[\d:.]+\+05:30`;
  const quoted = who.replaceAll('"', '""').replaceAll(/[+]/g, String.raw`\+`);
  const rows = [
    'Fecha,Tipo,Qué pasó',
    `${at},Sesión nueva,"Sesión nueva para ${quoted}\\."`,
    `${at},Teléfono vinculado,"Un teléfono \\(.+\\) se vinculó para ${quoted}\\."`,
    `${at},Teléfono conectado,"El teléfono de ${quoted} está conectado\\."`,
    `${at},Privacidad aceptada,"'${quoted} aceptó el aviso de privacidad\\."`,
    `${at},Teléfono desconectado,"El teléfono de ${quoted} se desconectó\\."`,
  ];
  expect(text).toMatch(new RegExp(`^\ufeff${rows.join('\r\n')}\r\n$`));
  // The same moment as on the screen, whose newest line comes first.
  const shown = (await lines(page).last().getByRole('time').textContent()) ?? '';
  expect(shown).toMatch(/^[\d:]{8}$/);
  expect(text.split('\r\n')[1]).toContain(`T${shown}.`);

  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('textbox', { name: 'Filter by text' }).fill('New session for L-OTHER');
  const english = await saved(page);
  expect(english.name).toMatch(/^mostrador-activity-/);
  expect(english.text.split('\r\n')).toEqual([
    '\ufeffDate,Kind,What happened',
    expect.stringMatching(/,New session,New session for L-OTHER\.$/),
    '',
  ]);
  expect(complaints).toEqual([]);
});

test('[DESK80] what is saved or copied names everybody, also while a QR waits and the screen does not', async () => {
  const who = 'L-MASKED';
  await visit(who);
  const { page } = await desk({ permissions: ['clipboard-read', 'clipboard-write'] });
  await page.getByTestId('idpersona-input').fill('L-WAITS');
  await page.keyboard.press('Enter');
  await page.getByTestId('qr').waitFor();
  await openLog(page, 'Sesión nueva para');
  await page.getByText('Sesión nueva para otra persona.').first().waitFor();
  expect(await page.locator('body').textContent()).not.toContain(who);
  const { text } = await saved(page);
  expect(text).toContain(`Sesión nueva para ${who}.`);
  expect(text).not.toContain('otra persona');
  await page.getByRole('button', { name: 'Copiar' }).click();
  await page.getByText('Actividad copiada.').waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain(`Sesión nueva para ${who}.`);
  expect(copied).not.toContain('otra persona');
  expect(await page.locator('body').textContent()).not.toContain(who);
});

test('[DESK304] the button that saves the log says how many lines it saves, and that older ones are not among them until they are read', async () => {
  for (let made = 0; made < 210; made += 1)
    await place.client.send('sessions', 'create', { idPersona: `L-MANY-${made}` });
  const { page } = await desk({ viewport: { width: 1366, height: 768 } });
  await openLog(page, 'Sesión nueva para L-MANY');
  const button = page.getByTestId('activity-export');
  await button.getByText(/^Exportar \d+ líneas$/).waitFor();
  const told = async () => Number(/\d+/.exec((await button.textContent()) ?? '')?.[0]);
  const loaded = await told();
  expect(loaded).toBeLessThan(210);
  expect(await button.getAttribute('title')).toContain('Hay más antiguas sin cargar');
  await picture(page, 'desk-log-part');
  const part = await saved(page);
  expect(part.text.trim().split('\r\n')).toHaveLength(loaded + 1);
  await page.getByText('hay más antiguas sin cargar').waitFor();

  // Read to the end they are all among them, and nothing is said of others.
  const list = page.getByTestId('activity-list');
  await expect
    .poll(
      async () => {
        await list.evaluate(element => element.scrollTo(0, element.scrollHeight));
        return told();
      },
      { timeout: 20_000 },
    )
    .toBe(210);
  await expect.poll(() => button.getAttribute('title')).not.toContain('Hay más antiguas');
  expect((await saved(page)).text.trim().split('\r\n')).toHaveLength(211);

  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('textbox', { name: 'Filter by text' }).fill('New session for L-MANY-209.');
  await button.getByText('Export 1 line', { exact: true }).waitFor();
});

test('[DESK81] the log is copied; where the page has no clipboard, as over plain HTTP on the LAN, it says so', async () => {
  const who = 'L-COPY';
  await visit(who);
  const { page, context, complaints } = await desk({
    permissions: ['clipboard-read', 'clipboard-write'],
    timezoneId: 'America/Caracas',
  });
  await openLog(page, `nueva para ${who}`);
  await page.getByRole('button', { name: 'Copiar' }).click();
  await page.getByText('Actividad copiada.').waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(new RegExp(`^[^\\t\\n]+-04:00\\tSesión nueva\\tSesión nueva para ${who}\\.$`));
  expect(complaints).toEqual([]);

  const plain = await context.newPage();
  const broken: string[] = [];
  plain.on('pageerror', error => broken.push(String(error)));
  await plain.goto(`${place.url}/kiosk#token=${place.token}`);
  await openLog(plain, who);
  expect(await plain.evaluate(() => 'clipboard' in navigator && navigator.clipboard !== undefined)).toBe(false);
  await plain.getByRole('button', { name: 'Copiar' }).click();
  await plain.getByText('El navegador no dejó copiar. Puede exportarla.').waitFor();
  expect((await saved(plain)).text).toContain(`Sesión nueva para ${who}.`);
  expect(broken).toEqual([]);
});
