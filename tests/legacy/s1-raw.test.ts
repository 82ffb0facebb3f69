/** Programs written for S1, in its raw JSON form, on the whole server. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createHttpClient, createWebSocketClient } from '../../renderer/client/index.ts';
import { type Program, programs, takePort } from '../process/program.ts';
import { connect, type Peer } from './peer.ts';

const runs = programs();
let url: string;
let program: Program;
let port: number;
let desk: ReturnType<typeof createWebSocketClient>;
const open: Peer[] = [];

beforeAll(async () => {
  const taken = await takePort();
  port = taken.port;
  await taken.free();
  program = start();
  const runtime = await program.ready();
  url = `http://127.0.0.1:${runtime.port}`;
  desk = createWebSocketClient(runtime.operatorToken, { url, WebSocket });
  desk.connect();
});

afterAll(async () => {
  desk.close();
  for (const peer of open) peer.close();
  await runs.clean();
});

/** With the `dataDir` of an earlier one it goes on where that stopped. */
function start(dataDir?: string): Program {
  const env = { PORT: String(port), PUBLIC_URL: 'http://192.168.1.50:8080' };
  return runs.start(['--no-open'], { env, ...(dataDir === undefined ? {} : { dataDir }) });
}

async function join(): Promise<Peer> {
  const peer = await connect(url);
  open.push(peer);
  return peer;
}

const json = async (peer: Peer) => JSON.parse(await peer.next());

async function shown(peer: Peer, session_id?: string): Promise<{ session_id: string; qr_data: string }> {
  peer.send({ type: 'get_qr', ...(session_id === undefined ? {} : { session_id }) });
  const message = await peer.find(({ type }) => type === 'qr_code');
  return { session_id: String(message.session_id), qr_data: String(message.qr_data) };
}

async function pair(qr: string) {
  const paired = await createHttpClient({ url }).pair({ token: qr.split('/').at(-1) ?? '', claim: 'c'.repeat(20) });
  if (!paired.ok) throw new Error(paired.error.message);
  return paired.value;
}

test('[S1R1] from «connected» over a live pairing address to a phone that is paired and told to go', async () => {
  const peer = await join();
  peer.send({ type: 'get_qr' });
  expect(await json(peer)).toEqual({ type: 'connected', message: expect.any(String) });
  const qr = await json(peer);
  expect(qr).toEqual({
    type: 'qr_code',
    session_id: expect.any(String),
    qr_data: expect.stringMatching(/^HTTP:\/\/192\.168\.1\.50:8080\/J\/[A-Z2-7]{26}$/),
    message: expect.any(String),
  });
  const { session_id } = qr;
  peer.send({ type: 'get_status', session_id });
  expect(await json(peer)).toEqual({
    type: 'status',
    session_id,
    status: 'qr_ready',
    authenticated: false,
    message: expect.any(String),
  });

  const { phone_token, session } = await pair(qr.qr_data);
  expect(session.idPersona).toBe(null);
  expect(await json(peer)).toEqual({ type: 'authenticated', session_id, message: expect.any(String) });
  peer.send({ type: 'get_status' });
  expect(await json(peer)).toMatchObject({ type: 'status', session_id, status: 'authenticated', authenticated: true });

  const phone = await connect(`${url}/ws?token=${phone_token}`);
  await phone.next();
  peer.send({ type: 'disconnect_whatsapp' });
  expect(await json(peer)).toEqual({ type: 'disconnected', session_id, message: expect.any(String) });
  await phone.find(
    ({ payload }) => (payload as { data?: { session?: { status?: string } } }).data?.session?.status === 'disconnected',
  );
  expect(await phone.closed).toBe(4401);
  const late = await fetch(`${url}/api/photos`, { headers: { Authorization: `Bearer ${phone_token}` } });
  expect(late.status).toBe(410);
  peer.send({ type: 'get_status' });
  // The phone's coming and going and the end itself were each told once, or not at all.
  expect(await json(peer)).toMatchObject({ type: 'status', status: 'disconnected', authenticated: false });
});

test('[S1R2] a new QR of the session is sent by itself, and the old one pairs nobody', async () => {
  const peer = await join();
  const first = await shown(peer, 'caja 1');
  const { sessions } = await desk.send('sessions', 'list', {});
  const session = sessions.find(({ qr }) => qr?.url === first.qr_data);
  expect(session).toMatchObject({ idPersona: null, status: 'qr_ready' });
  await desk.send('sessions', 'renew', { session_id: session?.id ?? '' });
  const second = await json(peer);
  expect(second).toMatchObject({ type: 'qr_code', session_id: 'caja 1' });
  expect(second.qr_data).not.toBe(first.qr_data);
  await expect(pair(first.qr_data)).rejects.toThrow();
  await pair(second.qr_data);
  expect(await json(peer)).toMatchObject({ type: 'authenticated', session_id: 'caja 1' });
  // Whatever else happens to the session is nothing that S1 has a word for.
  await desk.send('sessions', 'assign', { session_id: session?.id ?? '', idPersona: 'DNI-9' });
  await desk.send('sessions', 'end', { session_id: session?.id ?? '' });
  expect(await json(peer)).toMatchObject({ type: 'disconnected', session_id: 'caja 1' });
});

