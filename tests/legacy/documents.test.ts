/** `/asyncapi.json` says what older programs really send and hear: each of their messages, on the whole server. */
import { SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dialects } from '../../electron/edge/documents/dialects.ts';
import { type BuiltWorker, buildWorker } from '../../electron/images/built-worker.ts';
import { createHttpClient } from '../../renderer/client/index.ts';
import { type AsyncDocument, against, asyncDocument } from '../server/described.ts';
import { jpeg, must, startServer, type TestServer } from '../server/running.ts';
import { connect, type Peer } from './peer.ts';
import { type Listener, listen } from './socket-clients.ts';

const secret = 's'.repeat(40);
let worker: BuiltWorker;
let server: TestServer;
let document: AsyncDocument;
const open: { close(): void }[] = [];
/** What was said and heard, as `channel.way.message`. */
const seen = new Set<string>();

beforeAll(async () => {
  worker = await buildWorker();
  server = await startServer(worker.entry, { env: { SECRET_KEY: secret } });
  document = must(asyncDocument, await (await server.call('GET', '/asyncapi.json', { token: null })).json());
});
afterAll(async () => {
  for (const one of open) one.close();
  await server.stop();
  worker.remove();
});

/** Fits its description; gives it back. */
function fits<T>(channel: string, way: 'receive' | 'send', message: string, payload: T): T {
  const key = `${message}.${way}` in (document.channels[channel]?.messages ?? {}) ? `${message}.${way}` : message;
  expect(against(document, channel, key, payload), `${channel} ${key} ${JSON.stringify(payload)}`).toEqual([]);
  seen.add(`${channel}.${way}.${message}`);
  return payload;
}

/** A program on Socket.IO whose every word, either way, has to be as it is described. */
function program(channel: string, options: object = {}) {
  const says = Object.keys(dialects[channel]?.says ?? {});
  const listener: Listener = listen(server.url, says, { transports: ['websocket'], ...options });
  open.push(listener);
  return {
    say: (event: string, data?: unknown) => listener.emit(event, fits(channel, 'receive', event, data)),
    next: async (event: string) =>
      fits(channel, 'send', event, await listener.next<Record<string, string>>(event)) as Record<string, string>,
    emit: listener.emit,
  };
}

async function pair(qr: unknown): Promise<void> {
  const token = String(qr).split('/').at(-1) ?? '';
  const paired = await createHttpClient({ url: server.url }).pair({ token, claim: 'c'.repeat(20) });
  if (!paired.ok) throw new Error(paired.error.message);
}

async function raw(): Promise<Peer> {
  const peer = await connect(server.url);
  open.push(peer);
  return peer;
}

const token = (sub: string) =>
  new SignJWT({})
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(sub)
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(secret));

async function s0(): Promise<void> {
  const [sender, listener] = [await raw(), await raw()];
  const frame = fits('s0', 'receive', 'photo', { idPersona: 7, image: (await jpeg()).toString('base64') });
  sender.send(frame);
  fits('s0', 'send', 'photo', JSON.parse(await listener.next()));
  await server.put('0b0c9e0a-3f5e-4a38-8a43-2f6c0e6f7a10', await jpeg(), { query: '?idPersona=DNI-1' });
  fits('s0', 'send', 'photo', JSON.parse(await listener.next()));
  await sender.next();
  sender.send({ idPersona: '7' });
  fits('s0', 'send', 'error', JSON.parse(await sender.next()));
}

async function s1Raw(): Promise<void> {
  const peer = await raw();
  const say = (message: { type: string }) => peer.send(fits('s1', 'receive', message.type, message));
  const next = async (type: string) => {
    const message: Record<string, string> = JSON.parse(await peer.next());
    expect(message.type).toBe(type);
    return fits('s1', 'send', type, message);
  };
  say({ type: 'get_qr' });
  await next('connected');
  const { qr_data, session_id } = await next('qr_code');
  say({ type: 'get_status', ...{ session_id } });
  await next('status');
  await pair(qr_data);
  await next('authenticated');
  say({ type: 'disconnect_whatsapp', ...{ session_id } });
  await next('disconnected');
  peer.send({ type: 'nothing' });
  await next('error');
}

async function s1Socket(): Promise<void> {
  const { say, next, emit } = program('s1_socketio');
  await next('connected');
  say('get_qr', {});
  const { qr_data, session_id } = await next('qr_code');
  say('get_status', { session_id });
  await next('status');
  await pair(qr_data);
  await next('authenticated');
  say('disconnect_whatsapp', { session_id });
  await next('disconnected');
  emit('get_qr', { session_id: 7 });
  await next('error');
  emit('nothing');
  await next('error');
}

