/** What every store has to do. A second one joins the list below and passes the same tests. (STYLE, "Tests are the manual".) */
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { uuidFrom } from '../../tests/desk-fixture.ts';
import type { PhotoRow } from '../core/photo/photo.ts';
import type { NewPhoto, Store } from '../core/ports.ts';
import type { Ended, Paired, Waiting } from '../core/session/session.ts';
import { openSqlite } from './sqlite.ts';

const base = {
  idPersona: 'ñandú "1"',
  label: 'Caja 2',
  shots: ['DNI anverso', 'Rostro, de frente'],
  emoji: '🦊',
  color: '#b3261e',
  conversationId: null,
  createdAt: 1_000,
  consent: { version: '2026-03-02', at: 1_200 },
  generation: 7,
};
const issued = { generation: 6, issuedAt: 900 };

function waiting(id: string): Waiting {
  return { ...base, id, status: 'qr_ready', token: issued, code: { generation: 5, issuedAt: 800 } };
}
function paired(id: string): Paired {
  return { ...base, id, status: 'authenticated', device: 'iPhone', phoneTokenHash: `hash of ${id}` };
}
function over(id: string, endedAt: number): Ended {
  return { ...base, id, status: 'disconnected', device: null, phoneTokenHash: null, endedAt };
}
function photo(name: string, of: Partial<NewPhoto> = {}): NewPhoto {
  const facts = { mime: 'image/jpeg', width: 4, height: 3, bytes: 100, sha256: 'a'.repeat(64) } as const;
  const state = {
    storedSha256: null,
    status: 'received',
    reason: null,
    shot: null,
    deletedAt: null,
    relayed: false,
  } as const;
  return { id: uuidFrom(name), idPersona: 'A', sessionId: null, receivedAt: 500, ...facts, ...state, ...of };
}

const stores = [{ name: 'SQLite', open: (folder: string) => openSqlite(join(folder, 'desk.db')) }];

