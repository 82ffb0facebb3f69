/** The visit's conversation with the desk as this phone shows it: the thread, once there is one, and whether its sheet is open. */
import type { Session } from '../../protocol/session.ts';
import type { Outbox } from '../client/chat-outbox.ts';
import { ChatThread, type Said, type ThreadSnapshot } from '../client/chat-thread.ts';
import type { MostradorClient } from '../client/index.ts';
import { Watched } from '../client/watched.ts';

export interface VisitChatSnapshot extends ThreadSnapshot {
  /** `false` until the desk has made the conversation, which is soon after the phone's first connection. */
  begun: boolean;
  open: boolean;
}

interface Options {
  session: Session;
  client: MostradorClient;
  outboxOf: (conversationId: string) => Outbox;
  /** As an earlier load of the page left it. */
  open: boolean;
}

const nothing: ThreadSnapshot = { load: 'loading', messages: [], older: 'none', unread: 0, typing: [] };

export class VisitChat extends Watched<VisitChatSnapshot> {
  readonly #options: Options;
  #thread: ChatThread | null = null;
  #open: boolean;
  #stops: (() => void)[] = [];

  constructor(options: Options) {
    super({ ...nothing, begun: false, open: options.open });
    this.#options = options;
    this.#open = options.open;
    this.take(options.session);
  }

  /** The session as it is now: it names the conversation. */
  take({ id: me, conversation_id: conversationId }: Session): void {
    if (this.#thread || conversationId === null) return;
    const { client, outboxOf } = this.#options;
    const thread = new ChatThread({ client, conversationId, me, outbox: outboxOf(conversationId) });
    this.#thread = thread;
    this.#stops = [thread.subscribe(() => this.#changed()), thread.start()];
    this.#changed();
  }

  open(): void {
    this.#open = true;
    this.#changed();
  }

  close(): void {
    this.#open = false;
    this.#changed();
  }

  /** Whether somebody has the messages before them: the sheet is open and the page is shown. */
  look(isLooking: boolean): void {
    this.#thread?.look(isLooking);
  }

  send(what: string | Said): void {
    this.#thread?.send(what);
  }

  typing(): void {
    this.#thread?.typing();
  }

  retry(key: string): void {
    this.#thread?.retry(key);
  }

  discard(key: string): void {
    this.#thread?.discard(key);
  }

  async loadOlder(): Promise<void> {
    await this.#thread?.loadOlder();
  }

  async reload(): Promise<void> {
    await this.#thread?.reload();
  }

  /** Resolves when what was written last is kept. */
  async kept(): Promise<void> {
    await this.#thread?.kept();
  }

  stop(): void {
    for (const stop of this.#stops) stop();
  }

  #changed(): void {
    const thread = this.#thread?.getSnapshot() ?? nothing;
    this.show({ ...thread, begun: this.#thread !== null, open: this.#open });
  }
}

/** What the desk does not have yet. */
export function unsentOf({ messages }: ThreadSnapshot): number {
  return messages.filter(({ id }) => id === null).length;
}
