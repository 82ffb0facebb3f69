/** How the image process is kept busy and alive, with a process that does what each test says. The real one is in worker.test.ts. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ImageResult, Log } from '../core/ports.ts';
import type { WorkerHandle } from '../processes/handle.ts';
import { type Report, type Task, toWorker } from './messages.ts';
import { createImageWork } from './process.ts';

class FakeWorker implements WorkerHandle {
  tasks: Task[] = [];
  killed = false;
  #message: (message: unknown) => void = () => {};
  #exit: () => void = () => {};

  post(message: object) {
    this.tasks.push(toWorker.parse(message));
  }
  onMessage(listener: (message: unknown) => void) {
    this.#message = listener;
  }
  onExit(listener: () => void) {
    this.#exit = listener;
  }
  kill() {
    this.killed = true;
    this.die();
  }
  die() {
    this.#exit();
  }
  say(message: unknown) {
    this.#message(message);
  }
  ready() {
    this.say({ type: 'ready' } satisfies Report);
  }
  /** What is being done now, as `kind source`. */
  get busy() {
    return this.tasks.map(task => `${task.kind} ${task.source}`);
  }
  #take(doing: string): Task {
    const at = this.tasks.findIndex(task => `${task.kind} ${task.source}` === doing);
    const [task] = at < 0 ? [] : this.tasks.splice(at, 1);
    if (!task) throw new Error(`not doing ${doing}, but ${this.busy.join(', ')}`);
    return task;
  }
  make(doing: string) {
    const { id } = this.#take(doing);
    this.say({ type: 'made', id, width: 4, height: 3, sha256: 'a'.repeat(64), mime: 'image/jpeg' } satisfies Report);
  }
  refuse(doing: string, type: 'unreadable' | 'disk') {
    const { id } = this.#take(doing);
    this.say({ type, id, reason: 'a test says so' } satisfies Report);
  }
}

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };
const made: ImageResult = { ok: true, width: 4, height: 3, sha256: 'a'.repeat(64), mime: 'image/jpeg' };

function desk(options: { concurrency?: number; forkFails?: number } = {}) {
  const workers: FakeWorker[] = [];
  let failures = options.forkFails ?? 0;
  const work = createImageWork(
    () => {
      if (failures > 0) {
        failures -= 1;
        throw new Error('no more processes');
      }
      const worker = new FakeWorker();
      workers.push(worker);
      return worker;
    },
    { maxPixels: 1000, timeoutMs: 30_000, concurrency: options.concurrency ?? 2, log: silent },
  );
  const thumbs: string[] = [];
  const results: Record<string, ImageResult> = {};
  return {
    work,
    workers,
    thumbs,
    results,
    /** The process that runs now. */
    get now(): FakeWorker {
      const last = workers.at(-1);
      if (!last) throw new Error('no process was started');
      return last;
    },
    /** All of one person, whose initial they begin with. */
    send(...names: string[]) {
      for (const name of names) {
        const whose = /^[A-Z]/.exec(name)?.[0] ?? 'x';
        const job = { source: name, full: `${name}.full`, thumb: `${name}.thumb`, whose };
        void work
          .run(job, () => thumbs.push(name))
          .then(result => {
            results[name] = result;
          });
      }
    },
  };
}

/** Lets promises that are settled run what waits for them. */
const settled = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('[IMG9] thumbnails go before full pictures', () => {
  test('[IMG9] of a burst, every thumbnail is made first, two at a time, and told at once', async () => {
    const d = desk();
    d.send('a', 'b', 'c');
    d.now.ready();
    expect(d.now.busy).toEqual(['thumb a', 'thumb b']);
    d.now.make('thumb a');
    expect(d.thumbs).toEqual(['a']);
    expect(d.now.busy).toEqual(['thumb b', 'thumb c']);
    d.now.make('thumb b');
    d.now.make('thumb c');
    expect(d.now.busy).toEqual(['full a', 'full b']);
    d.now.make('full b');
    await settled();
    expect(d.results).toEqual({ b: made });
  });

  test('[IMG9] a photo that comes while full pictures wait goes before them', () => {
    const d = desk({ concurrency: 1 });
    d.send('a', 'b');
    d.now.ready();
    d.now.make('thumb a');
    d.now.make('thumb b');
    expect(d.now.busy).toEqual(['full a']);
    d.send('new');
    d.now.make('full a');
    expect(d.now.busy).toEqual(['thumb new']);
    d.now.make('thumb new');
    expect(d.now.busy).toEqual(['full b']);
  });

  test('[IMG9] each task goes where its own file belongs', () => {
    const d = desk();
    d.send('a');
    d.now.ready();
    expect(d.now.tasks[0]).toMatchObject({ kind: 'thumb', source: 'a', target: 'a.thumb', maxPixels: 1000 });
    d.now.make('thumb a');
    expect(d.now.tasks[0]).toMatchObject({ kind: 'full', source: 'a', target: 'a.full' });
  });
});

