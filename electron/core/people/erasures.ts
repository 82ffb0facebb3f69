/** What an erased person left elsewhere is removed, as often as it takes: the chat's database and the disk may be away. */
import { ok } from '../../../protocol/errors.ts';
import { operator } from '../access.ts';
import type { ChatStore } from '../chat/ports.ts';
import type { Commit } from '../commit.ts';
import { clearFiles, discardFilesOf } from '../file/clearing.ts';
import type { OutgoingEvent } from '../outcome.ts';
import type { Darkroom } from '../photo/darkroom.ts';
import { type ChatFiles, type Clock, type ErasureRow, type Log, type Store, StoreUnavailable } from '../ports.ts';
import { userRoom } from '../rooms/rooms.ts';
import { purge, tracesOf } from './erase.ts';

export interface Erasures {
  /** Does what there is to do; asked meanwhile, it goes over it once more. Whether nothing is left. Never rejects. */
  finish(): Promise<boolean>;
}

interface Parts {
  store: Store;
  chat: ChatStore;
  /** Of the chat. */
  files: Pick<ChatFiles, 'remove'>;
  clock: Clock;
  darkroom: Darkroom;
  commit: Commit;
  log: Log;
}

export function createErasures({ store, chat, files, clock, darkroom, commit, log }: Parts): Erasures {
  let last: Promise<unknown> = Promise.resolve();

  async function eraseChat({ sessions, conversations }: ErasureRow): Promise<string[]> {
    const found = new Set(conversations);
    for (const session of sessions) for (const id of await chat.erase(session)) found.add(id);
    return [...found];
  }

  async function run(): Promise<boolean> {
    try {
      const rows = store.erasures.list();
      if (rows.length === 0) return true;
      const done: ErasureRow[] = [];
      for (const row of rows) done.push({ ...row, conversations: await eraseChat(row) });
      const conversations = done.flatMap(row => row.conversations);
      const marked = commit(() => {
        for (const id of conversations) discardFilesOf(id, { files: store.files, clock });
        return ok({ reply: null });
      });
      if (!marked.ok) return false;
      await darkroom.clear(0);
      await clearFiles(store, files, commit);
      if (store.photos.deleted(0).length + store.files.discarded().length > 0) return false;
      // A message on its way while its session went may have been told after that.
      const told = commit(() => {
        for (const row of done) purge(tracesOf(row), store);
        return ok({ reply: null, events: conversations.map(gone) });
      });
      if (!told.ok) return false;
      if (rows.some(({ reason }) => reason === 'person')) {
        store.dropAside();
        if (!store.scrub()) return false;
      }
      const settled = commit(() => {
        for (const { id } of rows) store.erasures.remove(id);
        return ok({ reply: null });
      });
      return settled.ok;
    } catch (err) {
      if (!(err instanceof StoreUnavailable)) log.error({ err }, 'a person is not wholly erased yet');
      else log.warn({ err }, 'a person is not wholly erased yet: a database does not answer');
      return false;
    }
  }

  return {
    finish() {
      const mine = last.then(run);
      last = mine;
      return mine;
    },
  };
}

/** To the desk alone; the phone is gone. */
function gone(conversationId: string): OutgoingEvent {
  return {
    type: 'conversation_deleted',
    data: { conversation_id: conversationId },
    rooms: [userRoom(operator.userId)],
    unkept: true,
  };
}
