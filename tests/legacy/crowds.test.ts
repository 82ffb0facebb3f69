/** 1,000 requests in a second on each way in: each gets its protocol's answer, and nobody else waits. (CONTRACT 4 and 7; TRUST.) */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Runtime } from '../../electron/data-folder.ts';
import { createWebSocketClient } from '../../renderer/client/index.ts';
import { programs } from '../process/program.ts';
import { connect, type Peer } from './peer.ts';
import { type Listener, listen } from './socket-clients.ts';

const runs = programs();
const many = 1_000;
let runtime: Runtime;
let url: string;

beforeAll(async () => {
  runtime = await runs.start(['--no-open'], { env: { LOG_LEVEL: 'error', SECRET_KEY: 's'.repeat(40) } }).ready();
  url = `http://127.0.0.1:${runtime.port}`;
});
const open: { close(): void }[] = [];
/** A neighbour on every other way in is still served, and the server is the one that it was. */
afterEach(async () => {
  for (const one of open.splice(0)) one.close();
  expect((await fetch(`${url}/health`)).status).toBe(200);
});
afterAll(() => runs.clean());

async function raw(path = '/'): Promise<Peer> {
  const peer = await connect(url + path);
  open.push(peer);
  return peer;
}

function io(events: string[], query: Record<string, string> = {}): Listener {
  const one = listen(url, [...events, 'error'], { transports: ['websocket'], query });
  open.push(one);
  return one;
}

/** `ask` of a neighbour is answered within two seconds, while the flood is on its way. */
async function meanwhile(ask: () => Promise<unknown>): Promise<void> {
  const began = performance.now();
  await ask();
  expect(performance.now() - began).toBeLessThan(2_000);
}

/** Until it has heard so many of these in all. */
async function heard(one: Listener, events: string[], count: number): Promise<void> {
  const all = () => events.reduce((sum, event) => sum + one.heard(event).length, 0);
  await expect.poll(all, { timeout: 20_000 }).toBe(count);
}

test('[S3C22] 1,000 messages of S3 in a second: past the allowance each is refused, and others go on chatting', async () => {
  const events = ['connected', 'direct_chat_joined', 'ack', 'receive_message'];
  const [noisy, other, ana, luis] = ['noisy', 'other', 'ana', 'luis'].map(user_id => io(events, { user_id }));
  if (!noisy || !other || !ana || !luis) throw new Error('not all are there');
  for (const one of [noisy, other, ana, luis]) await one.next('connected');
  const room = async (one: Listener, other_user_id: string) => {
    one.emit('join_direct_chat', { other_user_id });
    return (await one.next<{ sala_uuid: string }>('direct_chat_joined')).sala_uuid;
  };
  const say = (sala_uuid: string, sender_id: string) => ({ sala_uuid, sender_id, message: 'x', message_type: 'texto' });
  const [loud, quiet] = [await room(noisy, 'other'), await room(ana, 'luis')];
  for (let sent = 0; sent < many; sent++) noisy.emit('send_message', say(loud, 'noisy'));
  await meanwhile(async () => {
    ana.emit('send_message', say(quiet, 'ana'));
    await luis.next('receive_message');
  });
  await heard(noisy, ['ack', 'error'], many);
  const refused = noisy.heard('error');
  expect(refused.length).toBeGreaterThan(many / 2);
  for (const error of refused) expect(error).toMatchObject({ code: 'rate_limited' });
  // What was acknowledged arrived, and nothing else.
  await heard(other, ['receive_message'], noisy.heard('ack').length);
  await other.settled();
  expect(other.heard('receive_message')).toHaveLength(noisy.heard('ack').length);
  expect(noisy.socket.connected).toBe(true);
});

