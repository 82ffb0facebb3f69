/** Prepares photos, and hashes them and files, in a worker. Nothing comes with the page's first load: the page asks for it with the first photo. */
import { decodeBitmap, type Easel } from './easel.ts';
import { type Prepared, preparePhoto } from './prepare-photo.ts';
import { hashOf } from './sha256.ts';

export type Work = { kind: 'prepare'; photo: Blob; maxBytes: number } | { kind: 'hash'; bytes: Blob };

/** What comes of it. */
export interface Results {
  prepare: Prepared;
  hash: string;
}

export interface Order {
  work: Work;
  /** Where the answer goes; `null`: not possible here. */
  answer: MessagePort;
}

const easel: Easel = {
  decode: decodeBitmap,
  canvas(width, height) {
    const canvas = new OffscreenCanvas(width, height);
    const pen = canvas.getContext('2d', { willReadFrequently: true });
    return (
      pen && {
        pen,
        jpeg: quality => canvas.convertToBlob({ type: 'image/jpeg', quality }),
        // Its pixels go at once, and not whenever the browser next looks for what is of no more use.
        close: () => {
          canvas.width = 0;
        },
      }
    );
  },
};

addEventListener('message', ({ data }: MessageEvent<Order>) => void fulfil(data));

async function fulfil({ work, answer }: Order): Promise<void> {
  if (work.kind === 'hash') {
    const hash = await work.bytes.arrayBuffer().then(hashOf, () => null);
    return answer.postMessage(hash);
  }
  const prepared = canDraw() ? await preparePhoto(work.photo, work.maxBytes, easel).catch(() => null) : null;
  answer.postMessage(prepared, bytesOf(prepared));
}

function canDraw(): boolean {
  return typeof OffscreenCanvas !== 'undefined' && easel.canvas(1, 1) !== null;
}

/** Handed over instead of copied. */
function bytesOf(prepared: Prepared | null): Transferable[] {
  if (!prepared?.ok) return [];
  const { bytes, small, original } = prepared.photo;
  return [bytes, small, original?.bytes].filter(one => one instanceof ArrayBuffer);
}
