/** Tells a passing event (protocol/events.ts) to whoever listens now; it is kept for nobody. */
import type { OutgoingEvent } from './outcome.ts';
import type { Bus, Ids } from './ports.ts';

export type Broadcast = (event: OutgoingEvent) => void;

export function createBroadcast(bus: Bus, ids: Ids): Broadcast {
  return event => bus.publish([{ ...event, id: `evt-${ids.uuid()}`, seq: null }]);
}
