/** Where written messages wait until the desk has them, a list for each conversation. */
import { clear, del, get, set } from 'idb-keyval';
import { memoryOutbox, type Outbox, readOutgoing } from '../client/chat-outbox.ts';
import { keptStore } from './kept-store.ts';

export interface ChatOutboxes {
  of(conversationId: string): Outbox;
  /** All of them: they are about one visit, and it is over. */
  erase(): Promise<void>;
}

/** In IndexedDB or, where that turns out to keep nothing, in memory. */
export function outboxesIn(isDurable: Promise<boolean>): ChatOutboxes {
  const chosen = isDurable.then(is => (is ? indexedOutboxes() : memoryOutboxes()));
  return {
    of(conversationId) {
      const outbox = chosen.then(outboxes => outboxes.of(conversationId));
      return { load: async () => (await outbox).load(), save: async waiting => (await outbox).save(waiting) };
    },
    erase: async () => (await chosen).erase(),
  };
}

function memoryOutboxes(): ChatOutboxes {
  return { of: memoryOutbox, erase: async () => {} };
}

/** Where it refuses, its calls reject. */
function indexedOutboxes(): ChatOutboxes {
  const store = keptStore('mostrador-chat', 'outboxes');
  return {
    of: conversationId => ({
      load: async () => readOutgoing(await store(it => get(conversationId, it))),
      save: waiting => store(it => (waiting.length > 0 ? set(conversationId, waiting, it) : del(conversationId, it))),
    }),
    erase: () => store(clear),
  };
}