describe.each(stores)('$name', ({ open }) => {
  let folder: string;
  let store: Store;
  const again = () => {
    store.close();
    store = open(folder);
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'store-'));
    store = open(folder);
  });
  afterEach(() => {
    store.close();
    rmSync(folder, { recursive: true });
  });

  test('[STORE1] a session of each state comes back as it was, also after closing', () => {
    const rows = [{ ...base, id: 'p', status: 'pending' as const }, waiting('w'), paired('a'), over('e', 2_000)];
    for (const row of rows) store.sessions.insert(row);
    again();
    expect(rows.map(row => store.sessions.get(row.id))).toEqual(rows);
    expect(store.sessions.get('nobody')).toBeNull();
    expect(store.sessions.byPhone('hash of a')).toEqual(paired('a'));
    expect(store.sessions.byPhone('')).toBeNull();
    expect(store.sessions.live().map(row => row.id)).toEqual(['p', 'w', 'a']);
    expect(store.sessions.count()).toEqual({ pending: 1, qr_ready: 1, authenticated: 1, disconnected: 1 });
  });

  test('[STORE2] a session that moves on keeps nothing of its earlier state', () => {
    store.sessions.insert(waiting('s'));
    store.sessions.update(paired('s'));
    expect(store.sessions.get('s')).toEqual(paired('s'));
    store.sessions.update(waiting('s'));
    expect(store.sessions.get('s')).toEqual(waiting('s'));
    expect(store.sessions.byPhone('hash of s')).toBeNull();
    store.sessions.update(over('s', 3_000));
    expect(store.sessions.get('s')).toEqual(over('s', 3_000));
  });

  test('[STORE3] recent sessions are the live ones and those that ended lately, newest first', () => {
    store.sessions.insert(over('long ago', 100));
    store.sessions.insert(over('lately', 200));
    store.sessions.insert(waiting('live'));
    expect(store.sessions.recent(200, 10).map(row => row.id)).toEqual(['live', 'lately']);
    expect(store.sessions.recent(0, 1).map(row => row.id)).toEqual(['live']);
  });

  test('[STORE4] a session with photos stays, one without goes with its tokens', () => {
    store.sessions.insert(over('with', 100));
    store.sessions.insert(over('without', 100));
    store.sessions.insert(waiting('live'));
    store.photos.insert(photo('1', { sessionId: 'with' }));
    store.pairing.insert({
      hash: 'h',
      sessionId: 'without',
      kind: 'token',
      expiresAt: 1,
      usedAt: null,
      claimHash: null,
    });
    expect(store.sessions.prune(101)).toEqual(['without']);
    expect(store.sessions.get('without')).toBeNull();
    expect(store.pairing.byHash('h')).toBeNull();
    expect(store.sessions.get('with')).not.toBeNull();
  });

  test('[STORE5] tokens and codes: revoking marks the unused ones, pruning forgets the old ones', () => {
    store.sessions.insert(waiting('s'));
    store.sessions.insert(waiting('t'));
    const row = (hash: string, sessionId = 's') =>
      ({ hash, sessionId, kind: 'code', expiresAt: 1_000, usedAt: null, claimHash: null }) as const;
    store.pairing.insert(row('used'));
    store.pairing.update({ ...row('used'), usedAt: 5, claimHash: 'c' });
    store.pairing.insert(row('unused'));
    store.pairing.insert(row('other', 't'));
    store.pairing.revoke('s', 9);
    expect(store.pairing.byHash('used')).toMatchObject({ usedAt: 5, claimHash: 'c' });
    expect(store.pairing.byHash('unused')).toMatchObject({ usedAt: 9, claimHash: null });
    expect(store.pairing.byHash('other')).toEqual(row('other', 't'));
    store.pairing.prune(1_000);
    expect(store.pairing.byHash('used')).not.toBeNull();
    store.pairing.prune(1_001);
    expect(store.pairing.byHash('used')).toBeNull();
    expect(() => store.pairing.insert(row('stray', 'nobody'))).toThrow();
  });

  test('[STORE6] photos are numbered for good: a number is not given again', () => {
    const first = store.photos.insert(photo('1'));
    const last = store.photos.insert(photo('2', { shot: 'Rostro', idPersona: null }));
    expect(store.photos.get(last.id)).toEqual(last);
    store.photos.update({ ...last, deletedAt: 1 });
    store.photos.remove(last.id);
    again();
    expect(store.photos.has(last.id)).toBe(false);
    expect(store.photos.insert(photo('3')).n).toBeGreaterThan(last.n);
    expect(store.photos.get(first.id)).toEqual(first);
    expect(() => store.photos.insert(photo('1'))).toThrow();
  });

  test('[STORE7] photos by what is still to be done with them', () => {
    store.sessions.insert(paired('s'));
    const fresh = store.photos.insert(photo('fresh', { sessionId: 's', bytes: 11 }));
    const done = store.photos.insert(photo('done', { storedSha256: 'b'.repeat(64), bytes: 22, receivedAt: 600 }));
    const bad = store.photos.insert(photo('bad', { status: 'quarantined' }));
    const gone = store.photos.insert(photo('gone', { deletedAt: 3, sessionId: 's' }));
    const names = (rows: PhotoRow[]) => rows.map(row => row.id);
    expect(names(store.photos.unfinished())).toEqual([fresh.id]);
    expect(names(store.photos.deleted())).toEqual([gone.id]);
    const of = { idPersona: null, storedSha256: 'b'.repeat(64), relayed: true };
    const ofNobody = store.photos.insert(photo('of nobody', of));
    store.photos.insert(photo('of nobody, deleted', { ...of, deletedAt: 3 }));
    expect(store.photos.ofNobody()).toEqual([ofNobody]);
    store.photos.update({ ...ofNobody, deletedAt: 4 });
    expect(names(store.photos.receivedBefore(600))).toEqual([fresh.id, bad.id]);
    expect(store.photos.ofSession('s')).toEqual({ count: 1, bytes: 11 });
    expect(store.photos.totals()).toEqual({ count: 3, bytes: 133 });
    store.photos.remove(done.id);
    expect(store.photos.has(done.id)).toBe(true);
    expect(store.photos.has(gone.id)).toBe(true);
  });

  test('[STORE8] a throw takes everything back, and what was committed is there after closing', () => {
    const work = () => {
      store.sessions.insert(waiting('s'));
      store.photos.insert(photo('1', { sessionId: 's' }));
      return store.activity.append({ at: 1, kind: 'photo_received', who: 's', data: { a: [1] }, idPersona: 'A' });
    };
    expect(() =>
      store.transaction(() => {
        work();
        throw new Error('no');
      }),
    ).toThrow('no');
    expect([store.sessions.live(), store.photos.totals().count, store.activity.list({ limit: 9 })]).toEqual([
      [],
      0,
      [],
    ]);
    const line = store.transaction(work);
    again();
    expect(store.activity.list({ limit: 9 })).toEqual([line]);
    expect(store.photos.totals().count).toBe(1);
  });

  test('[STORE9] the journal counts on after everything in it was pruned', () => {
    const event = (n: number) => ({
      id: `evt-${n}`,
      at: n,
      type: 'photo_deleted' as const,
      data: { photo_id: uuidFrom(String(n)), session_id: null },
      rooms: ['@desk'],
    });
    expect([store.journal.head(), store.journal.oldest()]).toEqual([0, 1]);
    expect([1, 2, 3].map(n => store.journal.append(event(n)))).toEqual([1, 2, 3]);
    expect(store.journal.between(1, 3)).toEqual([2, 3].map(seq => ({ ...stored(event(seq)), seq })));
    store.journal.prune(2, 0);
    expect(store.journal.oldest()).toBe(2);
    store.journal.prune(100, 4);
    again();
    expect([store.journal.head(), store.journal.oldest(), store.journal.between(0, 9)]).toEqual([3, 4, []]);
    expect(store.journal.append(event(4))).toBe(4);
  });

  test('[DASH20] counters add up by the minute, and a series gives them in equal buckets with zeros between', () => {
    const at = (minutes: number) => minutes * 60_000;
    store.figures.add(at(10), { photos: 1, refused: 2 });
    store.figures.add(at(10) + 59_999, { photos: 3 });
    store.figures.add(at(14), { messages: 5 });
    store.figures.add(at(16), { photos: 100 });
    again();
    const series = store.figures.series(at(10), 2, 3);
    expect(series.map(({ photos }) => photos)).toEqual([4, 0, 0]);
    expect(series.map(({ refused }) => refused)).toEqual([2, 0, 0]);
    expect(series.map(({ messages }) => messages)).toEqual([0, 0, 5]);
    expect(store.figures.total(at(10), at(15))).toEqual({
      sessions: 0,
      photos: 4,
      events: 0,
      messages: 5,
      refused: 2,
      quarantined: 0,
      broken_off: 0,
      reconnects: 0,
    });
    store.figures.prune(at(14));
    expect(store.figures.total(0, at(20))).toMatchObject({ photos: 100, messages: 5, refused: 0 });
  });

  test('[DASH21] a step of a visit is kept the first time, and whoever came to a later one has passed the earlier ones', () => {
    for (const id of ['a', 'b', 'c', 'd']) store.sessions.insert(waiting(id));
    for (const id of ['a', 'b', 'c']) store.figures.reached(id, 'shown', 1_000);
    store.figures.reached('a', 'scanned', 2_000);
    store.figures.reached('a', 'photo', 7_000);
    store.figures.reached('a', 'photo', 60_000);
    store.figures.reached('a', 'accepted', 9_000);
    store.figures.reached('b', 'paired', 3_000);
    store.figures.reached('nobody', 'shown', 3_000);
    again();
    expect(store.figures.funnel(0, 9_999)).toEqual({ shown: 3, scanned: 2, paired: 2, photo: 1, accepted: 1 });
    // Only visits that something happened to since.
    expect(store.figures.funnel(2_500, 9_999)).toEqual({ shown: 2, scanned: 2, paired: 2, photo: 1, accepted: 1 });
    expect(store.figures.medianScanToPhoto(0, 9_999)).toBe(5_000);
    expect(store.figures.medianScanToPhoto(8_000, 9_999)).toBeNull();
  });

  test('[DASH22] the median is the one in the middle, or between the two in the middle', () => {
    const took = [4_000, 1_000, 600_000, 2_000];
    took.forEach((ms, index) => {
      store.sessions.insert(waiting(`s${index}`));
      store.figures.reached(`s${index}`, 'scanned', 10_000);
      store.figures.reached(`s${index}`, 'photo', 10_000 + ms);
    });
    expect(store.figures.medianScanToPhoto(0, 1_000_000)).toBe(3_000);
    expect(store.figures.medianScanToPhoto(0, 20_000)).toBe(2_000);
  });

  test('[DASH300] of a visit whose code was typed it counts from the pairing', () => {
    store.sessions.insert(waiting('typed'));
    store.figures.reached('typed', 'paired', 10_000);
    store.figures.reached('typed', 'photo', 14_000);
    expect(store.figures.medianScanToPhoto(0, 20_000)).toBe(4_000);
  });

  test('[DASH23] a visit outlives its session without its name, and is forgotten in its turn', () => {
    store.sessions.insert(over('gone', 100));
    store.figures.reached('gone', 'shown', 50);
    store.sessions.prune(101);
    expect(store.sessions.get('gone')).toBeNull();
    expect(store.figures.funnel(0, 100)).toMatchObject({ shown: 1 });
    store.figures.prune(51);
    expect(store.figures.funnel(0, 100)).toMatchObject({ shown: 0 });
  });

  test('[STORE12] an event that never came to the journal is found missing, one that was pruned is not', () => {
    const journal = (id: string, at: number) =>
      store.journal.append({ type: 'message_deleted', data: { message_id: id }, rooms: ['@a'], id: `e-${id}`, at });
    const lacks = (message_id: string, at: number) =>
      store.journal.lacks({ type: 'message_deleted', about: { message_id }, at });
    expect(lacks('1', 1_000)).toBe(true);
    journal('1', 1_000);
    journal('3', 3_000);
    expect([lacks('1', 900), lacks('2', 900), lacks('3', 2_999)]).toEqual([false, true, false]);
    expect(store.journal.lacks({ type: 'new_message', about: { id: '1' }, at: 1_000 })).toBe(true);
    store.journal.prune(10, 2_000);
    expect([lacks('1', 1_000), lacks('2', 2_000), lacks('2', 3_000)]).toEqual([false, false, true]);
  });

  test('[STORE11] a name of S1 belongs to the session that it was last given to, and goes with it', () => {
    for (const id of ['one', 'two']) store.sessions.insert(over(id, 1_000));
    store.s1Names.keep('caja', 'one');
    store.s1Names.keep('puerta', 'one');
    store.s1Names.keep('caja', 'two');
    store.s1Names.keep('otra', 'two');
    store.s1Names.drop('otra');
    again();
    expect(store.s1Names.all().sort((a, b) => a.name.localeCompare(b.name))).toEqual([
      { name: 'caja', sessionId: 'two' },
      { name: 'puerta', sessionId: 'one' },
    ]);
    store.sessions.prune(2_000);
    expect(store.s1Names.all()).toEqual([]);
  });
});

