/** What an S3 client says, by event. Ids may be numbers there, as they are in the database behind it. */
import * as z from 'zod/mini';
import { content, fileUrl, messageType } from '../../../../protocol/chat.ts';
import { userId } from '../../../../protocol/user.ts';

const ref = z.pipe(
  z.pipe(
    z.union([z.string(), z.int()]),
    z.transform(value => String(value).trim()),
  ),
  userId,
);

/** Of the handshake's query. */
export const ownId = userId;

export const said = {
  join_direct_chat: z.object({ other_user_id: ref }),
  join_group: z.object({ group_id: ref }),
  leave_group: z.object({ group_id: ref }),
  /** `timestamp` is the client's and does not count: the server's does. */
  send_message: z.object({
    sala_uuid: z.string().check(z.minLength(1), z.maxLength(64)),
    message: z._default(content, ''),
    sender_id: ref,
    type: z.optional(z.enum(['directo', 'grupal'])),
    message_type: z._default(messageType, 'texto'),
    url_archivo: z.optional(z.nullable(z.union([fileUrl, z.literal('')]))),
  }),
  mark_delivered: z.object({ mensaje_id: ref, user_id: ref }),
  mark_read: z.object({ mensaje_id: ref, user_id: ref }),
} as const;
