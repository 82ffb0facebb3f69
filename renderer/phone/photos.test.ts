import { expect, test } from 'vitest';
import { phonePhoto, scene } from '../../electron/images/sample-photos.ts';
import type { PhotoMime } from '../../protocol/photo.ts';
import { uuid } from '../client/random.ts';
import { judge } from './photo-hint.ts';
import { headerSize, within } from './photo-size.ts';
import { kindOf } from './prepare-photo.ts';
import { namesFor, nextShot, type Shot, shotsOf, unanswered } from './shots.ts';
import { langFor } from './words.ts';

const bytes = (text: string) => Uint8Array.from(text, letter => letter.charCodeAt(0));

test('[PHONE30] a file is what its first bytes say, not what it is called', () => {
  expect(kindOf(bytes('\xff\xd8\xff\xe1....Exif'))).toBe('image/jpeg');
  expect(kindOf(bytes('\x89PNG\r\n\x1a\n'))).toBe('image/png');
  expect(kindOf(bytes('RIFF\x10\x00\x00\x00WEBPVP8 '))).toBe('image/webp');
  for (const brand of ['heic', 'heix', 'hevc', 'mif1', 'msf1']) {
    expect(kindOf(bytes(`\x00\x00\x00\x18ftyp${brand}`))).toBe('heic');
  }
  expect(kindOf(bytes('\x00\x00\x00\x18ftypisom'))).toBe('other');
  expect(kindOf(bytes('<svg'))).toBe('other');
  expect(kindOf(bytes(''))).toBe('other');
});

test('[PHONE31] a dark and a blurred photo get a hint, a sharp one none', () => {
  const picture = (at: (x: number, y: number) => number) =>
    Float32Array.from({ length: 64 * 64 }, (_, i) => at(i % 64, Math.floor(i / 64)));
  expect(
    judge(
      picture(() => 20),
      64,
      64,
    ),
  ).toBe('dark');
  expect(
    judge(
      picture(x => 60 + x * 2),
      64,
      64,
    ),
  ).toBe('blurred');
  expect(
    judge(
      picture((x, y) => (((x >> 2) + (y >> 2)) % 2 === 0 ? 60 : 200)),
      64,
      64,
    ),
  ).toBeNull();
});

test('[PHONE70] the header tells how large a photo is seen, whatever its format and however it was held', async () => {
  const sizeOf = (photo: Buffer, kind: PhotoMime) => headerSize(new Uint8Array(photo).buffer, kind);
  for (let orientation = 1; orientation <= 8; orientation += 1) {
    expect(sizeOf(await phonePhoto(orientation, 640, 480), 'image/jpeg'), `orientation ${orientation}`).toEqual({
      width: 640,
      height: 480,
    });
  }
  const size = { width: 1300, height: 700 };
  expect(sizeOf(await scene(1300, 700).jpeg({ progressive: true }).toBuffer(), 'image/jpeg')).toEqual(size);
  expect(sizeOf(await scene(1300, 700).png().toBuffer(), 'image/png')).toEqual(size);
  expect(sizeOf(await scene(1300, 700).webp().toBuffer(), 'image/webp')).toEqual(size);
  expect(sizeOf(await scene(1300, 700).webp({ lossless: true }).toBuffer(), 'image/webp')).toEqual(size);
  expect(sizeOf(await scene(1300, 700, 4).webp().toBuffer(), 'image/webp')).toEqual(size);
  const whole = await phonePhoto(6, 640, 480);
  for (const cut of [2, 3, 20, 120]) expect(sizeOf(whole.subarray(0, cut), 'image/jpeg')).toBeNull();
  expect(sizeOf(Buffer.from('RIFF....WEBPABCD'), 'image/webp')).toBeNull();
  expect(within({ width: 3000, height: 4000 }, 2560)).toEqual({ width: 1920, height: 2560 });
  expect(within(size, 2560)).toEqual(size);
});

