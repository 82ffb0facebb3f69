/** Programs of all five older servers on one server at once, each on the port that its old server had. */
import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHttpClient } from '../../renderer/client/index.ts';
import { programs, takePort } from '../process/program.ts';
import { type DjangoStandIn, openDjango } from './django-stand-in.ts';
import { connect, type Peer } from './peer.ts';
import { type Listener, listen } from './socket-clients.ts';

const secret = 's'.repeat(40);
const runs = programs();
const open: { close(): void }[] = [];
let django: DjangoStandIn;
let operatorToken: string;
let urls: { s0: string; s1: string; s2: string; s3: string; native: string };

beforeAll(async () => {
  django = await openDjango();
  const taken = await Promise.all(Array.from({ length: 5 }, () => takePort()));
  await Promise.all(taken.map(({ free }) => free()));
  const [first, ...others] = taken.map(({ port }) => port);
  const env = {
    SECRET_KEY: secret,
    PORT: String(first),
    EXTRA_PORTS: others.join(','),
    PUBLIC_URL: 'http://192.168.1.50:8080',
    DJANGO_BASE_URL: django.baseUrl,
  };
  ({ operatorToken } = await runs.start(['--no-open'], { env }).ready());
  const [s0 = '', s1 = '', s2 = '', s3 = '', native = ''] = taken.map(({ port }) => `http://127.0.0.1:${port}`);
  urls = { s0, s1, s2, s3, native };
});

afterAll(async () => {
  for (const one of open) one.close();
  await runs.clean();
  await django.down();
});

async function raw(url: string): Promise<Peer> {
  const peer = await connect(url);
  open.push(peer);
  return peer;
}

/** `token` is the operator's, a phone's, or one of ours. */
async function native(token: string): Promise<Peer> {
  const peer = await raw(`${urls.native}/ws?token=${token}`);
  await peer.find(isEvent('connected'));
  return peer;
}

function jwt(sub: string, role?: string): Promise<string> {
  return new SignJWT(role === undefined ? {} : { role })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(sub)
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(secret));
}

const socketEvents = [
  ...['connected', 'qr_code', 'authenticated', 'disconnected', 'auth_success', 'event', 'direct_chat_joined'],
  ...['group_joined', 'ack', 'receive_message', 'read_confirmed', 'error'],
];

function socket(url: string, query: object = {}): Listener {
  const one = listen(url, socketEvents, { transports: ['websocket'], query });
  open.push(one);
  return one;
}

async function s2(userId: string, role: string): Promise<Listener> {
  const one = socket(urls.s2);
  django.profiles.set(`of-${userId}`, { id: userId, role });
  one.emit('authenticate', { token: `of-${userId}`, userId, role });
  await one.next('auth_success');
  return one;
}

async function s3(user_id: string): Promise<Listener> {
  const one = socket(urls.s3, { user_id });
  await one.next('connected');
  return one;
}

async function picture(color: string): Promise<Buffer> {
  return sharp({ create: { width: 40, height: 30, channels: 3, background: color } })
    .jpeg()
    .toBuffer();
}

async function put(id: string, query: string, token: string, color: string): Promise<void> {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'image/jpeg' };
  const body = new Uint8Array(await picture(color));
  const sent = await fetch(`${urls.native}/api/photos/${id}${query}`, { method: 'PUT', headers, body });
  expect(sent.status, await sent.text()).toBe(201);
}

const isEvent = (wanted: string) => (message: Record<string, unknown>) =>
  (message.payload as { type?: string } | undefined)?.type === wanted;

async function ask(peer: Peer, resource: string, payload: object): Promise<Record<string, unknown>> {
  const id = randomUUID();
  peer.send({ type: 'request', id, resource, payload });
  const answer = await peer.find(message => message.id === id);
  expect(answer.type, JSON.stringify(answer)).toBe('response');
  return answer.payload as Record<string, unknown>;
}

const rounds = [1, 2, 3, 4, 5];

