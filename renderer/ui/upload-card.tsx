import { Progress } from '@mantine/core';
import { IconPhotoUp } from '@tabler/icons-react';
import type { UploadProgress } from '../../protocol/photo.ts';
import { fileSize } from './format.ts';
import type { CardPlace } from './photo-card.tsx';
import { useTexts } from './texts/use-texts.tsx';
import styles from './upload-card.module.css';

/** The place of a photo that is still on its way. */
export function UploadCard({ upload, index, count, row, ref }: { upload: UploadProgress } & CardPlace) {
  const { t, i18n } = useTexts();
  const { received, total } = upload;
  const percent = total ? Math.min(100, Math.round((received / total) * 100)) : null;
  return (
    <li
      ref={ref}
      className={styles.card}
      aria-posinset={index + 1}
      aria-setsize={count}
      data-testid="upload-card"
      data-index={index}
      data-row={row}
      data-photo-id={upload.photo_id}
    >
      <div className={styles.place}>
        <IconPhotoUp size={44} stroke={1.3} aria-hidden />
      </div>
      <div className={styles.about}>
        <div className={styles.line}>
          <span>{t('photos.receiving')}</span>
          <b>
            {percent === null
              ? t('photos.receivedBytes', { size: fileSize(received, i18n.language) })
              : t('photos.receivedPercent', { percent })}
          </b>
        </div>
        <Progress value={percent ?? 100} animated={percent === null} size="lg" aria-label={t('photos.receiving')} />
      </div>
    </li>
  );
}
