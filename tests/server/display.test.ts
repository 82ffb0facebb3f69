/** The visitor's screen, as the server knows it. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BuiltWorker, buildWorker } from '../../electron/images/built-worker.ts';
import { jpeg, startServer, type TestServer } from './running.ts';

let worker: BuiltWorker;
let server: TestServer;

beforeAll(async () => {
  worker = await buildWorker();
  server = await startServer(worker.entry);
});
afterAll(async () => {
  await server?.stop();
  await worker?.remove();
});

test('[DISP1] the visitor’s screen shows the session that the desk says, and nobody before that', async () => {
  const client = server.client();
  expect(await client.send('display', 'get', {})).toEqual({ session: null, photos: [] });
  const { id } = await server.session({ idPersona: 'DNI-1' });
  const told: unknown[] = [];
  const done = new Promise<void>(resolve => {
    client.on('display_changed', data => {
      told.push(data);
      if (data.session_id === null) resolve();
    });
  });
  for (const session_id of [id, id, null]) {
    expect(await client.send('display', 'show', { session_id })).toEqual({ session_id });
  }
  await done;
  // Said twice it is told once.
  expect(told).toEqual([{ session_id: id }, { session_id: null }]);
  await expect(client.send('display', 'show', { session_id: 'nobody' })).rejects.toMatchObject({ code: 'not_found' });
  expect((await client.send('display', 'get', {})).session).toBeNull();
});

test('[DISP2] what it is given has the QR, the symbol and how photos stand, but neither idPersona, label nor picture', async () => {
  const client = server.client();
  const waiting = await server.session({ idPersona: 'DNI-22222', label: 'Sra. Ruiz' });
  await client.send('display', 'show', { session_id: waiting.id });
  const shown = await client.send('display', 'get', {});
  expect(shown).toMatchObject({
    session: { id: waiting.id, status: 'qr_ready', emoji: waiting.emoji, idPersona: null, label: null },
    photos: [],
  });
  expect(shown.session?.qr?.code).toBe(waiting.qr?.code);
  expect(JSON.stringify(shown)).not.toMatch(/DNI-22222|Ruiz/);

  const { sessionId, token } = await server.phone({ idPersona: 'DNI-33333' });
  const id = randomUUID();
  await server.put(id, await jpeg(), { token });
  await client.send('photos', 'review', { photo_id: id, verdict: 'rejected', reason: 'Borrosa' });
  await client.send('display', 'show', { session_id: sessionId });
  const after = await client.send('display', 'get', {});
  expect(after.photos).toEqual([{ id, status: 'rejected' }]);
  expect(JSON.stringify(after)).not.toMatch(/DNI-33333|Borrosa|urls/);
});

test('[DISP3] a phone may neither see the visitor’s screen nor change it', async () => {
  const { token, sessionId } = await server.phone();
  const phone = server.client(token);
  await expect(phone.send('display', 'get', {})).rejects.toMatchObject({ code: 'forbidden' });
  await expect(phone.send('display', 'show', { session_id: sessionId })).rejects.toMatchObject({ code: 'forbidden' });
});
