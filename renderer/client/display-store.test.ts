/** What the visitor's screen makes of what happens to photos, on a real server. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { type BuiltWorker, buildWorker } from '../../electron/images/built-worker.ts';
import { undecodable } from '../../electron/images/sample-photos.ts';
import { jpeg, startServer, type TestServer } from '../../tests/server/running.ts';
import { type DisplayState, DisplayStore } from './display-store.ts';

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

/** A screen that shows a new visitor, whose phone sends. */
async function visit() {
  const { sessionId, token } = await server.phone({ idPersona: `DNI-${randomUUID().slice(0, 8)}` });
  const desk = server.client();
  await desk.send('display', 'show', { session_id: sessionId });
  const store = new DisplayStore(server.client());
  onTestFinished(store.start());
  const shows = (wanted: Partial<DisplayState>) => vi.waitFor(() => expect(store.getSnapshot()).toMatchObject(wanted));
  await shows({ ready: true, photos: 0, last: null });
  return {
    desk,
    shows,
    async send(picture: Buffer): Promise<string> {
      const id = randomUUID();
      expect((await server.put(id, picture, { token })).status).toBe(201);
      return id;
    },
  };
}

test('[DISP20] a photo that turns out to be unreadable is asked for again', async () => {
  const { shows, send } = await visit();
  await send(await jpeg());
  await shows({ photos: 1, last: 'received' });
  await send(undecodable(await jpeg()));
  await shows({ photos: 2, last: 'quarantined' });
});

test('[DISP21] a deleted photo is not counted any more, and one that is taken back is; what is said is of the last one left', async () => {
  const { desk, shows, send } = await visit();
  const first = await send(await jpeg());
  await desk.send('photos', 'review', { photo_id: first, verdict: 'accepted' });
  const second = await send(await jpeg(4_000));
  await shows({ photos: 2, last: 'received' });
  await desk.send('photos', 'delete', { photo_id: second });
  await shows({ photos: 1, last: 'accepted' });
  await desk.send('photos', 'restore', { photo_id: second });
  await shows({ photos: 2, last: 'received' });
  // A repeat of the first changes that one too: it is no news of it.
  await send(await jpeg());
  await shows({ photos: 3, last: 'received' });
  await desk.send('photos', 'delete', { photo_id: first });
  await shows({ photos: 2, last: 'received' });
});
