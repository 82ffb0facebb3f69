/**
 * S3: the chat of the older server, over Socket.IO, for those whose query has a `user_id`. (CONTRACT 5, S3.) It writes and
 * marks by the same requests as everybody, and hears what its user's rooms hear.
 */
import type * as z from 'zod/mini';
import type { Conversation, Message } from '../../../../protocol/chat.ts';
import { read, readInput } from '../../../../protocol/codec.ts';
import { fail, ok, type Result } from '../../../../protocol/errors.ts';
import { requests } from '../../../../protocol/requests.ts';
import {
  type Caller,
  type Ears,
  errorOf,
  type Handshake,
  type Peer,
  type SocketDialect,
  type Word,
} from '../../socketio/dialect.ts';
import { ack, confirmed, encode, receiveMessage } from './encode.ts';
import { hears, ownId, type S3Said } from './wire.ts';

/** What has not been delivered to a user, oldest first; it goes on behind the message `next`. */
interface Waiting {
  messages: Message[];
  next: string | null;
}

interface Entered {
  conversation: Conversation;
  /** `sala_chat_id`. */
  number: number;
  waiting: Waiting;
}

export interface S3Parts {
  /** Ways into a conversation that only S3 has. */
  entrance: {
    isReserved(userId: string): boolean;
    direct(userId: string, otherId: string): Promise<Result<Entered>>;
    group(userId: string, group: string): Promise<Result<Entered>>;
    leave(userId: string, group: string): Promise<Result<{ conversationId: string; stays: boolean }>>;
    more(userId: string, conversationId: string, after: string): Promise<Result<Waiting>>;
  };
}

/** Messages of which a connection remembers that it was given them. */
const remembered = 10_000;

/** What a client says of a message that it was given: `mark_delivered` and `mark_read`. */
const marks = 2;

/** Its token, where one is due, has to be its user's own. */
function callerOf({ userId, caller, isLegacy }: Handshake, entrance: S3Parts['entrance']): Result<Caller> {
  const id = read(ownId, userId);
  if (!id.ok) return fail('invalid_message', 'user_id no es válido.', { user_id: userId });
  if (caller) {
    if (!caller.ok || caller.value.userId === id.value) return caller;
    return fail('forbidden', 'El token es de otro usuario.', { user_id: id.value });
  }
  if (!isLegacy) return fail('unauthorized', 'Falta el token de acceso.', { reason: 'missing' });
  if (entrance.isReserved(id.value)) {
    return fail('unauthorized', 'Ese user_id necesita su token.', { user_id: id.value });
  }
  return ok({ userId: id.value, role: 'user' });
}

export function createS3({ entrance }: S3Parts): SocketDialect {
  return {
    takes: ({ userId }) => userId !== null,
    greet: handshake => callerOf(handshake, entrance),
    open(peer) {
      const caller = callerOf(peer.handshake, entrance);
      return caller.ok ? openS3(peer, caller.value, entrance) : { hear: {} };
    },
  };
}

