/** How long to wait before trying again: exponential with full jitter, so that a room full of phones does not come back at once. */
export interface Backoff {
  /** Milliseconds. */
  first: number;
  most: number;
}

/** `attempt` counts from 0; `random` is a number from 0 to 1. Never below half of `first`, so that nothing spins. */
export function waitBefore(attempt: number, backoff: Backoff, random: number): number {
  const ceiling = Math.min(backoff.most, backoff.first * 2 ** Math.min(attempt, 20));
  return Math.round(Math.max(backoff.first / 2, random * ceiling));
}
