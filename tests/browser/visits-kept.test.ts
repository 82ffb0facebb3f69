/** What is kept of a visit, and what is left of it once its person is deleted: the built program as a process of its own, real pages at both ends. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { phonePhoto } from '../../electron/images/sample-photos.ts';
import { openedExport } from '../opened-export.ts';
import { type Program, programs, takePort } from '../process/program.ts';
import { standsIn } from '../stands-in.ts';
import { lanName, openChromium } from './chromium.ts';
import { openPage } from './desk-page.ts';
import type { Phone, PhoneOptions } from './phone-page.ts';
import { stage } from './stage.ts';
import { countsOn } from './stored-on.ts';
import { prepareDecoders } from './two-decoders.ts';
import {
  arrive,
  closeChat,
  deskCard,
  deskMessage,
  deskSays,
  openChat,
  phoneCard,
  phoneMessage,
  phoneSays,
  photo,
  receive,
  send,
  tab,
} from './visit.ts';

const run = programs();
let dataDir: string;
let program: Program;
let place: { url: string; localUrl: string; token: string };
let browser: Browser;

stage(async () => {
  dataDir = join(run.folder(), 'data');
  const { port, free } = await takePort();
  await free();
  const url = `http://${lanName}:${port}`;
  program = run.start([], { dataDir, env: { PORT: String(port), PUBLIC_URL: url, LOG_LEVEL: 'debug' } });
  const [{ operatorToken }] = await Promise.all([program.ready(), prepareDecoders()]);
  place = { url, localUrl: `http://127.0.0.1:${port}`, token: operatorToken };
  browser = await openChromium();
  return [browser, { close: run.clean }];
});

const desk = () => openPage(browser, place, { viewport: { width: 1366, height: 768 } });

async function visitor(at: Page, idPersona: string, options: PhoneOptions = {}): Promise<Phone> {
  return arrive(browser, place, await receive(at, idPersona), options);
}

test('[JOB16] a photo of 4,000 × 3,000 with a turn and a place in its EXIF arrives upright, without either, within the size rule', async () => {
  const taken = await phonePhoto(6, 3000, 4000);
  const before = await sharp(taken).metadata();
  expect(before).toMatchObject({ width: 4000, height: 3000, orientation: 6 });
  // The place: the reference N, the first of the GPS block.
  expect(before.exif?.includes('N\0')).toBe(true);
  const { page: at, complaints } = await desk();
  const { page: phone } = await visitor(at, 'FOTO-4000', { device: 'iPhone 15' });
  await send(phone, taken);
  await deskCard(at, 'received').locator('img').waitFor();
  await deskCard(at).getByRole('button').first().click();
  const viewer = at.getByTestId('lightbox');
  await viewer.locator('img').waitFor();
  // Shown upright, and saved as it is kept.
  const shape = await viewer
    .locator('img')
    .evaluate(img => (img instanceof HTMLImageElement ? [img.naturalWidth, img.naturalHeight] : []));
  expect(shape).toEqual([1920, 2560]);
  const [download] = await Promise.all([at.waitForEvent('download'), viewer.getByTestId('save-photo').click()]);
  const kept = await readFile(await download.path());
  const { width, height, orientation, exif, xmp, iptc } = await sharp(kept).metadata();
  expect({ width, height, orientation, exif, xmp, iptc }).toEqual({ width: 1920, height: 2560 });
  const { data, info } = await sharp(kept).raw().toBuffer({ resolveWithObject: true });
  const strongest = (x: number, y: number) => {
    const [red = 0, , blue = 0] = data.subarray((y * info.width + x) * info.channels);
    return red > 200 && blue < 60 ? 'red' : blue > 200 && red < 60 ? 'blue' : 'neither';
  };
  const corners = [strongest(60, 60), strongest(1860, 60), strongest(60, 2500), strongest(1860, 2500)];
  expect(corners).toEqual(['red', 'blue', 'red', 'blue']);
  for (const trace of ['Exif\0', 'ns.adobe.com', 'xmpmeta'])
    expect(standsIn(join(dataDir, 'photos'), trace)).toEqual([]);
  expect(complaints).toEqual([]);
});

/** What a phone's browser keeps of this page: its texts, and how much stands in each store of its databases. */
async function keptOn(phone: Page) {
  const texts = await phone.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  return { texts, entries: await countsOn(phone) };
}

