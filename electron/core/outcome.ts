/** What a handler gives back. It sends nothing itself: `commit.ts` does, once all of it is on the disk. */
import type { ActivityKind } from '../../protocol/activity.ts';
import type { EventData, EventName } from '../../protocol/events.ts';

/** Who may hear it is said by the rooms it is sent to (`rooms.ts`); a connection hears it once, however many of them it is in. */
export type OutgoingEvent = {
  [E in EventName]: {
    type: E;
    data: EventData<E>;
    rooms: readonly string[];
    /** Whom it is about, so that the journal of one person can be purged. */
    idPersona?: string | null;
    /** Told to whoever listens now and kept for nobody: it names a person whose journal is being purged. */
    unkept?: true;
  };
}[EventName];

/** `seq` is `null` for the passing ones (protocol/events.ts), which are not kept. */
export type StoredEvent = OutgoingEvent & { id: string; seq: number | null };

/** An event that came about at `at`, known by some fields of its data. */
export interface Told {
  type: EventName;
  about: Readonly<Record<string, string>>;
  at: number;
}

/** A line for the activity log. */
export interface LogLine {
  kind: ActivityKind;
  who: string;
  data: Record<string, unknown>;
  idPersona?: string | null;
}

export interface Outcome<R> {
  reply: R;
  /** It was stored before now: it is told only where the journal never got this event, and should have. */
  unless?: Told;
  events?: OutgoingEvent[];
  log?: LogLine[];
  /** Sessions whose phone has to leave: its token is no longer good. */
  revoked?: string[];
  /** Kept events that the asking connection gets before the reply, in order. */
  replay?: StoredEvent[];
}
