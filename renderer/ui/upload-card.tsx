import { Progress } from '@mantine/core';
import { IconPhotoUp } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { UploadProgress } from '../../protocol/photo.ts';
import { fileSize } from './format.ts';
import styles from './upload-card.module.css';

/** The place of a photo that is still on its way. */
export function UploadCard({ upload }: { upload: UploadProgress }) {
  const { t, i18n } = useTranslation();
  const { received, total } = upload;
  const percent = total ? Math.min(100, Math.round((received / total) * 100)) : null;
  return (
    <li className={styles.card} data-testid="upload-card" data-photo-id={upload.photo_id}>
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
