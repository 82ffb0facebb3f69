/** What can be asked of conversations and messages. Only members read, write and hear; a phone only in its session's own. */
import type * as z from 'zod/mini';
import type { ActivityKind } from '../../../protocol/activity.ts';
import { fail, ok, type Result } from '../../../protocol/errors.ts';
import { fileIdOf } from '../../../protocol/file.ts';
import { requests } from '../../../protocol/requests.ts';
import { anyone, type Principal, users as usersOnly } from '../access.ts';
import { elsewhere, writes } from '../action.ts';
import { discardFilesOf } from '../file/clearing.ts';
import type { LogLine, OutgoingEvent } from '../outcome.ts';
import type { Clock, FileStore, Ids, SessionStore } from '../ports.ts';
import type { Quota } from '../quota.ts';
import { userRoom } from '../rooms/rooms.ts';
import { type ConversationRow, type MessageRow, toConversation, toMessage, toReceiptEvent } from './chat.ts';
import type { ChatStore, NewMessage, Posted, UserStore } from './ports.ts';

export interface ChatParts {
  chat: ChatStore;
  users: UserStore;
  sessions: SessionStore;
  files: FileStore;
  clock: Clock;
  ids: Ids;
  /** What a phone may write. */
  quota: Quota;
  /** Characters of one message. */
  maxChars: number;
}

type NewRequest = z.output<typeof requests.messages.create.input>['message'];

const listLimit = 200;
const pageSize = 50;

const notFound = (id: string) => fail('not_found', 'Conversación no encontrada.', { conversation_id: id });
const noMessage = (id: string) => fail('not_found', 'Mensaje no encontrado.', { message_id: id });

/** To all its members, and purged with the person whose session it belongs to. */
export function chatEvents({ sessions }: Pick<ChatParts, 'sessions'>) {
  return <E extends object>(event: E, members: readonly string[]) => ({
    ...event,
    rooms: members.map(userRoom),
    idPersona: personAmong(members, sessions),
  });
}

/** How a conversation is now, for its members, and for one who has just left. S3's clients know a group by its key. */
export function conversationEvents(parts: Pick<ChatParts, 'sessions'>) {
  const toMembers = chatEvents(parts);
  return (
    type: 'conversation_created' | 'conversation_updated',
    row: ConversationRow,
    more: { joined?: string; left?: string } = {},
  ): OutgoingEvent => {
    const group = row.type === 'group' ? { group_id: row.key } : {};
    const heard = more.left === undefined ? row.members : [...new Set([...row.members, more.left])];
    return toMembers({ type, data: { conversation: toConversation(row), ...more, ...group } }, heard);
  };
}

/** For the log: who did what in which conversation, never what was written there. */
export function chatLines({ sessions }: Pick<ChatParts, 'sessions'>) {
  return (kind: ActivityKind, who: string, members: readonly string[], data: Record<string, unknown>): LogLine => {
    const idPersona = personAmong(members, sessions);
    return { kind, who, data: { ...data, idPersona, from_phone: sessions.get(who) !== null }, idPersona };
  };
}

/** The visitor whose conversation it is, if it is one's. */
function personAmong(members: readonly string[], sessions: SessionStore): string | null {
  // A phone talks to the desk alone: in a group there is none to look for.
  if (members.length > 2) return null;
  return members.map(member => sessions.get(member)?.idPersona).find(person => person != null) ?? null;
}

function refused(id: string, principal: Principal, exists: boolean) {
  if (!exists || principal.role === 'phone') return notFound(id);
  return fail('forbidden', 'Usted no es miembro de esa conversación.', { conversation_id: id });
}

/** Finds what a caller may use. Users are told what they may not; for a phone nothing exists but its own. */
export function chatAccess({ chat, sessions }: Pick<ChatParts, 'chat' | 'sessions'>) {
  async function conversation(id: string, principal: Principal): Promise<Result<ConversationRow>> {
    const row = await chat.conversation(id);
    return row?.members.includes(principal.userId) ? ok(row) : refused(id, principal, row !== null);
  }

  async function message(id: string, principal: Principal): Promise<Result<{ row: MessageRow; of: ConversationRow }>> {
    const row = await chat.message(id);
    if (!row) return noMessage(id);
    const of = await conversation(row.conversationId, principal);
    if (of.ok) return ok({ row, of: of.value });
    return of.error.code === 'not_found' ? noMessage(id) : of;
  }

  /** The right to write ends with the session, or when another phone takes this one's place. */
  function mayWrite(principal: Principal): Result<null> {
    if (principal.role !== 'phone') return ok(null);
    const session = sessions.get(principal.sessionId);
    if (session?.status === 'authenticated' && session.generation === principal.generation) return ok(null);
    return fail('expired', 'La sesión terminó para este teléfono.', { reason: 'session' });
  }

  return { conversation, message, mayWrite };
}

