/** One plain hint on a photo that may not serve, and a small picture of it. A hint never blocks: the person sees the photo and decides. */
import { drawn, type Easel, type Picture } from './easel.ts';
import { type Size, within } from './photo-size.ts';

export type Hint = 'small' | 'dark' | 'blurred';

/** Longer side in pixels below which a document can hardly be read. */
const smallSide = 700;
/** Mean brightness, 0 to 255. */
const darkBelow = 45;
/** Variance of the Laplacian on a picture 320 px wide; sharp photos of documents and faces lie in the hundreds. */
const blurredBelow = 25;
/** Longer side in pixels of the picture that is judged. */
export const sampleSide = 320;
const smallQuality = 0.8;

export interface Sample {
  hint: Hint | null;
  /** A small JPEG of it, to be shown in lists: decoded whole, a dozen photos there are hundreds of megabytes. */
  small: ArrayBuffer | null;
}

/** `whole` is the photo's own size; the picture of it may be smaller. */
export async function sampleOf(picture: Picture, whole: Size, easel: Easel): Promise<Sample> {
  if (Math.max(whole.width, whole.height) < smallSide) return { hint: 'small', small: null };
  const sample = within(picture, sampleSide);
  const [width, height] = [Math.max(3, sample.width), Math.max(3, sample.height)];
  try {
    const canvas = drawn(picture, width, height, easel);
    if (!canvas) return { hint: null, small: null };
    const { data } = canvas.pen.getImageData(0, 0, width, height);
    const jpeg = await canvas.jpeg(smallQuality);
    canvas.close();
    return { hint: judge(greyOf(data), width, height), small: jpeg && jpeg.size > 0 ? await jpeg.arrayBuffer() : null };
  } catch {
    return { hint: null, small: null };
  }
}

/** `grey` holds one value from 0 to 255 a pixel, row by row. */
export function judge(grey: Float32Array, width: number, height: number): Hint | null {
  let brightness = 0;
  for (const value of grey) brightness += value;
  if (brightness / grey.length < darkBelow) return 'dark';
  return laplacianVariance(grey, width, height) < blurredBelow ? 'blurred' : null;
}

function greyOf(rgba: Uint8ClampedArray): Float32Array {
  const grey = new Float32Array(rgba.length / 4);
  for (let i = 0; i < grey.length; i += 1) {
    const at = i * 4;
    grey[i] = 0.299 * (rgba[at] ?? 0) + 0.587 * (rgba[at + 1] ?? 0) + 0.114 * (rgba[at + 2] ?? 0);
  }
  return grey;
}

function laplacianVariance(grey: Float32Array, width: number, height: number): number {
  let sum = 0;
  let squares = 0;
  let count = 0;
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const at = y * width + x;
      const edges = (grey[at - 1] ?? 0) + (grey[at + 1] ?? 0) + (grey[at - width] ?? 0) + (grey[at + width] ?? 0);
      const value = edges - 4 * (grey[at] ?? 0);
      sum += value;
      squares += value * value;
      count += 1;
    }
  }
  const mean = sum / count;
  return squares / count - mean * mean;
}
