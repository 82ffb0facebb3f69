/** The programs in `examples/` against the built server, as the README says to run them. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Runtime } from '../electron/data-folder.ts';
import { phonePhoto } from '../electron/images/sample-photos.ts';
import { read } from '../protocol/codec.ts';
import { pairReply } from '../protocol/session.ts';
import { createWebSocketClient, type WebSocketConstructor } from '../renderer/client/index.ts';
import { createClient, type S2Data } from '../renderer/client/s2.ts';
import { programs, root } from './process/program.ts';

const run = programs();
let runtime: Runtime;
let dataDir: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  const program = run.start([], { env: { PUBLIC_URL: 'http://192.168.77.5:8080' } });
  dataDir = program.dataDir;
  runtime = await program.ready();
  const { PATH } = process.env;
  env = { PATH, MOSTRADOR_URL: `http://127.0.0.1:${runtime.port}`, MOSTRADOR_TOKEN: runtime.operatorToken };
});

afterAll(() => run.clean());

const example = (name: string, folder = 'native') => join(root, 'examples', folder, name);

/** Resolves with what `pattern` finds in the output; rejects with the output when the program ends before that. */
function hears(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        const found = pattern.exec(said)?.[1];
        if (found !== undefined) resolve(found);
      });
    }
    child.once('close', code => reject(new Error(`ended with ${code}: ${said}`)));
  });
}

/** A phone that types the code; its requests carry its own token. */
async function pair(code: string) {
  const url = `http://127.0.0.1:${runtime.port}`;
  const answer = await fetch(`${url}/api/pair`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ code, claim: randomUUID() }),
  });
  const reply = read(pairReply, await answer.json());
  if (!reply.ok) throw new Error(reply.error.message);
  const { phone_token, session } = reply.value;
  return {
    call: (method: string, path: string, body?: Buffer) =>
      fetch(url + path, {
        method,
        headers: { Authorization: `Bearer ${phone_token}` },
        ...(body ? { body: new Uint8Array(body) } : {}),
      }),
    session,
  };
}

test('[EXAMPLE1] save-photos.mjs opens a session and writes each of its photos to a folder, until the session ends', async () => {
  const folder = run.folder();
  const child = spawn(process.execPath, [example('save-photos.mjs'), '40123456', folder], { env });
  const ended = new Promise<number | null>(resolve => child.once('close', resolve));
  try {
    const phone = await pair(await hears(child, /code: (\w{6})/));
    const id = randomUUID();
    const saved = hears(child, /saved: (.+)\n/);
    expect((await phone.call('PUT', `/api/photos/${id}`, await phonePhoto(6, 640, 480))).status).toBe(201);
    expect(await saved).toBe(join(folder, `${id}.jpg`));
    expect(await sharp(join(folder, `${id}.jpg`)).metadata()).toMatchObject({ width: 640, height: 480 });
    expect((await phone.call('DELETE', `/api/sessions/${phone.session.id}`)).status).toBe(200);
    expect(await ended).toBe(0);
    expect(readdirSync(folder)).toEqual([`${id}.jpg`]);
  } finally {
    child.kill();
  }
});

test('[EXAMPLE4] Ctrl+C ends the session of save-photos.mjs, and the program without a complaint', async context => {
  if (process.platform === 'win32') context.skip('Windows has no SIGINT to send');
  const child = spawn(process.execPath, [example('save-photos.mjs'), '40123456', run.folder()], { env });
  const ended = new Promise<number | null>(resolve => child.once('close', resolve));
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', text => (complaint += text));
  await hears(child, /code: (\w{6})/);
  child.kill('SIGINT');
  expect(await ended).toBe(0);
  expect(complaint).toBe('');
});

const noCurl = spawnSync('curl', ['--version']).status === 0 ? null : 'there is no curl on this machine';

test('[EXAMPLE2] back-office.sh opens a session, saves its QR, sends a photo and gets it back', async context => {
  if (noCurl || process.platform === 'win32') context.skip(noCurl ?? 'it is a shell script');
  const folder = run.folder();
  writeFileSync(join(folder, 'photo.jpg'), await phonePhoto(6, 640, 480));
  const child = spawn('sh', [example('back-office.sh'), '40123456', 'photo.jpg'], { env, cwd: folder });
  const id = await hears(child, /session (\S+) ended/);
  const headers = { Authorization: `Bearer ${runtime.operatorToken}` };
  const answer = await fetch(`http://127.0.0.1:${runtime.port}/api/sessions/${id}`, { headers });
  await expect(answer.json()).resolves.toMatchObject({ session: { idPersona: '40123456', status: 'disconnected' } });
  expect(await sharp(join(folder, 'qr.png')).metadata()).toMatchObject({ format: 'png' });
  const stored = await sharp(readFileSync(join(folder, 'stored.jpg'))).metadata();
  expect(stored).toMatchObject({ format: 'jpeg', width: 640, height: 480 });
  expect(stored.exif).toBeUndefined();
});

/** A program that runs to its end; `said` is all of its output. */
function finish(folder: string, name: string, ...args: string[]) {
  return finishIn(env, folder, name, ...args);
}

