/** Where a photo is decoded and drawn. There are two of them, in a worker and on the page; what is done there is the same. */
import type { Size } from './photo-size.ts';

export interface Easel {
  /**
   * Upright, and no larger than that where the browser can make it smaller while it decodes; `null` asks for its own size.
   * Gives `null` where it cannot be read here.
   */
  decode(photo: Blob, size: Size | null): Promise<Picture | null>;
  /** `null` where the browser has no room for it. */
  canvas(width: number, height: number): Canvas | null;
}

/** To be closed: it is large. */
export interface Picture extends Size {
  image: CanvasImageSource;
  close(): void;
}

interface Canvas {
  pen: CanvasDrawImage & CanvasFillStrokeStyles & CanvasImageData & CanvasImageSmoothing & CanvasRect;
  /** `quality` from 0 to 1. */
  jpeg(quality: number): Promise<Blob | null>;
  close(): void;
}

/** `null` also where the browser did not turn it upright: then another way has to be tried. */
export async function decodeBitmap(photo: Blob, size: Size | null): Promise<Picture | null> {
  try {
    const bitmap = await createImageBitmap(photo, {
      imageOrientation: 'from-image',
      // One side alone, so that the picture keeps its shape whatever the header said.
      ...(size && (size.width > size.height ? { resizeWidth: size.width } : { resizeHeight: size.height })),
      resizeQuality: 'high',
    });
    if (size && !sameWay(size, bitmap)) {
      bitmap.close();
      return null;
    }
    return { image: bitmap, width: bitmap.width, height: bitmap.height, close: () => bitmap.close() };
  } catch {
    return null;
  }
}

/** On white, where the picture is transparent. `null` where the browser has no room for it. */
export function drawn({ image }: Picture, width: number, height: number, easel: Easel): Canvas | null {
  const canvas = easel.canvas(width, height);
  if (!canvas) return null;
  canvas.pen.fillStyle = '#fff';
  canvas.pen.fillRect(0, 0, width, height);
  canvas.pen.imageSmoothingQuality = 'high';
  canvas.pen.drawImage(image, 0, 0, width, height);
  return canvas;
}

function sameWay(a: Size, b: Size): boolean {
  return Math.sign(a.width - a.height) === Math.sign(b.width - b.height);
}
