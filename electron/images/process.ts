/**
 * Keeps the image process busy and alive. A photo is two tasks, its thumbnail and its full picture, and every waiting
 * thumbnail goes before any full picture: the desk sees a burst of photos at once and the slow half follows. Of those who
 * wait for the same, whoever has waited longest for a turn is next, however many photos another has sent before.
 *
 * When the process dies, it is not known which of the photos in it was the cause, so each is tried once more, alone. One that
 * takes the process down alone has failed. A task that takes too long is known: the others start again without blame.
 */
import { read } from '../../protocol/codec.ts';
import type { ImageResult, ImageWork, Log } from '../core/ports.ts';
import type { ForkWorker, WorkerHandle } from '../processes/handle.ts';
import { fromWorker, type Report, type Task } from './messages.ts';

export interface ImageWorkOptions {
  /** Width times height. */
  maxPixels: number;
  /** How long one task may take. */
  timeoutMs?: number;
  /** Tasks at a time. */
  concurrency?: number;
  /** Bytes of memory (resident) at which the process ends itself. */
  maxMemory?: number;
  /** How long `stop` lets tasks finish that have begun. */
  graceMs?: number;
  /** How long it waits after a full disk, and after a process that could not start. */
  retryMs?: number;
  log: Log;
}

/** Starts the process before it is needed, so that the first photo does not wait for it. */
export type WarmImageWork = ImageWork & { warm(): void };

interface Job {
  source: string;
  full: string;
  thumb: string;
  whose: string;
  onThumb: () => void;
  settle: (result: ImageResult) => void;
  next: 'thumb' | 'full';
  /** It was in a process that died, so it is tried alone. */
  suspect: boolean;
}

interface Worker {
  handle: WorkerHandle;
  ready: boolean;
  /** By the task's id. */
  running: Map<number, { job: Job; timer: NodeJS.Timeout }>;
  /** Set before the process is killed for a task that took too long: the only one to blame. */
  guilty: Job | null;
}

/**
 * `run` never rejects. What is still unfinished at `stop` never settles: it is unfinished in the store as well, and is done
 * after the next start.
 */
