/**
 * What a commit adds to the dashboard's figures. It is written in the same transaction, so that the figures agree with what
 * happened; counters name nobody, and a visit holds times alone.
 */
import type { Outcome, OutgoingEvent } from '../outcome.ts';
import type { FigureStore } from '../ports.ts';
import type { Counter, Counts, Step } from './counters.ts';

/** To be called within the transaction; `at` is its time, in milliseconds. */
export function addFigures(figures: FigureStore, outcome: Outcome<unknown>, isKept: KeptEvent, at: number): void {
  const counts: Partial<Counts> = {};
  const one = (counter: Counter) => {
    counts[counter] = (counts[counter] ?? 0) + 1;
  };
  for (const event of outcome.events ?? []) {
    if (isKept(event)) one('events');
    if (event.type === 'photo_received') one('photos');
    if (event.type === 'new_message') one('messages');
    const { sessionId, step } = stepOf(event);
    if (sessionId !== null && step !== null) figures.reached(sessionId, step, at);
  }
  for (const { kind, who, data } of outcome.log ?? []) {
    if (kind === 'session_created') one('sessions');
    // S0 is told afterwards of what could not be read: that one is counted already.
    if (kind === 'photo_refused' && data.quarantined !== true) one('refused');
    if (kind === 'photo_quarantined') one('quarantined');
    // Both are said by the phone itself: `who` is its session.
    if (kind === 'session_paired') figures.newPhone(who);
    if (kind === 'phone_connected' && figures.phoneCame(who)) one('reconnects');
  }
  if (Object.keys(counts).length > 0) figures.add(at, counts);
}

type KeptEvent = (event: OutgoingEvent) => boolean;

function stepOf(event: OutgoingEvent): { sessionId: string | null; step: Step | null } {
  switch (event.type) {
    case 'session_updated': {
      const { id, status } = event.data.session;
      if (status === 'qr_ready') return { sessionId: id, step: 'shown' };
      return { sessionId: id, step: status === 'authenticated' ? 'paired' : null };
    }
    case 'photo_received':
      return { sessionId: event.data.photo.session_id, step: 'photo' };
    case 'photo_reviewed': {
      const { session_id, status } = event.data.photo;
      return { sessionId: session_id, step: status === 'accepted' ? 'accepted' : null };
    }
    default:
      return { sessionId: null, step: null };
  }
}

/** What happens without a commit of its own waits here for the next one, which comes every second. */
export interface Unwritten {
  brokenOff(): void;
  /** A phone has opened the address in this session's QR. */
  scanned(sessionId: string): void;
  /** To be called within a transaction; `written` after it. */
  write(figures: FigureStore): void;
  written(): void;
}

export function createUnwritten(now: () => number): Unwritten {
  const scans = new Map<string, number>();
  const broken: number[] = [];
  return {
    brokenOff: () => void broken.push(now()),
    scanned(sessionId) {
      if (!scans.has(sessionId)) scans.set(sessionId, now());
    },
    write(figures) {
      for (const [sessionId, at] of scans) figures.reached(sessionId, 'scanned', at);
      for (const at of broken) figures.add(at, { broken_off: 1 });
    },
    written() {
      scans.clear();
      broken.length = 0;
    },
  };
}
