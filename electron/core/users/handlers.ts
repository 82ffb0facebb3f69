/** What can be asked of users. Phones are none, and see none. */
import { fail, ok } from '../../../protocol/errors.ts';
import { requests } from '../../../protocol/requests.ts';
import { supervisors, users as usersOnly } from '../access.ts';
import { elsewhere } from '../action.ts';
import type { UserStore } from '../chat/ports.ts';
import type { OutgoingEvent } from '../outcome.ts';
import type { Clock, Ids } from '../ports.ts';
import { usersRoom } from '../rooms/rooms.ts';
import { toUser, type UserRow } from './user.ts';

export interface UserParts {
  users: UserStore;
  clock: Clock;
  ids: Ids;
  /** Whether a user is connected at this moment. */
  isOnline(userId: string): boolean;
}

const listLimit = 1_000;

const notFound = (id: string) => fail('not_found', 'Usuario no encontrado.', { user_id: id });

export function userHandlers({ users, clock, ids, isOnline }: UserParts) {
  const shown = (row: UserRow) => toUser(row, isOnline(row.id));

  function event(type: 'user_created' | 'user_updated', row: UserRow): OutgoingEvent {
    return { type, data: { user: shown(row) }, rooms: [usersRoom] };
  }

  return {
    get_all: elsewhere(requests.users.get_all, usersOnly, async () => {
      const rows = await users.all(listLimit);
      return ok({ reply: { users: rows.map(shown) } });
    }),

    get: elsewhere(requests.users.get, usersOnly, async (_context, { user_id }) => {
      const row = await users.get(user_id);
      return row ? ok({ reply: { user: shown(row) } }) : notFound(user_id);
    }),

    create: elsewhere(requests.users.create, supervisors, async (_context, { user_id, id, name, role = 'user' }) => {
      const row: UserRow = { id: user_id ?? id ?? ids.uuid(), name, role, createdAt: clock.now() };
      if (!(await users.seen(row))) return fail('conflict', 'Ese usuario ya existe.', { user_id: row.id });
      return ok({ reply: { user: shown(row) }, events: [event('user_created', row)] });
    }),

    /** Anybody may change the own name; what somebody is, only those who look after the desk. */
    update: elsewhere(requests.users.update, usersOnly, async ({ principal }, { user_id, name, role }) => {
      const isSupervisor = supervisors.includes(principal.role);
      if (!isSupervisor && user_id !== principal.userId) {
        return fail('forbidden', 'Solo puede cambiar sus propios datos.', { user_id });
      }
      if (!isSupervisor && role !== undefined) {
        return fail('forbidden', 'El rol solo lo cambia un administrador.', { role: principal.role });
      }
      const row = await users.update(user_id, { name, role });
      if (!row) return notFound(user_id);
      return ok({ reply: { user: shown(row) }, events: [event('user_updated', row)] });
    }),

    delete: elsewhere(requests.users.delete, supervisors, async (_context, { user_id }) => {
      if (!(await users.remove(user_id))) return notFound(user_id);
      return ok({ reply: { user_id }, events: [{ type: 'user_deleted', data: { user_id }, rooms: [usersRoom] }] });
    }),
  };
}
