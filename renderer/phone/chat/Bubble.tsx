/** @jsxImportSource preact */
import type { MessageState, ThreadMessage } from '../../client/chat-message.ts';
import type { App } from '../app.ts';
import { timeOf } from '../formats.ts';
import { Icon, type IconName } from '../icons.tsx';
import type { Visit } from '../visit.ts';
import type { Words } from '../words.ts';
import { ChatPicture } from './ChatPicture.tsx';
import { FileCard } from './FileCard.tsx';
import { isPicture } from './file-places.ts';

interface Props {
  app: App;
  visit: Visit;
  words: Words;
  message: ThreadMessage;
  offline: boolean;
  /** A new day begins with it. */
  day: string | null;
}

const icons: Record<Exclude<MessageState['name'], 'received'>, IconName> = {
  waiting: 'clock',
  sending: 'upload',
  failed: 'warning',
  sent: 'check',
  delivered: 'checks',
  read: 'eye',
};

/** One message: what it says, when, and how far it has come. */
export function Bubble({ app, visit, words, message, offline, day }: Props) {
  const { key, mine, content, file_url, timestamp, edited, state } = message;
  return (
    <>
      {day !== null && <li class="day">{day}</li>}
      <li
        class={`bubble ${mine ? 'mine' : 'theirs'} ${state.name === 'failed' ? 'bad' : ''}`}
        data-testid="message"
        data-state={state.name}
      >
        <span class="unseen">{mine ? words.chat.you : words.chat.desk}: </span>
        {file_url !== null &&
          (isPicture(message) ? (
            <ChatPicture app={app} visit={visit} url={file_url} words={words} />
          ) : (
            <FileCard app={app} visit={visit} url={file_url} name={content} words={words} />
          ))}
        {content !== '' && (file_url === null || isPicture(message)) && <p class="said">{content}</p>}
        <p class="meta">
          <time dateTime={timestamp}>{timeOf(timestamp, words)}</time>
          {edited && <span>{words.chat.edited}</span>}
          {state.name !== 'received' && (
            <span class="tick" data-testid="tick">
              <Icon name={icons[state.name]} />
              {stateWord(state, offline, words)}
            </span>
          )}
        </p>
        {state.name === 'failed' && (
          <>
            <p class="reason">{state.failure.code === 'too_large' ? words.chat.tooLong : words.chat.refused}</p>
            <div class="row">
              <button
                type="button"
                class="button small"
                data-testid="message-retry"
                onClick={() => visit.chat.retry(key)}
              >
                <Icon name="again" />
                <span>{words.retry}</span>
              </button>
              <button
                type="button"
                class="button small"
                data-testid="message-remove"
                onClick={() => visit.chat.discard(key)}
              >
                <Icon name="trash" />
                <span>{words.remove}</span>
              </button>
            </div>
          </>
        )}
      </li>
    </>
  );
}

function stateWord(state: Exclude<MessageState, { name: 'received' }>, offline: boolean, words: Words): string {
  if (state.name !== 'waiting') return words.chat.state[state.name];
  if (offline) return words.chat.waitingOffline;
  return state.failure?.code === 'rate_limited' ? words.chat.tooMany : words.chat.state.waiting;
}