test('[IMG380] the many photos of one keep nobody else waiting: who waits takes turns, for thumbnails and then for full pictures', () => {
  const d = desk({ concurrency: 1 });
  d.send('A1', 'A2', 'A3', 'A4');
  d.now.ready();
  d.send('B1', 'B2', 'C1');
  const order: string[] = [];
  for (let doing = d.now.busy[0]; doing; doing = d.now.busy[0]) {
    order.push(doing);
    d.now.make(doing);
  }
  const of = (kind: string) => order.filter(doing => doing.startsWith(kind)).map(doing => doing.split(' ')[1]);
  expect(of('thumb')).toEqual(['A1', 'B1', 'C1', 'A2', 'B2', 'A3', 'A4']);
  expect(of('full')).toHaveLength(7);
  expect(
    new Set(
      of('full')
        .slice(0, 3)
        .map(name => name?.[0]),
    ),
  ).toEqual(new Set(['A', 'B', 'C']));
});

describe('[IMG12] a photo that takes the process down is tried once more alone; the others are not to blame', () => {
  test('[IMG12] two were in it: each goes alone, and only the one that does it again fails', async () => {
    const d = desk();
    d.send('good', 'bomb', 'later');
    d.now.ready();
    d.now.die();
    expect(d.workers).toHaveLength(2);
    d.now.ready();
    expect(d.now.busy).toEqual(['thumb good']);
    d.now.make('thumb good');
    expect(d.now.busy).toEqual(['thumb bomb']);
    d.now.die();
    await settled();
    expect(d.results).toEqual({ bomb: { ok: false, reason: expect.stringContaining('No se pudo leer') } });
    d.now.ready();
    d.now.make('full good');
    d.now.make('thumb later');
    d.now.make('full later');
    await settled();
    expect(d.results).toMatchObject({ good: made, later: made });
    expect(d.thumbs).toEqual(['good', 'later']);
  });

  test('[IMG12] one whose full picture does it keeps its thumbnail, which is told once', async () => {
    const d = desk();
    d.send('bomb');
    d.now.ready();
    d.now.make('thumb bomb');
    d.now.die();
    d.now.ready();
    expect(d.now.busy).toEqual(['full bomb']);
    d.now.die();
    await settled();
    expect(d.thumbs).toEqual(['bomb']);
    expect(d.results.bomb).toMatchObject({ ok: false });
  });

  test('[IMG12] one that nobody can read fails at once, with no new process', async () => {
    const d = desk();
    d.send('broken');
    d.now.ready();
    d.now.refuse('thumb broken', 'unreadable');
    await settled();
    expect(d.results.broken).toEqual({ ok: false, reason: expect.stringContaining('No se pudo leer') });
    expect(d.workers).toHaveLength(1);
  });

  test("[IMG12] a process that cannot start is no photo's fault: it is tried again after a while, as long as it takes", async () => {
    const d = desk({ forkFails: 1 });
    d.send('a');
    expect(d.workers).toHaveLength(0);
    for (const attempt of [1, 2, 3]) {
      await vi.advanceTimersByTimeAsync(5000);
      expect(d.workers).toHaveLength(attempt);
      if (attempt < 3) d.now.die();
      expect(d.workers).toHaveLength(attempt);
    }
    expect(d.results).toEqual({});
    d.now.ready();
    d.now.make('thumb a');
    d.now.make('full a');
    await settled();
    expect(d.results).toEqual({ a: made });
  });

  test('[IMG12] what cannot be read as a message changes nothing', async () => {
    const d = desk();
    d.send('a');
    d.now.ready();
    for (const odd of [null, 'made', { type: 'made', id: 'x' }, { type: 'made', id: 99 }]) d.now.say(odd);
    expect(d.now.busy).toEqual(['thumb a']);
    expect(d.results).toEqual({});
  });
});

