/** Programs written for S1 over Socket.IO, on the whole server. Its rules are those of raw JSON; here they come as events. */
import { SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Runtime } from '../../electron/data-folder.ts';
import { createHttpClient } from '../../renderer/client/index.ts';
import { programs } from '../process/program.ts';
import { connect } from './peer.ts';
import { everyClient, type Listener, listen } from './socket-clients.ts';

const runs = programs();
const secret = 's'.repeat(40);
let runtime: Runtime;
let url: string;
const open: Listener[] = [];

beforeAll(async () => {
  const env = { PUBLIC_URL: 'http://192.168.1.50:8080', SECRET_KEY: secret, TRUSTED_PROXIES: '127.0.0.1' };
  runtime = await runs.start(['--no-open'], { env }).ready();
  url = `http://127.0.0.1:${runtime.port}`;
});
afterAll(async () => {
  for (const one of open) one.close();
  await runs.clean();
});

const events = ['connected', 'qr_code', 'status', 'authenticated', 'disconnected', 'error', 'auth_error'];
function join(options: object = {}, version?: string): Listener {
  const one = listen(url, events, { transports: ['websocket'], ...options }, version);
  open.push(one);
  return one;
}

async function pair(qr: unknown) {
  const token = String(qr).split('/').at(-1) ?? '';
  const paired = await createHttpClient({ url }).pair({ token, claim: 'c'.repeat(20) });
  if (!paired.ok) throw new Error(paired.error.message);
  return paired.value;
}

test.each(everyClient)(
  '[S1R8] %s by %s: from «connected» over the QR to a phone that is paired and told to go',
  async (version, transport) => {
    const one = join({ transports: [transport] }, version);
    const message = expect.any(String);
    expect(await one.next('connected')).toEqual({ type: 'connected', message });
    one.emit('get_qr', { type: 'get_qr' });
    const qr = await one.next('qr_code');
    expect(qr).toEqual({
      type: 'qr_code',
      session_id: expect.any(String),
      qr_data: expect.stringMatching(/^HTTP:\/\/192\.168\.1\.50:8080\/J\/[A-Z2-7]{26}$/),
      message,
    });
    const { session_id } = qr;
    one.emit('get_status', { session_id });
    const status = { type: 'status', session_id, message };
    expect(await one.next('status')).toEqual({ ...status, status: 'qr_ready', authenticated: false });
    const { phone_token } = await pair(qr.qr_data);
    expect(await one.next('authenticated')).toEqual({ type: 'authenticated', session_id, message });
    one.emit('get_status');
    expect(await one.next('status')).toEqual({ ...status, status: 'authenticated', authenticated: true });
    const phone = await connect(`${url}/ws?token=${phone_token}`);
    one.emit('disconnect_whatsapp', {});
    expect(await one.next('disconnected')).toEqual({ type: 'disconnected', session_id, message });
    expect(await phone.closed).toBe(4401);
    one.emit('get_status');
    expect(await one.next('status')).toEqual({ ...status, status: 'disconnected', authenticated: false });
    expect(one.heard('error')).toEqual([]);
  },
);

test('[S1R9] one program hears nothing of another’s sessions, by whichever transport it came', async () => {
  const [one, two, raw] = [join(), join(), await connect(url)];
  one.emit('get_qr', { session_id: 'caja A' });
  const { qr_data } = await one.next('qr_code');
  two.emit('get_qr', { session_id: 'caja B' });
  await two.next('qr_code');
  raw.send({ type: 'get_qr', session_id: 'caja A' });
  expect(await raw.find(({ type }) => type !== 'connected')).toMatchObject({ type: 'error' });
  await pair(qr_data);
  await one.next('authenticated');
  two.emit('get_status');
  await two.next('status');
  expect(two.heard('authenticated')).toEqual([]);
  raw.close();
});

test.each([
  ['get_qr', { session_id: 7 }],
  ['get_qr', ['x']],
  ['get_status', 'text'],
  ['get_status', { session_id: 'x'.repeat(65) }],
  ['disconnect_whatsapp', { session_id: {} }],
  ['disconnect_whatsapp', undefined],
  ['nothing_known', {}],
])('[S1R10] %s with %j gets an error that says why, and the connection goes on', async (event, data) => {
  const one = join();
  one.emit(event, data);
  expect(await one.next('error')).toMatchObject({ type: 'error', message: expect.stringMatching(/\S/) });
  one.emit('get_status');
  expect(await one.next('status')).toMatchObject({ status: 'pending' });
});

test('[S1R11] from an address that is not listed an integration or operator token is due; S2 may still sign in', async () => {
  const extraHeaders = { 'X-Forwarded-For': '192.168.1.77' };
  const token = async (role: string, key = secret) =>
    new SignJWT({ sub: 'back-office', role })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode(key));
  const refused = [
    {},
    { auth: { token: await token('integration', 'f'.repeat(40)) } },
    { query: { token: await token('cliente') } },
  ];
  for (const credentials of refused) {
    const one = join({ extraHeaders, ...credentials });
    one.emit('get_qr', {});
    expect(await one.next('error')).toEqual({ type: 'error', message: expect.stringMatching(/\S/) });
    one.emit('join_room', 'x');
    expect(await one.next('auth_error')).toMatchObject({ code: 'unauthorized' });
    expect(one.heard('connected')).toEqual([]);
    one.close();
  }
  const good = [
    { auth: { token: await token('integration') } },
    { query: { token: runtime.operatorToken } },
    { extraHeaders: { ...extraHeaders, Authorization: `Bearer ${await token('integration')}` } },
  ];
  for (const credentials of good) {
    const one = join({ extraHeaders, ...credentials });
    await one.next('connected');
    one.emit('get_qr', {});
    expect(await one.next('qr_code')).toMatchObject({ qr_data: expect.any(String) });
    one.close();
  }
});
