/** @jsxImportSource preact */
import { useEffect, useState } from 'preact/hooks';
import type { PageFacts } from '../../../protocol/page-facts.ts';
import type { App } from '../app.ts';
import { Icon } from '../icons.tsx';
import { useSnapshot } from '../use-snapshot.ts';
import type { Visit } from '../visit.ts';
import type { Words } from '../words.ts';
import { ChatNews } from './ChatNews.tsx';
import type { ChatSheet } from './ChatSheet.tsx';

interface Props {
  app: App;
  visit: Visit;
  facts: PageFacts;
  words: Words;
}

/** The messages with the desk: their sheet while it is open, else what came meanwhile. What is being written outlives the sheet. */
export function ChatDock({ app, visit, facts, words }: Props) {
  const { chat } = visit;
  const { open } = useSnapshot(chat);
  const [draft, setDraft] = useState('');
  const Sheet = useSheet();
  if (open && Sheet === 'failed') return <NoSheet words={words} />;
  if (!open || Sheet === 'failed' || Sheet === null) return <ChatNews chat={chat} words={words} />;
  return <Sheet app={app} visit={visit} words={words} maxChars={facts.chat_chars} draft={draft} onDraft={setDraft} />;
}

/** The sheet's own program, fetched once the visit shows: the first load stays light, and later there may be no network. */
function useSheet(): typeof ChatSheet | 'failed' | null {
  const [sheet, show] = useState<{ is: typeof ChatSheet | 'failed' } | null>(null);
  useEffect(() => {
    let isHere = true;
    const take = (is: typeof ChatSheet | 'failed') => {
      if (isHere) show({ is });
    };
    import('./ChatSheet.tsx').then(
      module => take(module.ChatSheet),
      () => take('failed'),
    );
    return () => {
      isHere = false;
    };
  }, []);
  return sheet?.is ?? null;
}

/** A browser that could not fetch a program once does not ask again before the page is loaded anew, which finds the sheet open. */
function NoSheet({ words }: { words: Words }) {
  return (
    <div class="chat-news" role="alert">
      <div class="notice bad" data-testid="chat-missing">
        <Icon name="warning" />
        <p>{words.chat.failed}</p>
        <button type="button" class="button small" data-testid="chat-again" onClick={() => location.reload()}>
          <Icon name="again" />
          <span>{words.retry}</span>
        </button>
      </div>
    </div>
  );
}
