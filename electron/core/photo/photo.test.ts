/** What can be asked of photos, and how they come in. (CONTRACT 4 and 7; TRUST, promises 1 and 3.) */
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { read } from '../../../protocol/codec.ts';
import { fail } from '../../../protocol/errors.ts';
import { photoPage } from '../../../protocol/photo.ts';
import { claim, type Desk, granted, openDesk, tokenIn, uuidFrom, verdict } from '../../../tests/desk-fixture.ts';
import { photoFiles } from '../../store/photo-files.ts';
import { operator, type Principal } from '../access.ts';
import type { ImageResult, ImageWork, PhotoFiles } from '../ports.ts';
import { StoreUnavailable } from '../ports.ts';
import { photoRetention } from './handlers.ts';
import type { Upload } from './intake.ts';

const integration: Principal = { role: 'integration', userId: 'crm' };
const client: Principal = { role: 'cliente', userId: '7' };

function page(desk: Desk, query: object = {}, who: Principal = operator) {
  const { photos, next } = granted(read(photoPage, granted(desk.ask(who, 'photos', 'list', query))));
  return { ids: photos.map(photo => photo.id), photos, next };
}

describe('asking for photos', () => {
  test('[PHOTO1] the list is newest first and pages without a gap or a repeat, also while photos arrive', () => {
    const desk = openDesk();
    const rows = Array.from({ length: 7 }, () => desk.photo({ idPersona: 'A' }));
    const first = page(desk, { limit: 3 });
    desk.photo({ idPersona: 'A' });
    const second = page(desk, { limit: 3, before: first.next });
    const third = page(desk, { limit: 3, before: second.next });
    expect([...first.ids, ...second.ids, ...third.ids]).toEqual(rows.map(row => row.id).reverse());
    expect(third.next).toBeNull();
    expect(page(desk, { limit: 8 }).next).toBeNull();
    expect(verdict(desk.ask(operator, 'photos', 'list', { limit: 0 }))).toBe('invalid_message');
    expect(verdict(desk.ask(operator, 'photos', 'list', { before: '-1' }))).toBe('invalid_message');
  });

  test('[PHOTO2] the list can be of one person, one session, or both', () => {
    const desk = openDesk();
    const { id } = desk.paired({ idPersona: 'A' });
    const both = desk.photo({ sessionId: id, idPersona: 'A' });
    const person = desk.photo({ idPersona: 'A' });
    const session = desk.photo({ sessionId: id, idPersona: 'B' });
    expect(page(desk, { idPersona: 'A' }).ids).toEqual([person.id, both.id]);
    expect(page(desk, { session_id: id }).ids).toEqual([session.id, both.id]);
    expect(page(desk, { idPersona: 'A', session_id: id }).ids).toEqual([both.id]);
  });

  test('[PHOTO3] a phone sees only the photos of its own session, whatever it asks for', () => {
    const desk = openDesk();
    const { id, who } = desk.paired({ idPersona: 'A' });
    const other = desk.paired({ idPersona: 'A' });
    const mine = desk.photo({ sessionId: id, idPersona: 'A' });
    const foreign = desk.photo({ sessionId: other.id, idPersona: 'A' });
    const loose = desk.photo({ idPersona: 'A' });
    expect(page(desk, {}, who).ids).toEqual([mine.id]);
    expect(page(desk, { idPersona: 'B' }, who).ids).toEqual([mine.id]);
    expect(verdict(desk.ask(who, 'photos', 'list', { session_id: other.id }))).toBe('forbidden');
    for (const { id: photo_id } of [foreign, loose]) {
      expect(verdict(desk.ask(who, 'photos', 'get', { photo_id }))).toBe('not_found');
    }
  });

  test('[PHOTO4] only staff review, delete and move; users without a part in it see nothing', () => {
    const desk = openDesk();
    const { id, who } = desk.paired();
    const photo_id = desk.photo({ sessionId: id }).id;
    for (const action of ['review', 'delete', 'move']) {
      const payload = { photo_id, verdict: 'accepted', idPersona: 'B' };
      expect(verdict(desk.ask(who, 'photos', action, payload))).toBe('forbidden');
      expect(verdict(desk.ask(client, 'photos', action, payload))).toBe('forbidden');
    }
    for (const action of ['list', 'get']) {
      expect(verdict(desk.ask(client, 'photos', action, { photo_id }))).toBe('forbidden');
    }
    expect(verdict(desk.ask(integration, 'photos', 'get', { photo_id }))).toBe('ok');
    expect(desk.store.photos.get(photo_id)?.status).toBe('received');
  });

  test('[PHOTO5] a review is told to desk and phone; a reason stays with a rejection alone', () => {
    const desk = openDesk();
    const { id } = desk.paired();
    const photo_id = desk.photo({ sessionId: id }).id;
    desk.published.length = 0;
    granted(desk.ask(operator, 'photos', 'review', { photo_id, verdict: 'rejected', reason: 'borrosa' }));
    expect(desk.store.photos.get(photo_id)).toMatchObject({ status: 'rejected', reason: 'borrosa' });
    expect(desk.published[0]).toMatchObject({ type: 'photo_reviewed', rooms: ['@desk', `@session:${id}`] });
    granted(desk.ask(operator, 'photos', 'review', { photo_id, verdict: 'accepted', reason: 'bien' }));
    expect(desk.store.photos.get(photo_id)).toMatchObject({ status: 'accepted', reason: null });
    expect(verdict(desk.ask(operator, 'photos', 'review', { photo_id, verdict: 'quarantined' }))).toBe(
      'invalid_message',
    );
  });

  test('[PHOTO6] one that could not be read cannot be accepted', () => {
    const desk = openDesk();
    const row = desk.photo();
    desk.store.photos.update({ ...row, status: 'quarantined', reason: 'x' });
    expect(verdict(desk.ask(operator, 'photos', 'review', { photo_id: row.id, verdict: 'accepted' }))).toBe('conflict');
  });

  test('[PHOTO7] a deleted photo is gone for everybody at once and from every sum', () => {
    const desk = openDesk();
    const { id, who } = desk.paired();
    const photo_id = desk.photo({ sessionId: id }).id;
    granted(desk.ask(operator, 'photos', 'delete', { photo_id }));
    for (const caller of [operator, who]) {
      expect(verdict(desk.ask(caller, 'photos', 'get', { photo_id }))).toBe('not_found');
      expect(page(desk, {}, caller).ids).toEqual([]);
    }
    expect(verdict(desk.ask(operator, 'photos', 'delete', { photo_id }))).toBe('not_found');
    expect(verdict(desk.ask(operator, 'photos', 'move', { photo_id, idPersona: 'B' }))).toBe('not_found');
    expect(desk.store.photos.totals()).toEqual({ count: 0, bytes: 0 });
    expect(desk.published.map(event => event.type)).toContain('photo_deleted');
  });

  test('[PHOTO8] a move changes the person alone, and once', () => {
    const desk = openDesk();
    const photo_id = desk.photo({ idPersona: 'A' }).id;
    desk.published.length = 0;
    granted(desk.ask(operator, 'photos', 'move', { photo_id, idPersona: ' B ' }));
    granted(desk.ask(operator, 'photos', 'move', { photo_id, idPersona: 'B' }));
    expect(desk.store.photos.get(photo_id)?.idPersona).toBe('B');
    expect(desk.published.map(event => event.type)).toEqual(['photo_updated', 'activity']);
  });

  test.each(['get', 'review', 'delete', 'move'])(
    '[PHOTO310] %s: what no photo has is not found, in whatever shape it comes, and letters may be large',
    action => {
      const desk = openDesk();
      const more = { verdict: 'rejected', idPersona: 'B' };
      for (const photo_id of ['nope', 'f43dc5e1-b99e-440e-9820-56a439e67303']) {
        expect(verdict(desk.ask(operator, 'photos', action, { ...more, photo_id }))).toBe('not_found');
      }
      expect(verdict(desk.ask(operator, 'photos', action, { ...more, photo_id: 7 }))).toBe('invalid_message');
      const photo_id = desk.photo({ idPersona: 'A' }).id.toUpperCase();
      expect(desk.ask(operator, 'photos', action, { ...more, photo_id })).toMatchObject({ ok: true });
    },
  );

  test('[PHOTO9] retention deletes what is older, and says so in one line', () => {
    const desk = openDesk();
    const old = desk.photo();
    desk.jump(30 * 24 * 60 * 60 * 1_000);
    const kept = desk.photo();
    const run = () => granted(desk.commit(() => photoRetention(30, desk.sessions))).reply.deleted;
    expect(run()).toBe(0);
    desk.jump(1);
    expect(run()).toBe(1);
    expect(run()).toBe(0);
    expect(page(desk).ids).toEqual([kept.id]);
    expect(desk.store.photos.deleted().map(row => row.id)).toEqual([old.id]);
    const lines = desk.store.activity.list({ limit: 10, kinds: ['retention'] });
    expect(lines.map(line => line.data)).toEqual([{ photos: 1, days: 30 }]);
  });
});

