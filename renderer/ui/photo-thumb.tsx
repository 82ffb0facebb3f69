import { Skeleton } from '@mantine/core';
import { IconPhotoOff, IconShieldExclamation } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Photo } from '../../protocol/photo.ts';
import { clockTime } from './format.ts';
import styles from './photo-thumb.module.css';
import { type LoadBlob, useBlobUrl } from './use-blob-url.ts';

/** One that could not be opened safely is never asked for. */
export function PhotoThumb({ photo, load }: { photo: Photo; load: LoadBlob }) {
  const { t, i18n } = useTranslation();
  const apart = photo.status === 'quarantined';
  const image = useBlobUrl(apart ? null : photo.urls.thumb, photo.stored_sha256 ?? '', load);
  if (apart) {
    return (
      <span className={styles.none} data-tone="bad">
        <IconShieldExclamation size={40} stroke={1.4} aria-hidden />
      </span>
    );
  }
  if (image.state === 'loading') return <Skeleton className={styles.image} radius={0} />;
  if (image.state === 'failed') {
    return (
      <span className={styles.none}>
        <IconPhotoOff size={36} stroke={1.4} aria-hidden />
        <small>{t('photos.unavailable')}</small>
      </span>
    );
  }
  return (
    <img
      className={styles.image}
      src={image.url}
      alt={t('photos.alt', { time: clockTime(photo.received_at, i18n.language) })}
      draggable={false}
      decoding="async"
    />
  );
}