test('[S1R21] 1,000 messages of S1 over Socket.IO in a second: past the allowance each is refused, and others get their QR', async () => {
  const events = ['connected', 'qr_code', 'status'];
  const [noisy, neighbour] = [io(events), io(events)];
  for (const one of [noisy, neighbour]) await one.next('connected');
  for (let sent = 0; sent < many; sent++) noisy.emit('get_status', {});
  await meanwhile(async () => {
    neighbour.emit('get_qr', {});
    await neighbour.next('qr_code');
  });
  await heard(noisy, ['status', 'error'], many);
  expect(noisy.heard('error').length).toBeGreaterThan(many / 2);
  for (const error of noisy.heard('error')) expect(error).toMatchObject({ type: 'error', code: 'rate_limited' });
  expect(noisy.socket.connected).toBe(true);
});

test('[S1R22] 1,000 messages of S1 by raw JSON in a second: past the allowance each is refused, others get their QR, and later it is answered again', async () => {
  const [noisy, neighbour] = [await raw(), await raw()];
  for (let sent = 0; sent < many; sent++) noisy.send({ type: 'get_status' });
  await meanwhile(async () => {
    neighbour.send({ type: 'get_qr' });
    await neighbour.find(({ type }) => type === 'qr_code');
  });
  await noisy.settled();
  const types = noisy.heard.map(text => JSON.parse(text).type);
  const of = (type: string) => types.filter(one => one === type).length;
  expect(of('connected')).toBe(1);
  expect(of('error') + of('status')).toBe(many);
  expect(of('error')).toBeGreaterThan(many * 0.9);
  // Not as fast as it can: who floods on is let go.
  const asked = async () => {
    noisy.send({ type: 'get_status' });
    await noisy.settled();
    return JSON.parse(noisy.heard.at(-1) ?? '{}').type;
  };
  await expect.poll(asked, { interval: 60, timeout: 5_000 }).toBe('status');
});

test('[S0R11] 1,000 bad frames of S0 in a second: each is answered to its sender, nothing is relayed, and photos of others go on', async () => {
  const [noisy, sender, listener] = [await raw(), await raw(), await raw()];
  const bad = ['{"idPersona":"1"}', '{"idPersona":"1","image":"¡no!"}', 'no json', '{"image":"AAAA"}', '[]'];
  for (let sent = 0; sent < many; sent++) noisy.send(bad[sent % bad.length]);
  const frame = '{"idPersona":"1","image":"/9j/4AAQ"}';
  await meanwhile(async () => {
    sender.send(frame);
    expect(await listener.next()).toBe(frame);
  });
  await noisy.settled();
  const errors = noisy.heard.filter(text => text !== frame).map(text => JSON.parse(text).error.code);
  expect(errors).toEqual(Array(many).fill('invalid_message'));
  await listener.settled();
  expect(listener.heard).toEqual([frame]);
});

test('[S0R12] a client that sends bad frames without end is let go, and nobody else', async () => {
  const [noisy, listener] = [await raw(), await raw()];
  for (let sent = 0; sent < 4 * many; sent++) noisy.send('no json');
  expect(await noisy.closed).toBe(4429);
  const frame = '{"idPersona":"1","image":"/9j/4AAQ"}';
  (await raw()).send(frame);
  expect(await listener.next()).toBe(frame);
});

test('[BAD30] 1,000 requests by REST in a second, good, refused and unknown: each gets its answer, and a desk on its WebSocket does not wait', async () => {
  const desk = createWebSocketClient(runtime.operatorToken, { url, WebSocket });
  open.push(desk);
  desk.connect();
  await desk.send('sessions', 'list', {});
  const headers = { Authorization: `Bearer ${runtime.operatorToken}` };
  const kinds: [string, RequestInit, number][] = [
    ['/api/photos', { headers }, 200],
    ['/api/photos', {}, 401],
    ['/api/nothing', { headers }, 404],
    ['/api/sessions', { method: 'POST', body: '{', headers: { ...headers, 'Content-Type': 'application/json' } }, 400],
    ['/health', {}, 200],
  ];
  const answers = Array.from({ length: many }, async (_, sent) => {
    const [path, init, expected] = kinds[sent % kinds.length] ?? ['/', {}, 0];
    const answer = await fetch(url + path, init);
    await answer.arrayBuffer();
    return answer.status === expected;
  });
  await meanwhile(() => desk.send('sessions', 'list', {}));
  expect(await Promise.all(answers)).toEqual(Array(many).fill(true));
});
