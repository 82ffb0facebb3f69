/** Which phones are connected at this moment and when each session last did something: true only while the server runs. */
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
  /** When something was last done; at the earliest when this server started. */
  lastActive(sessionId: string): number;
  forget(sessionId: string): void;
}

export function createPresence(clock: Clock): Presence {
  const started = clock.now();
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
    touch: sessionId => void active.set(sessionId, clock.now()),
    lastActive: sessionId => active.get(sessionId) ?? started,
    forget: sessionId => void active.delete(sessionId),
  };
}

function key(sessionId: string, generation: number): string {
  return `${sessionId} ${generation}`;
}
