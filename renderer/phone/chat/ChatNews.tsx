/** @jsxImportSource preact */
import { useState } from 'preact/hooks';
import { focusTitle } from '../focus-title.ts';
import { Icon } from '../icons.tsx';
import { useSnapshot } from '../use-snapshot.ts';
import type { VisitChat } from '../visit-chat.ts';
import type { Words } from '../words.ts';
import { firstWords } from './first-words.ts';

/** The first words of the newest message that nobody has read yet, until it is read or put away. */
export function ChatNews({ chat, words }: { chat: VisitChat; words: Words }) {
  const { unread, messages } = useSnapshot(chat);
  const [dismissed, dismiss] = useState<string | null>(null);
  const newest = unread > 0 ? [...messages].reverse().find(({ mine }) => !mine) : undefined;
  const shown = newest && newest.key !== dismissed ? newest : null;
  return (
    <div class="chat-news" role="status">
      {shown && (
        <div class="notice info" data-testid="chat-news">
          <Icon name="chat" />
          <p>{words.chat.news(firstWords(shown, words))}</p>
          <button type="button" class="button small" data-testid="chat-news-see" onClick={() => chat.open()}>
            <span>{words.chat.see}</span>
          </button>
          <button
            type="button"
            class="icon-button"
            aria-label={words.chat.dismiss}
            onClick={() => {
              dismiss(shown.key);
              focusTitle();
            }}
          >
            <Icon name="cross" />
          </button>
        </div>
      )}
    </div>
  );
}
