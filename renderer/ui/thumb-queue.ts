/**
 * Thumbnails, a few at a time and the last ones kept: whoever scrolls through two thousand photos asks for what is in sight
 * now, not for all that went by. What is given up while it waits is never asked for.
 */
import { fail } from '../../protocol/errors.ts';
import type { LoadBlob } from './use-blob-url.ts';

interface Bounds {
  /** How many are fetched at once: as many as a browser opens connections to one server. */
  parallel?: number;
  /** How many stay in memory, of some 30 KB each. */
  kept?: number;
}

export function thumbQueue(load: LoadBlob, { parallel = 6, kept = 240 }: Bounds = {}): LoadBlob {
  /** Oldest use first. Only finished pictures: one still worked on has no version, and is another one soon. */
  const shelf = new Map<string, Blob>();
  const waiting = new Set<() => void>();
  let running = 0;

  const next = () => {
    const [first] = waiting;
    if (!first || running >= parallel) return;
    waiting.delete(first);
    first();
  };
  /** Answers whether its turn came before it was given up. */
  const turn = (signal: AbortSignal) =>
    new Promise<boolean>(resolve => {
      const start = () => {
        running += 1;
        resolve(true);
      };
      waiting.add(start);
      signal.addEventListener('abort', () => waiting.delete(start) && resolve(false), { once: true });
      next();
    });

  return async (path, signal, version = '') => {
    const name = `${version} ${path}`;
    const known = shelf.get(name);
    if (known) {
      keep(name, known);
      return { ok: true, value: known };
    }
    if (!(await turn(signal))) return fail('unavailable', 'No longer wanted.');
    try {
      const answer = await load(path, signal, version);
      if (answer.ok && version) keep(name, answer.value);
      return answer;
    } finally {
      running -= 1;
      next();
    }
  };

  function keep(name: string, blob: Blob): void {
    shelf.delete(name);
    shelf.set(name, blob);
    const [oldest] = shelf.keys();
    if (shelf.size > kept && oldest !== undefined) shelf.delete(oldest);
  }
}
