/** Files of the chat on the real server: safe before they are acknowledged, for members alone, harmless where they are opened. */
import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import * as z from 'zod/mini';
import { type BuiltWorker, buildWorker } from '../../electron/images/built-worker.ts';
import { type ChatFile, fileReply } from '../../protocol/file.ts';
import type { MostradorClient } from '../../renderer/client/index.ts';
import { jpeg, must, startServer, type TestServer } from './running.ts';

const secret = 'a secret key for tests, 32 bytes or more';
const MiB = 1024 * 1024;
let worker: BuiltWorker;
let server: TestServer;
let desk: MostradorClient;

const env = { SECRET_KEY: secret, UPLOADS_PER_MINUTE: '1000', MAX_PHOTO_MB: '2' };

beforeAll(async () => {
  worker = await buildWorker();
  server = await startServer(worker.entry, { env });
  desk = server.client();
});
afterAll(async () => {
  await server.isHealthy();
  expect(server.errors).toEqual([]);
  await server.stop();
  await worker.remove();
});

const tokenOf = (sub: string, role = 'user') =>
  new SignJWT({ role })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(sub)
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(secret));

/** A phone that is here, with its conversation. */
async function visitor(at: TestServer = server, idPersona = 'DNI-48213377') {
  const phone = await at.phone({ idPersona });
  const client = at.client(phone.token);
  const conversation = await vi.waitFor(async () => {
    const { session } = await client.send('sessions', 'get', { session_id: phone.sessionId });
    if (session.conversation_id === null) throw new Error('no conversation yet');
    return session.conversation_id;
  }, 10_000);
  return { ...phone, client, conversation };
}

interface Sent {
  conversation: string;
  token?: string | null;
  id?: string;
  name?: string;
  headers?: Record<string, string>;
}

function put(
  body: string | Buffer,
  { conversation, token, id = randomUUID(), name = 'nota.txt', headers }: Sent,
  at = server,
) {
  const query = new URLSearchParams({ conversation_id: conversation, name });
  const bytes = new Uint8Array(typeof body === 'string' ? Buffer.from(body) : body);
  return at.call('PUT', `/api/files/${id}?${query}`, {
    body: bytes,
    ...(token === undefined ? {} : { token }),
    ...(headers ? { headers } : {}),
  });
}

async function filed(body: string | Buffer, sent: Sent, at = server): Promise<ChatFile> {
  const response = await put(body, sent, at);
  expect(response.status).toBe(201);
  return must(fileReply, await response.json()).file;
}

async function refusal(response: Response): Promise<string> {
  const shape = z.object({
    error: z.looseObject({ code: z.string(), message: z.string(), details: z.optional(z.looseObject({})) }),
  });
  const { error } = must(shape, await response.json());
  expect(error.message).toMatch(/^\p{Lu}.{10,}/u);
  return `${response.status} ${error.code}${error.details?.reason ? ` ${String(error.details.reason)}` : ''}`;
}

/** Everything that lies there: finished files, and unfinished uploads. */
function onDisk({ dataDir } = server): { files: string[]; incoming: string[] } {
  const names = (folder: string) => readdirSync(join(dataDir, folder), { recursive: true }).map(String);
  return { files: names('files').filter(name => name.includes('.')), incoming: names('incoming-files') };
}

const hashOf = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex');

test('[FILES4] a file goes both ways between phone and desk, byte for byte, and is on the disk before the 201', async () => {
  const phone = await visitor();
  const body = '%PDF-1.7\nuna factura';
  const id = randomUUID();
  const file = await filed(body, {
    ...phone,
    id,
    name: 'factura nº 3.pdf',
    headers: { 'X-Content-SHA256': hashOf(body), 'Content-Type': 'image/jpeg' },
  });
  expect(file).toMatchObject({
    id,
    conversation_id: phone.conversation,
    name: 'factura nº 3.pdf',
    mime: 'application/pdf',
    bytes: Buffer.byteLength(body),
    sha256: hashOf(body),
    url: `/api/files/${id}`,
  });
  expect(onDisk().files).toContain(join(id.slice(0, 2), `${id}.full`));
  expect(onDisk().incoming).toEqual([]);
  const got = await server.call('GET', file.url);
  expect(got.status).toBe(200);
  expect(await got.text()).toBe(body);

  const back = await filed('Traiga el original.', { conversation: phone.conversation });
  const there = await server.call('GET', back.url, { token: phone.token });
  expect(await there.text()).toBe('Traiga el original.');
  const { message } = await desk.send('messages', 'create', {
    message: {
      conversation_id: phone.conversation,
      sender_id: 'operator',
      type: 'archivo',
      content: back.name,
      file_url: back.url,
    },
  });
  expect(message.file_url).toBe(back.url);
});

