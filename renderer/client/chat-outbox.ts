/** What was written in one conversation and the server does not have yet, and where it is kept meanwhile. */
import * as z from 'zod/mini';
import { fileUrl, messageType } from '../../protocol/chat.ts';
import { failure } from '../../protocol/envelope.ts';
import { uuid } from '../../protocol/primitives.ts';

const outgoing = z.object({
  /** The server makes one message of it, however often it is sent. */
  client_id: uuid,
  type: messageType,
  content: z.string(),
  file_url: z.nullable(fileUrl),
  /** Milliseconds since 1970, by this machine's clock. */
  at: z.number(),
  /** Why the server does not take it: then it waits for the person. */
  failure: z.nullable(failure),
});
export type Outgoing = z.infer<typeof outgoing>;

/** Of one conversation. `load` is called once, before the first `save`; a rejection of either only means that nothing is kept. */
export interface Outbox {
  load(): Promise<readonly Outgoing[]>;
  save(waiting: readonly Outgoing[]): Promise<void>;
}

/** Reads what was kept; what another program left there is not believed. */
export function readOutgoing(kept: unknown): Outgoing[] {
  const all = z.safeParse(z.array(z.unknown()), kept);
  return (all.success ? all.data : []).flatMap(entry => {
    const one = z.safeParse(outgoing, entry);
    return one.success ? [one.data] : [];
  });
}

/** Gone with the page. */
export function memoryOutbox(): Outbox {
  let kept: readonly Outgoing[] = [];
  return {
    load: async () => kept,
    save: async waiting => {
      kept = waiting;
    },
  };
}

/** In sessionStorage or localStorage, under `key`. */
export function storageOutbox(storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>, key: string): Outbox {
  return {
    load: async () => readOutgoing(JSON.parse(storage.getItem(key) ?? '[]')),
    save: async waiting => {
      if (waiting.length > 0) storage.setItem(key, JSON.stringify(waiting));
      else storage.removeItem(key);
    },
  };
}
