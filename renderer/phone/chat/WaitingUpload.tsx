/** @jsxImportSource preact */
import type { Failure } from '../../../protocol/errors.ts';
import type { App } from '../app.ts';
import { Icon } from '../icons.tsx';
import { Preview } from '../parts/Preview.tsx';
import { phaseIcons, reasonFor } from '../parts/QueueCard.tsx';
import type { QueuedPhoto } from '../queue.ts';
import { useStep } from '../use-step.ts';
import type { Words } from '../words.ts';

/** A photo or a file chosen in the chat that the desk does not have yet. */
export function WaitingUpload({ app, upload, words }: { app: App; upload: QueuedPhoto; words: Words }) {
  const { id, blob, file, phase } = upload;
  const { name, percent } = useStep(phase);
  return (
    <li class={`bubble mine ${phase.name === 'failed' ? 'bad' : ''}`} data-testid="chat-upload" data-state={phase.name}>
      {file ? (
        <p class="file-name">
          <Icon name="file" />
          <span>{file.name}</span>
        </p>
      ) : (
        <div class="picture">
          <Preview blob={blob} label={words.chat.photo} />
        </div>
      )}
      {percent !== null && <progress aria-label={words.phase.uploading} max={100} value={percent} />}
      <p class="meta">
        <span class="tick">
          <Icon name={phaseIcons[name]} />
          {words.phase[name]}
        </span>
      </p>
      {phase.name === 'failed' && (
        <>
          <p class="reason">{file ? refusalOf(phase.failure, words) : reasonFor(phase.failure, words)}</p>
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

function refusalOf({ code, details }: Failure, words: Words): string {
  if (details?.reason === 'session_full') return words.sessionFull;
  if (code === 'too_large') return words.problems.file_too_large;
  return code === 'invalid_message' ? words.chat.wrongFile : words.chat.refused;
}
