/**
 * Where the chat is kept: in this process's own database, or in one on another machine. Each call is all or nothing and
 * stored when its promise is there; it rejects with `StoreUnavailable` where the database does not answer.
 */
import type { MessageType } from '../../../protocol/chat.ts';
import type { UserRow } from '../users/user.ts';
import type { ConversationRow, DirectRow, GroupRow, MessageRow, ReceiptRow } from './chat.ts';

/** What a new conversation gets, where one has to be made. */
export interface Fresh {
  id: string;
  at: number;
}

export interface NewMessage {
  conversationId: string;
  senderId: string;
  type: MessageType;
  content: string;
  fileUrl: string | null;
  clientId: string;
}

export type Posted =
  | { ok: false; why: 'no_conversation' | 'no_member' }
  | { ok: true; message: MessageRow; created: boolean; type: ConversationRow['type']; members: readonly string[] };

export interface Marked {
  message: MessageRow;
  receipt: ReceiptRow;
  /** Whether this mark said anything new. */
  changed: boolean;
}

export interface ChatStore {
  /** The one last written in first, `limit` at most. */
  conversationsOf(userId: string, limit: number): Promise<ConversationRow[]>;
  conversation(id: string): Promise<ConversationRow | null>;
  /** The conversation of these two users, made where there is none. */
  direct(one: string, other: string, fresh: Fresh): Promise<{ conversation: DirectRow; created: boolean }>;
  /** A group by its key. One that exists without a conversation gets it. */
  group(key: string, fresh: Fresh): Promise<GroupRow | null>;
  /** `key`: the name under which it was asked for; `null` for one that gets its number from the database. */
  createGroup(
    group: { key: string | null; title: string | null; isOpen: boolean; members: readonly string[] },
    fresh: Fresh,
  ): Promise<GroupRow>;
  rename(id: string, title: string): Promise<void>;
  /** With its messages, receipts and members. */
  remove(id: string): Promise<void>;
  /** Everything of this user, who is nobody from then on: direct conversations, what was written in groups, receipts. Gives back the direct conversations' ids. */
  erase(userId: string): Promise<string[]>;
  addMember(id: string, userId: string): Promise<void>;
  removeMember(id: string, userId: string): Promise<void>;

  message(id: string): Promise<MessageRow | null>;
  /** Oldest first: the `limit` newest of those before `before`. */
  history(conversationId: string, query: { before?: number | undefined; limit: number }): Promise<MessageRow[]>;
  /** Stores it for all members, whom it names; a sender's `clientId` that is known gives the message that has it. */
  post(message: NewMessage, at: number): Promise<Posted>;
  /**
   * Where the chat is in this process's own database: `post` within the caller's transaction, so that a message and its event
   * are one commit. `null` where it is on another machine.
   */
  here: { post(message: NewMessage, at: number): Posted } | null;
  edit(id: string, content: string, at: number): Promise<MessageRow | null>;
  /** Whether it was there. */
  removeMessage(id: string): Promise<boolean>;
  /** `read` says `delivered` too. `null`: it was not meant for this user. */
  mark(id: string, userId: string, as: 'delivered' | 'read', at: number): Promise<Marked | null>;
  /** What this user has not been given yet, oldest first, `limit` at most, from behind the message `after` on. */
  undelivered(conversationId: string, userId: string, limit: number, after?: string): Promise<MessageRow[]>;
}

export interface UserStore {
  /** By id, `limit` at most. */
  all(limit: number): Promise<UserRow[]>;
  get(id: string): Promise<UserRow | null>;
  /** Makes the user where there is none; says whether it did. */
  seen(user: UserRow): Promise<boolean>;
  /** `null`: there is none. */
  update(
    id: string,
    change: { name?: string | undefined; role?: UserRow['role'] | undefined },
  ): Promise<UserRow | null>;
  /** Whether there was one. What was written stays. */
  remove(id: string): Promise<boolean>;
}
