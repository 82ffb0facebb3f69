/**
 * One walk through the states of the desk that no other test looks at with axe, in both languages. What the dark theme changes,
 * the colours, is the same in both: that is looked at in one of them. (The settings in Spanish: settings.test.ts.)
 */
import type { Browser, Page } from 'playwright';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { scene } from '../../electron/images/sample-photos.ts';
import { createWebSocketClient, type MostradorClient } from '../../renderer/client/index.ts';
import { en } from '../../renderer/ui/texts/en.ts';
import { es } from '../../renderer/ui/texts/es.ts';
import { axeFinds, ofColours } from './axe.ts';
import { openChromium } from './chromium.ts';
import { openPage, pairPhone } from './desk-page.ts';
import { picture } from './picture.ts';
import { openPlace, type Place } from './place.ts';
import { stage } from './stage.ts';

const size = { width: 1366, height: 768 };
let place: Place;
let browser: Browser;
let clients: MostradorClient[] = [];

stage(async () => {
  [place, browser] = await Promise.all([openPlace(), openChromium()]);
  return [browser, place];
});

afterEach(async () => {
  for (const client of clients) client.close();
  clients = [];
});

async function desk(options: { signedIn?: boolean } = {}): Promise<Page> {
  const { page } = await openPage(browser, place, { viewport: size, colorScheme: 'light', ...options });
  return page;
}

function connect(token: string): MostradorClient {
  const client = createWebSocketClient(token, { url: place.localUrl, WebSocket });
  clients.push(client);
  client.connect();
  return client;
}

/** What axe finds, and what a finger would miss. */
async function look(page: Page, lang: 'es' | 'en', state: string): Promise<void> {
  const name = `${lang}-${state}`;
  await picture(page, `axe-${name}`);
  const found = await axeFinds(page);
  if (lang === 'es') {
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.locator('html[data-mantine-color-scheme=dark]').waitFor();
    found.push(...(await axeFinds(page, { rules: ofColours })));
    await page.emulateMedia({ colorScheme: 'light' });
  }
  expect([name, found]).toEqual([name, []]);
  const small = await page.evaluate(() => {
    // A check box is hit by its label too, a field by the frame around it.
    const hit = (element: Element) =>
      (element instanceof HTMLInputElement && element.type === 'checkbox' && element.labels?.[0]) ||
      (element.closest('label, .mantine-PasswordInput-input') ?? element);
    return [...document.querySelectorAll('button, input, textarea, select, [role=tab], [role=menuitem], [role=option]')]
      .filter(element => element.checkVisibility({ visibilityProperty: true }) && !element.closest('[role=radiogroup]'))
      .map(element => ({ box: hit(element).getBoundingClientRect(), html: element.outerHTML.slice(0, 160) }))
      .filter(({ box }) => box.width > 2 && (box.height < 43.5 || box.width < 43.5))
      .map(({ html }) => html);
  });
  expect([name, small]).toEqual([name, []]);
}

const languages = [
  { lang: 'es', t: es },
  { lang: 'en', t: en },
] as const;