test('[S1R3] an unknown name makes a session; one of another connection is refused until that one is gone', async () => {
  const [one, two] = [await join(), await join()];
  one.send({ type: 'get_status', session_id: 'propia' });
  expect(await one.find(({ type }) => type === 'status')).toMatchObject({ session_id: 'propia', status: 'pending' });
  const { qr_data } = await shown(one, 'propia');
  for (const type of ['get_qr', 'get_status', 'disconnect_whatsapp']) {
    two.send({ type, session_id: 'propia' });
    expect(await two.find(message => message.type !== 'connected')).toEqual({
      type: 'error',
      message: expect.any(String),
    });
  }
  one.send({ type: 'get_status' });
  expect(await json(one)).toMatchObject({ session_id: 'propia', status: 'qr_ready' });
  one.close();
  await one.closed;
  await two.settled();
  expect((await shown(two, 'propia')).qr_data).toBe(qr_data);
  await pair(qr_data);
  expect(await json(two)).toMatchObject({ type: 'authenticated', session_id: 'propia' });
  // The desk's own sessions are no names of S1's.
  const { session } = await desk.send('sessions', 'create', { idPersona: 'DNI-1' });
  two.send({ type: 'get_status', session_id: session.id });
  expect(await json(two)).toMatchObject({ type: 'status', session_id: session.id, status: 'pending' });
  expect((await desk.send('sessions', 'get', { session_id: session.id })).session.status).toBe('qr_ready');
});

test('[S1R4] bad input gets an error that says why, and the connection goes on', async () => {
  const peer = await join();
  peer.send({ type: 'get_status' });
  await peer.find(({ type }) => type === 'status');
  const bad: unknown[] = [
    { type: 'get_qr', session_id: 7 },
    { type: 'get_qr', session_id: 'x'.repeat(65) },
    { type: 'get_qr', session_id: ['a'] },
    { type: 'get_status', session_id: 'a\u0000b' },
    { type: 'nothing' },
    { idPersona: '1', image: 'AAAA' },
    { type: 5 },
    {},
    'no json',
    '[]',
    'null',
    '"get_qr"',
    Buffer.from('{"type":"get_qr"}'),
    { type: 'get_qr', session_id: 'x'.repeat(70_000) },
  ];
  for (const message of bad) {
    peer.send(message);
    expect(await json(peer), JSON.stringify(message).slice(0, 60)).toEqual({
      type: 'error',
      message: expect.any(String),
    });
  }
  expect((await shown(peer)).qr_data).toContain('/J/');
  const fresh = await join();
  fresh.send({ type: 'disconnect_whatsapp' });
  expect([(await json(fresh)).type, (await json(fresh)).type]).toEqual(['connected', 'error']);
});

test('[S1R5] sessions of one connection are bounded, ended ones make room, and too many messages are refused', async () => {
  const peer = await join();
  for (let index = 0; index < 20; index++) await shown(peer, `n${index}`);
  peer.send({ type: 'get_qr', session_id: 'n20' });
  expect(await json(peer)).toMatchObject({ type: 'error' });
  peer.send({ type: 'disconnect_whatsapp', session_id: 'n3' });
  expect(await json(peer)).toMatchObject({ type: 'disconnected', session_id: 'n3' });
  expect((await shown(peer, 'n20')).session_id).toBe('n20');
  for (let index = 0; index < 200; index++) peer.send({ type: 'get_status' });
  await peer.find(({ type }) => type === 'error');
  const other = await join();
  expect((await shown(other)).qr_data).toContain('/J/');
});

test('[S1R12] after kill -9 a program goes on with its sessions by the names that it gave them', async () => {
  const before = await join();
  const [waiting, paired] = [await shown(before, 'caja-1'), await shown(before, 'caja-2')];
  await pair(paired.qr_data);
  await before.find(({ type }) => type === 'authenticated');
  const gone = before.closed;
  program.child.kill('SIGKILL');
  await Promise.all([gone, program.ended]);
  program = start(program.dataDir);
  await program.ready();
  const after = await join();
  expect(await shown(after, 'caja-1')).toEqual(waiting);
  after.send({ type: 'get_status', session_id: 'caja-2' });
  expect(await after.find(({ type }) => type === 'status')).toMatchObject({ status: 'authenticated' });
  after.send({ type: 'disconnect_whatsapp', session_id: 'caja-2' });
  expect(await after.find(({ type }) => type === 'disconnected')).toMatchObject({ session_id: 'caja-2' });
});