test('[FILES5] what is served can only be saved: nosniff, sandbox, same origin, attachment under the exact name', async () => {
  const { conversation } = await visitor();
  const name = 'Aña\'s "nota" (1).html';
  const file = await filed('<script>alert(1)</script>', { conversation, name });
  const got = await server.call('GET', file.url);
  const header = (which: string) => got.headers.get(which);
  expect(header('content-type')).toBe('text/plain; charset=utf-8');
  expect(header('x-content-type-options')).toBe('nosniff');
  expect(header('content-security-policy')).toBe('sandbox');
  expect(header('cross-origin-resource-policy')).toBe('same-origin');
  expect(header('cache-control')).toBe('private, no-store');
  expect(header('content-disposition')).toBe(
    `attachment; filename="A_a's _nota_ (1).html.txt"; filename*=UTF-8''A%C3%B1a%27s%20_nota_%20%281%29.html.txt`,
  );
});

test('[FILES6] the same upload again is the same file; another body, sender or conversation under its id is a conflict', async () => {
  const phone = await visitor();
  const other = await visitor(server, 'DNI-2');
  const id = randomUUID();
  const file = await filed('uno', { ...phone, id });
  const again = await put('uno', { ...phone, id, name: 'otro.txt' });
  expect(again.status).toBe(200);
  expect(must(fileReply, await again.json()).file).toEqual(file);
  expect(await refusal(await put('dos', { ...phone, id }))).toBe('409 conflict');
  expect(await refusal(await put('uno', { conversation: phone.conversation, id }))).toBe('409 conflict');
  expect(await refusal(await put('uno', { ...other, id }))).toBe('409 conflict');
  const twice = randomUUID();
  const both = await Promise.all([1, 2].map(() => put('a la vez', { ...phone, id: twice })));
  expect(both.map(({ status }) => status).sort()).toEqual([200, 201]);
  expect(onDisk().incoming).toEqual([]);
});

test('[FILES7] only members: another phone, a stranger and nobody at all get nothing and leave nothing', async () => {
  const phone = await visitor();
  const other = await visitor(server, 'DNI-3');
  const eva = await tokenOf('eva', 'admin');
  const before = onDisk();
  expect(await refusal(await put('x', { conversation: other.conversation, token: phone.token }))).toBe('404 not_found');
  expect(await refusal(await put('x', { conversation: phone.conversation, token: eva }))).toBe('403 forbidden');
  expect(await refusal(await put('x', { conversation: randomUUID() }))).toBe('404 not_found');
  expect(await refusal(await put('x', { conversation: phone.conversation, token: null }))).toBe(
    '401 unauthorized missing',
  );
  expect(onDisk()).toEqual(before);
  const file = await filed('secreto', phone);
  for (const token of [other.token, eva]) {
    expect(await refusal(await server.call('GET', file.url, { token }))).toBe('404 not_found file');
  }
  expect(await refusal(await server.call('GET', file.url, { token: null }))).toBe('401 unauthorized missing');
  expect(await refusal(await server.call('GET', '/api/files/..%2f..%2fsecret.key'))).toBe('404 not_found file');

  await desk.send('sessions', 'end', { session_id: phone.sessionId });
  expect((await put('tarde', phone)).status).toBe(410);
});

