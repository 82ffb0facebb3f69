/** So many times in any minute, for each of many. */
import type { Clock } from './ports.ts';
import { minute } from './time.ts';

export interface Quota {
  /** `null`: it may; else the seconds until it may again. */
  take(who: string): number | null;
  /** What was taken last does not count. */
  giveBack(who: string): void;
}

export function createQuota(clock: Clock, perMinute: number): Quota {
  const taken = new Map<string, number[]>();
  let swept = 0;

  function sweep(now: number): void {
    swept = now;
    for (const [who, times] of taken) if (Math.abs(now - (times.at(-1) ?? 0)) > minute) taken.delete(who);
  }

  return {
    take(who) {
      const now = clock.now();
      if (Math.abs(now - swept) > minute) sweep(now);
      // Times ahead of now are of a clock that was set back since.
      const times = (taken.get(who) ?? []).filter(at => at <= now && now - at < minute);
      taken.set(who, times);
      const [oldest] = times;
      if (times.length >= perMinute && oldest !== undefined) return Math.ceil((oldest + minute - now) / 1_000);
      times.push(now);
      return null;
    },
    giveBack: who => void taken.get(who)?.pop(),
  };
}