test('[PHONE32] a shot is missing until the desk has it, and again once it was rejected; the next missing one is picked', () => {
  const photo = (shot: string, status: 'received' | 'accepted' | 'rejected' | 'quarantined') => ({
    id: uuid(),
    idPersona: null,
    session_id: 's1',
    mime: 'image/jpeg' as const,
    width: 1,
    height: 1,
    bytes: 1,
    sha256: '',
    stored_sha256: null,
    status,
    reason: null,
    shot,
    received_at: '',
    urls: { full: '', thumb: '' },
  });
  const waiting = {
    id: '1',
    sessionId: 's1',
    blob: new Blob(),
    thumb: new Blob(),
    shot: 'face',
    hint: null,
    original: null,
    chat: false,
    file: null,
    phase: { name: 'draft' as const },
  };
  const names = ['front', 'back', 'face', 'proof'];
  const shots = shotsOf(names, [photo('front', 'accepted'), photo('back', 'rejected')], [waiting]);
  expect(shots.map(shot => shot.state)).toEqual(['accepted', 'missing', 'here', 'missing']);
  expect(nextShot(shots)).toBe('back');
  expect(nextShot(shotsOf(['front'], [photo('front', 'quarantined'), photo('front', 'received')], []))).toBeNull();
});

test('[PHONE36] a refused photo asks for another until a newer one of the same name is there or on its way', () => {
  const photo = (
    id: string,
    shot: string | null,
    status: 'received' | 'rejected' | 'quarantined',
    received_at: string,
  ) => ({
    ...{
      id,
      idPersona: null,
      session_id: 's1',
      mime: 'image/jpeg' as const,
      width: 1,
      height: 1,
      bytes: 1,
      sha256: '',
    },
    ...{ stored_sha256: null, status, reason: null, shot, received_at, urls: { full: '', thumb: '' } },
  });
  const photos = [
    photo('a', 'front', 'rejected', '2026-01-01T00:00:01Z'),
    photo('b', 'back', 'rejected', '2026-01-01T00:00:02Z'),
    photo('c', null, 'quarantined', '2026-01-01T00:00:03Z'),
    photo('d', 'front', 'received', '2026-01-01T00:00:04Z'),
  ];
  expect([...unanswered(photos, [], [])]).toEqual(['b', 'c']);
  const waiting = {
    id: 'e',
    sessionId: 's1',
    blob: new Blob(),
    thumb: new Blob(),
    shot: 'back',
    hint: null,
    original: null,
    chat: false,
    file: null,
    phase: { name: 'queued' as const },
  };
  expect([...unanswered(photos, [waiting], [])]).toEqual(['c']);
  // Without a name: not by any other, which may have come with it, but by the one that was chosen for it.
  photos.push(photo('f', null, 'received', '2026-01-01T00:00:05Z'));
  expect([...unanswered(photos, [waiting], [])]).toEqual(['c']);
  expect([...unanswered(photos, [waiting], [{ to: 'c', by: 'e' }])]).toEqual([]);
  expect([...unanswered(photos, [], [{ to: 'c', by: 'e' }])]).toEqual(['b', 'c']);
  expect([...unanswered(photos, [], [{ to: 'c', by: 'f' }])]).toEqual(['b']);
});

test('[PHONE33] several photos chosen together take the names of the missing shots in order, then none', () => {
  const shots: Shot[] = [
    { name: 'front', state: 'missing' },
    { name: 'back', state: 'missing' },
    { name: 'face', state: 'sent' },
  ];
  expect(namesFor(3, 'front', shots)).toEqual(['front', 'back', null]);
  expect(namesFor(2, 'back', shots)).toEqual(['back', 'front']);
  expect(namesFor(1, 'face', shots)).toEqual(['face']);
  expect(namesFor(2, null, shots)).toEqual([null, null]);
});

test('[PHONE34] ids are version 4 UUIDs without crypto.randomUUID', () => {
  const ids = Array.from({ length: 50 }, uuid);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(ids).size).toBe(50);
});

test('[PHONE35] the page speaks the first language of the browser that it knows, else Spanish', () => {
  expect(langFor(['fr-FR', 'en-GB', 'es'])).toBe('en');
  expect(langFor(['es-AR'])).toBe('es');
  expect(langFor(['de', 'fr'])).toBe('es');
});
