/** The programs in `examples/` against the built server, as the README says to run them. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Runtime } from '../electron/data-folder.ts';
import { phonePhoto } from '../electron/images/sample-photos.ts';
import { read } from '../protocol/codec.ts';
import { pairReply } from '../protocol/session.ts';
import { programs, root } from './process/program.ts';

const run = programs();
let runtime: Runtime;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  runtime = await run.start([], { env: { PUBLIC_URL: 'http://192.168.77.5:8080' } }).ready();
  const { PATH } = process.env;
  env = { PATH, MOSTRADOR_URL: `http://127.0.0.1:${runtime.port}`, MOSTRADOR_TOKEN: runtime.operatorToken };
});

afterAll(() => run.clean());

const example = (name: string) => join(root, 'examples/native', name);

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