export function conversationHandlers(parts: ChatParts) {
  const { chat, users, sessions, clock, ids } = parts;
  const find = chatAccess(parts).conversation;
  const toMembers = chatEvents(parts);
  const event = conversationEvents(parts);
  const toLine = chatLines(parts);
  const groupLine = (kind: 'group_created' | 'group_joined' | 'group_left', row: ConversationRow, userId: string) =>
    toLine(kind, userId, row.members, groupFacts(row));
  const fresh = () => ({ id: ids.uuid(), at: clock.now() });

  async function findGroup(id: string, principal: Principal) {
    const row = await find(id, principal);
    if (!row.ok) return row;
    if (row.value.type === 'direct') {
      return fail('conflict', 'Una conversación directa no tiene título ni se puede dejar.', { conversation_id: id });
    }
    return ok(row.value);
  }

  /** Direct conversations and groups are made among users that there are. */
  async function unknownAmong(members: readonly string[]): Promise<string | null> {
    for (const member of members) if (!(await users.get(member))) return member;
    return null;
  }

  const handlers = {
    get_all: elsewhere(requests.conversations.get_all, anyone, async ({ principal }, { user_id }) => {
      if (user_id !== principal.userId) {
        return fail('forbidden', 'Solo puede pedir sus propias conversaciones.', { user_id });
      }
      const rows = await chat.conversationsOf(user_id, listLimit);
      return ok({ reply: { conversations: rows.map(toConversation) } });
    }),

    get: elsewhere(requests.conversations.get, anyone, async ({ principal }, { conversation_id }) => {
      const row = await find(conversation_id, principal);
      return row.ok ? ok({ reply: { conversation: toConversation(row.value) } }) : row;
    }),

    create: elsewhere(requests.conversations.create, usersOnly, async ({ principal }, { type, members, title }) => {
      const others = [...new Set(members)].filter(member => member !== principal.userId);
      const unknown = await unknownAmong(others);
      if (unknown !== null) return fail('not_found', `No existe el usuario «${unknown}».`, { user_id: unknown });
      if (type === 'group') {
        const all = [principal.userId, ...others];
        const group = { key: null, title: title ?? null, isOpen: false, members: all };
        const row = await chat.createGroup(group, fresh());
        const events = [event('conversation_created', row)];
        const log = [groupLine('group_created', row, principal.userId)];
        return ok({ reply: { conversation: toConversation(row) }, events, log });
      }
      const [other, more] = others;
      if (other === undefined || more !== undefined) {
        return fail('invalid_message', 'Una conversación directa es con una sola persona más.', { members });
      }
      const { conversation, created } = await chat.direct(principal.userId, other, fresh());
      const events = created ? [event('conversation_created', conversation)] : [];
      return ok({ reply: { conversation: toConversation(conversation) }, events });
    }),

    update: elsewhere(requests.conversations.update, usersOnly, async ({ principal }, { conversation_id, title }) => {
      const found = await findGroup(conversation_id, principal);
      if (!found.ok) return found;
      await chat.rename(conversation_id, title);
      const row = { ...found.value, title };
      return ok({ reply: { conversation: toConversation(row) }, events: [event('conversation_updated', row)] });
    }),

    delete: elsewhere(requests.conversations.delete, usersOnly, async ({ principal }, { conversation_id }) => {
      const row = await find(conversation_id, principal);
      if (!row.ok) return row;
      if (row.value.members.some(member => sessions.get(member)?.status === 'authenticated')) {
        return fail('conflict', 'Es la conversación de una sesión abierta; termínela antes.', { conversation_id });
      }
      await chat.remove(row.value.id);
      discardFilesOf(row.value.id, parts);
      const gone = { type: 'conversation_deleted' as const, data: { conversation_id: row.value.id } };
      return ok({ reply: { conversation_id: row.value.id }, events: [toMembers(gone, row.value.members)] });
    }),

    join: elsewhere(requests.conversations.join, usersOnly, async ({ principal }, { conversation_id }) => {
      const row = await chat.conversation(conversation_id);
      if (!row) return notFound(conversation_id);
      if (row.members.includes(principal.userId)) return ok({ reply: { conversation: toConversation(row) } });
      if (row.type === 'direct' || !row.isOpen) {
        return fail('forbidden', 'Esa conversación es solo para sus miembros.', { conversation_id });
      }
      return joined(row, principal.userId);
    }),

    leave: elsewhere(requests.conversations.leave, usersOnly, async ({ principal }, { conversation_id }) => {
      const found = await findGroup(conversation_id, principal);
      if (!found.ok) return found;
      return left(found.value, principal.userId);
    }),
  };

  async function joined(row: ConversationRow, userId: string) {
    await chat.addMember(row.id, userId);
    const now = (await chat.conversation(row.id)) ?? row;
    const events = [event('conversation_updated', now, { joined: userId })];
    return ok({ reply: { conversation: toConversation(now) }, events, log: [groupLine('group_joined', now, userId)] });
  }

  async function left(row: ConversationRow, userId: string) {
    await chat.removeMember(row.id, userId);
    const members = row.members.filter(member => member !== userId);
    const events = [event('conversation_updated', { ...row, members }, { left: userId })];
    return ok({ reply: { conversation_id: row.id }, events, log: [groupLine('group_left', row, userId)] });
  }

  return handlers;
}

