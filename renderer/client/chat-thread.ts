/**
 * One conversation outside any view: its messages in order, their ticks, who is writing, how much is unread. What is written
 * shows at once, is kept in the outbox until the server has it, and goes out in order, once, also after a reload.
 */
import type { Message, Receipt } from '../../protocol/chat.ts';
import type { Failure } from '../../protocol/errors.ts';
import type { Reply } from '../../protocol/requests.ts';
import { type Backoff, waitBefore } from './backoff.ts';
import {
  type MessageState,
  merged,
  showMessage,
  showOutgoing,
  type ThreadMessage,
  withReceipt,
} from './chat-message.ts';
import type { Outbox, Outgoing } from './chat-outbox.ts';
import { uuid } from './random.ts';
import { RequestError } from './request-error.ts';
import type { MostradorClient } from './types.ts';
import { Watched } from './watched.ts';

export interface ThreadSnapshot {
  /** Of the newest page. After a failure the next connection, or `reload`, tries again. */
  load: 'loading' | 'ready' | 'failed';
  /** Oldest first; what the server does not have yet comes last. A message that did not change stays the same object. */
  messages: readonly ThreadMessage[];
  /** Whether there are older ones to ask for. */
  older: 'none' | 'some' | 'loading' | 'failed';
  /** Of the messages that are here. */
  unread: number;
  /** The ids of those who are writing now. */
  typing: readonly string[];
}

export interface ThreadOptions {
  client: Pick<MostradorClient, 'state' | 'on' | 'onResync' | 'send'>;
  conversationId: string;
  /** The caller's own user id; on a phone its session's id. */
  me: string;
  outbox: Outbox;
  /** Milliseconds since 1970. */
  now?: () => number;
  newId?: () => string;
  backoff?: Backoff;
}

export interface Said {
  type: Message['type'];
  content: string;
  file_url?: string | null;
  /** Of the caller's making: said again with the same one it is still one message. */
  client_id?: string;
}

/** Milliseconds: how often "writing" is told at most, and how long it is believed. */
const typingEvery = 3_000;
const typingLasts = 6_000;
/** Before the next try after "too many", where the server does not say. */
const tooManyWait = 5_000;

export class ChatThread extends Watched<ThreadSnapshot> {
  readonly #options: ThreadOptions;
  readonly #now: () => number;
  readonly #backoff: Backoff;
  #messages = new Map<string, Message>();
  #outbox: Outgoing[] = [];
  /** What the server said of them is newer than any page that was asked for before. */
  readonly #heard = new Set<(() => void)[]>();
  readonly #shown = new WeakMap<Message, ThreadMessage>();
  readonly #typing = new Map<string, ReturnType<typeof setTimeout>>();
  /** Seen here, whether or not the server knows; and what it was asked to mark on this connection. */
  readonly #seen = new Set<string>();
  readonly #asked = new Map<string, 'mark_delivered' | 'mark_read'>();
  #load: ThreadSnapshot['load'] = 'loading';
  #older: ThreadSnapshot['older'] = 'none';
  #next: string | null = null;
  /** Counts fetches of the newest page, so that the answer to an earlier one is not taken for it. */
  #fetches = 0;
  #outboxRead = false;
  #saving: Promise<void> = Promise.resolve();
  #sending: string | null = null;
  #putOff: { key: string; failure: Failure } | null = null;
  #failures = 0;
  #pause: ReturnType<typeof setTimeout> | undefined;
  #isLooking = false;
  #toldTyping = Number.NEGATIVE_INFINITY;
  #over = false;

  constructor(options: ThreadOptions) {
    super({ load: 'loading', messages: [], older: 'none', unread: 0, typing: [] });
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#backoff = options.backoff ?? { first: 1_000, most: 15_000 };
  }

