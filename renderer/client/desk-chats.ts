/**
 * All conversations of whoever is signed in, without opening any: what was written last, how much of it is unread, and the
 * threads of those that are open. What comes in is marked as delivered here; as read it is marked by the thread that shows it.
 */
import type { Conversation, Message } from '../../protocol/chat.ts';
import type { EventData } from '../../protocol/events.ts';
import type { User } from '../../protocol/user.ts';
import { Attachments } from './attachments.ts';
import { type Draft, memoryDraft } from './chat-draft.ts';
import { memoryOutbox, type Outbox } from './chat-outbox.ts';
import { ChatThread } from './chat-thread.ts';
import type { HttpClient } from './http-client.ts';
import type { MostradorClient } from './types.ts';
import { Watched } from './watched.ts';

export interface ChatsSnapshot {
  /** The signed-in user's id; `null` before the first connection. */
  me: string | null;
  load: 'loading' | 'ready' | 'failed';
  /** The one last written in first. */
  conversations: readonly Conversation[];
  /** Unread messages by conversation; one without any is not in it. */
  unread: ReadonlyMap<string, number>;
}

/** A conversation that is being looked at, or was a moment ago. */
export interface OpenChat {
  thread: ChatThread;
  attachments: Attachments;
  draft: Draft;
}

export interface DeskChatsOptions {
  client: MostradorClient;
  upload: HttpClient['uploadFile'];
  /** Where unsent messages are kept. Default: gone with the page. */
  outboxOf?: (conversationId: string) => Outbox;
  /** Where what was begun to be written is kept. Default: gone with the page. */
  draftOf?: (conversationId: string) => Draft;
}

interface Opened extends OpenChat {
  stop: () => void;
}

/** So many conversations stay open in memory; the one opened longest ago goes first. */
const keptOpen = 12;

export class DeskChats extends Watched<ChatsSnapshot> {
  readonly #client: MostradorClient;
  readonly #upload: HttpClient['uploadFile'];
  readonly #outboxOf: (conversationId: string) => Outbox;
  readonly #draftOf: (conversationId: string) => Draft;
  #conversations = new Map<string, Conversation>();
  /** Ids of unread messages, by conversation. */
  #unread = new Map<string, Set<string>>();
  /** Read or deleted here while a page that still calls them unread may be on its way. */
  readonly #settled = new Set<string>();
  readonly #opened = new Map<string, Opened>();
  #me: string | null = null;
  #load: ChatsSnapshot['load'] = 'loading';
  #fetches = 0;

  constructor({ client, upload, outboxOf = memoryOutbox, draftOf = memoryDraft }: DeskChatsOptions) {
    super({ me: null, load: 'loading', conversations: [], unread: new Map() });
    this.#client = client;
    this.#upload = upload;
    this.#outboxOf = outboxOf;
    this.#draftOf = draftOf;
  }

