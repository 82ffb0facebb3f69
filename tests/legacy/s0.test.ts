/** Programs written for S0, driven by the library that they use, on the whole server. */
import { randomBytes } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Runtime } from '../../electron/data-folder.ts';
import { createHttpClient, createWebSocketClient } from '../../renderer/client/index.ts';
import { type Program, programs } from '../process/program.ts';
import { connect, type Peer } from './peer.ts';

const runs = programs();
let program: Program;
let runtime: Runtime;
let url: string;
let desk: ReturnType<typeof createWebSocketClient>;
const open: Peer[] = [];

beforeAll(async () => {
  program = runs.start(['--no-open'], { env: { SECRET_KEY: 'k'.repeat(40), TRUSTED_PROXIES: '127.0.0.1' } });
  runtime = await program.ready();
  url = `http://127.0.0.1:${runtime.port}`;
  desk = createWebSocketClient(runtime.operatorToken, { url, WebSocket });
  desk.connect();
});

afterAll(async () => {
  desk.close();
  for (const peer of open) peer.close();
  await runs.clean();
});

async function join(path = '/', headers?: Record<string, string>): Promise<Peer> {
  const peer = await connect(`${url}${path}`, headers);
  open.push(peer);
  return peer;
}

/** As the server sees somebody on the Wi-Fi. */
const fromOutside = { 'X-Forwarded-For': '192.168.1.77' };

/** A different picture each time. */
async function picture(): Promise<Buffer> {
  return sharp(randomBytes(24 * 24 * 3), { raw: { width: 24, height: 24, channels: 3 } })
    .jpeg()
    .toBuffer();
}

function received(idPersona: string): Promise<{ id: string; idPersona: string | null }> {
  return new Promise(resolve => {
    const off = desk.on('photo_received', ({ photo }) => {
      if (photo.idPersona !== idPersona) return;
      off();
      resolve(photo);
    });
  });
}

const frameOf = (idPersona: unknown, image: string, before = '') =>
  `{ "idPersona" :${before} ${JSON.stringify(idPersona)},\n "image":"${image}", "extra": [1, {"a":"\\u00f1"}] }`;

test('[S0R1] a frame reaches every other listener byte for byte, and never its sender', async () => {
  const [sender, one, two] = [await join(), await join('/socket'), await join('/a/b?c=d')];
  const image = (await picture()).toString('base64');
  const frames = [
    frameOf('DNI-1', image),
    frameOf('DNI-1', `data:image/jpeg;base64,${image}`, '\t'),
    frameOf(12345, image.replaceAll('/', '\\/')),
    frameOf('ñandú 😀', image),
    frameOf('DNI-1', image.replace(/.{76}/g, '$&\\r\\n')),
  ];
  for (const frame of frames) sender.send(frame);
  for (const frame of frames) {
    expect(await one.next()).toBe(frame);
    expect(await two.next()).toBe(frame);
  }
  await sender.settled();
  expect(sender.heard).toEqual([]);
  for (const peer of [sender, one, two]) peer.close();
});

test('[S0R2] a frame is stored as a photo of that person, with its very bytes, and the desk hears of it', async () => {
  const sender = await join();
  const bytes = await picture();
  const seen = received('12345678');
  sender.send({ idPersona: 12345678, image: `data:image/jpeg;base64,${bytes.toString('base64')}` });
  const photo = await seen;
  const { photo: kept } = await desk.send('photos', 'get', { photo_id: photo.id });
  expect(kept).toMatchObject({
    idPersona: '12345678',
    session_id: null,
    bytes: bytes.length,
    width: 24,
    mime: 'image/jpeg',
  });
  sender.close();
});

