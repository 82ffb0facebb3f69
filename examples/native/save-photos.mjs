/**
 * Opens a session for one person and saves each photo of it to a folder, until the session ends; Ctrl+C ends it. (Node 20.19
 * or newer.)
 *
 *   MOSTRADOR_TOKEN=… node examples/native/save-photos.mjs 40123456 ./photos
 *
 * MOSTRADOR_URL is where the desk is, http://127.0.0.1:8080 unless it is set. Elsewhere, save the SDK from the desk itself
 * (http://DESK:8080/sdk/mostrador-client.js) beside your program and import that; `ws` is on npm, and Node 22 needs none.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { createHttpClient, createWebSocketClient } from '../../dist/sdk/mostrador-client.js';

const [idPersona, folder = 'photos'] = process.argv.slice(2);
const url = process.env.MOSTRADOR_URL ?? 'http://127.0.0.1:8080';
const token = process.env.MOSTRADOR_TOKEN;
if (!idPersona || !token) {
  process.stderr.write('MOSTRADOR_TOKEN=… node save-photos.mjs ID_PERSONA [FOLDER]\n');
  process.exit(2);
}
await mkdir(folder, { recursive: true });

// It connects again by itself, and what happened meanwhile is replayed: a photo that is announced once is saved once.
const desk = createWebSocketClient(token, { url, WebSocket });
const http = createHttpClient({ url, token });
desk.onError = error => process.stderr.write(`${error.code}: ${error.message}\n`);
desk.connect();

/** Photos that are being saved; the program waits for them before it ends. */
const saving = new Set();
const { session } = await desk.send('sessions', 'create', { idPersona, label: 'save-photos' });

desk.on('photo_received', ({ photo }) => {
  if (photo.session_id !== session.id) return;
  const work = save(photo).finally(() => saving.delete(work));
  saving.add(work);
});
desk.on('session_updated', async ({ session: { id, status, phone } }) => {
  if (id !== session.id) return;
  if (status === 'authenticated') process.stdout.write(`phone: ${phone.device}\n`);
  if (status !== 'disconnected') return;
  await Promise.all(saving);
  desk.close();
});
// That it ended is heard above, and the connection may be closed before the answer comes.
process.once('SIGINT', () => void desk.send('sessions', 'end', { session_id: session.id }).catch(() => desk.close()));
process.stdout.write(`scan: ${session.qr?.url}\ncode: ${session.qr?.code}\n`);

/** What is served is upright and without metadata; the answer waits until it has been made. */
async function save(photo) {
  const image = await http.fetchBlob(photo.urls.full);
  if (!image.ok) return process.stderr.write(`${photo.id}: ${image.error.message}\n`);
  const path = join(folder, `${photo.id}.${image.value.type === 'image/png' ? 'png' : 'jpg'}`);
  await writeFile(path, Buffer.from(await image.value.arrayBuffer()));
  process.stdout.write(`saved: ${path}\n`);
}