test('[RAW4] the five flows at once on five ports: nobody hears what is not theirs, members of a conversation hear it on whichever protocol they use, and every photo reaches S0 clients, native clients and the desk', async () => {
  const [sender, listener] = [await raw(urls.s0), await raw(urls.s0)];
  const [till, otherTill] = [await raw(urls.s1), await raw(urls.s1)];
  const socketTill = socket(urls.s1);
  const [cliente, proveedor, stranger] = [
    await s2('c1', 'cliente'),
    await s2('p1', 'proveedor'),
    await s2('c9', 'cliente'),
  ];
  const admin = await s2('a1', 'admin');
  const [ana, luis, eva] = [await s3('501'), await s3('502'), await s3('503')];
  const [desk, office] = [await native(operatorToken), await native(await jwt('office', 'integration'))];
  const [member, visitor] = [await native(await jwt('504')), await native(await jwt('509'))];

  // A phone by way of S1: its own program hears of it, and no other program but the desk.
  for (const one of [till, otherTill]) one.send({ type: 'get_qr' });
  socketTill.emit('get_qr');
  const qr = await till.find(({ type }) => type === 'qr_code');
  await otherTill.find(({ type }) => type === 'qr_code');
  await socketTill.next('qr_code');
  const token = String(qr.qr_data).split('/').at(-1) ?? '';
  const paired = await createHttpClient({ url: urls.s1 }).pair({ token, claim: 'c'.repeat(20) });
  if (!paired.ok) throw new Error(paired.error.message);
  await till.find(({ type }) => type === 'authenticated');
  const phone = await native(paired.value.phone_token);
  await ask(desk, 'sessions', { action: 'assign', session_id: paired.value.session.id, idPersona: 'DNI-S1' });

  // A group with members on S3 and on the native protocol, and a direct chat between the two.
  ana.emit('join_group', { group_id: '77' });
  const { sala_uuid: group } = await ana.next<{ sala_uuid: string }>('group_joined');
  luis.emit('join_group', { group_id: '77' });
  await luis.next('group_joined');
  await ask(member, 'conversations', { action: 'join', conversation_id: group });
  ana.emit('join_direct_chat', { other_user_id: '504' });
  const { sala_uuid: direct } = await ana.next<{ sala_uuid: string }>('direct_chat_joined');

  const phonePhoto = randomUUID();
  const message = (sala_uuid: string, text: string, type: string) =>
    ana.emit('send_message', { sala_uuid, message: text, sender_id: '501', type, message_type: 'texto' });
  const frames = await Promise.all(
    rounds.map(async round => {
      const image = (await picture(`hsl(${round * 60}, 50%, 50%)`)).toString('base64');
      return JSON.stringify({ idPersona: 'DNI-S0', image, round });
    }),
  );

  // All at once.
  await Promise.all([
    (async () => {
      for (const frame of frames) {
        sender.send(frame);
        await desk.find(isEvent('photo_received'));
      }
    })(),
    put(phonePhoto, '', paired.value.phone_token, 'blue'),
    put(randomUUID(), '?idPersona=DNI-S4', await jwt('office', 'integration'), 'green'),
    (async () => {
      for (const round of rounds) {
        cliente.emit('reservation_created', { clienteId: 'c1', proveedorId: 'p1', nota: `reserva ${round}` });
        await cliente.next('event');
      }
    })(),
    (async () => {
      for (const round of rounds) {
        message(group, `grupo ${round}`, 'grupal');
        message(direct, `directo ${round}`, 'directo');
        await ana.next('ack');
        await ana.next('ack');
      }
    })(),
    (async () => {
      for (const round of rounds) {
        const written = { conversation_id: group, content: `nativo ${round}`, sender_id: '504' };
        const sent = await ask(member, 'messages', { action: 'create', message: written });
        luis.emit('mark_read', { mensaje_id: (sent.message as { id: string }).id, user_id: '502' });
        await luis.next('read_confirmed');
      }
    })(),
    (async () => {
      for (const _ of rounds) {
        otherTill.send({ type: 'get_status' });
        await otherTill.find(({ type }) => type === 'status');
      }
    })(),
  ]);
  const heardBy = (peer: Peer, word: string) => peer.heard.filter(text => text.includes(word));
  // Photos of phones and of the back office reach S0 once they have been worked on.
  for (const one of [sender, listener]) {
    await expect.poll(() => [...heardBy(one, 'DNI-S1'), ...heardBy(one, 'DNI-S4')]).toHaveLength(2);
  }
  till.send({ type: 'disconnect_whatsapp' });
  await till.find(({ type }) => type === 'disconnected');
  expect(await phone.closed).toBe(4401);

  // Everybody has read all there was; now each one's whole story.
  const sockets = { socketTill, cliente, proveedor, stranger, admin, ana, luis, eva };
  const peers = { sender, listener, till, otherTill, desk, office, member, visitor };
  await Promise.all([...Object.values(sockets), ...Object.values(peers)].map(one => one.settled()));
  const stories: [string, string[]][] = [
    ...Object.entries({ ...peers, phone }).map(([name, { heard }]): [string, string[]] => [name, heard]),
    ...Object.entries(sockets).map(([name, { all }]): [string, string[]] => [name, all]),
  ];
  const hear = (word: string) =>
    stories.flatMap(([name, story]) => (story.some(text => text.includes(word)) ? [name] : [])).sort();
  expect({
    frame: hear('DNI-S0'),
    ofThePhone: hear('DNI-S1'),
    itsPhoto: hear(phonePhoto),
    ofTheOffice: hear('DNI-S4'),
    reservation: hear('"reserva '),
    group: hear('"grupo '),
    direct: hear('"directo '),
    native: hear('"nativo '),
    read: [hear('read_confirmed'), hear('"message_read"')],
  }).toEqual({
    frame: ['desk', 'listener', 'office'],
    ofThePhone: ['desk', 'listener', 'office', 'sender'],
    itsPhoto: ['desk', 'office', 'phone'],
    ofTheOffice: ['desk', 'listener', 'office', 'sender'],
    reservation: ['admin', 'cliente', 'desk', 'proveedor'],
    group: ['luis', 'member'],
    direct: ['member'],
    native: ['ana', 'luis', 'member'],
    read: [['luis'], ['member']],
  });

  // Each thing once, and in order.
  expect(listener.heard.filter(text => text.includes('DNI-S0'))).toEqual(frames);
  const texts = (one: Listener) => one.heard('receive_message').map(data => (data as { message: string }).message);
  const mine = (word: string, all: string[]) => all.filter(text => text.startsWith(word));
  expect(mine('grupo', texts(luis))).toEqual(rounds.map(round => `grupo ${round}`));
  expect(mine('nativo', texts(ana))).toEqual(rounds.map(round => `nativo ${round}`));
  for (const one of [cliente, proveedor, admin]) expect(one.heard('event')).toHaveLength(rounds.length);
  const types = (peer: Peer) => peer.heard.map(text => JSON.parse(text).type);
  expect(types(till)).toEqual(['connected', 'qr_code', 'authenticated', 'disconnected']);
  expect(types(otherTill)).toEqual(['connected', 'qr_code', ...rounds.map(() => 'status')]);
  expect(new Set(socketTill.all.map(text => text.split(' ')[0]))).toEqual(new Set(['connected', 'qr_code', 'error']));
});