for (const { lang, t } of languages) {
  const toEnglish = async (page: Page) => {
    if (lang === 'en') await page.getByRole('button', { name: 'English' }).click();
  };

  test(`[DESK91] ${lang}: the sign-in, and the desk while it loads, cannot load and is cut off, are for everybody`, async () => {
    const page = await desk({ signedIn: false });
    await toEnglish(page);
    await page.getByTestId('token-input').fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await look(page, lang, 'sign-in');

    let answer: 'hold' | 'refuse' = 'hold';
    await page.routeWebSocket(/\/ws$/, socket => {
      const server = socket.connectToServer();
      socket.onMessage(frame => {
        const text = String(frame);
        if (!/"action":"list"/.test(text)) return server.send(frame);
        const id = /"id":"([^"]+)"/.exec(text)?.[1];
        const payload = { code: 'unavailable', message: 'no' };
        if (answer === 'refuse') socket.send(JSON.stringify({ type: 'error', id, payload }));
      });
    });
    await page.getByTestId('token-input').fill(place.token);
    await page.keyboard.press('Enter');
    await page.getByText(t.photos.loading).waitFor();
    await look(page, lang, 'loading');
    answer = 'refuse';
    await page.reload();
    await page.getByText(t.photos.failed).waitFor();
    await page.getByTestId('activity-toggle').click();
    await page.getByText(t.activity.failed).waitFor();
    await look(page, lang, 'failed');

    await place.stopServer();
    await page.locator('[data-testid=connection][data-state=offline]').waitFor();
    await look(page, lang, 'offline');
    await place.startServer();
  });

  test(`[DESK91] ${lang}: a visit is for everybody, whatever becomes of its photos`, async () => {
    const page = await desk();
    await toEnglish(page);
    const who = `AXE-${lang}`;
    const { session, code } = await place.show({ idPersona: who, shots: ['DNI anverso', 'DNI reverso'] });
    const paired = await pairPhone(place, code);
    const phone = connect(paired.token);
    const image = await scene(600, 450).jpeg().toBuffer();
    await paired.send(image);
    const again = await paired.send(image);
    // Whole as to its markers, and nothing that could be decoded.
    const broken = await scene(320, 240).jpeg().toBuffer();
    const table = broken.indexOf(Buffer.from([0xff, 0xc4]));
    broken.fill(0x7f, table + 5, table + 21);
    await place.client.send('photos', 'review', { photo_id: again.id, verdict: 'rejected', reason: 'Borrosa' });
    await page.locator(`[data-person="p:${who}"]`).click();
    await page.getByTestId('chat-input').fill('Buenos días');
    await page.keyboard.press('Enter');
    await page.getByTestId('ticks').first().waitFor();
    const upload = await paired.sendHalf(await scene(1600, 1200).jpeg({ quality: 95 }).toBuffer());
    await page.getByTestId('upload-card').waitFor();
    await page.getByTestId('duplicate').waitFor();
    await look(page, lang, 'upload');
    expect(await upload.finish()).toBe(201);
    await page.getByTestId('upload-card').waitFor({ state: 'detached' });

    await paired.send(broken);
    await page.locator('[data-testid=photo-card][data-status=quarantined]').waitFor();
    await page.getByTestId('chat-toggle').click();
    await look(page, lang, 'quarantined');

    await page.getByTestId('photo-card').last().getByRole('button').first().click();
    await page.getByTestId('lightbox').locator('img').waitFor();
    await page.route(/\/api\/photos\/[^/]+$/, route => route.abort());
    await page.getByTestId('save-photo').click();
    await page.getByTestId('notice').waitFor();
    await look(page, lang, 'bad-notice');
    await page.getByTestId('delete-photo').click();
    await page.getByTestId('confirm').waitFor();
    await look(page, lang, 'confirm-delete');
    await page.getByTestId('confirm').click();
    await page.getByTestId('undo').waitFor();
    await page.keyboard.press('Escape');
    await page.getByTestId('lightbox').waitFor({ state: 'detached' });
    await look(page, lang, 'undo');

    await page.getByRole('button', { name: t.session.correct }).click();
    await look(page, lang, 'correct');
    await page.getByRole('main').getByRole('button', { name: t.app.cancel }).click();
    await page.getByTestId('end-session').click();
    await page.getByTestId('confirm').waitFor();
    await look(page, lang, 'confirm-end');
    await page.getByTestId('confirm').click();
    await page.locator('[data-testid=session-card][data-status=disconnected]').waitFor();
    await page.getByTestId('confirm').waitFor({ state: 'detached' });
    await look(page, lang, 'ended');
    expect(session.shots).toHaveLength(2);
    phone.close();
  });

  test(`[DESK91] ${lang}: dialogs, menus and the resting screen are for everybody`, async () => {
    const who = `AXE-DIALOG-${lang}`;
    await pairPhone(place, (await place.show({ idPersona: who })).code);
    const ana = connect(await place.userToken('ana'));
    await ana.send('users', 'get_all', {});
    await place.client.send('settings', 'update', { settings: { consent_text: 'Lo que aquí se hace con sus fotos.' } });
    const page = await desk();
    await toEnglish(page);
    await page.locator(`[data-person="p:${who}"]`).click();
    const closed = async () => {
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    };

    await page.getByTestId('person-search').fill('AXE');
    await page.getByTestId('person-found').first().waitFor();
    await look(page, lang, 'search');
    await page.keyboard.press('Escape');
    await page.getByTestId('person-menu').click();
    await page.getByTestId('erase-person').waitFor();
    await look(page, lang, 'menu');
    await page.getByTestId('export-person').click();
    await page.getByTestId('export-start').waitFor();
    await look(page, lang, 'export');
    await closed();
    await page.getByTestId('person-menu').click();
    await page.getByTestId('erase-person').click();
    await page.getByTestId('erase-typed').waitFor();
    await look(page, lang, 'erase');
    await closed();
    await page.getByTestId('groups').click();
    await page.getByTestId('new-group').click();
    await page.getByTestId('group-title').waitFor();
    await page.getByRole('checkbox').first().waitFor();
    await look(page, lang, 'groups');
    await closed();
    await page.getByTestId('help-open').click();
    await page.getByTestId('help').getByRole('dialog').waitFor();
    await look(page, lang, 'help');
    await closed();
    if (lang === 'en') {
      await page.getByTestId('open-settings').click();
      await page.getByTestId('settings-form').waitFor();
      for (const name of ['desk', 'network', 'wifi', 'privacy', 'shots', 'replies', 'screen', 'security']) {
        await page.locator(`[data-section=${name}]`).click();
        await look(page, lang, `settings-${name}`);
      }
      await closed();
    }
    await page.getByTestId('rest').click();
    await page.getByTestId('rest-veil').waitFor();
    await look(page, lang, 'rest');
    await page.keyboard.press('Escape');
    await page.getByTestId('idpersona-input').fill(`${who}-QR`);
    await page.keyboard.press('Enter');
    await page.getByTestId('qr').waitFor();
    await page.getByRole('button', { name: t.qr.enlarge }).click();
    await page.getByRole('dialog').getByTestId('qr').waitFor();
    await look(page, lang, 'enlarged');
    await place.client.send('settings', 'update', { settings: { consent_text: null } });
  });
}
