/** @jsxImportSource preact */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ThreadMessage } from '../../client/chat-message.ts';
import type { App } from '../app.ts';
import { dayOf } from '../formats.ts';
import { Icon } from '../icons.tsx';
import { useSnapshot } from '../use-snapshot.ts';
import type { Visit } from '../visit.ts';
import type { Words } from '../words.ts';
import { Bubble } from './Bubble.tsx';
import { WaitingUpload } from './WaitingUpload.tsx';

/** Pixels from the end within which somebody counts as reading the newest. */
const nearEnd = 80;

/** The messages with their days, the photos and files on their way, and the way to the older ones. */
export function ChatLog({ app, visit, words }: { app: App; visit: Visit; words: Words }) {
  const { chat } = visit;
  const { messages, load, older, begun } = useSnapshot(chat);
  const { link } = useSnapshot(visit);
  const said = new Set(messages.map(({ key }) => key));
  const uploads = useSnapshot(app.queue).filter(one => one.chat && one.sessionId === visit.id && !said.has(one.id));
  const { ref, isAway, onScroll, toEnd } = useEnd(messages, uploads.length);
  const isEmpty = messages.length + uploads.length === 0;

  return (
    <div class="log" ref={ref} onScroll={onScroll} data-testid="chat-log">
      {older !== 'none' && (
        <button
          type="button"
          class="button small"
          data-testid="chat-older"
          disabled={older === 'loading'}
          onClick={() => void chat.loadOlder()}
        >
          <Icon name={older === 'loading' ? 'turning' : older === 'failed' ? 'again' : 'clock'} />
          <span>{older === 'loading' ? words.chat.loading : words.chat.older}</span>
        </button>
      )}
      {isEmpty && load === 'loading' && begun && link !== 'offline' && (
        <p class="log-note">
          <Icon name="turning" />
          {words.chat.loading}
        </p>
      )}
      {load === 'failed' && (
        <div class="log-note">
          <p class="state bad">
            <Icon name="warning" />
            {words.chat.failed}
          </p>
          <button type="button" class="button small" onClick={() => void chat.reload()}>
            <Icon name="again" />
            <span>{words.retry}</span>
          </button>
        </div>
      )}
      {isEmpty && load === 'ready' && (
        <div class="welcome" data-testid="chat-empty">
          <Icon name="chat" />
          <h3>{words.chat.empty.title}</h3>
          <p>{words.chat.empty.text}</p>
        </div>
      )}
      <ol class="bubbles">
        {messages.map((message, index) => (
          <Bubble
            key={message.key}
            app={app}
            visit={visit}
            words={words}
            message={message}
            offline={link === 'offline'}
            day={startsDay(messages, index) ? dayOf(message.timestamp, words) : null}
          />
        ))}
        {uploads.map(upload => (
          <WaitingUpload key={upload.id} app={app} upload={upload} words={words} />
        ))}
      </ol>
      {isAway && (
        <button type="button" class="button small to-end" data-testid="chat-newest" onClick={toEnd}>
          <Icon name="down" />
          <span>{words.chat.newest}</span>
        </button>
      )}
    </div>
  );
}

function startsDay(messages: readonly ThreadMessage[], index: number): boolean {
  const day = (at: number) => new Date(messages[at]?.timestamp ?? 0).toDateString();
  return index === 0 || day(index - 1) !== day(index);
}

/** Stays at the end while somebody is there, or has just written; and in its place when older ones come in above. */
function useEnd(messages: readonly ThreadMessage[], uploads: number) {
  const ref = useRef<HTMLDivElement>(null);
  const was = useRef({ height: 0, first: '', own: '' });
  const atEnd = useRef(true);
  const [isAway, setAway] = useState(false);
  const first = messages[0]?.key ?? '';
  const own = `${[...messages].reverse().find(({ mine }) => mine)?.key} ${uploads}`;
  const toEnd = () => {
    if (ref.current) ref.current.scrollTop = ref.current.scrollHeight;
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: with every change of what is in it
  useLayoutEffect(() => {
    const log = ref.current;
    if (!log) return;
    const before = was.current;
    if (atEnd.current || own !== before.own) toEnd();
    else if (first !== before.first) log.scrollTop += log.scrollHeight - before.height;
    was.current = { height: log.scrollHeight, first, own };
  }, [messages, uploads]);
  // A picture that is here at last, and the keyboard, move the end away.
  useLayoutEffect(() => {
    const log = ref.current;
    const list = log?.querySelector('.bubbles');
    if (!log || !list || typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(() => {
      if (atEnd.current) log.scrollTop = log.scrollHeight;
    });
    observer.observe(list);
    observer.observe(log);
    return () => observer.disconnect();
  }, []);
  const onScroll = () => {
    const log = ref.current;
    if (!log) return;
    atEnd.current = log.scrollHeight - log.scrollTop - log.clientHeight < nearEnd;
    setAway(!atEnd.current);
  };
  return { ref, isAway, onScroll, toEnd };
}
