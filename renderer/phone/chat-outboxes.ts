/** Where written messages wait until the desk has them, a list for each conversation. */
import { clear, del, get, set } from 'idb-keyval';
import { memoryOutbox, type Outbox, readOutgoing } from '../client/chat-outbox.ts';
import { keptStore } from './kept-store.ts';

export interface ChatOutboxes {
  of(conversationId: string): Outbox;
  /** All of them: they are about one visit, and it is over. */
  erase(): Promise<void>;
}

export function memoryOutboxes(): ChatOutboxes {
  return { of: memoryOutbox, erase: async () => {} };
}

/** IndexedDB. Where it refuses, its calls reject. */
export function indexedOutboxes(): ChatOutboxes {
  const store = keptStore('mostrador-chat', 'outboxes');
  return {
    of: conversationId => ({
      load: async () => readOutgoing(await store(it => get(conversationId, it))),
      save: waiting => store(it => (waiting.length > 0 ? set(conversationId, waiting, it) : del(conversationId, it))),
    }),
    erase: () => store(clear),
  };
}
