/**
 * Has photos that are here whole kept by a process of its own: hashing, writing and syncing one costs as much as relaying it to
 * ten, and relaying is what the server's process is there for. It is started by the first photo: most desks never need it.
 */
import { rmSync } from 'node:fs';
import { read } from '../../protocol/codec.ts';
import { fail, ok, type Result } from '../../protocol/errors.ts';
import type { Log, PhotoFacts, Storing } from '../core/ports.ts';
import type { ForkWorker, WorkerHandle } from '../processes/handle.ts';
import { fromStoring, type Order } from './messages.ts';

type Place = Pick<Order, 'temporary' | 'target' | 'folder' | 'shelf' | 'leftFree'>;

export interface StoringOptions {
  /** Where the photo of this id is to lie. */
  placeOf(id: string): Place;
  /** Width times height. */
  maxPixels: number;
  /** How long `stop` waits for what has begun, in milliseconds. */
  graceMs?: number;
  log: Log;
}

interface Waiting {
  order: Order;
  answer(result: Result<PhotoFacts> | null): void;
}

interface Worker {
  handle: WorkerHandle;
  /** What waits until it listens; `null` once it does. */
  unsent: Order[] | null;
}

export function createStoring(fork: ForkWorker, options: StoringOptions): Storing & { stop(): Promise<void> } {
  const { placeOf, maxPixels, graceMs = 1_000, log } = options;
  const waiting = new Map<number, Waiting>();
  let worker: Worker | null = null;
  let lastId = 0;
  let isStopping = false;
  let onIdle = () => {};

  function start(): Worker | null {
    try {
      const started: Worker = { handle: fork(), unsent: [] };
      started.handle.onMessage(message => hear(started, message));
      started.handle.onExit(() => ended(started));
      return started;
    } catch (error) {
      log.error({ error: String(error) }, 'storing process: cannot be started');
      return null;
    }
  }

  function hear(from: Worker, message: unknown): void {
    const said = read(fromStoring, message);
    if (!said.ok) return log.warn({ error: said.error.message }, 'storing process: a message that cannot be read');
    const { value } = said;
    switch (value.type) {
      case 'ready':
        for (const order of from.unsent ?? []) from.handle.post(order);
        from.unsent = null;
        return;
      case 'kept':
        return settle(value.id, ok(value.facts));
      case 'refused':
        return settle(value.id, { ok: false, error: value.error });
      case 'disk':
        log.warn({ reason: value.reason }, 'storing process: the disk does not take a photo');
        return settle(value.id, null);
      default:
        value satisfies never;
    }
  }

  function settle(id: number, result: Result<PhotoFacts> | null): void {
    waiting.get(id)?.answer(result);
    waiting.delete(id);
    if (waiting.size === 0) onIdle();
  }

  /** What was in it is the caller's again, and half of a photo is nobody's; the next photo starts another. */
  function ended(gone: Worker): void {
    if (worker !== gone) return;
    worker = null;
    if (!isStopping) log.warn({ photos: waiting.size }, 'storing process: ended');
    for (const [id, { order }] of [...waiting]) {
      try {
        rmSync(order.temporary, { force: true });
      } catch (error) {
        log.warn({ error: String(error) }, 'storing process: half a photo stays until the next start');
      }
      settle(id, null);
    }
    onIdle();
  }

  return {
    keep: (id, bytes) =>
      new Promise(resolve => {
        if (isStopping) return resolve(stopping);
        worker ??= start();
        if (!worker) return resolve(null);
        lastId += 1;
        const order: Order = { id: lastId, bytes, ...placeOf(id), maxPixels };
        waiting.set(lastId, { order, answer: resolve });
        if (worker.unsent) worker.unsent.push(order);
        else worker.handle.post(order);
      }),

    async stop() {
      isStopping = true;
      const last = worker;
      if (!last) return;
      if (waiting.size > 0) {
        await within(graceMs, done => {
          onIdle = done;
        });
      }
      if (worker !== last) return;
      await within(graceMs, done => {
        onIdle = done;
        last.handle.kill();
      });
    },
  };
}

const stopping = fail('unavailable', 'El mostrador se está cerrando; la foto no se ha guardado.');

function within(ms: number, begin: (done: () => void) => void): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, ms);
    begin(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
