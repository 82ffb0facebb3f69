import { IconPhotoOff, IconShieldExclamation } from '@tabler/icons-react';
import type { Photo } from '../../protocol/photo.ts';
import { clockTime } from './format.ts';
import styles from './photo-thumb.module.css';
import { useTexts } from './texts/use-texts.tsx';
import { type LoadBlob, useBlobUrl } from './use-blob-url.ts';

/** One that could not be opened safely is never asked for. */
export function PhotoThumb({ photo, load }: { photo: Photo; load: LoadBlob }) {
  const { t, i18n } = useTexts();
  const apart = photo.status === 'quarantined';
  const image = useBlobUrl(apart ? null : photo.urls.thumb, photo.stored_sha256 ?? '', load);
  if (apart) {
    return (
      <span className={styles.none} data-tone="bad">
        <IconShieldExclamation size={40} stroke={1.4} aria-hidden />
      </span>
    );
  }
  // Its place waits in the colour of what is below; one that pulsed would be a layer of its own, dozens at a time.
  if (image.state === 'loading') return null;
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
