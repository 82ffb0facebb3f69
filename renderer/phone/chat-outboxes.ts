/** Where written messages wait until the desk has them, a list for each conversation. */
import { clear, createStore, del, get, set, type UseStore } from 'idb-keyval';
import { memoryOutbox, type Outbox, readOutgoing } from '../client/chat-outbox.ts';

export interface ChatOutboxes {
  of(conversationId: string): Outbox;
  /** All of them: they are about one visit, and it is over. */
  erase(): Promise<void>;
}

export function memoryOutboxes(): ChatOutboxes {
  return { of: memoryOutbox, erase: async () => {} };
}

/** IndexedDB, in a database of its own, since one that exists takes no further store. Where it refuses, its calls reject. */
export function indexedOutboxes(): ChatOutboxes {
  let store: UseStore | undefined;
  const opened = () => {
    store ??= createStore('mostrador-chat', 'outboxes');
    return store;
  };
  return {
    of: conversationId => ({
      load: async () => readOutgoing(await get(conversationId, opened())),
      save: async waiting => {
        if (waiting.length > 0) await set(conversationId, waiting, opened());
        else await del(conversationId, opened());
      },
    }),
    erase: async () => clear(opened()),
  };
}
