/** Users come and go, on whichever protocol: kept at first sight, told to the others. */
import { ok } from '../../../protocol/errors.ts';
import type { UserRole } from '../../../protocol/user.ts';
import type { Commit } from '../commit.ts';
import type { StoredEvent } from '../outcome.ts';
import type { Bus, Ids, Log } from '../ports.ts';
import { usersRoom } from '../rooms/rooms.ts';
import type { UserParts } from './handlers.ts';
import { toUser } from './user.ts';

export interface UserPresence {
  /** A user is here, and is kept if not yet known. Never rejects: a database that is away keeps nobody out. */
  seen(userId: string, role: UserRole): Promise<void>;
  /** A user's first connection came, or the last one went. */
  changed(userId: string, online: boolean): void;
}

export function createUserPresence(parts: UserParts & { commit: Commit; bus: Bus; ids: Ids; log: Log }): UserPresence {
  const { users, clock, ids, commit, bus, log, isOnline } = parts;
  return {
    async seen(userId, role) {
      try {
        if (await users.get(userId)) return;
        const row = { id: userId, name: null, role, createdAt: clock.now() };
        if (!(await users.seen(row))) return;
        const user = toUser(row, isOnline(userId));
        commit(() => ok({ reply: null, events: [{ type: 'user_created', data: { user }, rooms: [usersRoom] }] }));
      } catch (err) {
        log.error({ err, user: userId }, 'a user could not be kept');
      }
    },

    changed(userId, online) {
      const data = { user_id: userId, online };
      const event: StoredEvent = { id: `evt-${ids.uuid()}`, seq: null, type: 'presence', data, rooms: [usersRoom] };
      bus.publish([event]);
    },
  };
}
