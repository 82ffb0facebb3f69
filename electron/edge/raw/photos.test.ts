import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { ok } from '../../../protocol/errors.ts';
import { openDesk } from '../../../tests/desk-fixture.ts';
import { rawPhotos } from './photos.ts';

test('[S0R14] a picture that the disk gives back half is not shown, and nothing else comes of it', async () => {
  const { commit, dispatch, intake, sessions } = openDesk();
  const pictures: (() => Readable)[] = [
    () => Readable.from([Buffer.from('one '), Buffer.from('whole')]),
    () =>
      Readable.from(
        (async function* () {
          yield Buffer.from('half');
          throw Object.assign(new Error('EIO'), { code: 'EIO' });
        })(),
      ),
  ];
  const open = async () => ok({ bytes: 9, stream: pictures.shift()?.() ?? Readable.from([]) });
  const { picture } = rawPhotos({ commit, dispatch, intake, ids: sessions.ids, files: { open } });
  expect(await picture('p1')).toEqual(ok(Buffer.from('one whole')));
  expect(await picture('p1')).toMatchObject({ ok: false, error: { code: 'unavailable' } });
});
