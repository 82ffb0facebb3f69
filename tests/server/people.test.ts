/** A person's export and deletion on the real server: real files, a real chat, a real phone, and a kill in the middle. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import * as z from 'zod/mini';
import type { Runtime } from '../../electron/data-folder.ts';
import { type BuiltWorker, buildWorker } from '../../electron/images/built-worker.ts';
import { undecodable } from '../../electron/images/sample-photos.ts';
import { createWebSocketClient, type MostradorClient } from '../../renderer/client/index.ts';
import { openedExport } from '../opened-export.ts';
import { programs } from '../process/program.ts';
import { standsIn } from '../stands-in.ts';
import { jpeg, must, startServer, type TestServer } from './running.ts';

const secret = 'a secret key for tests, 32 bytes or more';
/** Stands in the chat and nowhere else. */
const marker = 'MARKER-of-the-chat';
const person = 'PERSON-81726354';
let worker: BuiltWorker;
let server: TestServer;
const running = programs();
beforeAll(async () => {
  worker = await buildWorker();
});
beforeEach(async () => {
  server = await startServer(worker.entry, { env: { SECRET_KEY: secret, LOG_LEVEL: 'debug' } });
  return () => server.stop();
});
afterAll(async () => {
  worker.remove();
  await running.clean();
});

function connect(url: string, token: string): MostradorClient {
  const client = createWebSocketClient(token, { url, WebSocket });
  client.connect();
  return client;
}

/** A visit with photos of one shot and a word in the chat. */
async function visit(at: { url: string; token: string }, idPersona: string, words: string, photos = 2) {
  const desk = connect(at.url, at.token);
  const { session } = await desk.send('sessions', 'create', { idPersona, label: `Etiqueta ${idPersona}` });
  const paired = await fetch(`${at.url}/api/pair`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ token: new URL(session.qr?.url ?? '').pathname.split('/').at(-1), claim: randomUUID() }),
  });
  const { phone_token } = must(z.object({ phone_token: z.string() }), await paired.json());
  const hasChat = new Promise<string>(resolve => {
    desk.on('session_updated', ({ session: now }) => {
      if (now.id === session.id && now.conversation_id) resolve(now.conversation_id);
    });
  });
  const phone = connect(at.url, phone_token);
  const conversation_id = await hasChat;
  await phone.send('messages', 'create', { message: { conversation_id, content: words, sender_id: session.id } });
  const filed = await fetch(
    `${at.url}/api/files/${randomUUID()}?conversation_id=${conversation_id}&name=nota%20${idPersona.length}.txt`,
    { method: 'PUT', headers: { Authorization: `Bearer ${phone_token}` }, body: `Una nota: ${words}` },
  );
  expect(filed.status).toBe(201);
  const ids = Array.from({ length: photos }, () => randomUUID());
  for (const id of ids) {
    const worked = new Promise<void>(resolve => {
      desk.on('photo_updated', ({ photo }) => {
        if (photo.id === id && photo.stored_sha256) resolve();
      });
    });
    const sent = await fetch(`${at.url}/api/photos/${id}?shot=DNI%20anverso`, {
      method: 'PUT',
      headers: { Authorization: `Bearer ${phone_token}`, 'Content-Type': 'image/jpeg' },
      body: new Uint8Array(await jpeg()),
    });
    expect(sent.status).toBe(201);
    await worked;
  }
  desk.close();
  return { sessionId: session.id, conversation_id, phone, phone_token, ids };
}

const exportPath = (idPersona: string) => `/api/people/${encodeURIComponent(idPersona)}/export`;

