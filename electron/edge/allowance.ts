/** How many messages one connection may send: so many a second, with a reserve for bursts. One small object a connection. */

export interface Allowance {
  /** Whether one more is fine at `now` (milliseconds). */
  take(now: number): boolean;
}

export function createAllowance(perSecond: number, burst: number): Allowance {
  let left = burst;
  let last = 0;
  return {
    take(now) {
      left = Math.min(burst, left + (Math.max(0, now - last) * perSecond) / 1_000);
      last = now;
      if (left < 1) return false;
      left -= 1;
      return true;
    },
  };
}
