/**
 * How the older chat's clients come into a conversation: by another user's id or by a group's, both made on first sight.
 * What follows, writing and receipts, is the same as for everybody. (CONTRACT 5, S3.)
 */
import type { ActivityKind } from '../../../protocol/activity.ts';
import type { Conversation, Message } from '../../../protocol/chat.ts';
import { fail, ok, type Result } from '../../../protocol/errors.ts';
import type { UserRole } from '../../../protocol/user.ts';
import { operator } from '../access.ts';
import { type Commit, storeTrouble } from '../commit.ts';
import { type Log, StoreForbids, StoreUnavailable } from '../ports.ts';
import { type ConversationRow, type GroupRow, toConversation, toMessage } from './chat.ts';
import { type ChatParts, chatLines, conversationEvents, groupFacts } from './handlers.ts';

/** What was waiting for one, oldest first. */
interface Waiting {
  messages: Message[];
  /** The message behind which it goes on; `null` where it does not. */
  next: string | null;
}

/** A conversation that one has come into, and the first of what was waiting there. */
interface Entered {
  conversation: Conversation;
  /** The row's own number. */
  number: number;
  waiting: Waiting;
}

interface Left {
  conversationId: string;
  /** Only this connection stops listening; its user stays a member: the group is for its members, or the database lets
   * nobody be removed. */
  stays: boolean;
}

export interface ChatEntrance {
  /** An id that nobody may claim without a token: the desk's own, or a phone's. */
  isReserved(userId: string): boolean;
  direct(userId: string, otherId: string): Promise<Result<Entered>>;
  /** `group`: its number, the name that it was made under, or the conversation's id. */
  group(userId: string, group: string): Promise<Result<Entered>>;
  leave(userId: string, group: string): Promise<Result<Left>>;
  /** What waits behind the message `after`: the `next` of what one was given before. */
  more(userId: string, conversationId: string, after: string): Promise<Result<Waiting>>;
}

const waitingAtOnce = 200;

type Parts = Pick<ChatParts, 'chat' | 'users' | 'sessions' | 'clock' | 'ids'> & { commit: Commit; log: Log };

export function createChatEntrance({ chat, users, sessions, clock, ids, commit, log }: Parts): ChatEntrance {
  const event = conversationEvents({ sessions });
  const toLine = chatLines({ sessions });
  const fresh = () => ({ id: ids.uuid(), at: clock.now() });
  const isReserved = (userId: string) => userId === operator.userId || sessions.get(userId) !== null;

  async function guarded<T>(work: () => Promise<Result<T>>): Promise<Result<T>> {
    try {
      return await work();
    } catch (err) {
      if (!(err instanceof StoreUnavailable)) throw err;
      log.error({ err }, 'the chat’s database does not answer');
      return storeTrouble(err);
    }
  }

  function tell(
    type: 'conversation_created' | 'conversation_updated',
    row: ConversationRow,
    { did, ...more }: { joined?: string; left?: string; did?: { kind: ActivityKind; who: string } | null } = {},
  ): Result<unknown> {
    const log = did ? [toLine(did.kind, did.who, row.members, groupFacts(row))] : [];
    return commit(() => ok({ reply: null, events: [event(type, row, more)], log }));
  }

  async function waiting(userId: string, conversationId: string, after?: string): Promise<Waiting> {
    const rows = await chat.undelivered(conversationId, userId, waitingAtOnce, after);
    const next = rows.length < waitingAtOnce ? null : (rows.at(-1)?.id ?? null);
    return { messages: rows.map(toMessage), next };
  }

  async function entered(row: ConversationRow, userId: string): Promise<Result<Entered>> {
    const first = await waiting(userId, row.id);
    return ok({ conversation: toConversation(row), number: row.number, waiting: first });
  }

  /** The rights that S3's document asks for, INSERT, UPDATE and SELECT, are not enough to delete: its server only stopped
   * listening. */
  async function removed(id: string, userId: string): Promise<boolean> {
    try {
      await chat.removeMember(id, userId);
      return true;
    } catch (err) {
      if (!(err instanceof StoreForbids)) throw err;
      log.warn({ err }, 'one who leaves a group stays its member: the chat’s database gives no right to delete');
      return false;
    }
  }

  const findGroup = async (group: string): Promise<GroupRow | null> => {
    const byKey = await chat.group(group, fresh());
    if (byKey) return byKey;
    const byId = await chat.conversation(group);
    return byId?.type === 'group' ? byId : null;
  };

  return {
    isReserved,

    direct: (userId, otherId) =>
      guarded(async () => {
        if (otherId === userId)
          return fail('invalid_message', 'other_user_id es usted mismo.', { other_user_id: otherId });
        if (!isReserved(otherId)) {
          await users.seen({ id: otherId, name: null, role: 'user' satisfies UserRole, createdAt: clock.now() });
        } else if (otherId !== operator.userId) {
          return fail('forbidden', 'Un teléfono solo habla con el mostrador.', { other_user_id: otherId });
        }
        const { conversation, created } = await chat.direct(userId, otherId, fresh());
        if (created) {
          const told = tell('conversation_created', conversation);
          if (!told.ok) return told;
        }
        return entered(conversation, userId);
      }),

    group: (userId, group) =>
      guarded(async () => {
        const known = await findGroup(group);
        if (known && !known.members.includes(userId)) {
          if (!known.isOpen) return fail('forbidden', 'Ese grupo es solo para sus miembros.', { group_id: group });
          await chat.addMember(known.id, userId);
        }
        const title = `Grupo ${group}`;
        const row = known
          ? ((await chat.conversation(known.id)) ?? known)
          : await chat.createGroup({ key: group, title, isOpen: true, members: [userId] }, fresh());
        if (!row.members.includes(userId)) {
          // Somebody else made it in the same moment.
          await chat.addMember(row.id, userId);
          row.members.push(userId);
        }
        // One who comes in again after a break has joined nothing.
        const isNew = !known?.members.includes(userId);
        const did = isNew
          ? { kind: known ? ('group_joined' as const) : ('group_created' as const), who: userId }
          : null;
        const told = tell(known ? 'conversation_updated' : 'conversation_created', row, { joined: userId, did });
        return told.ok ? entered(row, userId) : told;
      }),

    more: (userId, conversationId, after) => guarded(async () => ok(await waiting(userId, conversationId, after))),

    leave: (userId, group) =>
      guarded(async () => {
        const row = await findGroup(group);
        if (!row) return fail('not_found', 'Ese grupo no existe.', { group_id: group });
        if (!row.members.includes(userId)) {
          return fail('forbidden', 'Usted no es miembro de ese grupo.', { group_id: group });
        }
        const stays = !(row.isOpen && (await removed(row.id, userId)));
        const members = stays ? row.members : row.members.filter(member => member !== userId);
        const did = stays ? null : { kind: 'group_left' as const, who: userId };
        const told = tell('conversation_updated', { ...row, members }, { left: userId, did });
        return told.ok ? ok({ conversationId: row.id, stays }) : told;
      }),
  };
}
