/**
 * Makes of a chosen file what is sent: as it is where the desk can take it, else smaller and as JPEG, upright; and says what
 * may be wrong with it. It is decoded once, and only as large as is needed for that.
 */
import type { PhotoMime } from '../../protocol/photo.ts';
import { drawn, type Easel, type Picture } from './easel.ts';
import { type Sample, sampleOf, sampleSide } from './photo-hint.ts';
import { headerSize, type Size, within } from './photo-size.ts';

export interface PreparedPhoto extends Sample {
  bytes: ArrayBuffer;
  type: PhotoMime;
  /** As it was chosen, where it is to be sent smaller and the desk could read this one too. */
  original: Original | null;
}

interface Original {
  /** Bytes. */
  size: number;
  /** `null`: more than the desk takes. */
  bytes: ArrayBuffer | null;
  type: PhotoMime;
}

export type Prepared = { ok: true; photo: PreparedPhoto } | { ok: false; why: 'heic' | 'unreadable' | 'too_large' };

/** Longer side in pixels, and bytes, up to which a photo is sent as it is. */
const longSide = 2560;
const plentyOfBytes = 4 * 1024 * 1024;
const quality = 0.9;
/** Pixels from which on a desk takes no photo, unless it was set up otherwise. */
const mostPixels = 50_000_000;

export async function preparePhoto(file: Blob, maxBytes: number, easel: Easel): Promise<Prepared> {
  let bytes: ArrayBuffer;
  try {
    bytes = await file.arrayBuffer();
  } catch {
    return { ok: false, why: 'unreadable' };
  }
  const kind = kindOf(new Uint8Array(bytes, 0, Math.min(16, bytes.byteLength)));
  const sendable = kind === 'heic' || kind === 'other' ? null : kind;
  const isLight = bytes.byteLength <= Math.min(plentyOfBytes, maxBytes);
  const size = sendable && headerSize(bytes, sendable);
  const needed = size && within(size, isLight && isShort(size) ? sampleSide : longSide);
  const original = new Blob([bytes], { type: sendable ?? file.type });
  const picture = await easel.decode(original, needed);
  if (!picture) return { ok: false, why: kind === 'heic' ? 'heic' : 'unreadable' };
  try {
    const whole = size ?? picture;
    const sample = await sampleOf(picture, whole, easel);
    if (sendable && isLight && isShort(whole))
      return { ok: true, photo: { bytes, type: sendable, ...sample, original: null } };
    const smaller = await redraw(picture, easel);
    if (smaller && smaller.byteLength <= maxBytes) {
      const size = bytes.byteLength;
      const isOffered = sendable !== null && whole.width * whole.height <= mostPixels;
      const original = isOffered ? { size, bytes: size <= maxBytes ? bytes : null, type: sendable } : null;
      return { ok: true, photo: { bytes: smaller, type: 'image/jpeg', ...sample, original } };
    }
    if (!sendable) return { ok: false, why: kind === 'heic' ? 'heic' : 'unreadable' };
    if (bytes.byteLength > maxBytes) return { ok: false, why: 'too_large' };
    return { ok: true, photo: { bytes, type: sendable, ...sample, original: null } };
  } finally {
    picture.close();
  }
}

function isShort({ width, height }: Size): boolean {
  return Math.max(width, height) <= longSide;
}

/** By the first bytes: names and types of files lie. */
export function kindOf(head: Uint8Array): PhotoMime | 'heic' | 'other' {
  const text = String.fromCharCode(...head);
  if (text.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return 'image/webp';
  if (/^ftyp(hei|hev|mif|msf)/.test(text.slice(4, 12))) return 'heic';
  return 'other';
}

/** `null` where the browser has no room for it; older iPhones draw nothing instead of failing. */
async function redraw(picture: Picture, easel: Easel): Promise<ArrayBuffer | null> {
  const { width, height } = within(picture, longSide);
  try {
    const canvas = drawn(picture, width, height, easel);
    if (!canvas) return null;
    const jpeg = await canvas.jpeg(quality);
    canvas.close();
    return jpeg && jpeg.size > 0 && jpeg.type === 'image/jpeg' ? await jpeg.arrayBuffer() : null;
  } catch {
    return null;
  }
}
