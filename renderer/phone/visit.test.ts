import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Photo } from '../../protocol/photo.ts';
import { memoryOutbox } from '../client/chat-outbox.ts';
import { FakeServer, type Peer } from '../client/fake-server.ts';
import { createWebSocketClient, type Session } from '../client/index.ts';
import { Visit, type VisitSnapshot } from './visit.ts';

const session: Session = {
  id: 's1',
  idPersona: '…456',
  label: null,
  status: 'authenticated',
  emoji: '🦊',
  color: '#aa5500',
  shots: [],
  conversation_id: null,
  qr: null,
  created_at: '2026-01-01T00:00:00.000Z',
  phone: { connected: true, device: null },
};
const photo: Photo = {
  id: '2f1a6c1e-5d3b-4c43-9a51-0a4c0c2b7a11',
  idPersona: '…456',
  session_id: 's1',
  mime: 'image/jpeg',
  width: 1,
  height: 1,
  bytes: 3,
  sha256: 'a'.repeat(64),
  stored_sha256: null,
  status: 'received',
  reason: null,
  shot: null,
  received_at: '2026-01-01T00:00:00.000Z',
  urls: { full: '/full', thumb: '/thumb' },
};

let server: FakeServer;
let visit: Visit;
let ended: Promise<void>;
let agreed: string | null;

beforeEach(async () => {
  server = await FakeServer.start();
  agreed = null;
  ended = new Promise(resolve => {
    const timing = { backoffFirst: 5, backoffMost: 10 };
    visit = new Visit({
      session,
      client: createWebSocketClient('secret', { url: server.url, WebSocket, timing }),
      origin: 'http://192.168.1.5:8080',
      onSession: () => {},
      consent: () => agreed,
      onEnded: resolve,
      isOffline: () => false,
      outboxOf: memoryOutbox,
      chatOpen: false,
    });
  });
});

afterEach(async () => {
  visit.stop();
  await server.stop();
});

function until(wanted: (now: VisitSnapshot) => boolean): Promise<void> {
  return new Promise(resolve => {
    if (wanted(visit.getSnapshot())) return resolve();
    const stop = visit.subscribe(() => {
      if (!wanted(visit.getSnapshot())) return;
      stop();
      resolve();
    });
  });
}

/** The desk's side of a connection that has told what there is. */
async function connected(photos: Photo[] = []): Promise<Peer> {
  const peer = await server.peer();
  await peer.greet(0);
  await peer.answer({ session });
  await peer.answer({ photos, next: null });
  return peer;
}

const event = (seq: number, type: string, data: unknown) => ({
  type: 'event',
  id: `evt-${seq}`,
  seq,
  payload: { type, data },
});

test('[PHONE10] the answer to an upload does not undo a verdict that came before it', async () => {
  visit.start();
  const peer = await connected();
  peer.say(event(1, 'photo_received', { photo }));
  peer.say(event(2, 'photo_reviewed', { photo: { ...photo, status: 'accepted' } }));
  await until(now => now.photos[0]?.status === 'accepted');
  visit.add(photo);
  expect(visit.getSnapshot().photos.map(({ status }) => status)).toEqual(['accepted']);
});

test('[PHONE10] a list that was made before an upload was answered does not take its photo away', async () => {
  visit.start();
  const peer = await server.peer();
  await peer.greet(0);
  await peer.answer({ session });
  const { id } = await peer.next();
  visit.add(photo);
  const seen: number[] = [];
  visit.subscribe(() => void seen.push(visit.getSnapshot().photos.length));
  const old = { ...photo, id: '2f1a6c1e-5d3b-4c43-9a51-0a4c0c2b7a12' };
  peer.say({ type: 'response', id, payload: { photos: [old], next: null } });
  await until(now => now.photos.some(({ id }) => id === old.id));
  expect(visit.getSnapshot().photos.map(({ id }) => id)).toEqual([photo.id, old.id]);
  expect(seen).not.toContain(0);
});

test('[PHONE11] it is offline only after a second attempt failed, and shows what the desk has once it is back', async () => {
  const links: string[] = [];
  visit.subscribe(() => {
    const { link } = visit.getSnapshot();
    if (links.at(-1) !== link) links.push(link);
  });
  visit.start();
  let peer = await connected();
  await until(now => now.link === 'online');
  peer.socket.terminate();
  peer = await server.peer();
  peer.socket.terminate();
  await until(now => now.link === 'offline');
  await connected([photo]);
  await until(now => now.photos.length === 1);
  expect(links).toEqual(['connecting', 'online', 'connecting', 'offline', 'online']);
});

test('[PHONE12] a session that the desk ends ends the visit', async () => {
  visit.start();
  const peer = await connected();
  peer.say(event(1, 'session_updated', { session: { ...session, status: 'disconnected' } }));
  await ended;
});

test('[PHONE13] a refused token ends the visit', async () => {
  visit.start();
  const peer = await server.peer();
  await peer.next();
  peer.say({ type: 'error', id: null, payload: { code: 'expired', message: 'La sesión terminó.' } });
  peer.socket.close(4401, 'expired');
  await ended;
});

test('[SET15] what the visitor agreed to is told at every connection until the session says it', async () => {
  visit.start();
  const first = await connected();
  await until(({ link }) => link === 'online');
  agreed = '2026-03-02';
  visit.tellConsent();
  expect((await first.next()).payload).toMatchObject({ action: 'consent', session_id: 's1', version: '2026-03-02' });
  // The answer is lost with the connection.
  first.socket.terminate();
  const second = await connected();
  const consent = { version: '2026-03-02', at: '2026-03-02T12:00:00.000Z' };
  const again = await second.answer({ session: { ...session, consent } });
  expect(again.payload).toMatchObject({ action: 'consent', version: '2026-03-02' });
  await until(now => now.session.consent?.version === '2026-03-02');
  second.socket.terminate();
  const third = await server.peer();
  await third.greet(0);
  await third.answer({ session: { ...session, consent } });
  await third.answer({ photos: [], next: null });
  await until(({ link }) => link === 'online');
  void visit.leave();
  // Nothing about the consent comes before the goodbye.
  expect((await third.next()).payload).toMatchObject({ action: 'end' });
});