describe('bad input', () => {
  test('[FILES8] a wrong hash, a foreign type, an empty file, a picture of a phone, a name that is missing: refused with a reason', async () => {
    const phone = await visitor();
    const before = onDisk();
    const refused = async (body: string | Buffer, more: Partial<Sent> = {}) =>
      refusal(await put(body, { ...phone, ...more }));
    expect(await refused('x', { headers: { 'X-Content-SHA256': hashOf('y') } })).toBe('400 invalid_message hash');
    expect(await refused('x', { headers: { 'X-Content-SHA256': 'zz' } })).toBe('400 invalid_message');
    expect(await refused(Buffer.from('MZ\x90\0'), { name: 'nota.txt' })).toBe('400 invalid_message unsupported_type');
    expect(await refused('')).toBe('400 invalid_message empty');
    expect(await refused(await jpeg(), { name: 'foto.jpg' })).toBe('400 invalid_message use_photos');
    expect(await refused('x', { name: '' })).toBe('400 invalid_message');
    expect(await refused('x', { name: 'n'.repeat(1_001) })).toBe('400 invalid_message');
    expect(await refused('x', { id: 'not-a-uuid' })).toBe('400 invalid_message');
    expect((await server.call('PUT', `/api/files/${randomUUID()}`, { body: 'x' })).status).toBe(400);
    expect(onDisk()).toEqual(before);
  });

  test('[FILES9] too large is refused before and while it comes; a body that is cut leaves nothing', async () => {
    const phone = await visitor();
    const before = onDisk();
    expect(await refusal(await put(Buffer.alloc(2 * MiB + 1, 'a'), phone))).toBe('413 too_large');
    const query = new URLSearchParams({ conversation_id: phone.conversation, name: 'a.txt' });
    const unsaid = await fetch(`${server.url}/api/files/${randomUUID()}?${query}`, {
      method: 'PUT',
      headers: { Authorization: `Bearer ${phone.token}` },
      body: new Blob([Buffer.alloc(3 * MiB, 'a')]).stream(),
      duplex: 'half',
    } as RequestInit);
    expect(await refusal(unsaid)).toBe('413 too_large');

    const id = randomUUID();
    const head = `PUT /api/files/${id}?${query} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${phone.token}\r\nContent-Length: 1000\r\n\r\n`;
    const socket = connect(server.port, '127.0.0.1');
    socket.write(`${head}only a part`);
    await expect.poll(() => onDisk().incoming).toHaveLength(1);
    socket.destroy();
    await expect.poll(() => onDisk()).toEqual(before);
    expect(await refusal(await server.call('GET', `/api/files/${id}`))).toBe('404 not_found file');
  });

  test('[FILES10] a picture that is damaged is refused, whoever sends it', async () => {
    const { conversation } = await visitor();
    const picture = await jpeg();
    const before = onDisk();
    for (const broken of [picture.subarray(0, -2), Buffer.concat([picture.subarray(0, 200), Buffer.alloc(300)])]) {
      expect(await refusal(await put(broken, { conversation, name: 'foto.jpg' }))).toMatch(/^400 invalid_message/);
    }
    expect(onDisk()).toEqual(before);
  });
});

