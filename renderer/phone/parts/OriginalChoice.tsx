/** @jsxImportSource preact */
import { sizeIn } from '../formats.ts';
import type { QueuedPhoto } from '../queue.ts';
import type { Words } from '../words.ts';
import { Notice } from './Notice.tsx';

interface Props {
  photo: QueuedPhoto;
  /** Of what the desk takes, in megabytes. */
  maxMb: number;
  words: Words;
  onChoose: (whole: boolean) => void;
}

/** Whether a photo that would be sent smaller goes as it is, and why it cannot where it is too much for the desk. */
export function OriginalChoice({ photo, maxMb, words, onChoose }: Props) {
  const { original, blob } = photo;
  if (!original) return null;
  const [size, reduced] = [sizeIn(original.size, words), sizeIn(blob.size, words)];
  if (!original.fits) {
    return (
      <Notice tone="plain" icon="info" testid="original-too-large">
        {words.review.originalTooLarge(size, `${maxMb} MB`, reduced)}
      </Notice>
    );
  }
  return (
    <label class="choice">
      <input
        type="checkbox"
        data-testid="original"
        checked={original.chosen}
        onChange={event => onChoose(event.currentTarget.checked)}
      />
      <span>
        {words.review.original(size)}
        {/* Fewer pixels may weigh more where the original was saved in a low quality. */}
        <small>{words.review.reduced(blob.size < original.size ? reduced : null)}</small>
      </span>
    </label>
  );
}
