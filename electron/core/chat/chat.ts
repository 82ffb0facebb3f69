/** Conversations and messages as the rules know them, and as they go out. */
import type { Conversation, Message, MessageType, Receipt, ReceiptEvent } from '../../../protocol/chat.ts';

export interface ReceiptRow {
  userId: string;
  deliveredAt: number | null;
  readAt: number | null;
}

export interface MessageRow {
  id: string;
  conversationId: string;
  senderId: string;
  type: MessageType;
  content: string;
  fileUrl: string | null;
  at: number;
  editedAt: number | null;
  clientId: string;
  receipts: ReceiptRow[];
}

interface Base {
  id: string;
  /** The row's own number, which S3's clients see as `sala_chat_id`. */
  number: number;
  members: string[];
  createdAt: number;
  lastMessage: MessageRow | null;
}

export interface DirectRow extends Base {
  type: 'direct';
}

export interface GroupRow extends Base {
  type: 'group';
  title: string | null;
  /** What S3's clients call it: its number, or the name under which the first of them asked for it. */
  key: string;
  /** Anybody may join: made on first sight by an S3 client. */
  isOpen: boolean;
}

export type ConversationRow = DirectRow | GroupRow;

const iso = (at: number) => new Date(at).toISOString();
const isoOrNull = (at: number | null) => (at === null ? null : iso(at));

export function toMessage(row: MessageRow): Message {
  return {
    id: row.id,
    conversation_id: row.conversationId,
    sender_id: row.senderId,
    type: row.type,
    content: row.content,
    file_url: row.fileUrl,
    timestamp: iso(row.at),
    edited_at: isoOrNull(row.editedAt),
    client_id: row.clientId,
    receipts: row.receipts.map(toReceipt),
  };
}

function toReceipt({ userId, deliveredAt, readAt }: ReceiptRow): Receipt {
  return { user_id: userId, delivered_at: isoOrNull(deliveredAt), read_at: isoOrNull(readAt) };
}

/** `null` for a receipt that says nothing yet. */
export function toReceiptEvent(message: MessageRow, { userId, deliveredAt, readAt }: ReceiptRow): ReceiptEvent | null {
  if (deliveredAt === null) return null;
  return {
    message_id: message.id,
    conversation_id: message.conversationId,
    user_id: userId,
    delivered_at: iso(deliveredAt),
    read_at: isoOrNull(readAt),
  };
}

export function toConversation(row: ConversationRow): Conversation {
  return {
    id: row.id,
    type: row.type,
    title: row.type === 'group' ? row.title : null,
    members: row.members,
    created_at: iso(row.createdAt),
    last_message: row.lastMessage ? toMessage(row.lastMessage) : null,
  };
}