export function createImageWork(fork: ForkWorker, options: ImageWorkOptions): WarmImageWork {
  const { maxPixels, log } = options;
  const timeoutMs = options.timeoutMs ?? 30_000;
  const concurrency = options.concurrency ?? 2;
  const maxMemory = options.maxMemory ?? 1_500_000_000;
  const graceMs = options.graceMs ?? 1_000;
  const retryMs = options.retryMs ?? 5_000;

  const waiting: Job[] = [];
  /** By whose they are: when one was begun for the last time, counted in tasks. */
  const turns = new Map<string, number>();
  let worker: Worker | null = null;
  let lastId = 0;
  let stopping = false;
  let pause: NodeJS.Timeout | null = null;
  let onIdle = () => {};
  let onEnd = () => {};

  /** `null` when it cannot be started now; another attempt is on its way. */
  function start(): Worker | null {
    let handle: WorkerHandle;
    try {
      handle = fork();
    } catch (error) {
      log.error({ error: String(error) }, 'image process: cannot be started');
      rest();
      return null;
    }
    const started: Worker = { handle, ready: false, running: new Map(), guilty: null };
    started.handle.onMessage(message => {
      const report = read(fromWorker, message);
      if (report.ok) hear(started, report.value);
      else log.warn({ error: report.error.message }, 'image process: a message that cannot be read');
    });
    started.handle.onExit(() => ended(started));
    return started;
  }

  function fill(): void {
    if (stopping || pause) return;
    while (waiting.length > 0) {
      worker ??= start();
      if (!worker?.ready) return;
      const job = choose(worker);
      if (!job) return;
      give(worker, job);
    }
  }

  /** Takes the next job out of the queue; `null` while none may begin. */
  function choose({ running }: Worker): Job | null {
    if (running.size >= concurrency) return null;
    for (const { job } of running.values()) if (job.suspect) return null;
    const suspect = waiting.findIndex(job => job.suspect);
    if (suspect >= 0 && running.size > 0) return null;
    const at = suspect >= 0 ? suspect : nextInTurn();
    return waiting.splice(at, 1)[0] ?? null;
  }

  function nextInTurn(): number {
    const kind = waiting.some(({ next }) => next === 'thumb') ? 'thumb' : 'full';
    let [found, longest] = [0, Number.POSITIVE_INFINITY];
    for (const [at, { next, whose }] of waiting.entries()) {
      const turn = turns.get(whose) ?? 0;
      if (next === kind && turn < longest) [found, longest] = [at, turn];
    }
    return found;
  }

  function give(to: Worker, job: Job): void {
    lastId += 1;
    const id = lastId;
    if (waiting.length === 0) turns.clear();
    turns.set(job.whose, id);
    const timer = setTimeout(() => {
      log.warn({ source: job.source, kind: job.next, ms: timeoutMs }, 'image process: a photo takes too long');
      to.guilty = job;
      to.handle.kill();
    }, timeoutMs);
    to.running.set(id, { job, timer });
    const { source, next: kind } = job;
    to.handle.post({ type: 'task', id, kind, source, target: job[kind], maxPixels, maxMemory } satisfies Task);
  }

  function hear(from: Worker, report: Report): void {
    if (report.type === 'ready') from.ready = true;
    else {
      const task = from.running.get(report.id);
      if (!task) return;
      from.running.delete(report.id);
      clearTimeout(task.timer);
      conclude(task.job, report);
      if (from.running.size === 0) onIdle();
    }
    fill();
  }

  function conclude(job: Job, report: Exclude<Report, { type: 'ready' }>): void {
    if (report.type === 'unreadable') {
      log.warn({ source: job.source, reason: report.reason }, 'image process: a photo cannot be read');
      job.settle({ ok: false, reason: 'No se pudo leer la foto: el archivo está dañado.' });
    } else if (report.type === 'disk') {
      log.error({ source: job.source, reason: report.reason }, 'image process: the disk does not take a photo');
      // To the back: where the trouble is with one file, the others get past it.
      waiting.push(job);
      rest();
    } else if (job.next === 'thumb') {
      job.next = 'full';
      waiting.push(job);
      job.onThumb();
    } else {
      const { width, height, sha256, mime } = report;
      job.settle({ ok: true, width, height, sha256, mime });
    }
  }

  function ended(gone: Worker): void {
    worker = null;
    const jobs = [...gone.running.values()];
    gone.running.clear();
    for (const { timer } of jobs) clearTimeout(timer);
    onEnd();
    if (stopping) return;
    log.warn(
      { photos: jobs.map(({ job }) => job.source), ready: gone.ready },
      'image process: ended, starting another',
    );
    for (const { job } of jobs.reverse()) {
      const blamed = gone.guilty === null || gone.guilty === job;
      if (blamed && job.suspect) {
        job.settle({ ok: false, reason: 'No se pudo leer la foto: abrirla cuesta demasiado tiempo o memoria.' });
        continue;
      }
      if (blamed) job.suspect = true;
      waiting.unshift(job);
    }
    if (gone.ready) fill();
    else rest();
  }

  /** What stands in the way is not a photo: it gets time to pass. */
  function rest(): void {
    if (stopping) return;
    pause ??= setTimeout(() => {
      pause = null;
      fill();
    }, retryMs);
  }

  return {
    warm() {
      if (!stopping) worker ??= start();
    },
    run: (job, onThumb) =>
      new Promise(settle => {
        waiting.push({ ...job, onThumb, settle, next: 'thumb', suspect: false });
        fill();
      }),
    drop(source) {
      const at = waiting.findIndex(job => job.source === source);
      const [job] = at < 0 ? [] : waiting.splice(at, 1);
      job?.settle({ ok: false, reason: 'La foto se borró.' });
    },
    async stop() {
      stopping = true;
      if (pause) clearTimeout(pause);
      const last = worker;
      if (!last) return;
      if (last.running.size > 0) {
        await new Promise<void>(resolve => {
          const timer = setTimeout(resolve, graceMs);
          onIdle = onEnd = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      if (worker !== last) return;
      const end = new Promise<void>(resolve => {
        onEnd = resolve;
      });
      last.handle.kill();
      await end;
    },
  };
}