describe('taking photos in', () => {
  let folder: string;
  let files: PhotoFiles;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'intake-'));
    files = await photoFiles(folder);
  });
  afterEach(() => rm(folder, { recursive: true }));

  const left = async () => [
    ...(await readdir(join(folder, 'incoming'))),
    ...(await readdir(join(folder, 'photos'), { recursive: true })).filter(name => name.includes('.')),
  ];

  function upload(name: string, from: Partial<Upload> = {}): Upload {
    const bytes = Buffer.from(`the bytes of ${name}`);
    return {
      id: uuidFrom(name),
      sessionId: null,
      idPersona: null,
      shot: null,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      total: bytes.length,
      body: pieces(bytes),
      ...from,
    };
  }

  test('[PHOTO10] a photo is kept, told and logged once, under the person of its session', async () => {
    const desk = openDesk({ files });
    const { id, who } = desk.paired({ idPersona: 'DNI-1' });
    const received = granted(await desk.intake.receive(upload('a', { sessionId: id, idPersona: 'other' }), who));
    expect(received).toMatchObject({
      created: true,
      photo: { idPersona: 'DNI-1', session_id: id, status: 'received' },
    });
    const told = desk.published.filter(event => event.type.startsWith('photo'));
    expect(told.map(event => event.type)).toEqual(['photo_received']);
    expect(await left()).toEqual([expect.stringMatching(/\.orig$/)]);
  });

  test('[PHOTO11] the same photo again is the same one; another body under its id, or from another phone, is refused', async () => {
    const desk = openDesk({ files });
    const { id, who } = desk.paired();
    const other = desk.paired({ idPersona: 'DNI-2' });
    const mine = { sessionId: id };
    const first = granted(await desk.intake.receive(upload('a', mine), who));
    expect(granted(await desk.intake.receive(upload('a', mine), who))).toEqual({ ...first, created: false });
    const changed = { ...upload('b', mine), id: first.photo.id };
    expect(verdict(await desk.intake.receive(changed, who))).toBe('conflict');
    expect(verdict(await desk.intake.receive(upload('a', { sessionId: other.id }), other.who))).toBe('conflict');
    expect(desk.store.photos.totals().count).toBe(1);
    expect(await left()).toHaveLength(1);
  });

  test('[PHOTO12] ten times at once is one photo and nine times the same answer', async () => {
    const desk = openDesk({ files });
    const { id, who } = desk.paired();
    const all = await Promise.all(
      Array.from({ length: 10 }, () => desk.intake.receive(upload('a', { sessionId: id }), who)),
    );
    expect(all.map(result => granted(result).created).filter(Boolean)).toHaveLength(1);
    expect(new Set(all.map(result => granted(result).photo.id)).size).toBe(1);
    expect(await left()).toHaveLength(1);
  });

  test('[PHOTO13] a retry does not wait for the connection that died under the first attempt', async () => {
    const desk = openDesk({ files });
    const { id, who } = desk.paired();
    const dead = new AbortController();
    const first = desk.intake.receive(upload('a', { sessionId: id, body: stalled(dead.signal) }), who);
    expect(granted(await desk.intake.receive(upload('a', { sessionId: id }), who)).created).toBe(true);
    dead.abort();
    expect(verdict(await first)).toBe('invalid_message incomplete');
    expect(await left()).toHaveLength(1);
  });

  test('[PHOTO14] a damaged, a cut and a too large body leave nothing behind, and the desk is told that it failed', async () => {
    const desk = openDesk({ files, limits: { maxPhotoBytes: 1_000 } });
    const { id, who } = desk.paired();
    const mine = { sessionId: id };
    const big = Buffer.alloc(1_001);
    const bad: [Partial<Upload>, string][] = [
      [{ sha256: 'f'.repeat(64) }, 'invalid_message hash'],
      [{ body: cut() }, 'invalid_message incomplete'],
      [{ total: big.length }, 'too_large'],
      [{ total: null, body: pieces(big), sha256: null }, 'too_large'],
    ];
    for (const [part, expected] of bad) {
      expect(verdict(await desk.intake.receive(upload('a', { ...mine, ...part }), who))).toBe(expected);
    }
    expect(await left()).toEqual([]);
    expect(desk.store.photos.totals().count).toBe(0);
    const states = desk.published.flatMap(event => (event.type === 'upload_progress' ? [event.data.state] : []));
    expect(states.filter(state => state === 'failed')).toHaveLength(3);
    expect(verdict(await desk.intake.receive(upload('a', mine), who))).toBe('ok');
  });

  test('[PHOTO15] a session takes so many photos and so many bytes', async () => {
    const many = openDesk({ files, limits: { maxSessionPhotos: 2 } });
    const a = many.paired();
    const send = (name: string) => many.intake.receive(upload(name, { sessionId: a.id }), a.who);
    // All three are under way before the first is counted.
    const sent = await Promise.all(['1', '2', '3'].map(send));
    expect(sent.map(verdict).sort()).toEqual(['ok', 'ok', 'too_large session_full']);
    const again = sent.findIndex(result => result.ok);
    expect(verdict(await send(String(again + 1)))).toBe('ok');
    const heavy = openDesk({ files, limits: { maxSessionBytes: 20 } });
    const b = heavy.paired();
    expect(verdict(await heavy.intake.receive(upload('4', { sessionId: b.id }), b.who))).toBe('ok');
    expect(verdict(await heavy.intake.receive(upload('5', { sessionId: b.id }), b.who))).toBe('too_large session_full');
    expect(await left()).toHaveLength(3);
  });

  test('[PHOTO16] a photo that arrives after its session ended is refused and leaves nothing', async () => {
    const desk = openDesk({ files });
    const { id, who } = desk.paired();
    const end = () => void desk.askSession('end', { session_id: id });
    const body = pieces(Buffer.from('the bytes of a'), end);
    expect(verdict(await desk.intake.receive(upload('a', { sessionId: id, body }), who))).toBe('expired session');
    expect(await left()).toEqual([]);
  });

  test('[PHOTO23] a photo that was on its way while another phone took over is not filed under that phone', async () => {
    const desk = openDesk({ files });
    const { id, who } = desk.paired();
    const takeOver = () => {
      const { qr } = desk.askSession('renew', { session_id: id });
      granted(desk.pair({ token: tokenIn(qr), claim: claim('the other phone') }));
    };
    const body = pieces(Buffer.from('the bytes of a'), takeOver);
    expect(verdict(await desk.intake.receive(upload('a', { sessionId: id, body }), who))).toBe('expired session');
    expect(await left()).toEqual([]);
  });

  test('[PHOTO17] where the database does not take it nothing is acknowledged, told or left, and it heals', async () => {
    const desk = openDesk({ files });
    const { id, who } = desk.paired();
    const append = desk.store.journal.append;
    desk.published.length = 0;
    desk.store.journal.append = () => {
      throw new StoreUnavailable('SQLITE_FULL');
    };
    expect(verdict(await desk.intake.receive(upload('a', { sessionId: id }), who))).toBe('unavailable store');
    expect(desk.published.filter(event => event.type !== 'upload_progress')).toEqual([]);
    expect(await left()).toEqual([]);
    desk.store.journal.append = append;
    expect(verdict(await desk.intake.receive(upload('a', { sessionId: id }), who))).toBe('ok');
  });

  test('[PHOTO18] where the disk does not give back what it took the photo is refused, and the desk is told', async () => {
    const broken: PhotoFiles = {
      ...files,
      async receive(stream, options) {
        const incoming = await files.receive(stream, options);
        if (!incoming.ok) return incoming;
        return {
          ok: true,
          value: { ...incoming.value, read: async () => fail('unavailable', 'EIO', { reason: 'disk' }) },
        };
      },
    };
    const desk = openDesk({ files: broken });
    const { id, who } = desk.paired();
    expect(verdict(await desk.intake.receive(upload('a', { sessionId: id }), who))).toBe('unavailable disk');
    expect(desk.published.at(-1)).toMatchObject({ type: 'upload_progress', data: { state: 'failed' } });
    expect(await left()).toEqual([]);
  });

  test("[PHOTO19] the phone's photo is worked on, told, and only then is its original removed", async () => {
    const desk = openDesk({
      files,
      work: working({ ok: true, width: 30, height: 40, sha256: 'a'.repeat(64), mime: 'image/jpeg' }),
    });
    const { photo } = granted(await desk.intake.receive(upload('a'), operator));
    await desk.darkroom.wait(photo.id, 'full', 5_000);
    expect(desk.store.photos.get(photo.id)).toMatchObject({ width: 30, height: 40, storedSha256: 'a'.repeat(64) });
    expect(desk.published.map(event => event.type)).toContain('photo_updated');
    expect(await left()).toEqual([]);
  });

  test('[PHOTO20] one that cannot be read is quarantined with its reason, and its original is kept', async () => {
    const desk = openDesk({ files, work: working({ ok: false, reason: 'dañada' }) });
    const { photo } = granted(await desk.intake.receive(upload('a'), operator));
    await desk.darkroom.wait(photo.id, 'full', 5_000);
    expect(desk.store.photos.get(photo.id)).toMatchObject({ status: 'quarantined', reason: 'dañada' });
    expect(desk.published.map(event => event.type)).toEqual(expect.arrayContaining(['photo_updated', 'activity']));
    expect(desk.store.photos.unfinished()).toEqual([]);
    expect(await left()).toHaveLength(1);
  });

  test('[PHOTO22] a photo whose work the database did not take is marked as soon as it does', async () => {
    const waits: [number, () => void][] = [];
    const desk = openDesk({
      files,
      work: working({ ok: true, width: 3, height: 4, sha256: 'a'.repeat(64), mime: 'image/jpeg' }),
      after(ms, then) {
        waits.push([ms, then]);
        return () => {};
      },
    });
    const real = desk.store.photos.update;
    let refused = 0;
    desk.store.photos.update = () => {
      refused += 1;
      throw new StoreUnavailable('SQLITE_FULL');
    };
    const { photo } = granted(await desk.intake.receive(upload('a'), operator));
    await vi.waitFor(() => expect(waits).toHaveLength(1));
    expect(refused).toBe(1);
    desk.store.photos.update = real;
    const [[ms, again] = [0, () => {}]] = waits;
    expect(ms).toBe(2_000);
    again();
    await desk.darkroom.wait(photo.id, 'full', 5_000);
    expect(desk.store.photos.get(photo.id)?.storedSha256).toBe('a'.repeat(64));
  });

  test('[PHOTO21] the files and the row of a deleted photo go, and its id may be used again', async () => {
    const desk = openDesk({ files });
    const { photo } = granted(await desk.intake.receive(upload('a'), operator));
    granted(desk.ask(operator, 'photos', 'delete', { photo_id: photo.id }));
    expect(verdict(await desk.intake.receive(upload('a'), operator))).toBe('conflict');
    // The image process never answers in this desk: a second one, as after a restart, clears up.
    const next = openDesk({ files, store: desk.store });
    await next.darkroom.clear();
    expect(desk.store.photos.deleted()).toEqual([]);
    expect(await left()).toEqual([]);
  });

  test('[PHOTO380] photos that wait for room on a full disk can be deleted, and so make room', async () => {
    const queue = new Map<string, () => void>();
    const full: ImageWork = {
      run: ({ source }) =>
        new Promise(resolve => {
          queue.set(source, () => resolve({ ok: false, reason: 'it was dropped' }));
        }),
      drop: source => queue.get(source)?.(),
      stop: async () => {},
    };
    const desk = openDesk({ files, work: full });
    for (const name of ['a', 'b']) {
      const { photo } = granted(await desk.intake.receive(upload(name), operator));
      if (name === 'a') granted(desk.ask(operator, 'photos', 'delete', { photo_id: photo.id }));
    }
    await desk.darkroom.clear();
    expect(desk.store.photos.deleted()).toEqual([]);
    expect(await left()).toHaveLength(1);
  });
});

function working(result: ImageResult): ImageWork {
  return {
    async run(_job, onThumb) {
      onThumb();
      return result;
    },
    drop() {},
    stop: async () => {},
  };
}

async function* pieces(bytes: Buffer, meanwhile = () => {}) {
  yield bytes.subarray(0, 5);
  meanwhile();
  yield bytes.subarray(5);
}

async function* cut() {
  yield Buffer.from('the by');
  throw new Error('the socket is gone');
}

async function* stalled(until: AbortSignal) {
  yield Buffer.from('the by');
  await new Promise((_resolve, reject) => until.addEventListener('abort', () => reject(new Error('gone'))));
}
