/**
 * Thumbnails, a few at a time and the last ones kept: whoever scrolls through two thousand photos asks for what is in sight
 * now, not for all that went by. What is given up while it waits is never asked for; while the queue is held all that is not here waits.
 */
import { fail } from '../../protocol/errors.ts';
import type { LoadBlob } from './use-blob-url.ts';

interface Bounds {
  /** How many are fetched at once: as many as a browser opens connections to one server. */
  parallel?: number;
  /** How many stay in memory, of some 30 KB each. */
  kept?: number;
}

export interface ThumbQueue {
  load: LoadBlob;
  /** Until it is called with `false`. */
  hold(isHeld: boolean): void;
}

export function thumbQueue(load: LoadBlob, { parallel = 6, kept = 240 }: Bounds = {}): ThumbQueue {
  /** Oldest use first. Only finished pictures: one still worked on has no version, and is another one soon. */
  const shelf = new Map<string, Blob>();
  const waiting = new Set<() => void>();
  let running = 0;
  let held = false;

  const next = () => {
    for (const start of waiting) {
      if (held || running >= parallel) return;
      waiting.delete(start);
      start();
    }
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

  const loadInTurn: LoadBlob = async (path, signal, version = '') => {
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

  return {
    load: loadInTurn,
    hold(isHeld) {
      held = isHeld;
      next();
    },
  };

  function keep(name: string, blob: Blob): void {
    shelf.delete(name);
    shelf.set(name, blob);
    const [oldest] = shelf.keys();
    if (shelf.size > kept && oldest !== undefined) shelf.delete(oldest);
  }
}
