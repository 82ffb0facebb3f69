/** Conversations and their messages, as every protocol but S3 shows them. (CONTRACT 4 "Shapes".) */
import * as z from 'zod/mini';
import { id, line, timestamp, uuid } from './primitives.ts';
import { userId } from './user.ts';

/** S3's words for them, on every protocol. */
export const messageType = z.enum(['texto', 'imagen', 'archivo', 'audio', 'sistema']);
export type MessageType = z.infer<typeof messageType>;

/** What became of a message at one of those it was meant for. Neither time ever goes back, and nothing is read before it is delivered. */
const receipt = z.object({
  user_id: id,
  delivered_at: z.nullable(timestamp),
  read_at: z.nullable(timestamp),
});
export type Receipt = z.infer<typeof receipt>;

export const message = z.object({
  /** A whole number in digits; a later message has a larger one. S3 calls it `mensaje_id`. */
  id,
  conversation_id: id,
  sender_id: id,
  type: messageType,
  content: z.string(),
  file_url: z.nullable(z.string()),
  timestamp,
  edited_at: z.nullable(timestamp),
  /** The sender's own, or one that the server made. S3 calls it `mensaje_uuid`. */
  client_id: uuid,
  /** One for each who was a member when it was sent, the sender aside: "x of y have read it". */
  receipts: z.array(receipt),
});
export type Message = z.infer<typeof message>;

export const conversation = z.object({
  /** S3 calls it `sala_uuid`. */
  id: uuid,
  type: z.enum(['direct', 'group']),
  title: z.nullable(z.string()),
  members: z.array(id),
  created_at: timestamp,
  last_message: z.nullable(message),
});
export type Conversation = z.infer<typeof conversation>;

/** What a person wrote, lines and all. */
export const content = z.string().check(z.refine(text => !text.includes('\0'), 'no admite el carácter NUL'));

/** No link that would run something in whoever follows it: http(s), or a path without a scheme. */
export const fileUrl = z
  .string()
  .check(
    z.minLength(1),
    z.maxLength(2_000),
    z.regex(/^(https?:\/\/[^\s\p{Cc}]+|[^\s:\p{Cc}]+)$/iu, 'debe ser http(s) o una ruta'),
  );

/** S4 is in English, and so are its programs; they hear S3's words. */
const saidType = z.pipe(
  z.enum([...messageType.options, 'text', 'image', 'file', 'system']),
  z.transform((word): MessageType => {
    switch (word) {
      case 'text':
        return 'texto';
      case 'image':
        return 'imagen';
      case 'file':
        return 'archivo';
      case 'system':
        return 'sistema';
      default:
        return word;
    }
  }),
);

export const messageInput = z.object({
  conversation_id: id,
  content,
  sender_id: id,
  type: z._default(saidType, 'texto'),
  file_url: z.optional(z.nullable(fileUrl)),
  /** Sent again with the same one, a message is still the same message. */
  client_id: z.optional(uuid),
});

export const conversationInput = z.object({
  type: z.enum(['direct', 'group']),
  /** The caller is one of them, named or not. */
  members: z.array(userId).check(z.maxLength(500)),
  title: z.optional(line),
});

/** A message as it goes out, with what kind of conversation it is in. */
export const newMessage = z.extend(message, { conversation_type: z.optional(z.enum(['direct', 'group'])) });

/** `next` goes into `before` for the following, older page; `null` on the last one. Within a page the oldest comes first. */
export const messagePage = z.object({ messages: z.array(message), next: z.nullable(z.string()) });

export const conversationEvent = z.object({
  conversation,
  /** Who has just come into, or left, this group, and the group's id for S3's clients. */
  joined: z.optional(id),
  left: z.optional(id),
  group_id: z.optional(id),
});

export const receiptEvent = z.object({
  message_id: id,
  conversation_id: id,
  user_id: id,
  delivered_at: timestamp,
  read_at: z.nullable(timestamp),
});
export type ReceiptEvent = z.infer<typeof receiptEvent>;
