import { useElementSize } from '@mantine/hooks';
import type { Qr } from '../../protocol/session.ts';
import { CountdownRing } from './countdown-ring.tsx';
import { spokenCode } from './format.ts';
import { QrCode } from './qr-code.tsx';
import { Steps } from './steps.tsx';
import { useTexts } from './texts/use-texts.tsx';
import styles from './visitor-qr.module.css';

interface Props {
  qr: Qr;
  /** The address that is typed with the code. */
  address: string;
  /** Seconds until the next one, and how many it had at first. */
  left: number;
  total: number;
}

/** The QR for somebody who stands before the screen, with what to do and what to type instead. */
export function VisitorQr({ qr, address, left, total }: Props) {
  const { t } = useTexts();
  const { ref, width, height } = useElementSize();
  return (
    <div className={styles.scene} data-testid="visitor-qr">
      <div className={styles.room} ref={ref}>
        <div className={styles.paper}>
          <QrCode text={qr.url} label={t('display.qrLabel')} room={Math.min(width, height)} />
        </div>
      </div>
      <div className={styles.side}>
        <div className={styles.head}>
          <h2 className={styles.title}>{t('display.scan')}</h2>
          <CountdownRing
            left={left}
            total={total}
            label={left > 0 ? t('qr.renewsIn', { count: Math.ceil(left) }) : t('qr.renewing')}
          />
        </div>
        <div className={styles.steps}>
          <Steps large visitor />
        </div>
        <div className={styles.typed}>
          <p className={styles.hint}>{t('qr.or')}</p>
          <p className={styles.address}>{address}</p>
          <p className={styles.hint}>{t('qr.code')}</p>
          <p className={styles.code} data-testid="short-code">
            {spokenCode(qr.code)}
          </p>
        </div>
      </div>
    </div>
  );
}
