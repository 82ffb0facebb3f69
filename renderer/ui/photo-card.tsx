import { ActionIcon, Button, Popover, UnstyledButton } from '@mantine/core';
import { IconCheck, IconRepeat } from '@tabler/icons-react';
import { type CSSProperties, memo, type Ref, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Photo } from '../../protocol/photo.ts';
import { DuplicateBadge } from './duplicate-badge.tsx';
import { clockTime } from './format.ts';
import styles from './photo-card.module.css';
import { PhotoThumb } from './photo-thumb.tsx';
import { RejectForm } from './reject-form.tsx';
import { StatusBadge } from './status-badge.tsx';
import type { LoadBlob } from './use-blob-url.ts';

export interface PhotoActions {
  onOpen: (photo: Photo) => void;
  onAccept: (photo: Photo) => void;
  onReject: (photo: Photo, reason: string) => void;
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

export const PhotoCard = memo(function PhotoCard(props: Props) {
  const { photo, load, index, count, row, fresh, style, ref, onOpen, onAccept, onReject, onFirst } = props;
  const { t, i18n } = useTranslation();
  const [asking, setAsking] = useState(false);
  const { status, reason } = photo;
  const time = clockTime(photo.received_at, i18n.language);
  const label = t('photos.open', { time, status: t(`status.${status}`) });
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
      <UnstyledButton className={styles.open} aria-label={label} data-open onClick={() => onOpen(photo)}>
        <PhotoThumb photo={photo} load={load} />
      </UnstyledButton>
      <div className={styles.about}>
        <div className={styles.line}>
          <StatusBadge status={status} />
          <time className={styles.time} dateTime={photo.received_at}>
            {time}
          </time>
        </div>
        {photo.duplicate_of && <DuplicateBadge onShow={() => onFirst(photo)} />}
        {photo.shot !== null && (
          <p className={styles.shot} title={photo.shot}>
            {photo.shot}
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
          <Button
            className={styles.accept}
            variant={status === 'accepted' ? 'light' : 'filled'}
            leftSection={<IconCheck size={18} aria-hidden />}
            data-testid="accept"
            aria-keyshortcuts="A"
            aria-pressed={status === 'accepted'}
            onClick={() => onAccept(photo)}
          >
            {t('review.accept')}
          </Button>
          <Popover
            opened={asking}
            onChange={setAsking}
            position="bottom-start"
            width={372}
            trapFocus
            withArrow
            returnFocus
          >
            <Popover.Target>
              <ActionIcon
                variant="default"
                aria-label={t('review.reject')}
                title={t('review.reject')}
                data-testid="reject"
                aria-keyshortcuts="R"
                onClick={() => setAsking(!asking)}
              >
                <IconRepeat size={20} aria-hidden />
              </ActionIcon>
            </Popover.Target>
            <Popover.Dropdown>
              <RejectForm
                onReject={why => {
                  setAsking(false);
                  onReject(photo, why);
                }}
              />
            </Popover.Dropdown>
          </Popover>
        </div>
      )}
    </li>
  );
});
