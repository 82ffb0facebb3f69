/** `mostrador backup`: a copy of everything while photos stream in, and a server on the copy. */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import * as z from 'zod/mini';
import type { Runtime } from '../../electron/data-folder.ts';
import { photoPage } from '../../protocol/photo.ts';
import { pairReply, session } from '../../protocol/session.ts';
import { jpeg, must } from '../server/running.ts';
import { programs } from './program.ts';

const { start, folder, clean } = programs();
afterEach(clean);

/** The command, on the data folder `dataDir`. */
async function backUp(dataDir: string, to: string) {
  const command = start(['backup', to, '--lang', 'en'], { dataDir, script: 'mostrador.mjs' });
  const { code } = await command.ended;
  return { code, said: command.said() };
}

function call(at: Runtime, path: string, init: RequestInit = {}, bearer = at.operatorToken) {
  const headers = {
    Authorization: `Bearer ${bearer}`,
    'Content-Type': init.method === 'PUT' ? 'image/jpeg' : 'application/json',
  };
  return fetch(`http://127.0.0.1:${at.port}${path}`, { ...init, headers });
}

test('[DATA450] a copy made while photos stream in has each that was acknowledged before it, its picture and its phone', async () => {
  const desk = start([], { env: { UPLOADS_PER_MINUTE: '10000', MAX_SESSION_PHOTOS: '10000' } });
  const at = await desk.ready();
  const made = must(
    z.object({ session }),
    await (await call(at, '/api/sessions', { method: 'POST', body: '{"idPersona":"DNI-1"}' })).json(),
  );
  const pairing = new URL(made.session.qr?.url ?? '').pathname.split('/').at(-1);
  const pair = { method: 'POST', body: JSON.stringify({ token: pairing, claim: randomUUID() }) };
  const { phone_token } = must(pairReply, await (await call(at, '/api/pair', pair)).json());
  const body = new Uint8Array(await jpeg(20_000));
  const acknowledged: string[] = [];
  let isOver = false;
  const enough = new Promise<void>(resolve => {
    void (async () => {
      while (!isOver) {
        const id = randomUUID();
        const sent = await call(at, `/api/photos/${id}`, { method: 'PUT', body }, phone_token);
        if (sent.status === 201) acknowledged.push(id);
        if (acknowledged.length === 5) resolve();
      }
    })();
  });
  await enough;
  const copy = join(folder(), 'copy of today');
  const before = [...acknowledged];
  expect(await backUp(desk.dataDir, copy)).toMatchObject({ code: 0, said: expect.stringContaining(copy) });
  isOver = true;
  const second = start([], { dataDir: copy });
  const there = await second.ready();
  const { photos } = must(photoPage, await (await call(there, '/api/photos?limit=200')).json());
  const ids = photos.map(({ id }) => id);
  expect(before.filter(id => !ids.includes(id))).toEqual([]);
  for (const { id, idPersona } of photos) {
    expect(idPersona).toBe('DNI-1');
    expect((await call(there, `/api/photos/${id}`)).status).toBe(200);
  }
  expect((await call(there, `/api/sessions/${made.session.id}`, {}, phone_token)).status).toBe(200);
  expect(second.said()).not.toMatch(/warn|error/);
  if (process.platform !== 'win32') expect(statSync(copy).mode & 0o777).toBe(0o700);
});

test('[DATA452] what a copy that was killed left behind goes with the next one; that of one still at work, or of another computer, stays', async () => {
  const desk = start([]);
  await desk.ready();
  const ended = start(['--help']);
  await ended.ended;
  const parent = folder();
  const left = (of: string, pid?: number) => `.mostrador-backup.${of}.${pid}.incomplete`;
  const stay = [left(hostname(), process.pid), left('elsewhere', ended.child.pid)];
  for (const name of [...stay, left(hostname(), ended.child.pid)])
    mkdirSync(join(parent, name, 'photos'), { recursive: true });
  expect(await backUp(desk.dataDir, join(parent, 'copy'))).toMatchObject({ code: 0 });
  expect(readdirSync(parent).sort()).toEqual([...stay, 'copy'].sort());
});

test('[DATA451] a copy is all or nothing: over a folder that is there it makes none, and one that fails leaves nothing', async () => {
  const desk = start([]);
  await desk.ready();
  const parent = folder();
  const there = join(parent, 'there');
  mkdirSync(there);
  expect(await backUp(desk.dataDir, there)).toMatchObject({ code: 1, said: expect.stringContaining(there) });
  writeFileSync(join(parent, 'file'), '');
  expect(await backUp(desk.dataDir, join(parent, 'file', 'copy'))).toMatchObject({ code: 1 });
  expect(await backUp(join(parent, 'mistyped'), join(parent, 'copy'))).toMatchObject({ code: 1 });
  expect(readdirSync(parent).sort()).toEqual(['file', 'there']);
  expect(existsSync(join(there, 'mostrador.db'))).toBe(false);
});
