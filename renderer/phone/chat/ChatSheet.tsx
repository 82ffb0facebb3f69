/** @jsxImportSource preact */
import { useEffect, useState } from 'preact/hooks';
import type { App, Problem } from '../app.ts';
import { Icon } from '../icons.tsx';
import { Heard } from '../parts/Heard.tsx';
import { Notice } from '../parts/Notice.tsx';
import { useSnapshot } from '../use-snapshot.ts';
import type { Visit } from '../visit.ts';
import type { Words } from '../words.ts';
import { ChatLog } from './ChatLog.tsx';
import { Composer } from './Composer.tsx';
import { firstWords } from './first-words.ts';
import { useFreeScreen, useModal } from './modal.ts';

interface Props {
  app: App;
  visit: Visit;
  words: Words;
  maxChars: number;
  draft: string;
  onDraft: (text: string) => void;
}

/** The messages with the desk, from the lower edge of the screen up. */
export function ChatSheet({ app, visit, words, maxChars, draft, onDraft }: Props) {
  const { chat } = visit;
  const { messages, typing, begun } = useSnapshot(chat);
  const { link } = useSnapshot(visit);
  const [problems, setProblems] = useState<Problem[]>([]);
  const modal = useModal(() => chat.close());
  useFreeScreen(modal.ref);
  useLooking(look => chat.look(look));
  // What came while the sheet is open, and not what was there already.
  const [firstSeen] = useState(() => new Set(messages.map(({ key }) => key)));
  const last = [...messages].reverse().find(({ mine, key }) => !mine && !firstSeen.has(key));

  return (
    <dialog class="sheet" aria-labelledby="chat-title" data-testid="chat-sheet" {...modal}>
      <header class="sheet-head">
        <h2 id="chat-title" tabIndex={-1} autofocus>
          {words.chat.title}
        </h2>
        <button
          type="button"
          class="icon-button"
          data-testid="chat-close"
          aria-label={words.chat.close}
          onClick={() => chat.close()}
        >
          <Icon name="cross" />
        </button>
      </header>
      <ChatLog app={app} visit={visit} words={words} />
      <p class="unseen" role="status" data-testid="chat-heard">
        {last && `${words.chat.desk}: ${firstWords(last, words)}`}
      </p>
      <div class="sheet-notes">
        <Heard app={app} visit={visit} words={words} inSheet />
        {link === 'offline' && (
          <Notice tone="warn" icon="offline" testid="chat-offline">
            {words.chat.offline}
          </Notice>
        )}
        {!begun && link === 'online' && (
          <Notice tone="plain" icon="clock" testid="chat-not-yet">
            {words.chat.notYet}
          </Notice>
        )}
        {problems.map(({ id, why }) => (
          <Notice key={id} tone="bad" icon="warning" testid="chat-problem">
            {words.problems[why]}
          </Notice>
        ))}
        <p class="typing" role="status" data-testid="typing">
          {typing.length > 0 && (
            <>
              <Icon name="writing" />
              {words.chat.typing}
            </>
          )}
        </p>
      </div>
      <Composer
        words={words}
        maxChars={maxChars}
        disabled={!begun}
        text={draft}
        onText={text => {
          onDraft(text);
          if (text !== '') chat.typing();
        }}
        onSend={text => {
          setProblems([]);
          chat.send(text);
        }}
        onFiles={files => {
          setProblems([]);
          void app.sendInChat(visit, files).then(setProblems);
        }}
      />
    </dialog>
  );
}

/** Whether the page is before somebody's eyes: a message that comes while the screen is locked has not been read. */
function useLooking(look: (isLooking: boolean) => void): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the parent makes a new function every time
  useEffect(() => {
    const tell = () => look(document.visibilityState === 'visible');
    tell();
    document.addEventListener('visibilitychange', tell);
    return () => {
      document.removeEventListener('visibilitychange', tell);
      look(false);
    };
  }, []);
}
