/** One plain hint on a photo that may not serve. It never blocks: the person sees the photo and decides. */
export type Hint = 'small' | 'dark' | 'blurred';

/** Longer side in pixels below which a document can hardly be read. */
const smallSide = 700;
/** Mean brightness, 0 to 255. */
const darkBelow = 45;
/** Variance of the Laplacian on a picture 320 px wide; sharp photos of documents and faces lie in the hundreds. */
const blurredBelow = 25;
const sampleSide = 320;

export function hintFor(image: HTMLImageElement): Hint | null {
  if (Math.max(image.naturalWidth, image.naturalHeight) < smallSide) return 'small';
  const scale = sampleSide / Math.max(image.naturalWidth, image.naturalHeight);
  const width = Math.max(3, Math.round(image.naturalWidth * scale));
  const height = Math.max(3, Math.round(image.naturalHeight * scale));
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  if (!pen) return null;
  try {
    pen.drawImage(image, 0, 0, width, height);
    return judge(greyOf(pen.getImageData(0, 0, width, height).data), width, height);
  } catch {
    return null;
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
