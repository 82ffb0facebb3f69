/**
 * Where chosen photos wait until the desk has them. As bytes, not as files: a phone forgets what a file chosen before a
 * reload pointed to, and older Safari loses blobs kept in IndexedDB.
 */
import { clear, del, keys, set, values } from 'idb-keyval';
import * as z from 'zod/mini';
import { failure } from '../../protocol/envelope.ts';
import { photoMime } from '../../protocol/photo.ts';
import { inTime, type KeptStore, keptStore } from './kept-store.ts';

const shelved = z.object({
  id: z.uuid(),
  sessionId: z.string(),
  bytes: z.instanceof(ArrayBuffer),
  type: z.string(),
  shot: z.nullable(z.string()),
  /** What may be wrong with it, as the person was told when it was chosen. */
  hint: z._default(z.nullable(z.enum(['small', 'dark', 'blurred'])), null),
  /** A small picture of it; not of those for the chat. */
  small: z._default(z.nullable(z.instanceof(ArrayBuffer)), null),
  /** As it was chosen, where `bytes` are a smaller one; `bytes` of it are `null` where they are more than the desk takes. */
  original: z._default(
    z.nullable(
      z.object({
        size: z.number(),
        bytes: z.nullable(z.instanceof(ArrayBuffer)),
        type: photoMime,
      }),
    ),
    null,
  ),
  /** The person wants the original sent. */
  whole: z._default(z.boolean(), false),
  /** Milliseconds since 1970; with `place` it gives the order in which they were chosen. */
  addedAt: z.number(),
  place: z.number(),
  /** A draft was chosen, and the person has not said "send". */
  state: z.enum(['draft', 'queued', 'failed']),
  failure: z.nullable(failure),
  /** Chosen in the chat: once the desk has it, a message that shows it follows. */
  chat: z._default(z.boolean(), false),
  /** No photo but a file for that conversation. */
  file: z._default(z.nullable(z.object({ conversationId: z.string(), name: z.string() })), null),
});
export type ShelvedPhoto = z.infer<typeof shelved>;

/** Each call may reject: phones lose their database, or have no room left in it. */
export interface PhotoShelf {
  /** `false`: memory only, gone with the page. Told once the browser has shown whether it keeps anything. */
  readonly durable: Promise<boolean>;
  all(): Promise<ShelvedPhoto[]>;
  put(photo: ShelvedPhoto): Promise<void>;
  remove(id: string): Promise<void>;
  clear(): Promise<void>;
}

export function memoryShelf(): PhotoShelf {
  const photos = new Map<string, ShelvedPhoto>();
  return {
    durable: Promise.resolve(false),
    all: async () => [...photos.values()],
    put: async photo => void photos.set(photo.id, photo),
    remove: async id => void photos.delete(id),
    clear: async () => photos.clear(),
  };
}

/** Some browsers neither open nor refuse their database; a person does not wait longer, in milliseconds. */
const longestTrial = 3_000;

/**
 * IndexedDB where it can be read, also when it is full: what an earlier load of the page left is there all the same. Else memory. Which of
 * them shows while the page goes on; the first call waits for it.
 */
export function openShelf(): PhotoShelf {
  const store = keptStore('mostrador', 'photos');
  const written = store(async it => {
    await set('trial', true, it);
    await del('trial', it);
  });
  const [isRead, isWritten] = [ends(store(keys)), ends(written)];
  const shelf = isRead.then(is => (is ? indexedShelf(store) : memoryShelf()));
  return {
    durable: Promise.all([isRead, isWritten]).then(both => both.every(Boolean)),
    all: async () => (await shelf).all(),
    put: async photo => (await shelf).put(photo),
    remove: async id => (await shelf).remove(id),
    clear: async () => (await shelf).clear(),
  };
}

/** Whether it ends well, and soon enough. */
function ends(work: Promise<unknown>): Promise<boolean> {
  return inTime(work, longestTrial).then(
    () => true,
    () => false,
  );
}

function indexedShelf(store: KeptStore): Omit<PhotoShelf, 'durable'> {
  return {
    all: async () => {
      const entries: unknown[] = await store(values);
      return entries.flatMap(entry => {
        const photo = z.safeParse(shelved, entry);
        return photo.success ? [photo.data] : [];
      });
    },
    put: photo => store(it => set(photo.id, photo, it)),
    remove: id => store(it => del(id, it)),
    clear: () => store(clear),
  };
}
