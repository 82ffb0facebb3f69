/** Where photos are prepared: in a worker, so that the page stays free; where that cannot be, on the page itself. */
import { pageEasel } from './page-easel.ts';
import type { Order } from './photo-worker.ts';
import { type Prepared, preparePhoto } from './prepare-photo.ts';

/** A worker that ran out of memory may say nothing at all, in milliseconds. */
const longestWork = 30_000;

export function createPhotoPreparer(maxBytes: number): (photo: Blob) => Promise<Prepared> {
  let worker: Worker | null = null;

  async function away(photo: Blob): Promise<Prepared | null> {
    if (typeof Worker === 'undefined' || typeof OffscreenCanvas === 'undefined') return null;
    worker ??= new Worker(new URL('./photo-worker.ts', import.meta.url), { type: 'module' });
    const own = worker;
    const prepared = await ask(own, photo, maxBytes);
    if (prepared === null) {
      // It may not have been fetched, with no network at that moment: the next photo tries again.
      own.terminate();
      if (worker === own) worker = null;
    }
    return prepared;
  }

  return async photo => {
    const prepared = await away(photo).catch(() => null);
    // What the worker could not read the page perhaps can: it knows further formats.
    return prepared?.ok ? prepared : preparePhoto(photo, maxBytes, pageEasel);
  };
}

async function ask(worker: Worker, photo: Blob, maxBytes: number): Promise<Prepared | null> {
  const { port1, port2 } = new MessageChannel();
  const failed = new AbortController();
  let late: ReturnType<typeof setTimeout> | undefined;
  try {
    return await new Promise<Prepared | null>(resolve => {
      late = setTimeout(() => resolve(null), longestWork);
      worker.addEventListener('error', () => resolve(null), { signal: failed.signal });
      port1.onmessage = (event: MessageEvent<Prepared | null>) => resolve(event.data);
      const order: Order = { photo, maxBytes, answer: port2 };
      worker.postMessage(order, [port2]);
    });
  } finally {
    clearTimeout(late);
    failed.abort();
    port1.close();
  }
}