function finishIn(env: NodeJS.ProcessEnv, folder: string, name: string, ...args: string[]) {
  const child = spawn(process.execPath, [example(name, folder), ...args], { env });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', text => (said += text));
  const ended = new Promise<{ code: number | null; said: string }>(resolve =>
    child.once('close', code => resolve({ code, said })),
  );
  return { child, ended };
}

/** As `npm run mostrador -- token` prints it. */
function token(sub: string, role: string): string {
  const args = ['scripts/mostrador.mjs', 'token', '--sub', sub, '--role', role, '--data-dir', dataDir];
  const made = spawnSync(process.execPath, args, { cwd: root, env: { PATH: process.env.PATH }, encoding: 'utf8' });
  if (made.status !== 0) throw new Error(made.stderr);
  return made.stdout.trim();
}

test('[EXAMPLE3] s0/relay.mjs sends a photo, and shows one that another sends', async () => {
  const photo = join(run.folder(), 'photo.jpg');
  writeFileSync(photo, await phonePhoto(6, 320, 240));
  const listener = finish('s0', 'relay.mjs');
  try {
    const heard = hears(listener.child, /photo of (40123456): \d+ characters/);
    await hears(listener.child, /(listening)/);
    expect(await finish('s0', 'relay.mjs', '40123456', photo).ended).toEqual({ code: 0, said: '' });
    await heard;
  } finally {
    listener.child.kill();
  }
});

test('[EXAMPLE3] s1/qr.mjs shows an address, and lets the phone go that came by it', async () => {
  const { child, ended } = finish('s1', 'qr.mjs');
  const link = await hears(child, /qr_code: HTTP:\S+\/(\w{26})\n/);
  await fetch(`http://127.0.0.1:${runtime.port}/api/pair`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ token: link, claim: randomUUID() }),
  });
  expect(await ended).toMatchObject({ code: 0, said: expect.stringMatching(/authenticated: .+\ndisconnected: /) });
});

test('[EXAMPLE3] s2/reservation.mjs announces a reservation, and ends when it is accepted', async () => {
  const proveedor = createClient('proveedor_1', 'proveedor', token('proveedor_1', 'proveedor'), {
    url: env.MOSTRADOR_URL ?? '',
  });
  const ready = new Promise(resolve => {
    proveedor.onConnect = resolve;
  });
  proveedor.on('event', ({ type, data }) => {
    if (type === 'reservation_created') proveedor.acceptReservation(data as S2Data);
  });
  await ready;
  try {
    const { ended } = finish('s2', 'reservation.mjs', 'usuario_1', 'proveedor_1', token('usuario_1', 'cliente'));
    const { code, said } = await ended;
    expect(said).toMatch(/rooms: cliente_usuario_1, all_clientes\nreservation_created from usuario_1: .+\n/);
    expect(said).toMatch(/reservation_accepted from proveedor_1: /);
    expect(code).toBe(0);
  } finally {
    proveedor.close();
  }
});

test('[EXAMPLE3] s3/chat.mjs writes to one who is away, and who comes later reads it', async () => {
  const writer = finish('s3', 'chat.mjs', '123', '456', 'Hola!');
  await hears(writer.child, /ack: \{"status":"(sent)"/);
  const reader = finish('s3', 'chat.mjs', '456', '123');
  const [wrote, read] = await Promise.all([writer.ended, reader.ended]);
  expect(read).toMatchObject({ code: 0, said: expect.stringMatching(/receive_message: .*"message":"Hola!"/) });
  expect(wrote).toMatchObject({ code: 0, said: expect.stringMatching(/read_confirmed: .*"user_id":"456"/) });
});

test('[EXAMPLE3] s4/messages.mjs writes into a conversation, and ends with the answer', async () => {
  const other = createWebSocketClient(token('user123', 'user'), {
    url: env.MOSTRADOR_URL ?? '',
    WebSocket: WebSocket as unknown as WebSocketConstructor,
  });
  other.on('new_message', async ({ conversation_id, content, sender_id }) => {
    if (sender_id !== 'user789') return;
    const message = { conversation_id, content: `${content}, también`, sender_id: 'user123' };
    await other.send('messages', 'create', { message });
  });
  other.connect();
  await vi.waitFor(() => other.send('users', 'get', { user_id: 'user123' }), 10_000);
  try {
    const { ended } = finish('s4', 'messages.mjs', 'user789', 'user123', 'Hola mundo', token('user789', 'user'));
    const { code, said } = await ended;
    for (const line of [
      'connected: user789',
      'conversations: 1',
      'user789: Hola mundo',
      'user123: Hola mundo, también',
    ]) {
      expect(said.split('\n')).toContain(line);
    }
    expect(code).toBe(0);
  } finally {
    other.close();
  }
});

test('[EXAMPLE5] s0/relay.mjs and s1/qr.mjs say that a token is missing, and fail', async () => {
  const program = run.start([], { env: { LEGACY_ALLOW: 'none' } });
  const { port } = await program.ready();
  const without = { ...env, MOSTRADOR_URL: `ws://127.0.0.1:${port}` };
  for (const [folder, name] of [
    ['s0', 'relay.mjs'],
    ['s1', 'qr.mjs'],
  ] as const) {
    const { ended } = finishIn(without, folder, name);
    const { code, said } = await ended;
    expect(code).toBe(1);
    expect(said).toMatch(/^(listening\nunauthorized|error): \S+/);
    expect(said).not.toMatch(/undefined/);
  }
});
