/** Our events and shapes in S3's words. */
import * as z from 'zod/mini';
import {
  conversationEvent,
  type Message,
  newMessage,
  type ReceiptEvent,
  receiptEvent,
} from '../../../../protocol/chat.ts';
import type { Heard } from '../../socketio/dialect.ts';
import type { S3Said } from './wire.ts';

type Kind = 'direct' | 'group';

const kinds = { direct: 'directo', group: 'grupal' } as const;

export function receiveMessage(message: Message, kind: Kind): S3Said {
  return {
    event: 'receive_message',
    data: {
      from: message.sender_id,
      message: message.content,
      type: kinds[kind],
      message_type: message.type,
      timestamp: message.timestamp,
      mensaje_id: message.id,
      mensaje_uuid: message.client_id,
      sala_uuid: message.conversation_id,
      ...(message.file_url === null ? {} : { url_archivo: message.file_url }),
    },
  };
}

export function ack(message: Message): S3Said {
  return {
    event: 'ack',
    data: {
      status: 'sent',
      mensaje_id: message.id,
      mensaje_uuid: message.client_id,
      sala_uuid: message.conversation_id,
      message_type: message.type,
      timestamp: message.timestamp,
    },
  };
}

export function confirmed(
  as: 'delivered' | 'read',
  { message_id, user_id, delivered_at, read_at }: ReceiptEvent,
): S3Said {
  return as === 'read'
    ? { event: 'read_confirmed', data: { mensaje_id: message_id, user_id, leido_en: read_at } }
    : { event: 'delivery_confirmed', data: { mensaje_id: message_id, user_id, entregado_en: delivered_at } };
}

const heardEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('new_message'), data: newMessage }),
  z.object({ type: z.literal('message_delivered'), data: receiptEvent }),
  z.object({ type: z.literal('message_read'), data: receiptEvent }),
  z.object({ type: z.literal('conversation_created'), data: conversationEvent }),
  z.object({ type: z.literal('conversation_updated'), data: conversationEvent }),
]);

/** What an event says in S3's words, and what it is about; `null` where S3 has none for it. */
export function encode(
  { type, data }: Heard,
  userId: string,
): { said: S3Said; message?: string; conversation?: string; own: boolean } | null {
  const event = z.safeParse(heardEvent, { type, data });
  if (!event.success) return null;
  const heard = event.data;
  switch (heard.type) {
    case 'new_message': {
      const { conversation_type: kind = 'direct', ...message } = heard.data;
      const said = receiveMessage(message, kind);
      return { said, message: message.id, conversation: message.conversation_id, own: message.sender_id === userId };
    }
    case 'message_delivered':
      return { said: confirmed('delivered', heard.data), own: false };
    case 'message_read':
      return { said: confirmed('read', heard.data), own: false };
    case 'conversation_created':
    case 'conversation_updated': {
      const { conversation, joined, left, group_id } = heard.data;
      const user_id = joined ?? left;
      if (user_id === undefined || group_id === undefined) return null;
      const data = { user_id, group_id, sala_uuid: conversation.id };
      const said: S3Said = { event: joined === undefined ? 'user_left_group' : 'user_joined_group', data };
      return { said, conversation: conversation.id, own: user_id === userId };
    }
    default:
      return heard satisfies never;
  }
}