test('[EXPORT1] the ZIP holds pictures, chat, log and a manifest whose every hash is right; and it is logged', async () => {
  const { phone, ids } = await visit(server, 'a/ñ 1', marker);
  const other = await visit(server, 'OTHER', 'of the other');
  const answer = await server.call('GET', exportPath('a/ñ 1'));
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('application/zip');
  expect(Number(answer.headers.get('x-expected-bytes'))).toBeGreaterThan(0);
  const { files, list, text } = openedExport(new Uint8Array(await answer.arrayBuffer()));
  expect(list).toMatchObject({ idPersona: 'a/ñ 1', mostrador: '0.0.0' });
  expect(list.photos.map(({ id }) => id)).toEqual(ids);
  for (const { file, stored_sha256 } of list.photos) {
    expect(file).toMatch(/^photos\/\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d_DNI-anverso(_2)?\.jpg$/);
    expect(list.files.find(({ name }) => name === file)?.sha256).toBe(stored_sha256);
  }
  expect(text('attachments/nota 5.txt')).toBe(`Una nota: ${marker}`);
  expect(text('chat.txt')).toContain(`a/ñ 1: ${marker}`);
  expect(text('chat.json')).toContain(marker);
  expect(text('log.csv').startsWith('\ufefffecha,tipo,')).toBe(true);
  expect(text('log.csv')).toContain('person_exported');
  expect(Object.values(files).some(file => Buffer.from(file).includes('OTHER'))).toBe(false);
  const { activity } = await connect(server.url, server.token).send('activity', 'list', { kinds: ['person_exported'] });
  expect(activity).toMatchObject([{ who: 'operator', data: { idPersona: 'a/ñ 1', photos: 2 } }]);
  phone.close();
  other.phone.close();
  expect(server.errors).toEqual([]);
});

test('[EXPORT2] only operator and admin get it; nobody is found under a name that nobody has', async () => {
  const phone = await server.phone({ idPersona: person });
  const tokenFor = (role: string) =>
    new SignJWT({ role })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject('x')
      .setExpirationTime('1h')
      .sign(Buffer.from(secret));
  const status = async (token: string | null) => (await server.call('GET', exportPath(person), { token })).status;
  expect(await status(null)).toBe(401);
  expect(await status(phone.token)).toBe(403);
  expect(await status(await tokenFor('integration'))).toBe(403);
  expect(await status(await tokenFor('cliente'))).toBe(403);
  expect(await status(await tokenFor('admin'))).toBe(200);
  expect((await server.call('GET', exportPath('nobody'))).status).toBe(404);
  expect((await server.call('GET', exportPath('x'.repeat(65)))).status).toBe(400);
});

test('[EXPORT3] a photo that could not be read is named in the manifest and not given; who goes away in the middle harms nobody', async () => {
  const id = randomUUID();
  const desk = connect(server.url, server.token);
  const settled = new Promise<string>(resolve => void desk.on('photo_updated', ({ photo }) => resolve(photo.status)));
  await desk.send('rooms', 'list', {});
  const sent = await server.put(id, undecodable(await jpeg()), { query: `?idPersona=${person}` });
  expect(sent.status).toBe(201);
  expect(await settled).toBe('quarantined');
  const left = new AbortController();
  const begun = await server.call('GET', exportPath(person), { signal: left.signal });
  left.abort();
  await begun.arrayBuffer().catch(() => undefined);
  const answer = await server.call('GET', exportPath(person));
  const { files, list } = openedExport(new Uint8Array(await answer.arrayBuffer()));
  expect(list.photos).toMatchObject([{ id, status: 'quarantined', file: null, left_out: 'quarantined' }]);
  expect(Object.keys(files).filter(name => name.startsWith('photos/'))).toEqual([]);
  desk.close();
  await server.isHealthy();
});