  /** Before the client connects; what it returns stops all of it. */
  start(): () => void {
    const client = this.#client;
    const off = [
      client.on('connected', data => this.#connected(data)),
      client.onResync(() => void this.reload()),
      client.on('new_message', message => this.#hear(message)),
      client.on('message_updated', ({ message }) => this.#rewrite(message)),
      client.on('message_deleted', ({ message_id }) => this.#forget(message_id)),
      client.on('message_read', ({ message_id, user_id }) => {
        if (user_id === this.#me) this.#settle(message_id);
      }),
      client.on('conversation_created', ({ conversation }) => this.#take(conversation)),
      client.on('conversation_updated', ({ conversation, left }) => {
        if (left !== undefined && left === this.#me) this.#drop(conversation.id);
        else this.#take(conversation);
      }),
      client.on('conversation_deleted', ({ conversation_id }) => this.#drop(conversation_id)),
    ];
    return () => {
      for (const stop of off) stop();
      for (const { stop } of this.#opened.values()) stop();
      this.#opened.clear();
    };
  }

  /** Opened at the first asking; `null` before it is known who is signed in. */
  open(conversationId: string): OpenChat | null {
    const known = this.#opened.get(conversationId);
    if (known) {
      // The last one asked for stays the longest.
      this.#opened.delete(conversationId);
      this.#opened.set(conversationId, known);
      return known;
    }
    const me = this.#me;
    if (me === null) return null;
    const outbox = this.#outboxOf(conversationId);
    const thread = new ChatThread({ client: this.#client, conversationId, me, outbox });
    const attachments = new Attachments({ upload: this.#upload, conversationId, say: said => void thread.send(said) });
    const opened = { thread, attachments, draft: this.#draftOf(conversationId), stop: thread.start() };
    this.#opened.set(conversationId, opened);
    this.#closeOldest();
    return opened;
  }

  /** Whether it is on the screen, where what comes is seen, and read aloud, by itself. */
  isLookedAt(conversationId: string): boolean {
    return this.#opened.get(conversationId)?.thread.isLookedAt ?? false;
  }

  /** Rejects with a RequestError, as do the others that ask the server. */
  async createGroup(title: string, members: readonly string[]): Promise<Conversation> {
    const input = { type: 'group' as const, title, members: [...members] };
    const { conversation } = await this.#client.send('conversations', 'create', input);
    this.#take(conversation);
    return conversation;
  }

  async leave(conversationId: string): Promise<void> {
    await this.#client.send('conversations', 'leave', { conversation_id: conversationId });
    this.#drop(conversationId);
  }

  async users(): Promise<readonly User[]> {
    return (await this.#client.send('users', 'get_all', {})).users;
  }

  /** Fetches all of it anew; what is shown stays until it is there. */
  async reload(): Promise<void> {
    const me = this.#me;
    if (me === null) return;
    this.#fetches += 1;
    const turn = this.#fetches;
    if (this.#load === 'failed') this.#load = 'loading';
    this.#changed();
    try {
      const { conversations } = await this.#client.send('conversations', 'get_all', { user_id: me });
      if (turn !== this.#fetches) return;
      this.#conversations = new Map(conversations.map(one => [one.id, one]));
      this.#load = 'ready';
      this.#changed();
      for (const { id, last_message } of conversations) {
        if (last_message && this.#isUnread(last_message)) await this.#count(id);
        if (turn !== this.#fetches) return;
      }
    } catch {
      if (turn === this.#fetches && this.#load === 'loading') this.#load = 'failed';
    }
    this.#changed();
  }

  #connected({ user_id }: EventData<'connected'>): void {
    this.#me = user_id;
    // After a break the SDK has the missed events replayed.
    if (this.#load === 'ready') this.#changed();
    else void this.reload();
  }

  /** How much is unread of the newest page of one. */
  async #count(conversationId: string): Promise<void> {
    const { messages } = await this.#client.send('messages', 'get_all', { conversation_id: conversationId });
    for (const message of messages) this.#receive(message);
    this.#changed();
  }

  #hear(message: Message): void {
    const conversation = this.#conversations.get(message.conversation_id);
    if (conversation) this.#conversations.set(conversation.id, { ...conversation, last_message: message });
    this.#receive(message);
    this.#changed();
  }

  #receive(message: Message): void {
    const { id, conversation_id } = message;
    if (!this.#isUnread(message) || this.#settled.has(id)) return;
    const unread = this.#unread.get(conversation_id) ?? new Set();
    this.#unread.set(conversation_id, unread.add(id));
    const own = message.receipts.find(receipt => receipt.user_id === this.#me);
    // An open thread says so itself.
    if (own?.delivered_at !== null || this.#opened.has(conversation_id)) return;
    this.#client.send('messages', 'mark_delivered', { message_id: id }).catch(() => {});
  }

  #isUnread({ receipts }: Message): boolean {
    return receipts.some(receipt => receipt.user_id === this.#me && receipt.read_at === null);
  }

  #rewrite(message: Message): void {
    const conversation = this.#conversations.get(message.conversation_id);
    if (conversation?.last_message?.id !== message.id) return;
    this.#take({ ...conversation, last_message: message });
  }

  #forget(messageId: string): void {
    for (const conversation of this.#conversations.values()) {
      if (conversation.last_message?.id !== messageId) continue;
      this.#conversations.set(conversation.id, { ...conversation, last_message: null });
    }
    this.#settle(messageId);
  }

  #settle(messageId: string): void {
    this.#settled.add(messageId);
    for (const [id, unread] of this.#unread) if (unread.delete(messageId) && unread.size === 0) this.#unread.delete(id);
    this.#changed();
  }

  #take(conversation: Conversation): void {
    this.#conversations.set(conversation.id, conversation);
    this.#changed();
  }

  #drop(conversationId: string): void {
    this.#conversations.delete(conversationId);
    this.#unread.delete(conversationId);
    this.#opened.get(conversationId)?.stop();
    this.#opened.delete(conversationId);
    // Nobody is left to get it, and it may be about somebody who is to be forgotten.
    this.#draftOf(conversationId).text = '';
    void this.#outboxOf(conversationId)
      .save([])
      .catch(() => {});
    this.#changed();
  }

  /** Never one in which something still waits to be sent. */
  #closeOldest(): void {
    for (const [id, { thread, attachments, draft, stop }] of this.#opened) {
      if (this.#opened.size <= keptOpen) return;
      const isBusy = thread.getSnapshot().messages.some(message => message.id === null);
      if (isBusy || draft.text !== '' || attachments.getSnapshot().length > 0) continue;
      stop();
      this.#opened.delete(id);
    }
  }

  #changed(): void {
    this.show({
      me: this.#me,
      load: this.#load,
      conversations: [...this.#conversations.values()].sort((a, b) => writtenAt(b).localeCompare(writtenAt(a))),
      unread: new Map([...this.#unread].map(([id, messages]) => [id, messages.size])),
    });
  }
}

function writtenAt({ last_message, created_at }: Conversation): string {
  return last_message?.timestamp ?? created_at;
}
