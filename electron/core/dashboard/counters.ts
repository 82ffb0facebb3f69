/** What the dashboard's figures count. */

/** Counted by the minute. */
export const counters = [
  'sessions',
  'photos',
  /** Of the journal. */
  'events',
  'messages',
  /** Photos that were sent whole and not taken. */
  'refused',
  'quarantined',
  /** Uploads whose sender went away in the middle. */
  'broken_off',
  /** Phones that were connected before, and are again. */
  'reconnects',
] as const;
export type Counter = (typeof counters)[number];
export type Counts = Record<Counter, number>;

/** What a session comes to, in this order; the first time of each is kept. */
export const steps = ['shown', 'scanned', 'paired', 'photo', 'accepted'] as const;
export type Step = (typeof steps)[number];
