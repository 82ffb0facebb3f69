import { fail, ok } from '../../../protocol/errors.ts';
import { requests } from '../../../protocol/requests.ts';
import { anyone } from '../access.ts';
import { reads } from '../action.ts';
import type { Store } from '../ports.ts';

export function eventHandlers({ store }: { store: Store }) {
  return {
    /** What this connection missed: after < seq ≤ its head, in order, once, and only from its own rooms. (CONTRACT 4.) */
    resume: reads(requests.events.resume, anyone, ({ connection }, { after }) => {
      if (!connection) return fail('invalid_message', 'Solo una conexión WebSocket puede reanudar.');
      // A replay is the one answer that can be long: a slow reader who asks again and again must not pile them up.
      if (connection.isReplaying()) return fail('rate_limited', 'Esta conexión ya está reanudando.');
      const { head, rooms } = connection;
      const replay = store.journal.between(after, head, rooms);
      const complete = after <= head && after >= store.journal.oldest() - 1;
      return ok({ reply: { from: after, to: head, count: replay.length, complete }, replay });
    }),
  };
}
