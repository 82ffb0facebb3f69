import { expect, test, vi } from 'vitest';
import { fail, ok } from '../../../protocol/errors.ts';
import { openDesk } from '../../../tests/desk-fixture.ts';
import { recoverPhotos } from './recovery.ts';

test('[PHOTO300] photos without a row come back once, as nobody’s, at the time of their file; what is no picture stays as it lies', async () => {
  const desk = openDesk();
  const known = desk.photo({ idPersona: 'A' }).id;
  const added: string[] = [];
  const bytes = Buffer.from('a picture');
  const kept = (isOriginal: boolean, at: number) => ({ bytes, sha256: 'f'.repeat(64), isOriginal, at });
  const there: Record<string, ReturnType<typeof kept>> = {
    [known]: kept(false, 1_000),
    worked: kept(false, 2_000),
    raw: kept(true, 3_000),
    broken: { ...kept(false, 4_000), bytes: Buffer.from('no picture') },
  };
  const parts = {
    store: desk.store,
    commit: desk.commit,
    files: { find: async (id: string) => there[id] ?? null },
    darkroom: { add: ({ id }: { id: string }) => void added.push(id) },
    inspect: (found: Buffer) =>
      found === bytes ? ok({ mime: 'image/jpeg' as const, width: 64, height: 48 }) : fail('invalid_message', 'no'),
    log: { debug() {}, info() {}, warn: vi.fn(), error() {} },
  };
  const ids = [known, 'worked', 'raw', 'broken', 'gone'];
  expect(await recoverPhotos(ids, parts)).toBe(2);
  expect(desk.store.photos.get('worked')).toMatchObject({
    idPersona: null,
    status: 'received',
    storedSha256: 'f'.repeat(64),
    receivedAt: 2_000,
  });
  // What has not been worked on is worked on now, and shown when that is done.
  expect(desk.store.photos.get('raw')).toMatchObject({ storedSha256: null, receivedAt: 3_000 });
  expect(added).toEqual(['raw']);
  const types = new Set(desk.published.map(({ type }) => type));
  expect([types.has('photo_updated'), types.has('photo_received')]).toEqual([true, false]);
  expect(desk.store.photos.get(known)).toMatchObject({ idPersona: 'A' });
  const lines = desk.store.activity.list({ limit: 10, kinds: ['photos_recovered'] });
  expect(lines).toMatchObject([{ who: 'server', data: { photos: 2 } }]);
  expect(await recoverPhotos(ids, parts)).toBe(0);
});
