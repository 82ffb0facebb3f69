/**
 * Where photos wait to be worked on after they were acknowledged: turned upright, cleaned of metadata, re-encoded, in a
 * process of their own. What was unfinished at a restart goes on.
 */
import { ok } from '../../../protocol/errors.ts';
import type { Commit } from '../commit.ts';
import type { After, ImageWork, Log, PhotoFiles, Store } from '../ports.ts';
import { isWorkedOn, type PhotoRow, photoEvent, photoLine } from './photo.ts';

export interface Darkroom {
  /** Takes a photo whose original is on the disk. Photos of different sessions take turns; without one, those of different persons. */
  add(photo: Pick<PhotoRow, 'id' | 'sessionId' | 'idPersona'>): void;
  /** Resolves once `part` can be served, or cannot any more, or `ms` are over. */
  wait(id: string, part: 'full' | 'thumb', ms: number): Promise<void>;
  /** Removes files and rows of the photos deleted at `until` or before (all of them). */
  clear(until?: number): Promise<void>;
}

interface Job {
  thumb: PromiseWithResolvers;
  full: PromiseWithResolvers;
}

interface PromiseWithResolvers {
  promise: Promise<void>;
  resolve: () => void;
}

/** How long a database that does not take writes is left alone, in milliseconds. */
const retryMs = 2_000;

export function createDarkroom(parts: {
  store: Store;
  commit: Commit;
  files: PhotoFiles;
  work: ImageWork;
  after: After;
  log: Log;
}): Darkroom {
  const { store, commit, files, work, after, log } = parts;
  const jobs = new Map<string, Job>();

  async function develop(id: string, whose: string, job: Job): Promise<void> {
    const { original, full, thumb } = files.paths(id);
    const result = await work.run({ source: original, full, thumb, whose }, job.thumb.resolve);
    const mark = () => {
      const row = store.photos.get(id);
      if (!row || isWorkedOn(row)) return ok({ reply: null });
      const next: PhotoRow = result.ok
        ? { ...row, mime: result.mime, width: result.width, height: result.height, storedSha256: result.sha256 }
        : { ...row, status: 'quarantined', reason: result.reason };
      store.photos.update(next);
      // A deletion may still be taken back: then the work is done. Until that nobody hears of it.
      if (row.deletedAt !== null) return ok({ reply: null });
      const log = result.ok ? [] : [photoLine('photo_quarantined', next, 'server', { reason: next.reason })];
      return ok({ reply: null, events: [photoEvent('photo_updated', next)], log });
    };
    let done = commit(mark);
    // The work is done and only the database is in the way: it is asked again until it takes it.
    while (!done.ok && done.error.code === 'unavailable') {
      await new Promise<void>(resolve => void after(retryMs, resolve));
      done = commit(mark);
    }
    if (!done.ok) log.error({ photo: id, code: done.error.code }, 'a photo could not be marked as worked on');
    // The original holds the metadata that was to be removed: it goes. One that could not be read is kept apart, as it is.
    else if (result.ok) {
      const dropped = await files.dropOriginal(id);
      if (!dropped.ok)
        log.warn({ photo: id, code: dropped.error.details?.code }, 'an original stays until the next start');
    }
  }

  return {
    add({ id, sessionId, idPersona }) {
      if (jobs.has(id)) return;
      const job = { thumb: resolvers(), full: resolvers() };
      jobs.set(id, job);
      develop(id, sessionId ?? idPersona ?? '', job)
        .catch(err => log.error({ err, photo: id }, 'working on a photo failed'))
        .finally(() => {
          jobs.delete(id);
          job.thumb.resolve();
          job.full.resolve();
        });
    },

    async wait(id, part, ms) {
      const job = jobs.get(id);
      if (!job) return;
      const timer = resolvers();
      const cancel = after(ms, timer.resolve);
      await Promise.race([job[part].promise, timer.promise]);
      cancel();
    },

    async clear(until) {
      for (const row of store.photos.deleted(until)) {
        // Not waited for in the queue: on a full disk it stands still until something has been removed.
        work.drop(files.paths(row.id).original);
        await jobs.get(row.id)?.full.promise;
        const removed = await files.remove(row.id);
        if (!removed.ok) continue;
        commit(() => {
          store.photos.remove(row.id);
          return ok({ reply: null });
        });
      }
    },
  };
}

function resolvers(): PromiseWithResolvers {
  let resolve = () => {};
  const promise = new Promise<void>(done => {
    resolve = done;
  });
  return { promise, resolve };
}
