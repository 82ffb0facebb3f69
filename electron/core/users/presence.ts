/** Users come and go, on whichever protocol: kept at first sight, told to the others. */
import { ok } from '../../../protocol/errors.ts';
import type { UserRole } from '../../../protocol/user.ts';
import type { Broadcast } from '../broadcast.ts';
import type { Commit } from '../commit.ts';
import type { Log } from '../ports.ts';
import { usersRoom } from '../rooms/rooms.ts';
import type { UserParts } from './handlers.ts';
import { toUser } from './user.ts';

export interface UserPresence {
  /** A user is here, and is kept if not yet known. Never rejects: a database that is away keeps nobody out. */
  seen(userId: string, role: UserRole): Promise<void>;
  /** A user's first connection came, or the last one went. */
  changed(userId: string, online: boolean): void;
}

type Parts = Omit<UserParts, 'ids'> & { commit: Commit; broadcast: Broadcast; log: Log };

export function createUserPresence({ users, clock, commit, broadcast, log, isOnline }: Parts): UserPresence {
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
      broadcast({ type: 'presence', data: { user_id: userId, online }, rooms: [usersRoom] });
    },
  };
}