test('[S0R3] what is no S0 frame is answered to its sender alone, and nothing is relayed', async () => {
  const [sender, other] = [await join(), await join()];
  const good = (await picture()).toString('base64');
  const bad: [string, unknown, string][] = [
    ['no idPersona', { image: good }, 'invalid_message'],
    ['no image', { idPersona: '1' }, 'invalid_message'],
    ['an object as idPersona', { idPersona: {}, image: good }, 'invalid_message'],
    ['an empty idPersona', { idPersona: ' ', image: good }, 'invalid_message'],
    ['an idPersona of 65 characters', { idPersona: 'x'.repeat(65), image: good }, 'invalid_message'],
    ['a number that lost digits', '{"idPersona":12345678901234567890,"image":"AAAA"}', 'invalid_message'],
    ['a number as image', { idPersona: '1', image: 7 }, 'invalid_message'],
    ['an empty image', { idPersona: '1', image: '' }, 'invalid_message'],
    ['text that is no base64', { idPersona: '1', image: '¡hola!' }, 'invalid_message'],
    ['truncated base64', { idPersona: '1', image: good.slice(0, -3) }, 'invalid_message'],
    ['a hole in long base64', { idPersona: '1', image: `${'A'.repeat(3000)}*${'A'.repeat(999)}` }, 'invalid_message'],
    ['the URL alphabet', { idPersona: '1', image: `${'-_'.repeat(2000)}` }, 'invalid_message'],
    ['another kind of address', { idPersona: '1', image: `data:text/plain,${good}` }, 'invalid_message'],
    ['a line break that JSON does not allow', `{"idPersona":"1","image":"${good}\n"}`, 'invalid_message'],
    ['no JSON', `{"idPersona":"1","image":"${good}"`, 'invalid_message'],
    ['a list', '[1]', 'invalid_message'],
    ['null', 'null', 'invalid_message'],
    ['an unknown type', { type: 'nothing' }, 'invalid_message'],
    ['the picture itself', Buffer.from(good, 'base64'), 'invalid_message'],
    ['bytes that are no text', Buffer.from(frameOf('ñ', good), 'latin1'), 'invalid_message'],
    ['very many quotes', `{"idPersona":"1","x":[${'"",'.repeat(50_000)}""],"image":"${good}"}`, 'invalid_message'],
    ['18 MiB', frameOf('1', 'A'.repeat(18 * 1024 * 1024)), 'too_large'],
  ];
  for (const [what, message, code] of bad) {
    sender.send(message);
    expect(JSON.parse(await sender.next()), what).toMatchObject({ error: { code, message: expect.any(String) } });
  }
  // The sender is still welcome, and what it sends next is the first that the other hears.
  const frame = frameOf('1', good);
  sender.send(frame);
  expect(await other.next()).toBe(frame);
  for (const peer of [sender, other]) peer.close();
});

test('[S0R400] the prefixes that browsers take are taken: without a type, with image/*, with spaces in them', async () => {
  const [sender, other] = [await join(), await join()];
  const bytes = await picture();
  const prefixes = [
    'data:;base64,',
    'data:image/*;base64,',
    'data:image/jpeg; base64,',
    'data:image/jpeg;base64, ',
    'DATA:image/png; name=foto.png;charset=utf-8;base64,',
  ];
  for (const [index, prefix] of prefixes.entries()) {
    const seen = received(`PRE-${index}`);
    const frame = frameOf(`PRE-${index}`, `${prefix}${bytes.toString('base64')}`);
    sender.send(frame);
    expect(await other.next()).toBe(frame);
    expect((await desk.send('photos', 'get', { photo_id: (await seen).id })).photo.bytes, prefix).toBe(bytes.length);
  }
  expect(sender.heard).toEqual([]);
  for (const peer of [sender, other]) peer.close();
});

test('[S0R401] a frame that comes as bytes is relayed as text, and kept', async () => {
  const [sender, other] = [await join(), await join()];
  const bytes = await picture();
  const frame = frameOf('señora 😀', bytes.toString('base64'));
  const seen = received('señora 😀');
  const kinds: boolean[] = [];
  other.socket.on('message', (_data, isBinary) => kinds.push(isBinary));
  sender.send(Buffer.from(frame));
  expect(await other.next()).toBe(frame);
  expect(kinds).toEqual([false]);
  expect((await desk.send('photos', 'get', { photo_id: (await seen).id })).photo.bytes).toBe(bytes.length);
  expect(sender.heard).toEqual([]);
  for (const peer of [sender, other]) peer.close();
});