describe('[IMG13] a photo that takes too long is stopped', () => {
  test('[IMG13] it is tried once more alone and then fails; the one beside it starts again without blame', async () => {
    const d = desk();
    d.send('slow');
    d.now.ready();
    await vi.advanceTimersByTimeAsync(10_000);
    d.send('beside');
    await vi.advanceTimersByTimeAsync(19_999);
    expect(d.workers).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(d.workers[0]?.killed).toBe(true);
    d.now.ready();
    expect(d.now.busy).toEqual(['thumb slow']);
    d.send('third');
    await vi.advanceTimersByTimeAsync(30_000);
    expect(d.results).toEqual({ slow: { ok: false, reason: expect.stringContaining('demasiado tiempo') } });
    d.now.ready();
    expect(d.now.busy).toEqual(['thumb beside', 'thumb third']);
    d.now.make('thumb beside');
    d.now.make('thumb third');
    d.now.make('full beside');
    await settled();
    expect(d.results.beside).toEqual(made);
    expect(d.workers).toHaveLength(3);
  });

  test('[IMG13] the time of a photo that is done is not held against the process', async () => {
    const d = desk();
    d.send('a');
    d.now.ready();
    d.now.make('thumb a');
    d.now.make('full a');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(d.now.killed).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });
});

test('[IMG16] a full disk blames no photo: it is tried again until there is room', async () => {
  const d = desk();
  d.send('a');
  d.now.ready();
  for (let times = 0; times < 3; times += 1) {
    d.now.refuse('thumb a', 'disk');
    expect(d.now.busy).toEqual([]);
    await vi.advanceTimersByTimeAsync(5000);
  }
  d.now.make('thumb a');
  d.now.make('full a');
  await settled();
  expect(d.results).toEqual({ a: made });
});

test('[PHOTO380] a picture that is dropped is not begun any more; one that is being made is finished', async () => {
  const d = desk({ concurrency: 1 });
  d.send('a', 'b', 'c');
  d.now.ready();
  d.work.drop('a');
  d.work.drop('b');
  await settled();
  expect(d.results).toEqual({ b: { ok: false, reason: expect.any(String) } });
  d.now.make('thumb a');
  expect(d.now.busy).toEqual(['thumb c']);
  d.now.refuse('thumb c', 'disk');
  d.work.drop('c');
  await settled();
  expect(Object.keys(d.results)).toEqual(['b', 'c']);
  await vi.advanceTimersByTimeAsync(5000);
  d.now.make('full a');
  await settled();
  expect(d.results).toMatchObject({ a: made });
});

describe('[IMG14] stop', () => {
  test('[IMG14] lets what has begun finish, begins nothing, and ends the process', async () => {
    const d = desk({ concurrency: 1 });
    d.send('a', 'b');
    d.now.ready();
    d.now.make('thumb a');
    d.now.make('thumb b');
    const stopped = d.work.stop();
    expect(d.now.killed).toBe(false);
    d.now.make('full a');
    await stopped;
    expect(d.results).toEqual({ a: made });
    expect(d.now.killed).toBe(true);
    expect(d.workers).toHaveLength(1);
  });

  test('[IMG14] does not wait longer than a second, and what is unfinished stays unsettled', async () => {
    const d = desk();
    d.send('a');
    d.now.ready();
    const stopped = d.work.stop();
    await vi.advanceTimersByTimeAsync(1000);
    await stopped;
    expect(d.now.killed).toBe(true);
    expect(d.results).toEqual({});
    expect(vi.getTimerCount()).toBe(0);
  });

  test('[IMG14] has nothing to do where no photo ever came', async () => {
    const d = desk();
    await d.work.stop();
    d.send('late');
    expect(d.workers).toHaveLength(0);
  });
});
