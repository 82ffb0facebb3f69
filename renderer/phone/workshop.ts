/**
 * Where photos are prepared, and they and files are hashed: in a worker, so that the page stays free. Where that cannot be, the page itself
 * prepares them, and nobody hashes.
 */
import { pageEasel } from './page-easel.ts';
import type { Order, Results, Work } from './photo-worker.ts';
import { type Prepared, preparePhoto } from './prepare-photo.ts';

export interface Workshop {
  prepare(photo: Blob): Promise<Prepared>;
  /**
   * SHA-256 in lower-case hexadecimal. `undefined` where there is no worker for it: it would hold up the page, and the server looks at
   * every byte anyway.
   */
  hash(bytes: Blob): Promise<string | undefined>;
}

/** `gone` once the worker is of no more use: nobody answers then what it was asked. */
interface Hired {
  worker: Worker;
  gone: AbortController;
}

/** A worker that ran out of memory may say nothing at all, in milliseconds. */
const longestWork = 30_000;

export function openWorkshop(maxBytes: number): Workshop {
  let hired: Hired | null = null;

  function hire(): Hired {
    // Built, it imports nothing: where workers are no modules yet, it runs all the same.
    const worker = new Worker(new URL('./photo-worker.ts', import.meta.url), { type: 'module' });
    const gone = new AbortController();
    worker.addEventListener('error', () => gone.abort());
    gone.signal.addEventListener('abort', () => {
      // It may not have been fetched, with no network at that moment: what comes next tries again.
      worker.terminate();
      if (hired?.worker === worker) hired = null;
    });
    return { worker, gone };
  }

  /** `null` where it cannot be done there. */
  async function away<W extends Work>(work: W): Promise<Results[W['kind']] | null> {
    if (typeof Worker === 'undefined') return null;
    hired ??= hire();
    return ask(hired, work);
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

function ask<W extends Work>({ worker, gone }: Hired, work: W): Promise<Results[W['kind']] | null> {
  const { port1, port2 } = new MessageChannel();
  return new Promise(resolve => {
    const settle = (result: Results[W['kind']] | null) => {
      clearTimeout(late);
      gone.signal.removeEventListener('abort', giveUp);
      port1.close();
      resolve(result);
    };
    const giveUp = () => settle(null);
    const late = setTimeout(() => gone.abort(), longestWork);
    gone.signal.addEventListener('abort', giveUp);
    port1.onmessage = (event: MessageEvent<Results[W['kind']] | null>) => settle(event.data);
    const order: Order = { work, answer: port2 };
    worker.postMessage(order, [port2]);
  });
}