test('[JOB18] a person is exported and deleted at the desk: every hash is right, and then nothing is left of them but that it was done', async () => {
  const { page: at, complaints } = await desk();
  const { page: staying } = await visitor(at, 'SE-QUEDA-7');
  await send(staying, await photo('#4040c0'));
  await phoneCard(staying, 'received').waitFor();
  await openChat(staying);
  await phoneSays(staying, 'palabras-que-se-quedan');
  await phoneMessage(staying, 'palabras-que-se-quedan').waitFor();

  const idPersona = 'BORRAR-81726354';
  const said = { phone: 'palabra-del-visitante', desk: 'respuesta-del-mostrador', draft: 'borrador-a-medias' };
  const { page: phone, context } = await visitor(at, idPersona, { device: 'iPhone 15' });
  const sent = await photo('#c04040');
  await send(phone, sent);
  await deskCard(at, 'received').getByTestId('accept').click();
  await phoneCard(phone, 'accepted').waitFor();
  await openChat(phone);
  await phoneSays(phone, said.phone);
  await deskSays(at, said.desk);
  await deskMessage(at, said.desk, 'read').waitFor();
  await deskMessage(at, said.phone).waitFor();
  await closeChat(phone);
  await at.getByTestId('chat-input').fill(said.draft);
  // And one that waits on the phone.
  await context.route('**/api/photos/**', route => route.abort());
  await send(phone, await photo('#c0c040'));
  await phoneCard(phone, 'waiting').waitFor();
  const sessionId = await at.getByTestId('session-card').getAttribute('data-session-id');

  await at.getByTestId('person-menu').click();
  await at.getByTestId('export-person').click();
  const [download] = await Promise.all([at.waitForEvent('download'), at.getByTestId('export-start').click()]);
  const { files, list, text } = openedExport(await readFile(await download.path()));
  expect(list).toMatchObject({ idPersona, photos: [{ status: 'accepted' }] });
  expect(text('chat.txt')).toContain(said.phone);
  expect(text('chat.txt')).toContain(said.desk);
  expect(text('log.csv')).toContain('photo_accepted');
  const picture = files[list.photos[0]?.file ?? ''] ?? new Uint8Array();
  expect(await sharp(picture).metadata()).toMatchObject({ width: 320, height: 240 });
  // So many bytes of grain are those of no other picture.
  const some = (bytes: Uint8Array) => Buffer.from(bytes.subarray(bytes.length >> 1, (bytes.length >> 1) + 64));
  const traces = [idPersona, said.phone, said.desk, some(picture)];
  for (const trace of traces) expect(standsIn(dataDir, trace)).not.toEqual([]);
  expect((await keptOn(phone)).entries).toMatchObject({ 'mostrador/photos': 1 });
  const atDesk = () => at.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  expect(await atDesk()).toContain(said.draft);

  await at.getByTestId('person-menu').click();
  await at.getByTestId('erase-person').click();
  await at.getByTestId('erase-typed').fill(idPersona);
  await at.getByTestId('erase-confirm').click();
  await at.getByText('Se eliminó todo.').waitFor();
  for (const trace of [...traces, some(sent), said.draft]) expect(standsIn(dataDir, trace)).toEqual([]);
  await tab(at, idPersona).waitFor({ state: 'detached' });
  /** Which of them still stand there. */
  const namedIn = (text: string) =>
    [idPersona, sessionId ?? 'no session', ...Object.values(said)].filter(words => text.includes(words));
  expect(namedIn(await atDesk())).toEqual([]);
  await at.getByTestId('activity-toggle').click();
  const log = at.getByTestId('activity-list');
  await log.getByText('Se eliminó todo lo de una persona').waitFor();
  expect(await log.getByText('Se eliminó todo lo de una persona').count()).toBe(1);
  expect(namedIn(await at.locator('body').innerHTML())).toEqual([]);

  await phone.getByTestId('ended-screen').waitFor();
  await expect
    .poll(async () => (await keptOn(phone)).entries)
    .toEqual({ 'mostrador/photos': 0, 'mostrador-chat/outboxes': 0 });
  const { texts } = await keptOn(phone);
  expect(namedIn(texts)).toEqual([]);
  expect(texts).not.toContain('phone_token');

  // The other one has lost nothing.
  await tab(at, 'SE-QUEDA-7').click();
  await deskCard(at).locator('img').waitFor();
  await deskMessage(at, 'palabras-que-se-quedan').waitFor();
  expect(complaints).toEqual([]);
  // What a server that stops writes last says nothing either.
  program.child.kill('SIGTERM');
  await program.ended;
  for (const trace of traces) expect(standsIn(dataDir, trace)).toEqual([]);
  expect(standsIn(dataDir, 'SE-QUEDA-7')).not.toEqual([]);
});