  /** Call once, at the latest when the client connects; what it returns stops it for good. */
  start(): () => void {
    const { client, conversationId } = this.#options;
    const off = [
      client.on('connected', () => this.#connected()),
      client.onResync(() => void this.reload()),
      client.on('new_message', message => this.#hear(message, () => this.#put(message))),
      client.on('message_updated', ({ message }) => this.#hear(message, () => this.#put(message))),
      client.on('message_deleted', ({ message_id }) =>
        this.#hear({ conversation_id: conversationId }, () => this.#messages.delete(message_id)),
      ),
      client.on('message_delivered', receipt => this.#hear(receipt, () => this.#receive(receipt.message_id, receipt))),
      client.on('message_read', receipt => this.#hear(receipt, () => this.#receive(receipt.message_id, receipt))),
      client.on('typing', ({ conversation_id, user_id }) => {
        if (conversation_id === conversationId) this.#writes(user_id);
      }),
    ];
    void this.#readOutbox();
    if (client.state === 'connected') this.#connected();
    return () => {
      this.#over = true;
      for (const stop of off) stop();
      clearTimeout(this.#pause);
      for (const timer of this.#typing.values()) clearTimeout(timer);
    };
  }

  /** Shows it at once and sends it when its turn comes; answers its `key`. */
  send(what: string | Said): string {
    const said: Said = typeof what === 'string' ? { type: 'texto', content: what } : what;
    const { type, content, file_url = null, client_id = (this.#options.newId ?? uuid)() } = said;
    const isKnown = this.#outbox.some(one => one.client_id === client_id);
    if (!isKnown) this.#keep([...this.#outbox, { client_id, type, content, file_url, at: this.#now(), failure: null }]);
    this.#toldTyping = Number.NEGATIVE_INFINITY;
    void this.#pump();
    return client_id;
  }

  /** One that failed goes out again, behind those that wait. */
  retry(key: string): void {
    const failed = this.#outbox.find(one => one.client_id === key && one.failure !== null);
    if (!failed) return;
    this.#keep([...this.#outbox.filter(one => one !== failed), { ...failed, failure: null }]);
    void this.#pump();
  }

  /** Forgets one that the server does not have. Does nothing while it is on its way. */
  discard(key: string): void {
    if (this.#sending !== key) this.#keep(this.#outbox.filter(one => one.client_id !== key));
  }

  /** Rejects with a RequestError, as does `remove`. */
  async edit(id: string, content: string): Promise<void> {
    const { message } = await this.#options.client.send('messages', 'update', { message_id: id, content });
    this.#hear(message, () => this.#put(message));
  }

  async remove(id: string): Promise<void> {
    await this.#options.client.send('messages', 'delete', { message_id: id });
    this.#hear({ conversation_id: this.#options.conversationId }, () => this.#messages.delete(id));
  }

  /** Resolves when the outbox is kept as it is now, or could not be. */
  async kept(): Promise<void> {
    await this.#saving;
  }

  get isLookedAt(): boolean {
    return this.#isLooking;
  }

  /** While somebody looks at it, what comes counts as read. */
  look(isLooking: boolean): void {
    this.#isLooking = isLooking;
    this.#changed();
  }

  /** The person is writing: call at each key, the others are told every few seconds. */
  typing(): void {
    const { client, conversationId: conversation_id } = this.#options;
    if (client.state !== 'connected' || this.#now() - this.#toldTyping < typingEvery) return;
    this.#toldTyping = this.#now();
    client.send('messages', 'typing', { conversation_id }).catch(() => {});
  }

  /** Fetches the newest page anew; what is shown stays until it is there, and goes then where it is not part of it. */
  async reload(): Promise<void> {
    this.#fetches += 1;
    if (this.#load === 'failed') this.#load = 'loading';
    this.#changed();
    await this.#fetch(
      {},
      {
        take: ({ messages, next }) => {
          this.#messages = new Map();
          for (const message of messages) this.#put(message);
          this.#next = next;
          this.#older = next === null ? 'none' : 'some';
          this.#load = 'ready';
        },
        fail: () => {
          if (this.#load === 'loading') this.#load = 'failed';
        },
      },
    );
  }

  /** Fetches the page before the oldest message that is here. */
  async loadOlder(): Promise<void> {
    const before = this.#next;
    if (before === null || this.#older === 'loading') return;
    this.#older = 'loading';
    this.#changed();
    await this.#fetch(
      { before },
      {
        take: ({ messages, next }) => {
          for (const message of messages) this.#put(message);
          this.#next = next;
          this.#older = next === null ? 'none' : 'some';
        },
        fail: () => {
          this.#older = 'failed';
        },
      },
    );
  }

  /** What is heard while a page is on its way is newer than the page, and is done once more on top of it. */
  async #fetch(
    from: { before?: string },
    then: { take: (page: Reply<'messages', 'get_all'>) => void; fail: () => void },
  ): Promise<void> {
    const turn = this.#fetches;
    const heard: (() => void)[] = [];
    this.#heard.add(heard);
    try {
      const { client, conversationId: conversation_id } = this.#options;
      const page = await client.send('messages', 'get_all', { conversation_id, ...from });
      if (turn !== this.#fetches) return;
      then.take(page);
      for (const again of heard) again();
    } catch {
      if (turn === this.#fetches) then.fail();
    } finally {
      this.#heard.delete(heard);
      this.#changed();
    }
  }

  #connected(): void {
    this.#asked.clear();
    // A break is over: the missed events are replayed, and what waits need not wait longer.
    this.#failures = 0;
    this.#unpause();
    if (this.#load !== 'ready') void this.reload();
    else this.#changed();
  }

  #hear({ conversation_id }: { conversation_id: string }, apply: () => void): void {
    if (conversation_id !== this.#options.conversationId) return;
    apply();
    for (const later of this.#heard) later.push(apply);
    this.#changed();
  }

  #put(message: Message): void {
    const { me } = this.#options;
    this.#messages.set(message.id, merged(this.#messages.get(message.id), message));
    if (message.sender_id !== me) this.#stopsWriting(message.sender_id);
    else if (this.#outbox.some(one => one.client_id === message.client_id)) {
      this.#keep(this.#outbox.filter(one => one.client_id !== message.client_id));
    }
  }

  #receive(id: string, receipt: Receipt): void {
    const message = this.#messages.get(id);
    if (message) this.#messages.set(id, withReceipt(message, receipt));
  }

  #writes(userId: string): void {
    if (userId === this.#options.me) return;
    clearTimeout(this.#typing.get(userId));
    const over = () => {
      this.#typing.delete(userId);
      this.#changed();
    };
    this.#typing.set(userId, setTimeout(over, typingLasts));
    this.#changed();
  }

  #stopsWriting(userId: string): void {
    clearTimeout(this.#typing.get(userId));
    this.#typing.delete(userId);
  }

  async #readOutbox(): Promise<void> {
    const kept = await this.#options.outbox.load().catch(() => []);
    this.#outboxRead = true;
    const there = new Set([...this.#messages.values()].map(message => message.client_id));
    this.#keep([...kept.filter(one => !there.has(one.client_id)), ...this.#outbox]);
    void this.#pump();
  }

  #keep(outbox: Outgoing[]): void {
    this.#outbox = outbox;
    // Before what an earlier load of the page left was read, saving would overwrite it.
    if (this.#outboxRead) {
      this.#saving = this.#saving
        .then(() => (this.#over ? undefined : this.#options.outbox.save(outbox)))
        .catch(() => {});
    }
    this.#changed();
  }

  /** One at a time, so that they arrive in the order in which they were written. */
  async #pump(): Promise<void> {
    const { client, conversationId: conversation_id, me: sender_id } = this.#options;
    const busy = this.#sending !== null || this.#pause !== undefined || !this.#outboxRead;
    const next = this.#outbox.find(one => one.failure === null);
    if (busy || this.#over || !next || client.state !== 'connected') return;
    const { client_id, type, content, file_url } = next;
    this.#sending = client_id;
    this.#putOff = null;
    this.#changed();
    try {
      const message = { conversation_id, sender_id, client_id, type, content, file_url };
      const sent = (await client.send('messages', 'create', { message })).message;
      this.#sending = null;
      this.#failures = 0;
      this.#hear(sent, () => this.#put(sent));
    } catch (error) {
      this.#sending = null;
      this.#refused(next, error instanceof RequestError ? plain(error) : { code: 'internal', message: String(error) });
      this.#changed();
    }
    void this.#pump();
  }

  #refused(outgoing: Outgoing, failure: Failure): void {
    switch (failure.code) {
      case 'unavailable':
      case 'internal':
        this.#pauseFor(waitBefore(this.#failures, this.#backoff, Math.random()));
        this.#failures += 1;
        return;
      case 'rate_limited': {
        const seconds = failure.details?.retry_after_s;
        this.#putOff = { key: outgoing.client_id, failure };
        this.#pauseFor(typeof seconds === 'number' ? Math.min(60, Math.max(1, seconds)) * 1_000 : tooManyWait);
        return;
      }
      default:
        this.#keep(this.#outbox.map(one => (one.client_id === outgoing.client_id ? { ...one, failure } : one)));
    }
  }

  #pauseFor(milliseconds: number): void {
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => this.#unpause(), milliseconds);
  }

  #unpause(): void {
    clearTimeout(this.#pause);
    this.#pause = undefined;
    void this.#pump();
  }

  /** Tells the senders what has come, and what was seen. */
  #mark(waiting: readonly Message[]): void {
    const { client } = this.#options;
    if (client.state !== 'connected') return;
    for (const { id, receipts } of waiting) {
      const own = receipts.find(receipt => receipt.user_id === this.#options.me);
      const mark = this.#seen.has(id) ? 'mark_read' : own?.delivered_at === null ? 'mark_delivered' : null;
      if (mark === null || this.#asked.get(id) === mark) continue;
      this.#asked.set(id, mark);
      client.send('messages', mark, { message_id: id }).then(
        ({ message }) => {
          // Deleted meanwhile it does not come back.
          if (this.#messages.has(id)) this.#hear(message, () => this.#messages.has(id) && this.#put(message));
        },
        (error: unknown) => {
          // What can heal is asked again with the next change.
          const heals = error instanceof RequestError && healing.has(error.code);
          if (heals && this.#asked.get(id) === mark) this.#asked.delete(id);
        },
      );
    }
  }

  #stateOf({ client_id, failure }: Outgoing): MessageState {
    if (failure) return { name: 'failed', failure };
    if (client_id === this.#sending) return { name: 'sending' };
    return { name: 'waiting', failure: this.#putOff?.key === client_id ? this.#putOff.failure : null };
  }

  #show(message: Message): ThreadMessage {
    const shown = this.#shown.get(message) ?? showMessage(message, this.#options.me);
    this.#shown.set(message, shown);
    return shown;
  }

  #changed(): void {
    if (this.#over) return;
    const { me } = this.#options;
    const sorted = [...this.#messages.values()].sort((a, b) => Number(a.id) - Number(b.id));
    const unread = sorted.filter(({ receipts }) => receipts.some(own => own.user_id === me && own.read_at === null));
    if (this.#isLooking) for (const { id } of unread) this.#seen.add(id);
    this.show({
      load: this.#load,
      messages: [
        ...sorted.map(message => this.#show(message)),
        ...this.#outbox.map(one => showOutgoing(one, me, this.#stateOf(one))),
      ],
      older: this.#older,
      unread: unread.filter(({ id }) => !this.#seen.has(id)).length,
      typing: [...this.#typing.keys()],
    });
    this.#mark(unread);
  }
}

const healing: ReadonlySet<string> = new Set(['unavailable', 'internal', 'rate_limited']);

/** An Error cannot be kept in every storage. */
function plain({ code, message, details }: RequestError): Failure {
  return details ? { code, message, details } : { code, message };
}