test('[ERASE8] after the deletion no file of the data folder holds the idPersona, a word of the chat or a picture; the phone is out', async () => {
  const gone = await visit(server, person, marker);
  const stays = await visit(server, 'STAYS', 'the other’s words');
  expect(standsIn(server.dataDir, person)).not.toEqual([]);
  expect(standsIn(server.dataDir, marker)).not.toEqual([]);
  expect(server.files().full).toBe(4);
  const closed = new Promise<number>(resolve => {
    gone.phone.onDisconnect = ({ code }) => resolve(code);
  });
  const desk = connect(server.url, server.token);
  const reply = await desk.send('people', 'delete', { idPersona: person });
  expect(reply).toMatchObject({ photos: 2, sessions: 1, complete: true });
  expect(await closed).toBe(4401);
  for (const words of [person, marker]) expect(standsIn(server.dataDir, words)).toEqual([]);
  expect(server.files()).toMatchObject({ photos: 2, full: 2, thumb: 2, incoming: 0 });
  const dead = await server.call('GET', '/api/photos', { token: gone.phone_token });
  expect(dead.status).toBe(401);
  const late = await server.put(randomUUID(), await jpeg(), { token: gone.phone_token });
  expect(late.status).toBe(401);
  const { activity } = await desk.send('activity', 'list', { limit: 200 });
  expect(JSON.stringify(activity)).not.toContain(person);
  expect(JSON.stringify(activity)).not.toContain(gone.sessionId);
  expect(activity.filter(({ kind }) => kind === 'person_deleted')).toHaveLength(1);
  const { messages } = await desk.send('messages', 'get_all', { conversation_id: stays.conversation_id });
  expect(messages.map(({ content }) => content)).toEqual(['the other’s words']);
  desk.close();
  stays.phone.close();
  expect(server.errors).toEqual([]);
});

test('[ERASE9] a photo that is on its way while its person goes is refused and leaves neither file nor line', async () => {
  const phone = await server.phone({ idPersona: person });
  const body = await jpeg(300_000);
  const id = randomUUID();
  const desk = connect(server.url, server.token);
  const begun = new Promise<void>(resolve => void desk.on('upload_progress', () => resolve()));
  await desk.send('rooms', 'list', {});
  const put = request(`${server.url}/api/photos/${id}`, {
    method: 'PUT',
    headers: { Authorization: `Bearer ${phone.token}`, 'Content-Type': 'image/jpeg', 'Content-Length': body.length },
  });
  put.write(body.subarray(0, 150_000));
  await begun;
  expect(server.files().incoming).toBe(1);
  expect(await desk.send('people', 'delete', { idPersona: person })).toMatchObject({ complete: true });
  const answered = once(put, 'response');
  put.end(body.subarray(150_000));
  const [response] = await answered;
  response.resume();
  expect(response.statusCode).toBe(410);
  expect(server.files()).toMatchObject({ photos: 0, incoming: 0 });
  const { activity } = await desk.send('activity', 'list', { limit: 200 });
  expect(JSON.stringify(activity)).not.toContain(phone.sessionId);
  desk.close();
});

test('[ERASE10] killed in the middle of a deletion, the next start finishes it', async () => {
  const dataDir = join(running.folder(), 'data');
  const env = { SECRET_KEY: secret, UPLOADS_PER_MINUTE: '1000' };
  const first = running.start([], { dataDir, env });
  const before = await first.ready();
  const at = (runtime: Runtime) => ({ url: `http://127.0.0.1:${runtime.port}`, token: runtime.operatorToken });
  const { phone } = await visit(at(before), person, marker, 25);
  const desk = connect(at(before).url, before.operatorToken);
  // The first transaction is told before the files and the chat are gone.
  const begun = new Promise<void>(resolve => void desk.on('person_deleted', () => resolve()));
  desk.send('people', 'delete', { idPersona: person }).catch(() => undefined);
  await begun;
  first.child.kill('SIGKILL');
  await first.ended;
  phone.close();
  desk.close();
  const pictures = () =>
    readdirSync(join(dataDir, 'photos'), { recursive: true, encoding: 'utf8' }).filter(name => name.includes('.'));
  expect(pictures()).not.toEqual([]);
  const second = running.start([], { dataDir, env });
  const after = await second.ready();
  const again = connect(at(after).url, after.operatorToken);
  const left = () => [...pictures(), ...standsIn(dataDir, person), ...standsIn(dataDir, marker)];
  await expect.poll(left, { timeout: 15_000 }).toEqual([]);
  const { activity } = await again.send('activity', 'list', { limit: 200 });
  expect(activity.filter(({ kind }) => kind === 'person_deleted')).toHaveLength(1);
  again.close();
  second.child.kill('SIGTERM');
  await second.ended;
});
