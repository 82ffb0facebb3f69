/** A message as a conversation shows it, from the moment it is written until all others have read it. */
import type { Message, MessageType, Receipt } from '../../protocol/chat.ts';
import type { Failure } from '../../protocol/errors.ts';
import type { Outgoing } from './chat-outbox.ts';

export type MessageState =
  /** Somebody else's. */
  | { name: 'received' }
  /** It goes out by itself; `failure` says why the last try was put off (too many in a minute). */
  | { name: 'waiting'; failure: Failure | null }
  | { name: 'sending' }
  /** It waits for the person. */
  | { name: 'failed'; failure: Failure }
  /** By the slowest of those it is for; `delivered` and `read` count them, out of `of`. */
  | { name: 'sent' | 'delivered' | 'read'; delivered: number; read: number; of: number };

export interface ThreadMessage {
  /** Stays the same from writing to reading. */
  key: string;
  /** `null` until the server has it. */
  id: string | null;
  mine: boolean;
  sender_id: string;
  type: MessageType;
  content: string;
  file_url: string | null;
  /** ISO 8601; by this machine's clock until the server has it. */
  timestamp: string;
  edited: boolean;
  state: MessageState;
}

export function showMessage(message: Message, me: string): ThreadMessage {
  const mine = message.sender_id === me;
  return {
    // The id of another's message, since one could take our client_id for theirs.
    key: mine ? message.client_id : message.id,
    id: message.id,
    mine,
    sender_id: message.sender_id,
    type: message.type,
    content: message.content,
    file_url: message.file_url,
    timestamp: message.timestamp,
    edited: message.edited_at !== null,
    state: mine ? ticksOf(message.receipts) : { name: 'received' },
  };
}

export function showOutgoing(outgoing: Outgoing, me: string, state: MessageState): ThreadMessage {
  const { client_id: key, at, failure: _, ...said } = outgoing;
  const timestamp = new Date(at).toISOString();
  return { key, id: null, mine: true, sender_id: me, ...said, timestamp, edited: false, state };
}

function ticksOf(receipts: readonly Receipt[]): MessageState {
  const of = receipts.length;
  const delivered = receipts.filter(receipt => receipt.delivered_at !== null).length;
  const read = receipts.filter(receipt => receipt.read_at !== null).length;
  const name = of === 0 || delivered < of ? 'sent' : read < of ? 'delivered' : 'read';
  return { name, delivered, read, of };
}

/** The newer of two tellings of one message, whichever came first: an edit is not undone, and a receipt does not go back. */
export function merged(known: Message | undefined, told: Message): Message {
  if (!known) return told;
  const newer = (known.edited_at ?? '') > (told.edited_at ?? '') ? known : told;
  return known.receipts.reduce(withReceipt, withReceipts(newer, told.receipts));
}

/** A receipt of somebody it was not for changes nothing. */
export function withReceipt(message: Message, { user_id, delivered_at, read_at }: Receipt): Message {
  return withReceipts(
    message,
    message.receipts.map(receipt =>
      receipt.user_id === user_id
        ? { user_id, delivered_at: receipt.delivered_at ?? delivered_at, read_at: receipt.read_at ?? read_at }
        : receipt,
    ),
  );
}

function withReceipts(message: Message, receipts: Receipt[]): Message {
  return { ...message, receipts };
}
