/**
 * What an upload is, found out before it is acknowledged: its type by its first bytes, its size in pixels, and whether the
 * whole structure is there. Nothing is decoded here: that happens in the image process. (CONTRACT 7, "Before 201".)
 */
import { type Failure, fail, ok, type Result } from '../../protocol/errors.ts';
import type { PhotoMime } from '../../protocol/photo.ts';
import { readJpeg } from './jpeg.ts';
import { readPng } from './png.ts';
import { foreignFormat, signatureOf } from './signature.ts';
import type { Structure } from './structure.ts';
import { readWebp } from './webp.ts';

export interface Inspected {
  mime: PhotoMime;
  /** Pixels, before the EXIF orientation is applied. */
  width: number;
  height: number;
}

const readers = {
  'image/jpeg': readJpeg,
  'image/png': readPng,
  'image/webp': readWebp,
} as const satisfies Record<PhotoMime, (bytes: Buffer) => Structure>;

/**
 * Takes any bytes, never throws, reads each byte at most once. `maxPixels` is width times height.
 * `invalid_message` with `details.reason` `unsupported_type`, `truncated` or `damaged`; `too_large` with `megapixels` or `side`.
 */
export function inspect(bytes: Buffer, limits: { maxPixels: number }): Result<Inspected> {
  const signature = signatureOf(bytes);
  if (signature === 'truncated') return truncated;
  if (signature === 'unknown') return unsupported(bytes);
  const found = readers[signature](bytes);
  if (found === 'truncated') return truncated;
  if (found === 'damaged' || found.width === 0 || found.height === 0) return damaged;
  const { width, height } = found;
  if (Math.max(width, height) > longestSide) return tooLong(width, height);
  if (width * height > limits.maxPixels) return tooManyPixels(width, height, limits.maxPixels);
  return ok({ mime: signature, width, height });
}

/** No JPEG has a longer side, and a JPEG is what is kept. A PNG of 1 by 49 million pixels keeps the image process busy for a minute, to fail then. */
const longestSide = 65_535;

type Refused = { ok: false; error: Failure };

const truncated: Refused = fail('invalid_message', 'La foto llegó incompleta. Envíela otra vez.', {
  reason: 'truncated',
});

const damaged: Refused = fail('invalid_message', 'La foto está dañada y no se puede leer. Haga otra.', {
  reason: 'damaged',
});

function tooManyPixels(width: number, height: number, maxPixels: number): Refused {
  // Up, so that a photo just past the limit is not said to have exactly what is allowed.
  const millions = (pixels: number) => Math.ceil(pixels / 100_000) / 10;
  const message = `La foto tiene ${millions(width * height)} megapíxeles y el máximo son ${millions(maxPixels)}. Envíela con menos resolución.`;
  return fail('too_large', message, { reason: 'megapixels', width, height, max_pixels: maxPixels });
}

function tooLong(width: number, height: number): Refused {
  const side = Math.max(width, height);
  const message = `La foto tiene un lado de ${side} píxeles y el máximo son ${longestSide}. Envíela con menos resolución.`;
  return fail('too_large', message, { reason: 'side', width, height, max_side: longestSide });
}

const sentences = {
  heic: 'Las fotos HEIC no se pueden leer aquí. En el iPhone elija «Ajustes, Cámara, Formatos, Más compatible» o envíela como JPEG.',
  avif: 'Las imágenes AVIF no se admiten. Envíe la foto como JPEG.',
  gif: 'Las imágenes GIF no se admiten. Envíe una foto JPEG, PNG o WebP.',
  tiff: 'Las imágenes TIFF no se admiten. Envíe una foto JPEG, PNG o WebP.',
  pdf: 'Los documentos PDF no se admiten. Haga una foto del documento.',
  svg: 'Los dibujos SVG no se admiten. Envíe una foto JPEG, PNG o WebP.',
} as const;

function unsupported(bytes: Buffer): Refused {
  const format = foreignFormat(bytes);
  if (!format) {
    const message = 'El archivo no es una foto que se pueda leer. Envíe una foto JPEG, PNG o WebP.';
    return fail('invalid_message', message, { reason: 'unsupported_type' });
  }
  return fail('invalid_message', sentences[format], { reason: 'unsupported_type', format });
}
