import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { inspect } from './inspect.ts';
import { phonePhoto, scene } from './sample-photos.ts';

const limits = { maxPixels: 50_000_000 };

function reasonOf(bytes: Buffer, maxPixels = limits.maxPixels): unknown {
  const found = inspect(bytes, { maxPixels });
  return found.ok ? 'ok' : found.error.details?.reason;
}

/** A JPEG segment: its marker, its length, its data. */
function segment(marker: number, ...data: number[]): Buffer {
  const length = data.length + 2;
  return Buffer.from([0xff, marker, length >> 8, length & 255, ...data]);
}
const SOI = Buffer.from([0xff, 0xd8]);
const EOI = Buffer.from([0xff, 0xd9]);
const frame = (width: number, height: number) =>
  segment(0xc0, 8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0);
const scan = (...data: number[]) => Buffer.concat([segment(0xda, 1, 1, 0, 0, 63, 0), Buffer.from(data)]);

describe('[IMG1] the first bytes decide what a file is', () => {
  const foreign: [string, string | undefined, Buffer][] = [
    ['HEIC of an iPhone', 'heic', Buffer.from('\0\0\0\x24ftypheic\0\0\0\0mif1heic', 'latin1')],
    ['HEIC by its general brand', 'heic', Buffer.from('\0\0\0\x1cftypmif1\0\0\0\0mif1heic', 'latin1')],
    ['AVIF', 'avif', Buffer.from('\0\0\0\x1cftypmif1\0\0\0\0mif1avif', 'latin1')],
    ['GIF', 'gif', Buffer.from('GIF89a\x01\0\x01\0', 'latin1')],
    ['TIFF, little end first', 'tiff', Buffer.from('II*\0\x08\0\0\0', 'latin1')],
    ['TIFF, big end first', 'tiff', Buffer.from('MM\0*\0\0\0\x08', 'latin1')],
    ['PDF', 'pdf', Buffer.from('%PDF-1.7\n')],
    ['SVG', 'svg', Buffer.from('\ufeff\n<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['SVG with a declaration', 'svg', Buffer.from('<?xml version="1.0"?><svg/>')],
    ['a film', undefined, Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0', 'latin1')],
    ['a text', undefined, Buffer.from('photo.jpg')],
    ['a sound in RIFF', undefined, Buffer.from('RIFF\x24\0\0\0WAVEfmt ', 'latin1')],
  ];
  test.each(foreign)('[IMG1] %s is refused', (_name, format, bytes) => {
    const found = inspect(bytes, limits);
    expect(found).toMatchObject({
      ok: false,
      error: { code: 'invalid_message', details: { reason: 'unsupported_type' } },
    });
    expect(found.ok ? null : found.error.details?.format).toBe(format);
  });

  test('[IMG1] a GIF that sharp made is refused as well', async () => {
    expect(reasonOf(await scene(8, 8).gif().toBuffer())).toBe('unsupported_type');
  });
});

describe('[IMG2] real pictures of every kind are recognised, with the size that their header gives', () => {
  const kinds: [string, string, () => Promise<Buffer>][] = [
    ['baseline JPEG', 'image/jpeg', () => scene(40, 30).jpeg().toBuffer()],
    ['progressive JPEG', 'image/jpeg', () => scene(40, 30).jpeg({ progressive: true }).toBuffer()],
    ['grey JPEG', 'image/jpeg', () => scene(40, 30).greyscale().jpeg().toBuffer()],
    ['CMYK JPEG', 'image/jpeg', () => scene(40, 30).toColourspace('cmyk').jpeg().toBuffer()],
    ['4:4:4 JPEG', 'image/jpeg', () => scene(40, 30).jpeg({ chromaSubsampling: '4:4:4' }).toBuffer()],
    ['JPEG of mozjpeg', 'image/jpeg', () => scene(40, 30).jpeg({ mozjpeg: true }).toBuffer()],
    ['RGB PNG', 'image/png', () => scene(40, 30).png().toBuffer()],
    ['RGBA PNG', 'image/png', () => scene(40, 30, 4).png().toBuffer()],
    ['grey PNG', 'image/png', () => scene(40, 30).greyscale().png().toBuffer()],
    ['PNG with a palette', 'image/png', () => scene(40, 30).png({ palette: true, colours: 16 }).toBuffer()],
    ['black and white PNG', 'image/png', () => scene(40, 30).threshold().png({ palette: true, colours: 2 }).toBuffer()],
    ['16-bit PNG', 'image/png', () => scene(40, 30).toColourspace('rgb16').png().toBuffer()],
    ['interlaced PNG', 'image/png', () => scene(40, 30).png({ progressive: true }).toBuffer()],
    ['lossy WebP', 'image/webp', () => scene(40, 30).webp().toBuffer()],
    ['lossless WebP', 'image/webp', () => scene(40, 30).webp({ lossless: true }).toBuffer()],
    ['WebP with transparency', 'image/webp', () => scene(40, 30, 4).webp().toBuffer()],
    ['lossless WebP with transparency', 'image/webp', () => scene(40, 30, 4).webp({ lossless: true }).toBuffer()],
    [
      'WebP with EXIF',
      'image/webp',
      () =>
        scene(40, 30)
          .withExif({ IFD0: { Make: 'Camera' } })
          .webp()
          .toBuffer(),
    ],
  ];
  test.each(kinds)('[IMG2] %s', async (_name, mime, make) => {
    expect(inspect(await make(), limits)).toEqual({ ok: true, value: { mime, width: 40, height: 30 } });
  });

  test('[IMG2] a grey PNG with transparency', async () => {
    const bytes = await scene(40, 30, 4).toColourspace('b-w').png().toBuffer();
    expect((await sharp(bytes).metadata()).channels).toBe(2);
    expect(inspect(bytes, limits)).toMatchObject({ ok: true, value: { width: 40, height: 30 } });
  });

  test('[IMG2] an animated WebP counts as its canvas', async () => {
    const frames = await sharp([await scene(40, 30).png().toBuffer(), await scene(40, 30, 4).png().toBuffer()], {
      join: { animated: true },
    })
      .webp()
      .toBuffer();
    expect((await sharp(frames).metadata()).pages).toBe(2);
    expect(inspect(frames, limits)).toEqual({ ok: true, value: { mime: 'image/webp', width: 40, height: 30 } });
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('[IMG2] a phone photo of orientation %i, as it is stored', async orientation => {
    const [width, height] = orientation > 4 ? [48, 64] : [64, 48];
    expect(inspect(await phonePhoto(orientation), limits)).toMatchObject({ ok: true, value: { width, height } });
  });

  test('[IMG2] a whole JPEG within a JPEG, as the thumbnail in EXIF is, is passed over', async () => {
    const photo = await scene(40, 30).jpeg().toBuffer();
    const thumb = await scene(8, 6).jpeg().toBuffer();
    const exif = segment(0xe1, ...Buffer.from('Exif\0\0'), ...thumb);
    const bytes = Buffer.concat([SOI, exif, photo.subarray(2)]);
    expect(inspect(bytes, limits)).toMatchObject({ ok: true, value: { width: 40, height: 30 } });
    expect(reasonOf(bytes.subarray(0, -2))).toBe('truncated');
  });

  test('[IMG2] restart markers, stuffed and filling 0xFF and a second scan belong to the picture', () => {
    const restarts = segment(0xdd, 0, 4);
    const first = scan(0x12, 0xff, 0x00, 0xff, 0xd0, 0x34, 0xff, 0xd7, 0xff, 0xff);
    const bytes = Buffer.concat([SOI, frame(16, 9), restarts, first, segment(0xc4, 0), scan(1, 2, 0xff, 0), EOI]);
    expect(inspect(bytes, limits)).toEqual({ ok: true, value: { mime: 'image/jpeg', width: 16, height: 9 } });
  });
});

describe('[IMG3] a file that was cut short anywhere is refused', () => {
  const small: [string, () => Promise<Buffer>][] = [
    ['JPEG', () => scene(20, 14).jpeg().toBuffer()],
    ['progressive JPEG', () => scene(20, 14).jpeg({ progressive: true }).toBuffer()],
    ['phone JPEG', () => phonePhoto(6)],
    ['PNG', () => scene(20, 14).png().toBuffer()],
    ['lossy WebP', () => scene(20, 14).webp().toBuffer()],
    ['lossless WebP', () => scene(20, 14).webp({ lossless: true }).toBuffer()],
    ['extended WebP', () => scene(20, 14, 4).webp().toBuffer()],
  ];
  test.each(small)('[IMG3] %s, at every byte', async (_name, make) => {
    const bytes = await make();
    expect(reasonOf(bytes)).toBe('ok');
    const reasons = Array.from(bytes, (_byte, length) => reasonOf(bytes.subarray(0, length)));
    expect(new Set(reasons)).toEqual(new Set(['truncated']));
  });
});

describe('[IMG4] the header alone tells that there are too many pixels', () => {
  test('[IMG4] at the limit and one row over it', async () => {
    const bytes = await scene(40, 30).jpeg().toBuffer();
    expect(reasonOf(bytes, 1200)).toBe('ok');
    expect(inspect(bytes, { maxPixels: 1199 })).toMatchObject({
      ok: false,
      error: { code: 'too_large', details: { reason: 'megapixels', width: 40, height: 30 } },
    });
  });

  test('[IMG4] a few bytes that claim 65,535 by 65,535', () => {
    const bomb = Buffer.concat([SOI, frame(65535, 65535), scan(0), EOI]);
    expect(reasonOf(bomb)).toBe('megapixels');
  });

  test('[IMG350] a side that no JPEG can have is refused, however few pixels there are in all', async () => {
    const picture = await scene(20, 14).png().toBuffer();
    const sized = (width: number, height: number) => {
      picture.writeUInt32BE(width, 16);
      picture.writeUInt32BE(height, 20);
      picture.writeUInt32BE(crc32(picture.subarray(12, 29)), 29);
      return picture;
    };
    expect(reasonOf(sized(65_535, 1))).toBe('ok');
    expect(reasonOf(sized(1, 65_535))).toBe('ok');
    expect(reasonOf(sized(65_536, 1))).toBe('side');
    expect(reasonOf(sized(1, 49_000_000))).toBe('side');
  });
});

describe('[IMG5] a structure that cannot be a picture is refused', () => {
  test.each([
    ['no frame', [scan(0), EOI]],
    ['no scan', [frame(4, 4), EOI]],
    ['no width', [frame(0, 4), scan(0), EOI]],
    ['no height', [frame(4, 0), scan(0), EOI]],
    ['two frames', [frame(4, 4), frame(4, 4), scan(0), EOI]],
    ['more scans than any encoder writes', [frame(4, 4), ...Array.from({ length: 101 }, () => scan(0)), EOI]],
    ['a second beginning', [frame(4, 4), scan(0), SOI, EOI]],
    ['a length below its own two bytes', [Buffer.from([0xff, 0xe0, 0, 1]), EOI]],
    ['a frame of the wrong length', [segment(0xc0, 8, 0, 4, 0, 4, 3, 1, 0x11, 0), scan(0), EOI]],
  ])('[IMG5] a JPEG with %s', (_name, parts) => {
    expect(reasonOf(Buffer.concat([SOI, ...parts]))).toBe('damaged');
  });

  describe('a PNG', () => {
    let png: Buffer;
    beforeAll(async () => {
      png = await scene(20, 14).png().toBuffer();
    });
    const changed = (at: number, value: number) => {
      const copy = Buffer.from(png);
      copy[at] = value;
      return copy;
    };
    test('[IMG5] whose header does not fit its checksum', () => expect(reasonOf(changed(19, 21))).toBe('damaged'));
    test('[IMG5] that does not begin with its header', () => expect(reasonOf(changed(12, 0x4a))).toBe('damaged'));
    test('[IMG5] without data', () => {
      const empty = Buffer.concat([png.subarray(0, 33), png.subarray(-12)]);
      expect(reasonOf(empty)).toBe('damaged');
    });
    test('[IMG5] with a chunk longer than any may be', () => expect(reasonOf(changed(33, 0x80))).toBe('damaged'));
  });

  describe('a WebP', () => {
    let webp: Buffer;
    beforeAll(async () => {
      webp = await scene(20, 14).webp().toBuffer();
    });
    test('[IMG5] whose chunk is longer than the file', () => {
      const copy = Buffer.from(webp);
      copy.writeUInt32LE(copy.length, 16);
      expect(reasonOf(copy)).toBe('damaged');
    });
    test('[IMG5] without a picture', () => {
      const header = Buffer.from('RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x13\0\0\x0d\0\0', 'latin1');
      expect(reasonOf(header)).toBe('damaged');
    });
    test('[IMG5] with a width of 0', () => {
      const copy = Buffer.from(webp);
      copy.writeUInt16LE(0, 26);
      expect(reasonOf(copy)).toBe('damaged');
    });
  });
});

test('[IMG6] what phones append after the picture is no reason to refuse it', async () => {
  const trailer = Buffer.from('MotionPhoto_Data\0\0\0\x18ftypmp42', 'latin1');
  for (const bytes of [
    await scene(20, 14).jpeg().toBuffer(),
    await scene(20, 14).png().toBuffer(),
    await scene(20, 14).webp().toBuffer(),
  ]) {
    expect(inspect(Buffer.concat([bytes, trailer]), limits)).toMatchObject({
      ok: true,
      value: { width: 20, height: 14 },
    });
  }
});

describe('[IMG7] no bytes whatever make it throw', () => {
  let seeds: Buffer[];
  beforeAll(async () => {
    seeds = await Promise.all([
      scene(20, 14).jpeg({ progressive: true }).toBuffer(),
      phonePhoto(6),
      scene(20, 14).png().toBuffer(),
      scene(20, 14).webp().toBuffer(),
      scene(20, 14, 4).webp({ lossless: true }).toBuffer(),
    ]);
  });
  const judged = (bytes: Buffer) => {
    const found = inspect(bytes, limits);
    if (found.ok) return found.value.width > 0 && found.value.height > 0;
    return typeof found.error.details?.reason === 'string' && found.error.message.length > 0;
  };

  test('[IMG7] changed pictures', () => {
    const edit = fc.tuple(fc.nat(), fc.nat(255));
    fc.assert(
      fc.property(
        fc.nat(4),
        fc.array(edit, { minLength: 1, maxLength: 12 }),
        fc.nat(),
        fc.nat(64),
        (which, edits, cut, gone) => {
          const copy = Buffer.from(seeds[which] ?? []);
          for (const [at, value] of edits) copy[at % Math.min(copy.length, 200)] = value;
          const from = cut % copy.length;
          return judged(copy) && judged(Buffer.concat([copy.subarray(0, from), copy.subarray(from + gone)]));
        },
      ),
      { numRuns: 3000 },
    );
  });

  test('[IMG7] anything after a right beginning', () => {
    const beginnings = ['\xff\xd8\xff', '\x89PNG\r\n\x1a\n', 'RIFF\x40\0\0\0WEBPVP8X', '\0\0\0\x20ftyp', ''];
    fc.assert(
      fc.property(fc.constantFrom(...beginnings), fc.uint8Array({ maxLength: 200 }), (start, rest) =>
        judged(Buffer.concat([Buffer.from(start, 'latin1'), rest])),
      ),
      { numRuns: 3000 },
    );
  });
});
