/**
 * `npm run screenshots`: the pictures of the README and of the desk's guide, taken of the built program in a real browser: a desk
 * and a visitor's phone that send and judge drawn photos, and the dashboard of a desk that has had a day's visits (played-visits.mjs).
 * Into docs/img, as WebP. Finds the browser as `npm test` does.
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, devices } from 'playwright';
import sharp from 'sharp';
import { drawnPhotos } from './drawn-photos.mjs';
import { movableClock, playVisits } from './played-visits.mjs';
import { prepare } from './setup-tests.mjs';
import { buildWhatIsStale, root } from './stale.mjs';

/** What a desk on a home or office network shows; the browser is told that it is this machine. */
const address = '192.168.1.50:8080';
const folder = join(root, 'docs/img');
const tooHeavy = 200 * 1024;

const { browser: executablePath } = prepare({ all: false });
if (executablePath === null) process.exit(1);
await buildWhatIsStale();
mkdirSync(folder, { recursive: true });
const photos = await drawnPhotos();
let browser;
await withDesk(takeDesk);
await withDesk(takeDashboard);

/** A desk with nothing in it and a browser beside it, for as long as `work` takes. */
async function withDesk(work) {
  const dataDir = mkdtempSync(join(tmpdir(), 'mostrador-screenshots-'));
  const server = spawn(process.execPath, ['--import', movableClock, join(root, 'dist/node/headless.js')], {
    env: {
      PATH: process.env.PATH,
      HOST: '127.0.0.1',
      PORT: '0',
      DATA_DIR: dataDir,
      PUBLIC_URL: `http://${address}`,
      DESK_NAME: 'Recepción Central',
      UPLOADS_PER_MINUTE: '1000',
    },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const ended = new Promise(resolve => server.once('exit', resolve));
  try {
    const runtime = await listening(server, dataDir);
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', `--host-resolver-rules=MAP ${address} 127.0.0.1:${runtime.port}`],
    });
    await work({ ...runtime, ...backOffice(runtime), server });
  } finally {
    await browser?.close();
    server.kill();
    await ended;
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** The welcome is written after runtime.json. */
async function listening(server, dataDir) {
  await new Promise((resolve, reject) => {
    server.stdout.once('data', resolve);
    server.once('exit', code => reject(new Error(`the server ended with ${code}`)));
  });
  server.stdout.resume();
  return JSON.parse(readFileSync(join(dataDir, 'runtime.json'), 'utf8'));
}

/** What other programs do over HTTP: sessions, and phones that nobody sees. */
function backOffice({ operatorToken, port }) {
  async function api(method, path, body, token = operatorToken) {
    const answer = await fetch(`http://127.0.0.1:${port}/api/${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        'Content-Type': Buffer.isBuffer(body) ? 'image/jpeg' : 'application/json',
        'User-Agent': 'Mozilla/5.0 (Linux; Android 15; Pixel 8) Mobile',
      },
      body: Buffer.isBuffer(body) ? body : JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  async function pair(code) {
    const { phone_token } = await api('POST', 'pair', { code, claim: randomUUID() });
    return { put: photo => api('PUT', `photos/${randomUUID()}`, photo, phone_token) };
  }

  return { api, pair };
}

function pathOf({ qr }) {
  return `http://${address}${new URL(qr.url).pathname}`;
}

async function takeDashboard({ server, operatorUrl, operatorToken, port }) {
  const { createWebSocketClient } = await import(pathToFileURL(join(root, 'dist/sdk/mostrador-client.js')).href);
  const url = `http://127.0.0.1:${port}`;
  const leave = await playVisits(server, { url, token: operatorToken, picture: photos.front, createWebSocketClient });
  const viewport = { width: 1366, height: 900 };
  const page = await open({ viewport, reducedMotion: 'reduce' }, operatorUrl.replace('/kiosk', '/dashboard'));
  await page.getByText('24 horas', { exact: true }).click();
  await page.locator('[data-testid=figures][data-span="24h"]').waitFor();
  await picture(page, 'dashboard');
  leave();
}

async function takeDesk({ operatorUrl, api, pair }) {
  const { front, back, face } = photos;
  const desk = await open({ viewport: { width: 1366, height: 768 }, reducedMotion: 'reduce' }, operatorUrl);
  await desk.locator('[data-testid=connection][data-state=connected]').waitFor();
  await desk.getByText('Red lista').waitFor();
  await picture(desk, 'desk-morning');

  // Somebody who was here before, so that there are tabs; then the visitor of the pictures, opened by a back office.
  const { session: earlier } = await api('POST', 'sessions', { idPersona: '28764190' });
  const before = await pair(earlier.qr.code);
  await before.put(front);
  const { session } = await api('POST', 'sessions', {
    idPersona: '40123456',
    label: 'Alta de cliente',
    shots: ['DNI anverso', 'DNI reverso', 'Rostro'],
  });
  await desk.locator('[data-testid=session-choice]', { hasText: '40123456' }).click();
  await desk.getByTestId('qr').waitFor();
  await picture(desk, 'desk-qr');
  const display = await open(
    { viewport: { width: 1366, height: 768 }, reducedMotion: 'reduce' },
    operatorUrl.replace('/kiosk', '/display'),
  );
  await display.getByTestId('qr').waitFor();
  await picture(display, 'display');

  const { defaultBrowserType: _type, ...iPhone } = devices['iPhone 15'];
  const phone = await open({ ...iPhone, locale: 'es-ES', deviceScaleFactor: 2 }, pathOf(session));
  await phone.getByTestId('consent-screen').waitFor();
  await picture(phone, 'phone-consent');
  await phone.getByTestId('consent').click();
  await phone.locator('[data-testid=connection][data-state=online]').waitFor();
  await picture(phone, 'phone-choose');

  await choose(phone, front);
  await send(phone, 1);
  await choose(phone, back);
  await send(phone, 2);
  await choose(phone, face);
  await send(phone, 3);
  await phone.getByTestId('done').waitFor();
  await picture(phone, 'phone-sent');

  const cards = desk.getByTestId('photo-card');
  await desk.locator('[data-testid=person-tab]', { hasText: '40123456' }).click();
  await settled(desk, 3);
  // Newest first: the face, the back, the front.
  await cards.nth(2).getByTestId('accept').click();
  await cards.nth(1).getByTestId('reject').click();
  await desk.getByTestId('reject-reason').first().click();
  await desk.locator('[data-testid=photo-card][data-status=rejected]').waitFor();
  await phone.locator('[data-testid=photo-card][data-state=rejected]').waitFor();
  await showChat(desk, false);
  await desk.mouse.move(0, 0);
  await picture(desk, 'desk-photos');
  await picture(phone, 'phone-rejected');
  await talk(desk, phone);
  await picture(desk, 'desk-chat');
  await showChat(desk, false);

  // Taken again: not the very same bytes, which the desk would mark as repeated.
  const again = await sharp(back).resize({ width: 1900 }).jpeg().toBuffer();
  await phone.getByTestId('retake').setInputFiles({ name: 'foto.jpg', mimeType: 'image/jpeg', buffer: again });
  await send(phone, 4);
  await settled(desk, 4);
  for (let left = 2; left > 0; left -= 1) {
    const next = desk.locator('[data-testid=photo-card][data-status=received]').first();
    const id = await next.getAttribute('data-photo-id');
    await next.getByTestId('accept').click();
    await desk.locator(`[data-photo-id="${id}"][data-status=accepted]`).waitFor();
  }
  await phone.locator('[data-testid=photo-card][data-state=accepted]').nth(2).waitFor();
  await phone.evaluate(() => scrollTo(0, 0));
  await picture(phone, 'phone-accepted');

  await cards.first().locator('[data-open]').click();
  await desk.waitForFunction(() => document.querySelector('[role=dialog] img')?.naturalWidth > 0);
  await picture(desk, 'desk-photo');
  await desk.keyboard.press('Escape');
  await desk.getByRole('dialog').waitFor({ state: 'detached' });
  await desk.getByTestId('person-menu').click();
  await desk.getByTestId('erase-person').waitFor();
  await picture(desk, 'desk-person');
  await desk.keyboard.press('Escape');
  await desk.getByTestId('rest').click();
  await desk.getByTestId('rest-veil').waitFor();
  await picture(desk, 'desk-rest');
}

async function open(options, url) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

async function showChat(desk, wanted) {
  const chat = desk.getByTestId('chat');
  if ((await chat.getAttribute('data-opened')) !== String(wanted)) await desk.getByTestId('chat-toggle').click();
  await desk.locator(`[data-testid=chat][data-opened=${wanted}]`).waitFor();
}

/** A quick reply, an answer from the phone, and a word of the desk's own. */
async function talk(desk, phone) {
  await showChat(desk, true);
  await desk.getByTestId('quick-reply').first().click();
  await phone.getByTestId('chat').click();
  await phone.getByTestId('chat-text').fill('¿Sirve también el permiso de conducir?');
  await phone.getByTestId('chat-send').click();
  await desk.getByTestId('chat-message').filter({ hasText: '¿Sirve también' }).waitFor();
  await desk.getByTestId('chat-input').fill('Sí, también sirve. Solo falta repetir el reverso.');
  await desk.getByTestId('chat-send').click();
  await phone.getByTestId('message').filter({ hasText: 'Sí, también' }).waitFor();
  await phone.getByTestId('chat-close').click();
  await phone.getByTestId('chat-sheet').waitFor({ state: 'detached' });
}

async function choose(phone, photo) {
  await phone.getByTestId('take').setInputFiles({ name: 'foto.jpg', mimeType: 'image/jpeg', buffer: photo });
  await phone.getByTestId('review-screen').getByRole('img').first().waitFor();
}

/** Until the desk has that many of the phone's. */
async function send(phone, count) {
  await phone.getByTestId('send').click();
  const there = ['received', 'accepted', 'rejected'].map(state => `[data-testid=photo-card][data-state=${state}]`);
  await phone
    .locator(there.join(', '))
    .nth(count - 1)
    .waitFor();
  await phone.evaluate(() => scrollTo(0, 0));
}

/** So many thumbnails, all of them drawn. */
function settled(page, count) {
  const drawn = wanted => {
    const images = [...document.querySelectorAll('[data-testid=photo-card] img')];
    return images.length === wanted && images.every(image => image.complete && image.naturalWidth > 0);
  };
  return page.waitForFunction(drawn, count);
}

async function picture(page, name) {
  // Fonts and images first: what is half drawn says nothing.
  await page.evaluate(() => document.fonts.ready);
  await page.locator('img').evaluateAll(images => Promise.all(images.map(image => image.decode().catch(() => {}))));
  const taken = await page.screenshot({ animations: 'disabled', caret: 'hide' });
  const webp = await sharp(taken).webp({ quality: 86, effort: 6 }).toBuffer();
  if (webp.length > tooHeavy) throw new Error(`${name} weighs ${webp.length} bytes`);
  const path = join(folder, `${name}.webp`);
  writeFileSync(path, webp);
  process.stdout.write(`docs/img/${name}.webp: ${Math.round(webp.length / 1024)} KB\n`);
}