test('[FILES11] a picture that the desk sends goes out upright and without metadata', async () => {
  const { conversation, token } = await visitor();
  const picture = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#246' } })
    .withExif({ IFD0: { Copyright: 'Ana García' }, IFD3: { GPSLatitude: '40/1 25/1 0/1', GPSLatitudeRef: 'N' } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
  expect((await sharp(picture).metadata()).exif).toBeDefined();
  const file = await filed(picture, { conversation, name: 'plano.jpg' });
  expect(file).toMatchObject({ mime: 'image/jpeg', sha256: hashOf(picture), bytes: picture.length });
  const got = await server.call('GET', file.url, { token });
  const bytes = Buffer.from(await got.arrayBuffer());
  const { exif, width, height } = await sharp(bytes).metadata();
  expect([exif, width, height]).toEqual([undefined, 40, 60]);
  expect(got.headers.get('content-length')).toBe(String(bytes.length));
  expect(onDisk().incoming).toEqual([]);
});

test('[FILES12] what one sender may keep in a conversation is bounded, a phone’s photos counted with its files', async () => {
  const small = await startServer(worker.entry, { env: { ...env, MAX_SESSION_PHOTOS: '3' } });
  onTestFinished(() => small.stop());
  const phone = await visitor(small);
  await filed('uno', phone, small);
  expect((await small.put(randomUUID(), await jpeg(), phone)).status).toBe(201);
  await filed('dos', phone, small);
  expect(await refusal(await put('tres', phone, small))).toBe('413 too_large session_full');
  expect(await refusal(await small.put(randomUUID(), await jpeg(), phone))).toBe('413 too_large session_full');
  await filed('del mostrador', { conversation: phone.conversation }, small);
});

test('[FILES13] files of a phone count with its photos in what it may send in a minute', async () => {
  const slow = await startServer(worker.entry, { env: { ...env, UPLOADS_PER_MINUTE: '2' } });
  onTestFinished(() => slow.stop());
  const phone = await visitor(slow);
  await filed('uno', phone, slow);
  expect((await slow.put(randomUUID(), await jpeg(), phone)).status).toBe(201);
  const third = await put('tres', phone, slow);
  expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await refusal(third)).toBe('429 rate_limited');
});

test('[FILES14] a file goes with its message, and all of them with their conversation; the link then says so', async () => {
  const phone = await visitor();
  const file = await filed('uno', phone);
  const mine = { conversation_id: phone.conversation, sender_id: phone.sessionId, content: '', file_url: file.url };
  const { message } = await phone.client.send('messages', 'create', { message: { ...mine, type: 'archivo' } });
  await phone.client.send('messages', 'delete', { message_id: message.id });
  expect(await refusal(await server.call('GET', file.url))).toBe('404 not_found file');
  await vi.waitFor(() => expect(onDisk().files.filter(name => name.includes(file.id))).toEqual([]), 5_000);

  const { conversation } = await desk.send('conversations', 'create', { type: 'group', members: [], title: 'Turno' });
  const kept = await filed('dos', { conversation: conversation.id });
  await desk.send('conversations', 'delete', { conversation_id: conversation.id });
  expect(await refusal(await server.call('GET', kept.url))).toBe('404 not_found file');
  await vi.waitFor(() => expect(onDisk().files.filter(name => name.includes(kept.id))).toEqual([]), 5_000);
});

test('[FILES15] a restart keeps what was acknowledged and removes what never was', async () => {
  const first = await startServer(worker.entry, { env });
  const phone = await visitor(first);
  const file = await filed('uno', phone, first);
  await first.stop({ keep: true });
  const stray = `${file.id.slice(0, -1)}${file.id.endsWith('0') ? '1' : '0'}`;
  writeFileSync(join(first.dataDir, 'files', stray.slice(0, 2), `${stray}.orig`), 'never committed');
  writeFileSync(join(first.dataDir, 'incoming-files', 'half'), 'hal');
  const second = await startServer(worker.entry, { env, dataDir: first.dataDir });
  onTestFinished(() => second.stop());
  expect(await (await second.call('GET', file.url)).text()).toBe('uno');
  const left = { files: [join(file.id.slice(0, 2), `${file.id}.full`)], incoming: [] };
  await expect.poll(() => onDisk(second)).toEqual(left);
});

test('[FILES16] the log says who wrote and who sent a file to whom, and never what', async () => {
  const phone = await visitor(server, 'DNI-5150');
  await filed('el contenido del archivo', { ...phone, name: 'mi secreto.txt' });
  await phone.client.send('messages', 'create', {
    message: { conversation_id: phone.conversation, sender_id: phone.sessionId, content: 'palabras privadas' },
  });
  const { conversation } = await desk.send('conversations', 'create', { type: 'group', members: [], title: 'Turno' });
  await desk.send('conversations', 'leave', { conversation_id: conversation.id });
  const { activity } = await desk.send('activity', 'list', {
    kinds: ['message_sent', 'file_received', 'group_created', 'group_left'],
  });
  expect(activity.slice(-4).map(({ kind, who, text }) => [kind, who, text])).toEqual([
    ['file_received', phone.sessionId, 'DNI-5150 envió un archivo en el chat.'],
    ['message_sent', phone.sessionId, 'DNI-5150 escribió en el chat.'],
    ['group_created', 'operator', 'operator creó el grupo «Turno».'],
    ['group_left', 'operator', 'operator dejó el grupo «Turno».'],
  ]);
  expect(JSON.stringify(activity)).not.toMatch(/privadas|secreto|contenido/);
});
