/** @jsxImportSource preact */
import type { Failure } from '../../../protocol/errors.ts';
import { Icon, type IconName } from '../icons.tsx';
import type { Phase, QueuedPhoto } from '../queue.ts';
import { shotName } from '../shot-name.ts';
import { useObjectUrl } from '../use-object-url.ts';
import { useStep } from '../use-step.ts';
import type { Words } from '../words.ts';
import { Card } from './Card.tsx';

interface Props {
  photo: QueuedPhoto;
  words: Words;
  onRetry: () => void;
  onRemove: () => void;
}

export const phaseIcons: Record<Phase['name'], IconName> = {
  draft: 'photo',
  queued: 'clock',
  uploading: 'upload',
  waiting: 'clock',
  failed: 'warning',
};

/** A photo that the desk does not have yet. */
export function QueueCard({ photo, words, onRetry, onRemove }: Props) {
  const { phase, shot } = photo;
  const { name, percent } = useStep(phase);
  const title = shotName(shot, words);
  return (
    <Card thumb={useObjectUrl(photo.thumb)} state={phase.name} title={title} wanted={phase.name === 'failed'}>
      <p class={`state ${phase.name === 'failed' ? 'bad' : 'busy'}`} data-testid="phase">
        <Icon name={phaseIcons[name]} />
        {words.phase[name]}
        {/* Not read aloud at every step. */}
        {percent !== null && <span aria-hidden="true">{percent} %</span>}
      </p>
      {percent !== null && <progress aria-label={`${words.phase.uploading}: ${title}`} max={100} value={percent} />}
      {phase.name === 'failed' && (
        <>
          <p class="reason">{reasonFor(phase.failure, words)}</p>
          <div class="row">
            <button type="button" class="button small" data-testid="retry" onClick={onRetry}>
              <Icon name="again" />
              <span>{words.retry}</span>
            </button>
            <button type="button" class="button small" data-testid="remove" onClick={onRemove}>
              <Icon name="trash" />
              <span>{words.remove}</span>
            </button>
          </div>
        </>
      )}
    </Card>
  );
}

export function reasonFor({ code, details }: Failure, words: Words): string {
  if (details?.reason === 'session_full') return words.sessionFull;
  return words.failures[code] ?? words.failureOther;
}
