/** Decodes a photo and encodes it anew. Runs in the image process only: what it reads comes from strangers. */
import sharp, { type OutputInfo, type Sharp } from 'sharp';
import type { PhotoMime } from '../../protocol/photo.ts';

export interface Picture {
  bytes: Buffer;
  mime: PhotoMime;
  width: number;
  height: number;
}

/** Longer side of a thumbnail, in pixels: sharp on the desk's grid at twice its size. */
const THUMB_SIDE = 480;
const white = { background: '#ffffff' };

/** To be called once, first. Every decoder but the three that are wanted is switched off. */
export function prepareSharp(): void {
  sharp.concurrency(1);
  sharp.cache(false);
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({
    operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadWebpBuffer'],
  });
}

/** Upright JPEG on white. A JPEG is shrunk while it is decoded, so this takes a fraction of the full picture's time. */
export async function makeThumb(source: Buffer, maxPixels: number): Promise<Picture> {
  const pipeline = decode(source, maxPixels)
    .autoOrient()
    .resize({ width: THUMB_SIDE, height: THUMB_SIDE, fit: 'inside', withoutEnlargement: true })
    .flatten(white)
    .jpeg({ quality: 78 });
  return encode(pipeline);
}

/** Upright JPEG on white, in sRGB, without metadata. What S0 programs are shown is announced as a JPEG. (CONTRACT 5.) */
export async function makeFull(source: Buffer, maxPixels: number): Promise<Picture> {
  return encode(decode(source, maxPixels).autoOrient().flatten(white).jpeg({ quality: 88 }));
}

/**
 * `error`, not `warning`: phones that write harmless oddities (Samsung's scan parameters) are many. sharp drops EXIF, GPS,
 * XMP, IPTC and colour profiles by default, after it has converted the pixels to sRGB.
 */
function decode(source: Buffer, maxPixels: number): Sharp {
  return sharp(source, { failOn: 'error', limitInputPixels: maxPixels, sequentialRead: true });
}

async function encode(pipeline: Sharp): Promise<Picture> {
  const { data, info }: { data: Buffer; info: OutputInfo } = await pipeline.toBuffer({ resolveWithObject: true });
  return { bytes: data, mime: 'image/jpeg', width: info.width, height: info.height };
}
