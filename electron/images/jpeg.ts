/**
 * Walks a JPEG from marker to marker until the end of its first image. (ITU T.81, annex B.)
 *
 * Entropy-coded data is passed over like all bytes between markers: within it 0xFF is followed by 0x00 or a restart
 * marker, so the next real marker ends the scan, however many scans a progressive file has. What follows EOI is not
 * looked at: Samsung's trailers, motion photos and gain maps stand there, and re-encoding drops them.
 */
import type { Structure } from './structure.ts';

const TEM = 0x01;
const RST0 = 0xd0;
const RST7 = 0xd7;
const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;

/** Encoders write about ten. Each one makes the decoder pass over the whole picture again, so thousands are meant to hurt. */
const MAX_SCANS = 100;

export function readJpeg(bytes: Buffer): Structure {
  let size: { width: number; height: number } | null = null;
  let scans = 0;
  let at = 2;
  for (;;) {
    at = afterNextMarker(bytes, at);
    if (at < 0) return 'truncated';
    const marker = bytes[at - 1] ?? 0;
    if (marker === TEM || (marker >= RST0 && marker <= RST7)) continue;
    if (marker === EOI) return size && scans > 0 ? size : 'damaged';
    if (marker === SOI) return 'damaged';

    if (at + 2 > bytes.length) return 'truncated';
    const length = bytes.readUInt16BE(at);
    if (length < 2) return 'damaged';
    if (at + length > bytes.length) return 'truncated';
    if (isFrame(marker)) {
      if (size || length < 8) return 'damaged';
      const components = bytes.readUInt8(at + 7);
      if (components === 0 || length !== 8 + 3 * components) return 'damaged';
      // A height of 0 would be given later by DNL, which no camera writes and libjpeg refuses; `inspect` refuses it as well.
      size = { width: bytes.readUInt16BE(at + 5), height: bytes.readUInt16BE(at + 3) };
    }
    if (marker === SOS) {
      if (!size) return 'damaged';
      scans += 1;
      if (scans > MAX_SCANS) return 'damaged';
    }
    at += length;
  }
}

/** SOF0 to SOF15; the codes between them that are tables or reserved (DHT, JPG, DAC) are not frames. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/**
 * Where the byte after the next marker's code stands; -1 where there is none. A plain loop on purpose: `indexOf` is faster
 * on photos but costs half a second of the main process on 12 MB of stuffed 0xFF made to hurt.
 */
function afterNextMarker(bytes: Buffer, from: number): number {
  const end = bytes.length - 1;
  for (let at = from; at < end; at += 1) {
    if (bytes[at] !== 0xff) continue;
    const code = bytes[at + 1];
    // 0xFF 0xFF: the first is a fill byte, and the second may begin a marker.
    if (code !== 0x00 && code !== 0xff) return at + 2;
  }
  return -1;
}
