/** S0, S1 and native programs on one server at once, each on the port that its old server had. */

import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHttpClient } from '../../renderer/client/index.ts';
import { programs, takePort } from '../process/program.ts';
import { connect, type Peer } from './peer.ts';

const runs = programs();
const open: Peer[] = [];
let operatorToken: string;
let ports: { s0: number; s1: number; native: number };

/** Three that are free now. */
async function freePorts(): Promise<number[]> {
  const taken = await Promise.all([takePort(), takePort(), takePort()]);
  await Promise.all(taken.map(({ free }) => free()));
  return taken.map(({ port }) => port);
}

beforeAll(async () => {
  const [s0 = 0, s1 = 0, native = 0] = await freePorts();
  ports = { s0, s1, native };
  const env = { PORT: String(s0), EXTRA_PORTS: `${s1},${native}`, PUBLIC_URL: 'http://192.168.1.50:8080' };
  ({ operatorToken } = await runs.start(['--no-open'], { env }).ready());
});

afterAll(async () => {
  for (const peer of open) peer.close();
  await runs.clean();
});

async function join(port: number, path = ''): Promise<Peer> {
  const peer = await connect(`http://127.0.0.1:${port}${path}`);
  open.push(peer);
  return peer;
}

async function picture(color: string): Promise<Buffer> {
  return sharp({ create: { width: 40, height: 30, channels: 3, background: color } })
    .jpeg()
    .toBuffer();
}

const isEvent = (wanted: string) => (message: Record<string, unknown>) =>
  (message.payload as { type?: string } | undefined)?.type === wanted;

test('[RAW4] S0, S1 and native programs work on one server at once, and nobody hears what is not theirs', async () => {
  const { s0, s1, native } = ports;
  const [sender, listener] = [await join(s0), await join(s0)];
  const [till, otherTill] = [await join(s1), await join(s1)];
  const desk = await join(native, `/ws?token=${operatorToken}`);
  await desk.find(isEvent('connected'));

  for (const peer of [till, otherTill]) peer.send({ type: 'get_qr' });
  const qr = await till.find(({ type }) => type === 'qr_code');
  await otherTill.find(({ type }) => type === 'qr_code');

  // A photo by S0: its listeners get the frame, the desk an event, S1 nothing.
  const frame = JSON.stringify({ idPersona: 99, image: (await picture('red')).toString('base64') });
  sender.send(frame);
  expect(await listener.next()).toBe(frame);
  await desk.find(isEvent('photo_received'));

  // A phone by way of S1: its own program hears that, and no other program but the desk.
  const token = String(qr.qr_data).split('/').at(-1) ?? '';
  const paired = await createHttpClient({ url: `http://127.0.0.1:${s1}` }).pair({ token, claim: 'c'.repeat(20) });
  if (!paired.ok) throw new Error(paired.error.message);
  await till.find(({ type }) => type === 'authenticated');
  const phone = await join(native, `/ws?token=${paired.value.phone_token}`);
  await phone.find(isEvent('connected'));

  // Its photo: the desk and the phone hear of it at once, S0's listeners when the desk has said whose it is.
  const id = '0b0c9e0a-3f5e-4a38-8a43-2f6c0e6f7a10';
  const put = await fetch(`http://127.0.0.1:${native}/api/photos/${id}`, {
    method: 'PUT',
    headers: { Authorization: `Bearer ${paired.value.phone_token}`, 'Content-Type': 'image/jpeg' },
    body: new Uint8Array(await picture('blue')),
  });
  expect(put.status).toBe(201);
  await phone.find(isEvent('photo_received'));
  desk.send({
    type: 'request',
    id: 'assign',
    resource: 'sessions',
    payload: { action: 'assign', session_id: paired.value.session.id, idPersona: 'DNI-77' },
  });
  for (const peer of [listener, sender]) expect(JSON.parse(await peer.next())).toMatchObject({ idPersona: 'DNI-77' });
  till.send({ type: 'disconnect_whatsapp' });
  await till.find(({ type }) => type === 'disconnected');
  expect(await phone.closed).toBe(4401);

  // Everybody has read all there was; now each one's whole story.
  await Promise.all([sender, listener, till, otherTill, desk].map(peer => peer.settled()));
  const types = (peer: Peer) => peer.heard.map(text => JSON.parse(text).type);
  expect(types(till)).toEqual(['connected', 'qr_code', 'authenticated', 'disconnected']);
  expect(types(otherTill)).toEqual(['connected', 'qr_code']);
  expect(sender.heard.length).toBe(1);
  expect(listener.heard.length).toBe(2);
  for (const peer of [desk, phone]) expect(new Set(types(peer))).not.toContain('qr_code');
  for (const text of phone.heard) expect(text).not.toContain('"99"');
  for (const text of phone.heard) expect(text).not.toContain('DNI-77');
});
