/** Walks a PNG from chunk to chunk until IEND. Animation chunks are passed over: the first picture is the one that is kept. */
import { crc32 } from 'node:zlib';
import type { Structure } from './structure.ts';

/** Which bit depths each colour type may have. (PNG specification, table 11.1.) */
const depths: Record<number, readonly number[]> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

/** A chunk's type as one number: a million empty chunks made to hurt are then walked in some 10 ms. */
const typeOf = (name: string) => Buffer.from(name, 'latin1').readUInt32BE(0);
const IHDR = typeOf('IHDR');
const IDAT = typeOf('IDAT');
const IEND = typeOf('IEND');

/** Length, type and checksum around a chunk's data. */
const AROUND = 12;

export function readPng(bytes: Buffer): Structure {
  let size: { width: number; height: number } | null = null;
  let hasData = false;
  for (let at = 8; ; ) {
    if (at + AROUND > bytes.length) return 'truncated';
    const length = bytes.readUInt32BE(at);
    if (length > 0x7fff_ffff) return 'damaged';
    if (at + AROUND + length > bytes.length) return 'truncated';
    const type = bytes.readUInt32BE(at + 4);
    if (!size) {
      size = type === IHDR ? readHeader(bytes.subarray(at + 4, at + 12 + length)) : null;
      if (!size) return 'damaged';
    } else if (type === IHDR) return 'damaged';
    if (type === IDAT) hasData = true;
    if (type === IEND) return hasData ? size : 'damaged';
    at += AROUND + length;
  }
}

/** `chunk` is the header's type, data and checksum. Later chunks' checksums are the decoder's business. */
function readHeader(chunk: Buffer): { width: number; height: number } | null {
  if (chunk.length !== 21 || crc32(chunk.subarray(0, 17)) !== chunk.readUInt32BE(17)) return null;
  const [depth, colour, compression, filter, interlace] = chunk.subarray(12, 17);
  if (depth === undefined || colour === undefined || interlace === undefined) return null;
  if (!depths[colour]?.includes(depth) || compression !== 0 || filter !== 0 || interlace > 1) return null;
  return { width: chunk.readUInt32BE(4), height: chunk.readUInt32BE(8) };
}
