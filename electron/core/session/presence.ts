/**
 * Which phones are connected at this moment and for how long nothing has been done in each session: true only while the server
 * runs. Idle time is counted while the server is awake, tick by tick: a PC that slept, or whose clock was set, does not show
 * phones out that had no chance to say anything.
 */
import type { Phone } from '../access.ts';
import type { Clock } from '../ports.ts';

export interface Presence {
  /** Returns whether this was the first, or the last, connection of that phone. */
  arrived(phone: Phone): boolean;
  left(phone: Phone): boolean;
  /** The phone that was paired in that generation: sockets of the one before it may still be closing. */
  isConnected(sessionId: string, generation: number): boolean;
  /** Something was done in this session: it is not idle. */
  touch(sessionId: string): void;
  /** For how long nothing has been done in it, in milliseconds; at the most since this server started. */
  idleFor(sessionId: string): number;
  /** To be called every second or so, with the sessions that may be idle: nothing is remembered of any other. */
  tick(sessions: ReadonlySet<string>): void;
  forget(sessionId: string): void;
}

/** More than that between two ticks, and the server was not awake. */
const longest = 10_000;

export function createPresence(clock: Clock): Presence {
  /** Milliseconds that it was awake. */
  let awake = 0;
  let last = clock.now();
  const connections = new Map<string, number>();
  const active = new Map<string, number>();
  return {
    arrived({ sessionId, generation }) {
      const count = (connections.get(key(sessionId, generation)) ?? 0) + 1;
      connections.set(key(sessionId, generation), count);
      return count === 1;
    },
    left({ sessionId, generation }) {
      const count = (connections.get(key(sessionId, generation)) ?? 0) - 1;
      if (count > 0) connections.set(key(sessionId, generation), count);
      else connections.delete(key(sessionId, generation));
      return count === 0;
    },
    isConnected: (sessionId, generation) => connections.has(key(sessionId, generation)),
    touch: sessionId => void active.set(sessionId, awake),
    idleFor: sessionId => awake - (active.get(sessionId) ?? 0),
    tick(sessions) {
      const now = clock.now();
      awake += Math.min(Math.max(now - last, 0), longest);
      last = now;
      for (const id of active.keys()) if (!sessions.has(id)) active.delete(id);
    },
    forget: sessionId => void active.delete(sessionId),
  };
}

function key(sessionId: string, generation: number): string {
  return `${sessionId} ${generation}`;
}
