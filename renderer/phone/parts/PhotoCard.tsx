/** @jsxImportSource preact */
import { useEffect } from 'preact/hooks';
import type { Photo, PhotoStatus } from '../../../protocol/photo.ts';
import { readyIn } from '../../../protocol/ready-words.ts';
import type { App } from '../app.ts';
import { Icon, type IconName } from '../icons.tsx';
import { shotName } from '../shot-name.ts';
import type { Visit } from '../visit.ts';
import type { Words } from '../words.ts';
import { CameraButton } from './CameraButton.tsx';
import { Card } from './Card.tsx';

interface Props {
  photo: Photo;
  words: Words;
  /** Another one is still to be taken for it. */
  wanted: boolean;
  thumb: string | undefined;
  onShow: () => void;
  app: App;
  visit: Visit;
  onRetake: (files: File[]) => void;
}

const icons: Record<PhotoStatus, IconName> = {
  received: 'check',
  accepted: 'accepted',
  rejected: 'rejected',
  quarantined: 'unreadable',
};
const tones = { received: 'sent', accepted: 'good', rejected: 'bad', quarantined: 'bad' } as const;

/** A photo that the desk has, and what it said about it. */
export function PhotoCard({ photo, words, wanted, thumb, onShow, app, visit, onRetake }: Props) {
  const { status, shot, reason } = photo;
  const readable = status !== 'quarantined';
  const title = shotName(shot, words);
  const answered = !wanted && (status === 'rejected' || !readable);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked for once a photo; the parent makes a new function every time
  useEffect(() => {
    if (readable) onShow();
  }, [photo.id, readable]);
  return (
    <Card thumb={thumb} state={status} wanted={wanted} title={title}>
      <p class={`state ${answered ? 'busy' : tones[status]}`} data-testid="verdict">
        <Icon name={answered ? 'retake' : icons[status]} />
        {answered ? words.answered : words.verdict[status]}
      </p>
      {status === 'rejected' && reason && <p class="reason">«{readyIn(words.locale, reason)}»</p>}
      {wanted && !readable && <p class="reason">{words.quarantined}</p>}
      {wanted && (
        <CameraButton
          app={app}
          visit={visit}
          icon="retake"
          testid="retake"
          look="small"
          label={`${words.takeAnother}: ${title}`}
          onFiles={onRetake}
        >
          {words.takeAnother}
        </CameraButton>
      )}
    </Card>
  );
}
