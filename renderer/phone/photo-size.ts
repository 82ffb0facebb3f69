/** How large a photo is, read from its header: so it is known before anything is decoded, and decoded no larger than needed. */
import type { PhotoMime } from '../../protocol/photo.ts';

/** In pixels, as the photo is seen: turned as its EXIF asks. */
export interface Size {
  width: number;
  height: number;
}

/** `null` where the header does not say. */
export function headerSize(bytes: ArrayBuffer, kind: PhotoMime): Size | null {
  const view = new DataView(bytes);
  try {
    const size = readers[kind](view);
    return size && size.width > 0 && size.height > 0 ? size : null;
  } catch {
    // Cut short: what is looked for lies past its end.
    return null;
  }
}

/** Smaller in the same shape where its longer side has more pixels than that; never larger. */
export function within({ width, height }: Size, longSide: number): Size {
  const scale = Math.min(1, longSide / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

const readers: Record<PhotoMime, (view: DataView) => Size | null> = {
  'image/jpeg': jpegSize,
  'image/png': view => ({ width: view.getUint32(16), height: view.getUint32(20) }),
  'image/webp': webpSize,
};

function jpegSize(view: DataView): Size | null {
  let turned = false;
  for (let at = 2; ; ) {
    // Any number of 0xFF may stand before a marker.
    while (view.getUint8(at) === 0xff && view.getUint8(at + 1) === 0xff) at += 1;
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) {
      const [height, width] = [view.getUint16(at + 5), view.getUint16(at + 7)];
      return turned ? { width: height, height: width } : { width, height };
    }
    if (marker === 0xe1 && textAt(view, at + 4, 6) === 'Exif\0\0') turned = orientationIn(view, at + 10) >= 5;
    at += 2 + view.getUint16(at + 2);
  }
}

/** Of the TIFF that begins there; 1 is upright, from 5 on width and height change places. */
function orientationIn(view: DataView, tiff: number): number {
  const little = view.getUint16(tiff) === 0x4949;
  const first = tiff + view.getUint32(tiff + 4, little);
  const count = view.getUint16(first, little);
  for (let entry = 0; entry < count; entry += 1) {
    const at = first + 2 + entry * 12;
    if (view.getUint16(at, little) === 0x0112) return view.getUint16(at + 8, little);
  }
  return 1;
}

function webpSize(view: DataView): Size | null {
  switch (textAt(view, 12, 4)) {
    case 'VP8X':
      return { width: threeBytes(view, 24) + 1, height: threeBytes(view, 27) + 1 };
    case 'VP8L': {
      const bits = view.getUint32(21, true);
      return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
    }
    case 'VP8 ':
      return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
    default:
      return null;
  }
}

function threeBytes(view: DataView, at: number): number {
  return view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
}

function textAt(view: DataView, at: number, length: number): string {
  return String.fromCharCode(...Array.from({ length }, (_, i) => view.getUint8(at + i)));
}
