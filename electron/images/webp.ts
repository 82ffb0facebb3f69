/** Walks a WebP's chunks within the length that its RIFF header gives. (RFC 9649.) */
import type { Structure } from './structure.ts';

/** A chunk's type as one number: a million empty chunks made to hurt are then walked in some 10 ms. */
const typeOf = (name: string) => Buffer.from(name, 'latin1').readUInt32BE(0);
const VP8 = typeOf('VP8 ');
const VP8L = typeOf('VP8L');
const VP8X = typeOf('VP8X');
const ANMF = typeOf('ANMF');

export function readWebp(bytes: Buffer): Structure {
  const end = 8 + bytes.readUInt32LE(4);
  if (end > bytes.length) return 'truncated';
  let size: { width: number; height: number } | null = null;
  let hasPicture = false;
  for (let at = 12; at < end; ) {
    if (at + 8 > end) return 'damaged';
    const type = bytes.readUInt32BE(at);
    const length = bytes.readUInt32LE(at + 4);
    if (at + 8 + length > end) return 'damaged';
    // The first chunk gives the size: of the canvas in an extended file, else of the picture itself.
    if (!size) size = readSize(type, bytes.subarray(at + 8, at + 8 + length));
    if (!size) return 'damaged';
    if (type === VP8 || type === VP8L || type === ANMF) hasPicture = true;
    // Chunks begin at even places.
    at += 8 + length + (length & 1);
  }
  return size && hasPicture ? size : 'damaged';
}

function readSize(type: number, data: Buffer): { width: number; height: number } | null {
  if (type === VP8X && data.length >= 10)
    return { width: data.readUIntLE(4, 3) + 1, height: data.readUIntLE(7, 3) + 1 };
  if (type === VP8L && data.length >= 5 && data[0] === 0x2f) {
    const bits = data.readUInt32LE(1);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  // Bit 0 of the frame tag is 0 in a key frame, the only kind a still picture has; three fixed bytes follow the tag.
  if (type === VP8 && data.length >= 10 && (data.readUInt8(0) & 1) === 0 && data.readUIntBE(3, 3) === 0x9d012a) {
    return { width: data.readUInt16LE(6) & 0x3fff, height: data.readUInt16LE(8) & 0x3fff };
  }
  return null;
}