test('[S0R4] an image that cannot be read is relayed, but not kept; it is logged and its sender told', async () => {
  const [sender, other] = [await join(), await join()];
  const noPicture = frameOf('NADIE-1', Buffer.from('this is no picture').toString('base64'));
  sender.send(noPicture);
  expect(await other.next()).toBe(noPicture);
  expect(JSON.parse(await sender.next())).toMatchObject({ error: { code: 'invalid_message' } });

  // Whole by its structure, and yet nothing that can be decoded: found out by the image process only.
  const broken = await sharp({ create: { width: 64, height: 64, channels: 3, background: 'red' } })
    .png()
    .toBuffer();
  broken.fill(0xff, broken.indexOf('IDAT') + 4, broken.indexOf('IEND') - 8);
  const gone = new Promise(resolve => desk.on('photo_deleted', resolve));
  sender.send({ idPersona: 'NADIE-2', image: broken.toString('base64') });
  expect(JSON.parse(await sender.next())).toMatchObject({ error: { code: 'invalid_message' } });
  await gone;
  for (const idPersona of ['NADIE-1', 'NADIE-2']) {
    expect((await desk.send('photos', 'list', { idPersona })).photos).toEqual([]);
  }
  const { activity } = await desk.send('activity', 'list', { kinds: ['photo_refused'] });
  expect(activity.length).toBe(2);
  for (const peer of [sender, other]) peer.close();
});

test('[S0R5] a photo that comes any other way is shown once, re-encoded, with its person', async () => {
  const listener = await join();
  const { session } = await desk.send('sessions', 'create', {});
  const paired = await createHttpClient({ url }).pair({
    token: session.qr?.url.split('/').at(-1) ?? '',
    claim: 'c'.repeat(20),
  });
  if (!paired.ok) throw new Error(paired.error.message);
  const id = '6b1f0f6c-4f0e-4c53-9d0e-0d2f7a6d9b11';
  const worked = new Promise<void>(resolve => {
    desk.on('photo_updated', ({ photo }) => {
      if (photo.id === id && photo.stored_sha256) resolve();
    });
  });
  const put = await fetch(`${url}/api/photos/${id}`, {
    method: 'PUT',
    headers: { Authorization: `Bearer ${paired.value.phone_token}`, 'Content-Type': 'image/jpeg' },
    body: new Uint8Array(await picture()),
  });
  expect(put.status).toBe(201);
  await worked;
  // Of nobody yet: shown as soon as the desk says whose it is.
  expect(listener.heard).toEqual([]);
  await desk.send('sessions', 'assign', { session_id: session.id, idPersona: 'DNI-5' });
  const shown = JSON.parse(await listener.next());
  expect(Object.keys(shown)).toEqual(['idPersona', 'image']);
  expect(shown.idPersona).toBe('DNI-5');
  const [, base64 = ''] = /^data:image\/jpeg;base64,(.+)$/.exec(shown.image) ?? [];
  expect(await sharp(Buffer.from(base64, 'base64')).metadata()).toMatchObject({
    width: 24,
    height: 24,
    format: 'jpeg',
  });

  // Once: corrected again it does not come again, and what came by S0 does not come back when it has been worked on.
  await desk.send('sessions', 'assign', { session_id: session.id, idPersona: 'DNI-6' });
  const sender = await join();
  const seen = received('DNI-7');
  const frame = frameOf('DNI-7', (await picture()).toString('base64'));
  sender.send(frame);
  const { id: second } = await seen;
  await fetch(`${url}/api/photos/${second}`, { headers: { Authorization: `Bearer ${runtime.operatorToken}` } });
  await listener.settled();
  expect(await listener.next()).toBe(frame);
  expect(listener.heard.length).toBe(2);
  expect(sender.heard).toEqual([]);
  for (const peer of [listener, sender]) peer.close();
});

