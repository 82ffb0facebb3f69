/** The phone's page in a real browser of April 2020, which was not made to look old. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { phonePhoto, scene } from '../../electron/images/sample-photos.ts';
import { noOldChromium, type OldChromium, startOldChromium } from './old-chromium.ts';
import { openPlace, type Place } from './place.ts';
import { stage } from './stage.ts';

let place: Place;
let phone: OldChromium;
let folder: string;

stage(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mostrador-photos-'));
  [place, phone] = await Promise.all([openPlace(), startOldChromium()]);
  return [{ close: phone.stop }, place, { close: () => rm(folder, { recursive: true, force: true }) }];
}, noOldChromium);

const id = (name: string) => `[data-testid=${name}]`;
const shows = (text: string) => phone.until(`document.body.innerText.includes(${JSON.stringify(text)})`);

/** Chosen with the camera's button and sent; the photo as the desk has it. */
async function send(testid: string, name: string, bytes: Buffer) {
  await writeFile(join(folder, name), bytes);
  await phone.choose(id(testid), join(folder, name));
  const received = place.hears('photo_received');
  await phone.click(`${id('send')}:not(:disabled)`);
  return received;
}

test('[PHONE451] Chromium 81 plays a whole visit: photo upright, another one asked for, messages, a reload and the end', async () => {
  const { session } = await place.client.send('sessions', 'create', { idPersona: 'P-81', shots: ['DNI anverso'] });
  await phone.goto(`${place.localUrl}${new URL(session.qr?.url ?? '').pathname}`);
  // Started without a language, it says `en-US@posix`, which no formatter takes.
  await phone.click(id('consent'));
  // Between what stands in a row there is room, though that browser knows no gaps.
  const room = await phone.until(
    `(() => { const [icon, words] = document.querySelector('${id('chat')}').parentElement.querySelectorAll('.button:not(.chat-button) > svg, .button:not(.chat-button) > span');
      return words.getBoundingClientRect().left - icon.getBoundingClientRect().right; })()`,
  );
  expect(room).toBeGreaterThanOrEqual(8);

  const first = await send('take', 'a.jpg', await phonePhoto(6, 3000, 4000));
  expect(first).toMatchObject({ shot: 'DNI anverso', width: 1920, height: 2560 });
  await shows('All sent');
  await place.client.send('photos', 'review', { photo_id: first.id, verdict: 'rejected', reason: 'Con reflejos' });
  await shows('«Glare»');
  const second = await send('retake', 'b.jpg', await scene(900, 1200).jpeg().toBuffer());
  await place.client.send('photos', 'review', { photo_id: second.id, verdict: 'accepted' });
  await shows('Photos accepted');

  await phone.click(id('chat'));
  await phone.until(`!document.querySelector('${id('chat-text')}').disabled`);
  await phone.until(`(() => {
    const field = document.querySelector('${id('chat-text')}');
    field.value = '¿Falta algo?';
    return field.dispatchEvent(new Event('input', { bubbles: true }));
  })()`);
  await phone.click(`${id('chat-send')}:not(:disabled)`);
  const conversation_id = (await place.client.send('sessions', 'get', { session_id: session.id })).session
    .conversation_id;
  await expect
    .poll(async () =>
      (await place.client.send('messages', 'get_all', { conversation_id: conversation_id ?? '' })).messages.map(
        ({ content }) => content,
      ),
    )
    .toEqual(['¿Falta algo?']);
  await phone.click(id('chat-close'));

  await phone.reload();
  await shows('Photos accepted');
  await phone.click(id('leave'));
  await phone.click(id('leave-yes'));
  await shows('Thank you: your photo was accepted.');
  expect(await phone.until('String(localStorage.length + sessionStorage.length)')).toBe('0');
  expect(phone.complaints).toEqual([]);
});
