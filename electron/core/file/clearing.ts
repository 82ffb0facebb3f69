/** How files of the chat go: marked in the database first, from then on nobody gets them, and off the disk after that. */
import { ok } from '../../../protocol/errors.ts';
import type { Commit } from '../commit.ts';
import type { LogLine } from '../outcome.ts';
import type { ChatFiles, Clock, FileStore, Store } from '../ports.ts';
import { day } from '../time.ts';

/** All files of a conversation, whoever sent them. */
export function discardFilesOf(conversationId: string, { files, clock }: { files: FileStore; clock: Clock }): void {
  for (const { id } of files.ofConversation(conversationId)) files.discard(id, clock.now());
}

/** Files older than `days`; their messages stay and say that there is nothing to fetch any more. Answers the line for the log. */
export function fileRetention(days: number, { store, clock }: { store: Store; clock: Clock }): LogLine[] {
  const old = store.files.createdBefore(clock.now() - days * day);
  for (const { id } of old) store.files.discard(id, clock.now());
  return old.length > 0 ? [{ kind: 'file_retention', who: 'server', data: { files: old.length, days } }] : [];
}

/** Takes discarded files off the disk, then their rows; what the disk refuses is tried again the next time. */
export async function clearFiles(store: Store, files: Pick<ChatFiles, 'remove'>, commit: Commit): Promise<void> {
  for (const { id } of store.files.discarded()) {
    const removed = await files.remove(id);
    if (!removed.ok) continue;
    commit(() => {
      store.files.remove(id);
      return ok({ reply: null });
    });
  }
}
