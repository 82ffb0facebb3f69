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
    .flatten({ background: '#ffffff' })
    .jpeg({ quality: 78 });
  return encode(pipeline, 'image/jpeg');
}

/** Upright, in sRGB, without metadata; PNG where any of it is transparent, else JPEG. */
export async function makeFull(source: Buffer, maxPixels: number): Promise<Picture> {
  const upright = decode(source, maxPixels).autoOrient();
  if (await isTransparent(source, maxPixels)) return encode(upright.png(), 'image/png');
  return encode(upright.removeAlpha().jpeg({ quality: 88 }), 'image/jpeg');
}

/**
 * `error`, not `warning`: phones that write harmless oddities (Samsung's scan parameters) are many. sharp drops EXIF, GPS,
 * XMP, IPTC and colour profiles by default, after it has converted the pixels to sRGB.
 */
function decode(source: Buffer, maxPixels: number): Sharp {
  return sharp(source, { failOn: 'error', limitInputPixels: maxPixels, sequentialRead: true });
}

/** Many PNGs carry an alpha channel that hides nothing: those are kept as JPEG, ten times smaller. */
async function isTransparent(source: Buffer, maxPixels: number): Promise<boolean> {
  const { hasAlpha } = await decode(source, maxPixels).metadata();
  return hasAlpha && !(await decode(source, maxPixels).stats()).isOpaque;
}

async function encode(pipeline: Sharp, mime: PhotoMime): Promise<Picture> {
  const { data, info }: { data: Buffer; info: OutputInfo } = await pipeline.toBuffer({ resolveWithObject: true });
  return { bytes: data, mime, width: info.width, height: info.height };
}
