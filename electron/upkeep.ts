/** What comes round by the clock while the server runs: new QRs, idle sessions, old photos, what nobody needs any more. */
import { ok } from '../protocol/errors.ts';
import { undoFor } from '../protocol/photo.ts';
import type { Commit } from './core/commit.ts';
import type { Unwritten } from './core/dashboard/figures.ts';
import { figuresKept } from './core/dashboard/overview.ts';
import { fileRetention } from './core/file/clearing.ts';
import { pruneSessions } from './core/people/erase.ts';
import type { Erasures } from './core/people/erasures.ts';
import type { Darkroom } from './core/photo/darkroom.ts';
import { photoRetention } from './core/photo/handlers.ts';
import type { Log } from './core/ports.ts';
import { tokenRoom } from './core/rooms/rooms.ts';
import { type SessionParts, sessionTick } from './core/session/handlers.ts';
import { pairingRemembered } from './core/session/session.ts';
import { day, minute, second } from './core/time.ts';

interface Parts {
  commit: Commit;
  unwritten: Unwritten;
  /** Of the edge: what can be shown out of a room. */
  connections: { end(room: string): void };
  sessions: SessionParts;
  darkroom: Darkroom;
  /** Takes discarded files of the chat off the disk. */
  clearAttachments: () => Promise<void>;
  erasures: Erasures;
  /** Days that things are kept, as the settings say now. */
  retentionDays: () => number;
  log: Log;
}

/** What a client that was away can still be told. (CONTRACT 4.) */
const journalRows = 10_000;
const journalAge = day;

const seldomEvery = 10 * minute;
/** A clock that has gone on by more than this since it was last looked at may be wrong: a typing error, an empty battery. */
const leap = 4 * day;
/** How many rounds nothing is deleted for its age then: a day in which the clock can be put right, and the log read. */
const heldRounds = day / seldomEvery;

/** Starts it, once at once; gives back how to stop it. */
export function startUpkeep(parts: Parts): () => void {
  const { commit, unwritten, connections, sessions, darkroom, erasures, retentionDays, log } = parts;
  const { store, clock } = sessions;
  let isClearing = false;
  /** When the clock was last looked at; at the start that is when the server last had something to log. */
  let lastLook: number | null = null;
  let held = 0;

  async function clearDeleted(): Promise<void> {
    if (isClearing) return;
    isClearing = true;
    await darkroom
      .clear(clock.now() - undoFor)
      .catch(err => log.error({ err }, 'files of deleted photos are still there'));
    await parts.clearAttachments().catch(err => log.error({ err }, 'deleted files of the chat are still there'));
    isClearing = false;
  }

  /** Tokens are revoked by another process: some time back as well, for what it had not yet written at the last look. */
  function showOut(): void {
    for (const id of store.tokens.revokedSince(clock.now() - minute)) connections.end(tokenRoom(id));
  }

  function often(): void {
    showOut();
    const ticked = commit(() => {
      unwritten.write(store.figures);
      return sessionTick(sessions);
    });
    if (ticked.ok) unwritten.written();
    void clearDeleted();
  }

  /** What is left of the day after a leap that an earlier run has seen: who finds the clock wrong may well start all anew. */
  function roundsLeft(now: number): number {
    const leapt = store.activity.leapAt(leap, { after: now - day, until: now });
    if (leapt === null) return 0;
    log.warn({}, 'the clock went on by days at once less than a day ago: nothing is deleted for its age yet');
    return Math.ceil((leapt + day - now) / seldomEvery);
  }

  /** Whether the clock is to be believed so far as to delete by it: what it takes away nobody can bring back. */
  function mayDelete(): boolean {
    const now = clock.now();
    if (lastLook === null) {
      lastLook = store.activity.list({ limit: 1 })[0]?.at ?? now;
      held = roundsLeft(now);
    }
    if (now - lastLook > leap) {
      held = heldRounds;
      const days = Math.round((now - lastLook) / day);
      log.warn({ days }, 'the clock went on by days at once: nothing is deleted for its age for a day');
    }
    lastLook = now;
    held = Math.max(held - 1, -1);
    return held < 0;
  }

  function seldom(): void {
    if (!mayDelete()) return;
    const days = retentionDays();
    const old = commit(() => photoRetention(days, sessions));
    if (old.ok && old.value.reply.deleted > 0) log.info({ photos: old.value.reply.deleted }, 'old photos were deleted');
    commit(() => ok({ reply: null, log: fileRetention(days, sessions) }));
    store.dropAside(clock.now() - days * day);
    commit(() => {
      const now = clock.now();
      store.pairing.prune(now - pairingRemembered);
      store.tokens.prune(now - days * day);
      store.journal.prune(journalRows, now - journalAge);
      pruneSessions(now - days * day, sessions);
      store.activity.prune(now - days * day);
      store.figures.prune(now - Math.min(figuresKept, days * day));
      return ok({ reply: null });
    });
  }

  /** A bug in one round must not end the rounds. */
  const guarded = (round: () => void) => () => {
    try {
      round();
    } catch (err) {
      log.error({ err }, 'upkeep failed');
    }
  };
  guarded(() => {
    commit(() => {
      store.photos.sealDeleted();
      return ok({ reply: null });
    });
  })();
  guarded(seldom)();
  guarded(often)();
  const erase = () => void erasures.finish();
  erase();
  const timers = [
    setInterval(guarded(often), second),
    setInterval(guarded(erase), 10 * second),
    setInterval(guarded(seldom), seldomEvery),
  ];
  return () => timers.forEach(clearInterval);
}
