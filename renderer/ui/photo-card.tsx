import { IconCheck } from '@tabler/icons-react';
import { type CSSProperties, memo, type Ref } from 'react';
import type { Photo } from '../../protocol/photo.ts';
import { DuplicateBadge } from './duplicate-badge.tsx';
import { clockTime } from './format.ts';
import styles from './photo-card.module.css';
import { PhotoThumb } from './photo-thumb.tsx';
import { RejectButton } from './reject-button.tsx';
import { StatusBadge } from './status-badge.tsx';
import { useTexts } from './texts/use-texts.tsx';
import type { LoadBlob } from './use-blob-url.ts';

export interface PhotoActions {
  onOpen: (photo: Photo) => void;
  onAccept: (photo: Photo) => void;
  onReject: (photo: Photo, reason: string) => void;
  /** Whether a phone gets to see why another is asked for: that of a visit which goes on. */
  isHeard: (photo: Photo) => boolean;
  /** Shows the photo that this one repeats. */
  onFirst: (photo: Photo) => void;
}

/** Where a card stands in the whole list, of which only a part is drawn. */
export interface CardPlace {
  /** From 0. */
  index: number;
  count: number;
  row: number;
  /** Set on the one by which its row is measured. */
  ref: Ref<HTMLLIElement> | undefined;
}

interface Props extends PhotoActions, CardPlace {
  photo: Photo;
  load: LoadBlob;
  /** Whether it has just come, and may be seen coming. */
  fresh: boolean;
  /** Where it is kept out of sight because the keyboard is on it. */
  style?: CSSProperties | undefined;
}

/**
 * Thousands are scrolled past, a row of them drawn within one frame: so its buttons are bare ones with the theme's colours, where the
 * design system's would each bring layers of their own.
 */
export const PhotoCard = memo(function PhotoCard(props: Props) {
  const { photo, load, index, count, row, fresh, style, ref, onOpen, onAccept, onReject, isHeard, onFirst } = props;
  const { t, i18n } = useTexts();
  const { status, reason, shot } = photo;
  const time = clockTime(photo.received_at, i18n.language);
  const seen = { time, status: t(`status.${status}`) };
  const label = shot === null ? t('photos.open', seen) : t('photos.openShot', { shot, ...seen });
  return (
    <li
      ref={ref}
      className={styles.card}
      style={style}
      aria-posinset={index + 1}
      aria-setsize={count}
      data-testid="photo-card"
      data-index={index}
      data-row={row}
      data-photo-id={photo.id}
      data-status={status}
      data-fresh={fresh || undefined}
    >
      <button type="button" className={styles.open} aria-label={label} data-open onClick={() => onOpen(photo)}>
        <PhotoThumb photo={photo} load={load} />
      </button>
      <div className={styles.about}>
        <div className={styles.line}>
          <StatusBadge status={status} />
          <time className={styles.time} dateTime={photo.received_at}>
            {time}
          </time>
        </div>
        {photo.duplicate_of && <DuplicateBadge onShow={() => onFirst(photo)} />}
        {shot !== null && (
          <p className={styles.shot} title={shot}>
            {shot}
          </p>
        )}
        {status === 'rejected' && reason !== null && (
          <p className={styles.reason} title={reason}>
            {reason}
          </p>
        )}
        {status === 'quarantined' && (
          <p className={styles.reason}>
            {reason === null ? t('review.quarantinePlain') : t('review.quarantine', { reason })}
          </p>
        )}
      </div>
      {status !== 'quarantined' && (
        <div className={styles.actions}>
          <button
            type="button"
            className={styles.accept}
            data-testid="accept"
            aria-label={shot === null ? undefined : t('review.acceptShot', { shot })}
            aria-keyshortcuts="A"
            aria-pressed={status === 'accepted'}
            onClick={() => onAccept(photo)}
          >
            <IconCheck size={18} aria-hidden />
            {t('review.accept')}
          </button>
          <RejectButton shot={shot} isHeard={isHeard(photo)} onReject={why => onReject(photo, why)} />
        </div>
      )}
    </li>
  );
});
