/** `kill -9` at any moment: everything that was acknowledged is there, once, and the server is ready again in 3 s. (TRUST, promise 1.) */
import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { afterAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import * as z from 'zod/mini';
import type { Runtime } from '../../electron/data-folder.ts';
import { photoPage } from '../../protocol/photo.ts';
import { requests } from '../../protocol/requests.ts';
import { pairReply, session } from '../../protocol/session.ts';
import { createWebSocketClient, RequestError } from '../../renderer/client/index.ts';
import { type Listener, listen } from '../legacy/socket-clients.ts';
import { programs } from '../process/program.ts';
import { jpeg, must } from './running.ts';

const kills = 10;
const running = programs();
afterAll(() => running.clean());

test(`[KILL1] ${kills} kills while photos stream in: none acknowledged is lost, none is there twice, ready again in 3 s`, async () => {
  const dataDir = join(running.folder(), 'data');
  const env = { UPLOADS_PER_MINUTE: '100000', MAX_SESSION_PHOTOS: '100000' };
  const bodies = await Promise.all([5_000, 100_000, 400_000].map(jpeg));
  /** What was answered with yes, and the hash of what was sent. */
  const acknowledged = new Map<string, string>();
  let token = '';

  async function call(at: Runtime, path: string, init: RequestInit = {}, bearer = at.operatorToken): Promise<Response> {
    return fetch(`http://127.0.0.1:${at.port}${path}`, {
      ...init,
      headers: {
        Authorization: `Bearer ${bearer}`,
        'Content-Type': init.method === 'PUT' ? 'image/jpeg' : 'application/json',
      },
    });
  }

  async function pair(at: Runtime): Promise<string> {
    const made = await (await call(at, '/api/sessions', { method: 'POST', body: '{"idPersona":"DNI-1"}' })).json();
    const pairing = new URL(must(z.object({ session }), made).session.qr?.url ?? '').pathname.split('/').at(-1);
    const body = JSON.stringify({ token: pairing, claim: randomUUID() });
    return must(pairReply, await (await call(at, '/api/pair', { method: 'POST', body })).json()).phone_token;
  }

  /** Sends photos until the server is gone; what was not answered is sent again later under the same id, as phones do. */
  async function stream(at: Runtime, unsure: string[], isEnough: () => void): Promise<void> {
    for (let sent = 0; ; sent++) {
      const id = unsure.pop() ?? randomUUID();
      const body = bodies[Number.parseInt(id.slice(0, 4), 16) % bodies.length] ?? Buffer.alloc(0);
      try {
        const response = await call(at, `/api/photos/${id}`, { method: 'PUT', body: new Uint8Array(body) }, token);
        if (!response.ok) throw new Error(await response.text());
        acknowledged.set(id, createHash('sha256').update(body).digest('hex'));
        await response.arrayBuffer();
        if (sent === 1) isEnough();
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        unsure.push(id);
        return;
      }
    }
  }

  const readyAfter: number[] = [];
  const unsure: string[] = [];
  for (let round = 0; round <= kills; round++) {
    const began = performance.now();
    const program = running.start([], { dataDir, env });
    const at = await program.ready();
    readyAfter.push(performance.now() - began);
    // The phone's token outlives every kill.
    if (token === '') token = await pair(at);
    const there: string[] = [];
    for (let before = ''; ; ) {
      const page = must(photoPage, await (await call(at, `/api/photos?limit=200${before}`)).json());
      for (const photo of page.photos) {
        there.push(photo.id);
        const hash = acknowledged.get(photo.id);
        if (hash !== undefined) expect(photo.sha256).toBe(hash);
      }
      if (page.next === null) break;
      before = `&before=${page.next}`;
    }
    expect(new Set(there).size).toBe(there.length);
    const known = new Set(there);
    expect([...acknowledged.keys()].filter(id => !known.has(id))).toEqual([]);
    if (round === kills) {
      const pictures = await Promise.all([...acknowledged.keys()].map(id => call(at, `/api/photos/${id}/thumb`)));
      const missing = pictures.filter(picture => picture.status !== 200);
      expect(await Promise.all(missing.map(picture => picture.text()))).toEqual([]);
      program.child.kill('SIGKILL');
      break;
    }
    const lanes = Array.from({ length: 4 }, () => {
      let enough = () => {};
      const begun = new Promise<void>(resolve => {
        enough = resolve;
      });
      const mine = unsure.splice(0, 1);
      return { begun, done: stream(at, mine, enough).then(() => mine) };
    });
    await Promise.race(lanes.map(lane => lane.begun));
    program.child.kill('SIGKILL');
    for (const lane of lanes) unsure.push(...(await lane.done));
    await program.ended;
  }
  expect(Math.max(...readyAfter)).toBeLessThan(3_000);
  expect(acknowledged.size).toBeGreaterThan(kills);
});

const chatKills = 3;
test(`[KILL2] ${chatKills} kills while messages are written by native clients and by S3's: none acknowledged is lost, none is there twice`, async () => {
  const dataDir = join(running.folder(), 'data');
  const secret = 'k'.repeat(40);
  const env = { SECRET_KEY: secret, LOG_LEVEL: 'warn' };
  const token = await new SignJWT({})
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('ana')
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(secret));
  /** Ids of what was acknowledged, and what was written; those that S3 asked for and never heard of may be there or not. */
  const acknowledged = new Map<string, string>();
  /** Native ones without an answer are sent again under the same `client_id`, as clients do. */
  const unsure: { client_id: string; content: string }[] = [];
  let written = 0;
  let conversation_id = '';

  /** Until the server is gone. */
  async function native(client: ReturnType<typeof createWebSocketClient>): Promise<void> {
    for (;;) {
      const next = unsure.pop() ?? { client_id: randomUUID(), content: `native ${++written}` };
      try {
        const message = { ...next, conversation_id, sender_id: 'ana' };
        const reply = await client.send('messages', 'create', { message });
        acknowledged.set(must(requests.messages.create.reply, reply).message.id, next.content);
      } catch (error) {
        unsure.push(next);
        if (error instanceof RequestError && error.code === 'unavailable') return;
        throw error;
      }
    }
  }

  async function s3(one: Listener, gone: Promise<unknown>): Promise<void> {
    for (let isThere = true; isThere; ) {
      const message = `s3 ${++written}`;
      one.emit('send_message', { sala_uuid: conversation_id, sender_id: 'luis', message, message_type: 'texto' });
      const ack = one.next<{ mensaje_id: string }>('ack').then(({ mensaje_id }) => {
        acknowledged.set(mensaje_id, message);
        return true;
      });
      isThere = await Promise.race([ack, gone.then(() => false)]);
    }
  }

  for (let round = 0; round <= chatKills; round++) {
    const program = running.start(['--no-open'], { dataDir, env });
    const { port } = await program.ready();
    const url = `http://127.0.0.1:${port}`;
    const ana = createWebSocketClient(token, { url, WebSocket });
    ana.connect();
    const luis = listen(url, ['connected', 'ack', 'error'], { transports: ['websocket'], query: { user_id: 'luis' } });
    await luis.next('connected');
    const made = await ana.send('conversations', 'create', { type: 'direct', members: ['luis'] });
    expect(conversation_id === '' ? made.conversation.id : conversation_id).toBe(made.conversation.id);
    conversation_id = made.conversation.id;

    const there = new Map<string, string>();
    for (let before: string | undefined; ; ) {
      const page = { conversation_id, limit: 200, ...(before === undefined ? {} : { before }) };
      const { messages, next } = await ana.send('messages', 'get_all', page);
      for (const { id, content } of messages) there.set(id, content);
      if (next === null) break;
      before = next;
    }
    expect([...acknowledged].filter(([id, content]) => there.get(id) !== content)).toEqual([]);
    expect(new Set(there.values()).size).toBe(there.size);
    if (round === chatKills) {
      ana.close();
      luis.close();
      program.child.kill('SIGKILL');
      break;
    }
    const before = acknowledged.size;
    const gone = luis.next('disconnect');
    const lanes = [native(ana), native(ana), native(ana), s3(luis, gone)];
    await expect.poll(() => acknowledged.size, { interval: 5 }).toBeGreaterThan(before + 10 + round);
    program.child.kill('SIGKILL');
    ana.onDisconnect = () => ana.close();
    await Promise.all([...lanes, program.ended]);
    luis.close();
  }
  const by = (who: string) => [...acknowledged.values()].filter(content => content.startsWith(who)).length;
  expect(by('native')).toBeGreaterThan(chatKills);
  expect(by('s3')).toBeGreaterThan(chatKills);
});
