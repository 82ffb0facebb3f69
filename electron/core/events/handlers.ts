import { fail, ok, type Result } from '../../../protocol/errors.ts';
import { events as ownEvents } from '../../../protocol/events.ts';
import { requests } from '../../../protocol/requests.ts';
import { anyone, type Principal, staff, supervisors } from '../access.ts';
import { reads, writes } from '../action.ts';
import type { Outcome } from '../outcome.ts';
import type { Clock, Store } from '../ports.ts';
import { isOpen, nativeRoom } from '../rooms/rooms.ts';
import { audience } from './business.ts';

interface Parts {
  store: Store;
  clock: Clock;
}

interface Published {
  type: string;
  timestamp: string;
}

export function eventHandlers({ store, clock }: Parts) {
  function publish(
    { userId }: Principal,
    type: string,
    data: unknown,
    rooms: readonly string[],
  ): Result<Outcome<Published>> {
    const timestamp = new Date(clock.now()).toISOString();
    return ok({
      reply: { type, timestamp },
      events: [{ type: 'published', data: { type, data, from: userId, timestamp }, rooms }],
      log: [{ kind: 'event_published', who: userId, data: { type, from: userId, rooms: rooms.filter(isOpen) } }],
    });
  }

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

    publish: writes(requests.events.publish, staff, ({ principal }, { type, data = {}, room }) => {
      if (Object.hasOwn(ownEvents, type)) {
        return fail('forbidden', `«${type}» es un evento del propio servidor; use otro nombre.`, { type });
      }
      if (room !== undefined && !isOpen(room)) {
        return fail('forbidden', 'Las salas que empiezan por «@» son del servidor.', { room });
      }
      return publish(principal, type, data, [room ?? nativeRoom]);
    }),

    announce: writes(
      requests.events.announce,
      ['cliente', 'proveedor', ...supervisors],
      ({ principal }, { type, data }) => {
        const { people, rooms } = audience(data);
        const isOwn = supervisors.includes(principal.role) || people.has(principal.userId);
        if (isOwn) return publish(principal, type, data, rooms);
        return fail('forbidden', 'Solo quien figura en los datos, o un administrador, puede avisar de esto.', {
          people: [...people],
        });
      },
    ),
  };
}
