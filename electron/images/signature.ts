/** Tells formats apart by their first bytes, never by a name or by what the sender says. */
import type { PhotoMime } from '../../protocol/photo.ts';

const jpeg = Buffer.from([0xff, 0xd8, 0xff]);
const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const riff = Buffer.from('RIFF');
const webp = Buffer.from('WEBP');

/** `truncated` for what is too short to tell and may have been going to be one of ours. */
export function signatureOf(bytes: Buffer): PhotoMime | 'truncated' | 'unknown' {
  if (bytes.length === 0) return 'truncated';
  for (const [mime, start] of [['image/jpeg', jpeg] as const, ['image/png', png] as const]) {
    if (agree(bytes, start, 0)) return bytes.length < start.length ? 'truncated' : mime;
  }
  // Four bytes of length stand between the two words.
  if (agree(bytes, riff, 0) && agree(bytes, webp, 8)) return bytes.length < 12 ? 'truncated' : 'image/webp';
  return 'unknown';
}

/** Whether what there is of `bytes` from `at` on says the same as `word`. */
function agree(bytes: Buffer, word: Buffer, at: number): boolean {
  const there = bytes.subarray(at, at + word.length);
  return there.equals(word.subarray(0, there.length));
}

export type ForeignFormat = 'heic' | 'avif' | 'gif' | 'tiff' | 'pdf' | 'svg';

const heicBrands = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs', 'mif1', 'msf1']);

/** Names the formats that people do send and that are refused, so that each gets advice of its own. */
export function foreignFormat(bytes: Buffer): ForeignFormat | null {
  const start = bytes.toString('latin1', 0, 512);
  if (start.startsWith('GIF8')) return 'gif';
  if (/^(?:II[*+]\0|MM\0[*+])/.test(start)) return 'tiff';
  if (start.startsWith('%PDF')) return 'pdf';
  // A byte order mark, a declaration, comments and a doctype may stand before the element.
  if (/^(?:\xef\xbb\xbf)?\s*<(?:svg|\?xml|!--|!doctype svg)/i.test(start)) return 'svg';
  if (start.slice(4, 8) !== 'ftyp') return null;
  // AVIF often names the general brand `mif1` first and itself among the compatible ones.
  const brands: string[] = start.slice(8, 64).match(/[\s\S]{4}/g) ?? [];
  if (brands.includes('avif') || brands.includes('avis')) return 'avif';
  return brands.some(brand => heicBrands.has(brand)) ? 'heic' : null;
}
