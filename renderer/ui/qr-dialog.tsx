import { useViewportSize } from '@mantine/hooks';
import type { Qr } from '../../protocol/session.ts';
import { spokenCode } from './format.ts';
import { LongDialog } from './long-dialog.tsx';
import { QrCode } from './qr-code.tsx';
import styles from './qr-dialog.module.css';
import { useTexts } from './texts/use-texts.tsx';

interface Props {
  qr: Qr | null;
  /** `null` for a visitor whom nobody has assigned yet. */
  person: string | null;
  address: string;
  onClose: () => void;
}

/** The same QR as large as the screen: for someone who stands farther away. */
export function QrDialog({ qr, person, address, onClose }: Props) {
  const { t } = useTexts();
  const { width, height } = useViewportSize();
  return (
    <LongDialog opened={qr !== null} onClose={onClose} fullScreen title={t('qr.enlargedTitle')}>
      {qr && (
        <div className={styles.sheet}>
          <div className={styles.paper}>
            <QrCode
              text={qr.url}
              label={person === null ? t('display.qrLabel') : t('qr.label', { person })}
              room={Math.min(width - 80, height - 200)}
            />
          </div>
          <p className={styles.typed}>
            <span>{t('qr.or')}</span>
            <strong>{address}</strong>
            <span>{t('qr.code')}</span>
            <b>{spokenCode(qr.code)}</b>
          </p>
        </div>
      )}
    </LongDialog>
  );
}
