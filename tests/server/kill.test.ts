/** `kill -9` at any moment: everything that was acknowledged is there, once, and the server is ready again in 3 s. (TRUST, promise 1.) */
import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import * as z from 'zod/mini';
import type { Runtime } from '../../electron/data-folder.ts';
import { photoPage } from '../../protocol/photo.ts';
import { pairReply, session } from '../../protocol/session.ts';
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
