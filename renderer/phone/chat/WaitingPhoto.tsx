/** @jsxImportSource preact */
import type { App } from '../app.ts';
import { Icon } from '../icons.tsx';
import { Preview } from '../parts/Preview.tsx';
import { phaseIcons, reasonFor, sentPercent } from '../parts/QueueCard.tsx';
import type { QueuedPhoto } from '../queue.ts';
import type { Words } from '../words.ts';

/** A photo chosen in the chat that the desk does not have yet. */
export function WaitingPhoto({ app, photo, words }: { app: App; photo: QueuedPhoto; words: Words }) {
  const { id, blob, phase } = photo;
  return (
    <li class={`bubble mine ${phase.name === 'failed' ? 'bad' : ''}`} data-testid="chat-photo" data-state={phase.name}>
      <div class="picture">
        <Preview blob={blob} label={words.chat.photo} />
      </div>
      {phase.name === 'uploading' && (
        <progress aria-label={words.phase.uploading} max={100} value={sentPercent(phase)} />
      )}
      <p class="meta">
        <span class="tick">
          <Icon name={phaseIcons[phase.name]} />
          {words.phase[phase.name]}
        </span>
      </p>
      {phase.name === 'failed' && (
        <>
          <p class="reason">{reasonFor(phase.failure, words)}</p>
          <div class="row">
            <button type="button" class="button small" onClick={() => void app.queue.retry(id)}>
              <Icon name="again" />
              <span>{words.retry}</span>
            </button>
            <button type="button" class="button small" onClick={() => void app.queue.remove(id)}>
              <Icon name="trash" />
              <span>{words.remove}</span>
            </button>
          </div>
        </>
      )}
    </li>
  );
}
