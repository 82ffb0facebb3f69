/** Where photos are prepared and hashed: in a worker, so that the page stays free; where that cannot be, on the page itself or not at all. */
import { pageEasel } from './page-easel.ts';
import type { Answer, Order, Work } from './photo-worker.ts';
import { type Prepared, preparePhoto } from './prepare-photo.ts';

export interface Workshop {
  prepare(photo: Blob): Promise<Prepared>;
  /** SHA-256 in lower-case hexadecimal. `undefined` where there is no worker for it: it would hold up the page, and the server looks at every byte anyway. */
  hash(bytes: Blob): Promise<string | undefined>;
}

/** A worker that ran out of memory may say nothing at all, in milliseconds. */
const longestWork = 30_000;

export function openWorkshop(maxBytes: number): Workshop {
  let worker: Worker | null = null;

  async function away<W extends Work>(work: W): Promise<Answer[W['kind']] | null> {
    if (typeof Worker === 'undefined') return null;
    // Built, it imports nothing: where workers are no modules yet, it runs all the same.
    worker ??= new Worker(new URL('./photo-worker.ts', import.meta.url), { type: 'module' });
    const own = worker;
    const answer = await ask(own, work);
    if (answer === null) {
      // It may not have been fetched, with no network at that moment: the next photo tries again.
      own.terminate();
      if (worker === own) worker = null;
    }
    return answer;
  }

  return {
    async prepare(photo) {
      const canDraw = typeof OffscreenCanvas !== 'undefined';
      const prepared = canDraw ? await away({ kind: 'prepare', photo, maxBytes }).catch(() => null) : null;
      // What the worker could not read the page perhaps can: it knows further formats.
      return prepared?.ok ? prepared : preparePhoto(photo, maxBytes, pageEasel);
    },
    hash: async bytes => (await away({ kind: 'hash', bytes }).catch(() => null)) ?? undefined,
  };
}

async function ask<W extends Work>(worker: Worker, work: W): Promise<Answer[W['kind']] | null> {
  const { port1, port2 } = new MessageChannel();
  const failed = new AbortController();
  let late: ReturnType<typeof setTimeout> | undefined;
  try {
    return await new Promise<Answer[W['kind']] | null>(resolve => {
      late = setTimeout(() => resolve(null), longestWork);
      worker.addEventListener('error', () => resolve(null), { signal: failed.signal });
      port1.onmessage = (event: MessageEvent<Answer[W['kind']] | null>) => resolve(event.data);
      const order: Order = { work, answer: port2 };
      worker.postMessage(order, [port2]);
    });
  } finally {
    clearTimeout(late);
    failed.abort();
    port1.close();
  }
}
