/** S3's events both ways, as they are read, written and described. Ids may be numbers in what a client says, as they are in the database behind it. */
import * as z from 'zod/mini';
import { content, fileUrl, messageType } from '../../../../protocol/chat.ts';
import { id, timestamp, uuid } from '../../../../protocol/primitives.ts';
import { userId } from '../../../../protocol/user.ts';
import { errorSaid, type Saying } from '../../socketio/dialect.ts';

const ref = z.pipe(
  z.pipe(
    z.union([z.string(), z.int()]),
    z.transform(value => String(value).trim()),
  ),
  userId,
);
const chatType = z.enum(['directo', 'grupal']);

/** Of the handshake's query. */
export const ownId = userId;

/** What a client says. */
export const hears = {
  join_direct_chat: z.object({ other_user_id: ref }),
  join_group: z.object({ group_id: ref }),
  leave_group: z.object({ group_id: ref }),
  /** `timestamp` is the client's and does not count: the server's does. */
  send_message: z.object({
    sala_uuid: z.string().check(z.minLength(1), z.maxLength(64)),
    message: z._default(content, ''),
    sender_id: ref,
    type: z.optional(chatType),
    message_type: z._default(messageType, 'texto'),
    url_archivo: z.optional(z.nullable(z.union([fileUrl, z.literal('')]))),
  }),
  mark_delivered: z.object({ mensaje_id: ref, user_id: ref }),
  mark_read: z.object({ mensaje_id: ref, user_id: ref }),
} as const;

const joined = { status: z.literal('ok'), sala_chat_id: z.int(), sala_uuid: uuid, room: z.string() };
const written = { mensaje_id: id, mensaje_uuid: uuid, sala_uuid: uuid, message_type: messageType, timestamp };
const ofGroup = z.object({ user_id: id, group_id: id, sala_uuid: uuid });

/** What the server says. */
export const says = {
  connected: z.object({ status: z.literal('connected'), user_id: id, sid: z.string() }),
  direct_chat_joined: z.object({ ...joined, other_user_id: id }),
  group_joined: z.object({ ...joined, group_id: id }),
  group_left: z.object({ status: z.literal('ok'), group_id: id }),
  /** To the other members. */
  user_joined_group: ofGroup,
  user_left_group: ofGroup,
  /** Stored: to its sender. */
  ack: z.object({ status: z.literal('sent'), ...written }),
  receive_message: z.object({
    from: id,
    message: z.string(),
    type: chatType,
    ...written,
    url_archivo: z.optional(z.string()),
  }),
  delivery_confirmed: z.object({ mensaje_id: id, user_id: id, entregado_en: timestamp }),
  read_confirmed: z.object({ mensaje_id: id, user_id: id, leido_en: z.nullable(timestamp) }),
  error: errorSaid,
} as const;

export type S3Said = Saying<typeof says>;
