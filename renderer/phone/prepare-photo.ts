/**
 * Makes of a chosen file what is sent: as it is where the desk can take it, else smaller and as JPEG. A canvas draws a
 * photo upright, so what was turned by its EXIF stays so.
 */
import type { PhotoMime } from '../../protocol/photo.ts';
import { type Hint, hintFor } from './photo-hint.ts';

export type Prepared =
  | { ok: true; bytes: ArrayBuffer; type: PhotoMime; hint: Hint | null }
  | { ok: false; why: 'heic' | 'unreadable' | 'too_large' };

/** Longer side in pixels, and bytes, up to which a photo is sent as it is. */
const longSide = 2560;
const plentyOfBytes = 4 * 1024 * 1024;
const quality = 0.9;

export async function preparePhoto(file: Blob, maxBytes: number): Promise<Prepared> {
  let bytes: ArrayBuffer;
  try {
    bytes = await file.arrayBuffer();
  } catch {
    return { ok: false, why: 'unreadable' };
  }
  const kind = kindOf(new Uint8Array(bytes, 0, Math.min(16, bytes.byteLength)));
  const sendable = kind === 'heic' || kind === 'other' ? null : kind;
  const original = new Blob([bytes], { type: sendable ?? file.type });
  const image = await decode(original);
  if (!image) return { ok: false, why: kind === 'heic' ? 'heic' : 'unreadable' };
  try {
    const { naturalWidth: width, naturalHeight: height } = image;
    const hint = hintFor(image);
    const scale = Math.min(1, longSide / Math.max(width, height));
    if (sendable && scale === 1 && bytes.byteLength <= Math.min(plentyOfBytes, maxBytes)) {
      return { ok: true, bytes, type: sendable, hint };
    }
    const smaller = await redraw(original, image, Math.round(width * scale), Math.round(height * scale));
    if (smaller && smaller.byteLength <= maxBytes) return { ok: true, bytes: smaller, type: 'image/jpeg', hint };
    if (!sendable) return { ok: false, why: kind === 'heic' ? 'heic' : 'unreadable' };
    return bytes.byteLength <= maxBytes ? { ok: true, bytes, type: sendable, hint } : { ok: false, why: 'too_large' };
  } finally {
    URL.revokeObjectURL(image.src);
  }
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

function decode(blob: Blob): Promise<HTMLImageElement | null> {
  return new Promise(resolve => {
    const image = new Image();
    image.onload = () => resolve(image.naturalWidth > 0 && image.naturalHeight > 0 ? image : null);
    image.onerror = () => {
      URL.revokeObjectURL(image.src);
      resolve(null);
    };
    image.src = URL.createObjectURL(blob);
  });
}

/** `null` where the browser has no room for it; older iPhones draw nothing instead of failing. */
async function redraw(blob: Blob, image: HTMLImageElement, width: number, height: number): Promise<ArrayBuffer | null> {
  try {
    const canvas = document.createElement('canvas');
    canvas.width = width;
    canvas.height = height;
    const pen = canvas.getContext('2d');
    if (!pen) return null;
    pen.fillStyle = '#fff';
    pen.fillRect(0, 0, width, height);
    const bitmap = await resizeWhileDecoding(blob, width, height);
    pen.drawImage(bitmap ?? image, 0, 0, width, height);
    bitmap?.close();
    const jpeg = await new Promise<Blob | null>(resolve => canvas.toBlob(resolve, 'image/jpeg', quality));
    canvas.width = 0;
    return jpeg && jpeg.size > 0 && jpeg.type === 'image/jpeg' ? await jpeg.arrayBuffer() : null;
  } catch {
    return null;
  }
}

/** Saves the memory of the full-size picture. Older browsers ignore the options: then the picture itself is drawn. */
async function resizeWhileDecoding(blob: Blob, width: number, height: number): Promise<ImageBitmap | null> {
  try {
    const bitmap = await createImageBitmap(blob, {
      imageOrientation: 'from-image',
      resizeWidth: width,
      resizeHeight: height,
      resizeQuality: 'high',
    });
    if (bitmap.width === width && bitmap.height === height) return bitmap;
    bitmap.close();
    return null;
  } catch {
    return null;
  }
}
