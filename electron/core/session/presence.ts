/** Which phones are connected at this moment and when each session last did something: true only while the server runs. */
import type { Clock } from '../ports.ts';

export interface Presence {
  /** Returns whether this was the first, or the last, connection of that phone. */
  arrived(sessionId: string): boolean;
  left(sessionId: string): boolean;
  isConnected(sessionId: string): boolean;
  /** Something was done in this session: it is not idle. */
  touch(sessionId: string): void;
  /** When something was last done; at the earliest when this server started. */
  lastActive(sessionId: string): number;
  forget(sessionId: string): void;
}

export function createPresence(clock: Clock): Presence {
  const started = clock.now();
  const connections = new Map<string, number>();
  const active = new Map<string, number>();
  return {
    arrived(sessionId) {
      const count = (connections.get(sessionId) ?? 0) + 1;
      connections.set(sessionId, count);
      return count === 1;
    },
    left(sessionId) {
      const count = (connections.get(sessionId) ?? 0) - 1;
      if (count > 0) connections.set(sessionId, count);
      else connections.delete(sessionId);
      return count === 0;
    },
    isConnected: sessionId => connections.has(sessionId),
    touch: sessionId => void active.set(sessionId, clock.now()),
    lastActive: sessionId => active.get(sessionId) ?? started,
    forget: sessionId => void active.delete(sessionId),
  };
}
