/** The figures of the dashboard's page: today's, and those of a span in equal buckets. */
import type { Overview, Span } from '../../../protocol/dashboard.ts';
import type { FigureStore } from '../ports.ts';
import { day, minute } from '../time.ts';
import type { Counts } from './counters.ts';

/** Minutes in a bucket, and how many buckets. Seven days in three hours each show what a day is like. */
const spans: Record<Span, { step: number; many: number }> = {
  '15m': { step: 1, many: 15 },
  '24h': { step: 30, many: 48 },
  '7d': { step: 180, many: 56 },
};

/** The longest time that any of it looks back, in milliseconds. */
export const figuresKept = 8 * day;

export type Figures = Pick<Overview, 'at' | 'span' | 'today' | 'live' | 'series' | 'funnel'>;

export function figuresOf(figures: FigureStore, span: Span, now: number): Figures {
  const midnight = midnightBefore(now);
  const today = figures.total(midnight, now);
  const took = figures.medianScanToPhoto(midnight, now);
  const { step, many } = spans[span];
  const from = bucketAt(now, step) - (many - 1) * step * minute;
  const buckets = figures.series(from, step, many);
  const each = (read: (counts: Counts) => number) => buckets.map(read);
  const { shown, scanned, paired, photo, accepted } = figures.funnel(from, now);
  return {
    at: iso(now),
    span,
    today: {
      since: iso(midnight),
      sessions: today.sessions,
      photos: today.photos,
      median_scan_to_photo_s: took === null ? null : Math.round(took / 100) / 10,
      failures: { refused: today.refused, quarantined: today.quarantined, broken_off: today.broken_off },
      reconnects: today.reconnects,
    },
    live: figures.live(),
    series: {
      from: iso(from),
      step_s: step * 60,
      sessions: each(({ sessions }) => sessions),
      photos: each(({ photos }) => photos),
      events: each(({ events }) => events),
      messages: each(({ messages }) => messages),
      failures: each(failures),
    },
    funnel: { shown, scanned, connected: paired, photo, accepted },
  };
}

function failures({ refused, quarantined, broken_off }: Counts): number {
  return refused + quarantined + broken_off;
}

/** "Today" is the local day of the server, which stands at the desk. */
function midnightBefore(now: number): number {
  return new Date(now).setHours(0, 0, 0, 0);
}

/** The beginning of the bucket that `now` is in. Buckets begin at whole local hours or parts of them. */
function bucketAt(now: number, stepMinutes: number): number {
  const offset = new Date(now).getTimezoneOffset() * minute;
  const step = stepMinutes * minute;
  return Math.floor((now - offset) / step) * step + offset;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