test('[S0R10] clients that close, die or send rubbish in the middle of a burst are forgotten, and nobody else notices', async () => {
  const clients = async () => {
    const headers = { Authorization: `Bearer ${runtime.operatorToken}` };
    const answer = await fetch(`${url}/dashboard/clients`, { headers });
    const { clients }: { clients: { protocol: string }[] } = await answer.json();
    return clients.filter(({ protocol }) => protocol === 's0').length;
  };
  // Those of the tests before are gone first.
  for (const peer of open.splice(0)) peer.close();
  await expect.poll(clients).toBe(0);
  const [sender, dying, staying] = [await join(), await join(), await join()];
  const [closing, broken, garbling] = [await join(), await join(), await join()];
  // 300 KB each, so that the burst is on its way for a while.
  const noise = await sharp(randomBytes(400 * 400 * 3), { raw: { width: 400, height: 400, channels: 3 } })
    .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
    .toBuffer();
  const frames = Array.from({ length: 30 }, (_, n) => frameOf(`BURST-${n}`, noise.toString('base64')));
  const last = frameOf('LAST', (await picture()).toString('base64'));
  for (const frame of frames) sender.send(frame);
  // Each after it has heard something of the burst, one in each way that a connection can end.
  await Promise.all([closing, broken, garbling, dying].map(peer => peer.next()));
  closing.close();
  broken.socket.terminate();
  garbling.socket.once('error', () => {});
  // A length that no frame may have.
  garbling.send('x'.repeat(40 * 1024 * 1024));
  dying.send(frameOf('DYING', noise.toString('base64')));
  dying.send(`{"idPersona":"DYING","image":"${noise.toString('base64').slice(0, 1_000)}`);
  await dying.settled();
  dying.socket.terminate();
  expect(await garbling.closed).toBe(1009);
  sender.send(last);
  const heard: string[] = [];
  for (let frame = ''; frame !== last; heard.push(frame)) frame = await staying.next();
  const from = (name: string) => heard.filter(frame => frame.includes(`"${name}`));
  expect(from('BURST')).toEqual(frames);
  expect(from('DYING')).toHaveLength(1);
  expect(heard).toHaveLength(frames.length + 2);
  await sender.settled();
  expect(sender.heard.filter(text => !text.includes('"DYING"'))).toEqual([]);
  await expect.poll(clients).toBe(2);
  for (const peer of [sender, staying]) peer.close();
  await expect.poll(clients).toBe(0);
});

test('[S0R6] a flood of photos is stored whole, without a limit, and its sender hears of no error', async () => {
  const sender = await join();
  const many = 300;
  let came = 0;
  const all = new Promise<void>(resolve => {
    const off = desk.on('photo_received', ({ photo }) => {
      if (photo.idPersona !== 'FLOOD' || ++came < many) return;
      off();
      resolve();
    });
  });
  for (let index = 0; index < many; index++)
    sender.send({ idPersona: 'FLOOD', image: (await picture()).toString('base64') });
  await all;
  expect(sender.heard).toEqual([]);
  sender.close();
});

test('[RAW1] from elsewhere only a good operator or integration token hears photos', async () => {
  await expect(join('/?token=nobody-knows-this', fromOutside)).rejects.toThrow('refused 401');
  await expect(join('/', { ...fromOutside, Authorization: 'Bearer wrong.wrong.wrong' })).rejects.toThrow('refused 401');
  const inside = await join();
  const outside = await join(`/?token=${runtime.operatorToken}`, fromOutside);
  const bearer = await join('/', { ...fromOutside, Authorization: `Bearer ${runtime.operatorToken}` });
  const frame = frameOf('1', (await picture()).toString('base64'));
  inside.send(frame);
  expect(await outside.next()).toBe(frame);
  expect(await bearer.next()).toBe(frame);
  for (const peer of [inside, outside, bearer]) peer.close();
});

test('[RAW2] from elsewhere without a token only a native client that says who it is gets in', async () => {
  const stranger = await join('/', fromOutside);
  const native = await join('/some/path', fromOutside);
  const inside = await join();
  native.send({ type: 'auth', token: runtime.operatorToken });
  await native.find(({ payload }) => (payload as { type?: string })?.type === 'connected');
  inside.send(frameOf('1', (await picture()).toString('base64')));
  await native.find(({ payload }) => (payload as { type?: string })?.type === 'photo_received');
  stranger.send(frameOf('1', (await picture()).toString('base64')));
  expect(await stranger.closed).toBe(4401);
  expect(stranger.heard.map(text => JSON.parse(text).type)).toEqual(['error']);
  for (const peer of [native, inside]) peer.close();
});

test('[RAW3] a first message of the native protocol makes it a native client, and no photo comes as S0 any more', async () => {
  const native = await join(`/anything?token=${runtime.operatorToken}`);
  const sender = await join();
  native.send({ type: 'request', id: 'r1', resource: 'photos', payload: { action: 'list', limit: 1 } });
  await native.find(({ id, type }) => type === 'response' && id === 'r1');
  sender.send(frameOf('NATIVE', (await picture()).toString('base64')));
  await native.find(({ payload }) => (payload as { type?: string })?.type === 'photo_received');
  expect(native.heard.every(text => 'type' in JSON.parse(text))).toBe(true);
  const tokenless = await join();
  tokenless.send({ type: 'request', id: 'r1', resource: 'photos', payload: { action: 'list' } });
  expect(await tokenless.closed).toBe(4401);
  for (const peer of [native, sender]) peer.close();
});
