import { useEffect, useSyncExternalStore } from 'react';
import type { OpenChat } from '../client/desk-chats.ts';
import type { ChatActions } from '../ui/chat/chat-actions.ts';
import { useTexts } from '../ui/texts/use-texts.tsx';
import type { LoadBlob } from '../ui/use-blob-url.ts';
import { watchInFront } from './in-front.ts';
import { saveBlob } from './save-blob.ts';
import type { Notices } from './use-notices.ts';

interface Page {
  load: LoadBlob;
  notices: Notices;
  /** Asks first. */
  onDelete: (id: string) => void;
  onOpenImage: (url: string) => void;
}

/** One open conversation, and what can be done in it. What comes counts as read, as long as the page is in front. */
export function useChat({ thread, attachments }: OpenChat, page: Page) {
  const { t } = useTexts();
  const snapshot = useSyncExternalStore(thread.subscribe, thread.getSnapshot);
  const files = useSyncExternalStore(attachments.subscribe, attachments.getSnapshot);
  const { load, notices, onDelete, onOpenImage } = page;
  const { attempt, tell } = notices;

  useEffect(() => {
    const stop = watchInFront(window, inFront => thread.look(inFront));
    return () => {
      stop();
      thread.look(false);
    };
  }, [thread]);

  const actions: ChatActions = {
    onSend: text => void thread.send(text),
    onTyping: () => thread.typing(),
    onRetry: key => thread.retry(key),
    onDiscard: key => thread.discard(key),
    onEdit: (id, text) => attempt(thread.edit(id, text)),
    onDelete,
    onOlder: () => void thread.loadOlder(),
    onReload: () => void thread.reload(),
    onAttach: added => attachments.add(added),
    onRetryFile: id => attachments.retry(id),
    onCancelFile: id => attachments.cancel(id),
    onOpenImage,
    onSaveFile: async (url, name) => {
      const file = await load(url, new AbortController().signal);
      if (file.ok) saveBlob(document, file.value, name);
      else tell('bad', t('notice.failed', { why: file.error.message }));
    },
  };
  return { snapshot, files, actions };
}