function stored({ at: _at, ...event }: { at: number; [key: string]: unknown }) {
  return { ...event, idPersona: null };
}

test('[STORE13] closed, it is one file with everything in it; while somebody else has it open too, nothing is lost either', () => {
  const dir = mkdtempSync(join(tmpdir(), 'mostrador-wal-'));
  const path = join(dir, 'mostrador.db');
  try {
    const store = openSqlite(path);
    store.sessions.insert(waiting('a'));
    store.close();
    expect(readdirSync(dir)).toEqual(['mostrador.db']);
    const [one, other] = [openSqlite(path), openSqlite(path)];
    one.sessions.insert(waiting('b'));
    expect(other.sessions.get('b')).not.toBeNull();
    one.close();
    other.sessions.insert(waiting('c'));
    other.close();
    const again = openSqlite(path);
    expect(['a', 'b', 'c'].map(id => again.sessions.get(id)?.id)).toEqual(['a', 'b', 'c']);
    again.close();
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});

test.skipIf(process.platform === 'win32')(
  '[STORE10] the database is for its owner alone, also one that was open to others',
  () => {
    const dir = mkdtempSync(join(tmpdir(), 'mostrador-mode-'));
    const path = join(dir, 'mostrador.db');
    try {
      writeFileSync(path, '', { mode: 0o644 });
      const store = openSqlite(path);
      for (const file of readdirSync(dir))
        expect([file, statSync(join(dir, file)).mode & 0o777]).toEqual([file, 0o600]);
      store.close();
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  },
);