async function s2(): Promise<void> {
  const { say, next, emit } = program('s2');
  say('authenticate', { token: 'none', userId: 'c1', role: 'cliente' });
  await next('auth_error');
  say('authenticate', { token: await token('c1'), userId: 'c1', role: 'cliente' });
  await next('auth_success');
  say('join_room', 'service_9');
  await next('room_joined');
  say('leave_room', { room: 'service_9' });
  await next('room_left');
  for (const event of ['reservation_created', 'reservation_accepted', 'payment_created', 'comment_created']) {
    say(event, { clienteId: 'c1', proveedorId: 7, fecha: '2026-03-02' });
    await next('event');
  }
  emit('join_room', { room: 'cliente_c2' });
  await next('error');
}

async function s3(): Promise<void> {
  const [ana, luis] = [program('s3', { query: { user_id: 'ana' } }), program('s3', { query: { user_id: 'luis' } })];
  await Promise.all([ana.next('connected'), luis.next('connected')]);
  ana.say('join_group', { group_id: 78 });
  const { sala_uuid } = await ana.next('group_joined');
  luis.say('join_group', { group_id: '78' });
  await Promise.all([luis.next('group_joined'), ana.next('user_joined_group')]);
  luis.say('leave_group', { group_id: '78' });
  await Promise.all([luis.next('group_left'), ana.next('user_left_group')]);
  ana.say('send_message', { sala_uuid, message: 'a nadie', sender_id: 'ana', type: 'grupal' });
  await ana.next('ack');
  ana.say('join_direct_chat', { other_user_id: 'luis' });
  const direct = await ana.next('direct_chat_joined');
  const file = { message_type: 'imagen', url_archivo: 'https://archivos.example/a.png' };
  const timestamp = new Date().toISOString();
  const written = {
    sala_uuid: direct.sala_uuid,
    message: 'Hola',
    sender_id: 'ana',
    timestamp,
    type: 'directo',
    ...file,
  };
  ana.say('send_message', written);
  await ana.next('ack');
  const { mensaje_id } = await luis.next('receive_message');
  luis.say('mark_delivered', { mensaje_id, user_id: 'luis' });
  await Promise.all([luis.next('delivery_confirmed'), ana.next('delivery_confirmed')]);
  luis.say('mark_read', { mensaje_id, user_id: 'luis' });
  await Promise.all([luis.next('read_confirmed'), ana.next('read_confirmed')]);
  luis.emit('send_message', { ...written, sender_id: 'ana' });
  await luis.next('error');
}

test('[API11] every message of the older protocols, as it is sent and heard on the server, fits its description', async () => {
  for (const flow of [s0, s1Raw, s1Socket, s2, s3]) await flow();
  const all = Object.entries(dialects).flatMap(([channel, { hears, says }]) => [
    ...Object.keys(hears).map(message => `${channel}.receive.${message}`),
    ...Object.keys(says).map(message => `${channel}.send.${message}`),
  ]);
  expect([...seen].sort()).toEqual([...all].sort());
  expect(Object.keys(document.operations)).toEqual(expect.arrayContaining(all));
});

test('[API12] a message of an older protocol without what it needs does not fit its description', () => {
  const needs: [string, string, unknown][] = [
    ['s0', 'photo', { idPersona: '7' }],
    ['s0', 'photo', { idPersona: ['7'], image: 'AAAA' }],
    ['s1', 'get_qr', { type: 'get_status' }],
    ['s1', 'get_qr', { type: 'get_qr', session_id: 7 }],
    ['s1_socketio', 'qr_code', { type: 'qr_code', session_id: 'x', message: 'm' }],
    ['s2', 'authenticate', { token: 't', userId: '7' }],
    ['s2', 'authenticate', { token: 't', userId: '7', role: 'jefe' }],
    ['s2', 'join_room', {}],
    ['s3', 'send_message', { message: 'x', sender_id: '1' }],
    ['s3', 'send_message', { sala_uuid: 'u', sender_id: '1', message_type: 'video' }],
    ['s3', 'mark_read', { mensaje_id: '1' }],
    ['s3', 'ack', { status: 'sent', mensaje_id: 7 }],
  ];
  for (const [channel, message, payload] of needs) {
    expect(against(document, channel, message, payload), `${channel} ${message}`).not.toEqual([]);
  }
});