function openS3(peer: Peer, caller: Caller, entrance: S3Parts['entrance']): Ears {
  const { userId } = caller;
  /** Ids of messages that went out to this connection, oldest first. */
  const given = new Set<string>();
  /** Groups that this connection has left, while its user is still a member. */
  const muted = new Set<string>();
  /** What is said to this connection while a mark of its own is on its way; else nobody needs to know. */
  let meanwhile: Set<string> | null = null;

  function give(id: string): boolean {
    if (given.has(id)) return false;
    given.add(id);
    peer.expect(marks);
    const [oldest] = given;
    if (given.size > remembered && oldest !== undefined) given.delete(oldest);
    return true;
  }

  const word: Word = heard => {
    const found = encode(heard, userId);
    if (!found || found.own || (found.conversation !== undefined && muted.has(found.conversation))) return null;
    if (found.message !== undefined && !give(found.message)) return null;
    meanwhile?.add(keyOf(found.said));
    return found.said;
  };

  const say = ({ event, data }: S3Said) => peer.say(event, data);
  const seat = peer.sit('s3', caller, word);
  say({ event: 'connected', data: { status: 'connected', user_id: userId, sid: peer.sid } });

  /** A listener that is called only with what it expects; anything else, and any failure, is an `error` to this client. */
  function on<S extends z.ZodMiniType>(
    event: string,
    schema: S,
    act: (input: z.output<S>) => Promise<Result<unknown>>,
  ): (data: unknown) => Promise<void> {
    return async data => {
      const input = readInput<S>(schema, data);
      const done = input.ok ? await act(input.value) : input;
      if (done.ok) return;
      say(errorOf(done.error, event));
    };
  }

  async function come({ conversation: { id, type }, waiting }: Entered): Promise<Result<null>> {
    muted.delete(id);
    for (let { messages, next } = waiting; ; ) {
      for (const late of messages) if (give(late.id)) say(receiveMessage(late, type));
      if (next === null || !(await peer.drained())) return ok(null);
      const more = await entrance.more(userId, id, next);
      if (!more.ok) return more;
      ({ messages, next } = more.value);
    }
  }

  const mine = (id: string, name: string): Result<null> =>
    id === userId ? ok(null) : fail('forbidden', `${name} no es el de esta conexión.`, { [name]: id });

  async function mark(as: 'delivered' | 'read', id: string, reader: string): Promise<Result<unknown>> {
    const own = mine(reader, 'user_id');
    if (!own.ok) return own;
    const heard = new Set<string>();
    meanwhile = heard;
    const action = as === 'read' ? 'mark_read' : 'mark_delivered';
    const asked = await seat.ask('messages', action, { message_id: id });
    meanwhile = null;
    const reply = asked.ok ? read(requests.messages[action].reply, asked.value) : asked;
    if (!reply.ok) return reply;
    const { receipts, conversation_id } = reply.value.message;
    const receipt = receipts.find(({ user_id }) => user_id === userId);
    if (!receipt?.delivered_at) return ok(null);
    const { delivered_at, read_at } = receipt;
    const again = confirmed(as, { message_id: id, conversation_id, user_id: userId, delivered_at, read_at });
    // It was marked before, so there was no event: this client still gets its answer.
    if (!heard.has(keyOf(again))) say(again);
    return ok(null);
  }

  return {
    hear: {
      join_direct_chat: on('join_direct_chat', hears.join_direct_chat, async ({ other_user_id }) => {
        const entered = await entrance.direct(userId, other_user_id);
        if (!entered.ok) return entered;
        const { conversation, number } = entered.value;
        const place = { sala_chat_id: number, sala_uuid: conversation.id, room: `chat_${conversation.id}` };
        say({ event: 'direct_chat_joined', data: { status: 'ok', other_user_id, ...place } });
        return come(entered.value);
      }),

      join_group: on('join_group', hears.join_group, async ({ group_id }) => {
        const entered = await entrance.group(userId, group_id);
        if (!entered.ok) return entered;
        const { conversation, number } = entered.value;
        const place = { sala_chat_id: number, sala_uuid: conversation.id, room: `group_${conversation.id}` };
        say({ event: 'group_joined', data: { status: 'ok', group_id, ...place } });
        return come(entered.value);
      }),

      leave_group: on('leave_group', hears.leave_group, async ({ group_id }) => {
        const left = await entrance.leave(userId, group_id);
        if (!left.ok) return left;
        if (left.value.stays) muted.add(left.value.conversationId);
        say({ event: 'group_left', data: { status: 'ok', group_id } });
        return ok(null);
      }),

      send_message: on('send_message', hears.send_message, async input => {
        const own = mine(input.sender_id, 'sender_id');
        if (!own.ok) return own;
        const asked = await seat.ask('messages', 'create', {
          message: {
            conversation_id: input.sala_uuid,
            content: input.message,
            sender_id: userId,
            type: input.message_type,
            file_url: input.url_archivo || null,
          },
        });
        const reply = asked.ok ? read(requests.messages.create.reply, asked.value) : asked;
        if (!reply.ok) return reply;
        say(ack(reply.value.message));
        return ok(null);
      }),

      mark_delivered: on('mark_delivered', hears.mark_delivered, ({ mensaje_id, user_id }) =>
        mark('delivered', mensaje_id, user_id),
      ),
      mark_read: on('mark_read', hears.mark_read, ({ mensaje_id, user_id }) => mark('read', mensaje_id, user_id)),
    },
  };
}

function keyOf({ event, data }: S3Said): string {
  return `${event} ${JSON.stringify(data)}`;
}
