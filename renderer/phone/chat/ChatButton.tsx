/** @jsxImportSource preact */
import { Icon } from '../icons.tsx';
import { useSnapshot } from '../use-snapshot.ts';
import type { VisitChat } from '../visit-chat.ts';
import type { Words } from '../words.ts';

/** Opens the messages, and says how many of them are unread. */
export function ChatButton({ chat, words }: { chat: VisitChat; words: Words }) {
  const { unread } = useSnapshot(chat);
  return (
    <button
      type="button"
      class="button secondary chat-button"
      data-testid="chat"
      aria-label={unread > 0 ? `${words.chat.open}, ${words.chat.unread(unread)}` : undefined}
      onClick={() => chat.open()}
    >
      <Icon name="chat" />
      <span>{words.chat.open}</span>
      {unread > 0 && (
        <span class="badge" data-testid="unread" aria-hidden="true">
          {unread > 99 ? '99+' : unread}
        </span>
      )}
    </button>
  );
}
