import { Button } from '@mantine/core';
import { IconCameraPlus, IconPhotoOff } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { Person } from '../client/desk-state.ts';
import type { PhotoActions } from './photo-card.tsx';
import styles from './photo-grid.module.css';
import { PhotoRows } from './photo-rows.tsx';
import { watchFlight } from './scroll-flight.ts';
import { StateMessage } from './state-message.tsx';
import { useTexts } from './texts/use-texts.tsx';
import type { ThumbQueue } from './thumb-queue.ts';

interface Props extends PhotoActions {
  person: Person;
  thumbs: ThumbQueue;
  onMore: () => void;
}

/** One person's photos, newest first, with a place for each that is on its way. */
export function PhotoGrid({ person, thumbs, onMore, ...actions }: Props) {
  const { t } = useTexts();
  const [scroller, setScroller] = useState<HTMLElement | null>(null);
  // What only flies past would take the processor from the flight itself.
  useEffect(() => (scroller ? watchFlight(scroller, thumbs.hold) : undefined), [scroller, thumbs]);
  const { photos, uploads } = person;
  const { status } = person.load;
  if (photos.length === 0 && uploads.length === 0) {
    if (status === 'loading') return <StateMessage title={t('photos.loading')} />;
    if (status === 'failed') {
      return (
        <StateMessage
          icon={IconPhotoOff}
          tone="bad"
          title={t('photos.failed')}
          action={{ label: t('app.retry'), onClick: onMore }}
        />
      );
    }
    return (
      <StateMessage
        icon={IconCameraPlus}
        title={t('photos.emptyTitle')}
        text={t(person.session ? 'photos.emptyWaiting' : 'photos.emptyDone')}
      />
    );
  }
  return (
    <div key={person.key} className={styles.scroll} ref={setScroller}>
      <PhotoRows scroller={scroller} person={person} load={thumbs.load} onEnd={onMore} {...actions} />
      {status === 'failed' && (
        <p className={styles.failed} role="alert">
          {t('photos.moreFailed')}
        </p>
      )}
      {(person.more || status === 'failed') && (
        <Button variant="default" className={styles.more} loading={status === 'loading'} onClick={onMore}>
          {t(status === 'failed' ? 'app.retry' : 'photos.more')}
        </Button>
      )}
    </div>
  );
}
