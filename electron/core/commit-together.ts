/**
 * Commits in one transaction what comes within a moment, for what nobody waits for: each by itself would make the disk sync once
 * more. All of it is told after that commit, as always.
 */
import { ok, type Result } from '../../protocol/errors.ts';
import type { Commit } from './commit.ts';
import type { LogLine, Outcome, OutgoingEvent } from './outcome.ts';

type Work = () => Result<Outcome<null>>;

export interface CommitTogether {
  /** The work runs later, in turn. */
  commit(work: Work): Promise<Result<unknown>>;
  /** At once. */
  flush(): void;
}

interface Waiting {
  work: Work;
  resolve(result: Result<unknown>): void;
  reject(error: unknown): void;
}

/** `later` calls back after the moment that others may take to come. */
export function createCommitTogether(commit: Commit, later: (work: () => void) => void): CommitTogether {
  let waiting: Waiting[] = [];

  function run(all: readonly Waiting[]): void {
    try {
      const result = commit(() => joined(all));
      // One that is refused is no reason to refuse the others.
      if (!result.ok && all.length > 1) for (const one of all) run([one]);
      else for (const { resolve } of all) resolve(result);
    } catch (error) {
      for (const { reject } of all) reject(error);
    }
  }

  function flush(): void {
    const all = waiting;
    waiting = [];
    if (all.length > 0) run(all);
  }

  return {
    commit: work =>
      new Promise((resolve, reject) => {
        waiting.push({ work, resolve, reject });
        if (waiting.length === 1) later(flush);
      }),
    flush,
  };
}

function joined(all: readonly Waiting[]): Result<Outcome<null>> {
  const events: OutgoingEvent[] = [];
  const log: LogLine[] = [];
  for (const { work } of all) {
    const done = work();
    if (!done.ok) return done;
    events.push(...(done.value.events ?? []));
    log.push(...(done.value.log ?? []));
  }
  return ok({ reply: null, events, log });
}