/** What the log says of a group. */
export function groupFacts(row: ConversationRow): Record<string, unknown> {
  return { conversation_id: row.id, title: row.type === 'group' ? (row.title ?? row.key) : null };
}

export function messageHandlers(parts: ChatParts) {
  const { chat, files, clock, ids, quota, maxChars } = parts;
  const { here } = chat;
  const access = chatAccess(parts);
  const toMembers = chatEvents(parts);
  const toLine = chatLines(parts);

  function checked(content: string, fileUrl: string | null): Result<string> {
    const characters = [...content].length;
    if (characters > maxChars) {
      const message = `El mensaje tiene ${characters} caracteres; se admiten ${maxChars}.`;
      return fail('too_large', message, { limit_chars: maxChars });
    }
    if (content.trim() === '' && fileUrl === null) return fail('invalid_message', 'El mensaje está vacío.');
    return ok(content);
  }

  /** A message that this caller wrote. */
  async function own(id: string, principal: Principal) {
    const may = access.mayWrite(principal);
    if (!may.ok) return may;
    const found = await access.message(id, principal);
    if (!found.ok) return found;
    if (found.value.row.senderId !== principal.userId) {
      return fail('forbidden', 'Solo quien lo envió puede cambiar un mensaje.', { message_id: id });
    }
    return found;
  }

  /** The file that its sender put into this message goes with it. */
  function discardFile({ fileUrl, senderId, conversationId }: MessageRow): void {
    const id = fileIdOf(fileUrl);
    const file = id === null ? null : files.get(id);
    if (file && file.owner === senderId && file.conversationId === conversationId) files.discard(file.id, clock.now());
  }

  /** A message as it is to be stored, where this caller may write it. */
  function draft(principal: Principal, message: NewRequest): Result<NewMessage> {
    if (message.sender_id !== principal.userId) {
      return fail('forbidden', 'Nadie escribe en nombre de otro: sender_id no es suyo.', {
        sender_id: message.sender_id,
      });
    }
    const may = access.mayWrite(principal);
    if (!may.ok) return may;
    if (principal.role === 'phone') {
      if (message.type === 'sistema') return fail('forbidden', 'Un teléfono no envía mensajes del sistema.');
      const wait = quota.take(principal.sessionId);
      if (wait !== null) {
        return fail('rate_limited', 'Demasiados mensajes seguidos; espere un momento.', { retry_after_s: wait });
      }
    }
    const fileUrl = message.file_url ?? null;
    const content = checked(message.content, fileUrl);
    if (!content.ok) return content;
    return ok({
      conversationId: message.conversation_id,
      senderId: principal.userId,
      type: message.type,
      content: content.value,
      fileUrl,
      clientId: message.client_id ?? ids.uuid(),
    });
  }

  /** What comes of it, now that it is stored. */
  function sent(posted: Posted, row: NewMessage, principal: Principal) {
    if (!posted.ok) return refused(row.conversationId, principal, posted.why === 'no_member');
    const { created, type, members } = posted;
    const message = toMessage(posted.message);
    const isSame =
      posted.message.conversationId === row.conversationId.toLowerCase() &&
      (posted.message.content === row.content || posted.message.editedAt !== null);
    if (!created && !isSame) {
      return fail('conflict', 'Ese client_id ya es de otro mensaje suyo.', { client_id: row.clientId });
    }
    // In one database a message and its event are there together or not at all.
    if (!created && here) return ok({ reply: { message } });
    const about = { conversation_id: message.conversation_id, message_id: message.id, type: message.type };
    const told = { type: 'new_message' as const, about: { id: message.id }, at: posted.message.at };
    const data = { ...message, conversation_type: type };
    return ok({
      reply: { message },
      ...(created ? {} : { unless: told }),
      events: [toMembers({ type: 'new_message' as const, data }, members)],
      log: [toLine('message_sent', principal.userId, members, about)],
    });
  }

  async function mark(id: string, principal: Principal, as: 'delivered' | 'read') {
    const found = await access.message(id, principal);
    if (!found.ok) return found;
    const marked = await chat.mark(id, principal.userId, as, clock.now());
    if (!marked) return fail('forbidden', 'Ese mensaje no era para usted.', { message_id: id });
    const data = toReceiptEvent(marked.message, marked.receipt);
    const type = as === 'read' ? ('message_read' as const) : ('message_delivered' as const);
    const heard = [marked.message.senderId, principal.userId];
    const { deliveredAt, readAt } = marked.receipt;
    const at = as === 'read' ? readAt : deliveredAt;
    // What has been read is not told as delivered any more.
    if (!data || at === null || (as === 'delivered' && readAt !== null)) {
      return ok({ reply: { message: toMessage(marked.message) } });
    }
    const told = { type, about: { message_id: id, user_id: principal.userId }, at };
    return ok({
      reply: { message: toMessage(marked.message) },
      ...(marked.changed ? {} : { unless: told }),
      events: [toMembers({ type, data }, heard)],
    });
  }

  return {
    get_all: elsewhere(
      requests.messages.get_all,
      anyone,
      async ({ principal }, { conversation_id, before, limit = pageSize }) => {
        const conversation = await access.conversation(conversation_id, principal);
        if (!conversation.ok) return conversation;
        const older = { before: before === undefined ? undefined : Number(before), limit: limit + 1 };
        const found = await chat.history(conversation_id, older);
        const page = found.slice(-limit);
        const next = found.length > limit ? (page[0]?.id ?? null) : null;
        return ok({ reply: { messages: page.map(toMessage), next } });
      },
    ),

    get: elsewhere(requests.messages.get, anyone, async ({ principal }, { message_id }) => {
      const found = await access.message(message_id, principal);
      return found.ok ? ok({ reply: { message: toMessage(found.value.row) } }) : found;
    }),

    create: here
      ? writes(requests.messages.create, anyone, ({ principal }, { message }) => {
          const row = draft(principal, message);
          return row.ok ? sent(here.post(row.value, clock.now()), row.value, principal) : row;
        })
      : elsewhere(requests.messages.create, anyone, async ({ principal }, { message }) => {
          const row = draft(principal, message);
          return row.ok ? sent(await chat.post(row.value, clock.now()), row.value, principal) : row;
        }),

    update: elsewhere(requests.messages.update, anyone, async ({ principal }, { message_id, content }) => {
      const found = await own(message_id, principal);
      if (!found.ok) return found;
      const good = checked(content, found.value.row.fileUrl);
      if (!good.ok) return good;
      const row = await chat.edit(message_id, good.value, clock.now());
      if (!row) return noMessage(message_id);
      const message = toMessage(row);
      const event = toMembers({ type: 'message_updated' as const, data: { message } }, found.value.of.members);
      return ok({ reply: { message }, events: [event] });
    }),

    delete: elsewhere(requests.messages.delete, anyone, async ({ principal }, { message_id }) => {
      const found = await own(message_id, principal);
      if (!found.ok) return found;
      if (!(await chat.removeMessage(message_id))) return noMessage(message_id);
      discardFile(found.value.row);
      const event = { type: 'message_deleted' as const, data: { message_id } };
      return ok({ reply: { message_id }, events: [toMembers(event, found.value.of.members)] });
    }),

    mark_delivered: elsewhere(requests.messages.mark_delivered, anyone, ({ principal }, { message_id }) =>
      mark(message_id, principal, 'delivered'),
    ),

    mark_read: elsewhere(requests.messages.mark_read, anyone, ({ principal }, { message_id }) =>
      mark(message_id, principal, 'read'),
    ),

    typing: elsewhere(requests.messages.typing, anyone, async ({ principal }, { conversation_id }) => {
      const may = access.mayWrite(principal);
      if (!may.ok) return may;
      const conversation = await access.conversation(conversation_id, principal);
      if (!conversation.ok) return conversation;
      const { id, members } = conversation.value;
      const data = { conversation_id: id, user_id: principal.userId };
      const others = members.filter(member => member !== principal.userId);
      return ok({ reply: { conversation_id: id }, events: [toMembers({ type: 'typing' as const, data }, others)] });
    }),
  };
}
