/** Users come and go, on whichever protocol: kept at first sight, told to the others. */
import { ok } from '../../../protocol/errors.ts';
import type { UserRole } from '../../../protocol/user.ts';
import type { Broadcast } from '../broadcast.ts';
import type { Commit } from '../commit.ts';
import type { After, Log } from '../ports.ts';
import { usersRoom } from '../rooms/rooms.ts';
import type { UserParts } from './handlers.ts';
import { toUser } from './user.ts';

export interface UserPresence {
  /**
   * A user is here, and is kept if not yet known; to be waited for before it is told that it is in: whoever asks for it from
   * then on finds it. Never rejects, and takes a second at most: a database that is away, or hangs, keeps nobody out.
   */
  seen(userId: string, role: UserRole): Promise<void>;
  /** A user's first connection came, or the last one went. */
  changed(userId: string, online: boolean): void;
}

type Parts = Omit<UserParts, 'ids'> & { commit: Commit; broadcast: Broadcast; after: After; log: Log };

/** How long a newcomer waits for the database, in milliseconds. */
const patience = 1_000;

export function createUserPresence({ users, clock, commit, broadcast, after, log, isOnline }: Parts): UserPresence {
  /** It did not answer in time. Until it has answered once nobody waits for it. */
  let isHanging = false;

  async function keep(userId: string, role: UserRole): Promise<void> {
    try {
      const isKnown = (await users.get(userId)) !== null;
      const row = { id: userId, name: null, role, createdAt: clock.now() };
      const isNew = !isKnown && (await users.seen(row));
      isHanging = false;
      if (!isNew) return;
      const user = toUser(row, isOnline(userId));
      commit(() => ok({ reply: null, events: [{ type: 'user_created', data: { user }, rooms: [usersRoom] }] }));
    } catch (err) {
      log.error({ err, user: userId }, 'a user could not be kept');
    }
  }

  return {
    async seen(userId, role) {
      const kept = keep(userId, role);
      if (isHanging) return;
      await new Promise<void>(resolve => {
        const inTime = after(patience, () => {
          isHanging = true;
          resolve();
        });
        void kept.then(inTime).then(resolve);
      });
    },

    changed(userId, online) {
      broadcast({ type: 'presence', data: { user_id: userId, online }, rooms: [usersRoom] });
    },
  };
}
