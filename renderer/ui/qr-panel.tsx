import { ActionIcon, Button } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { IconArrowsMaximize, IconEyeOff, IconLifebuoy, IconLogout, IconWifi, IconWifiOff } from '@tabler/icons-react';
import type { Qr } from '../../protocol/session.ts';
import { CountdownRing } from './countdown-ring.tsx';
import { spokenCode } from './format.ts';
import { QrCode } from './qr-code.tsx';
import styles from './qr-panel.module.css';
import { StateMessage } from './state-message.tsx';
import { Steps } from './steps.tsx';
import { useTexts } from './texts/use-texts.tsx';

interface Props {
  qr: Qr;
  /** `null` for a visitor whom nobody has assigned yet. */
  person: string | null;
  /** What the phone will be asked for, in order. */
  shots: readonly string[];
  /** Seconds until the next one, and how many it had at first. */
  left: number;
  total: number;
  /** The address that is typed with the code. */
  address: string;
  /** Without a connection nobody renews it: a code that no longer works is not shown. */
  offline: boolean;
  onEnlarge: () => void;
  onHide: () => void;
  onEnd: () => void;
  /** `null` where no Wi-Fi is set. */
  onWifi: (() => void) | null;
  onTrouble: () => void;
}

export function QrPanel({
  qr,
  person,
  shots,
  left,
  total,
  address,
  offline,
  onEnlarge,
  onHide,
  onEnd,
  onWifi,
  onTrouble,
}: Props) {
  const { t } = useTexts();
  const { ref, width, height } = useElementSize();
  const label = person === null ? t('display.qrLabel') : t('qr.label', { person });
  return (
    <section tabIndex={-1} className={styles.panel} aria-label={label}>
      <div className={styles.who}>
        <CountdownRing
          left={left}
          total={total}
          label={left > 0 ? t('qr.renewsIn', { count: Math.ceil(left) }) : t('qr.renewing')}
        />
        <p className={styles.person} data-personal>
          {person === null ? t('display.welcome') : t('qr.for', { person })}
        </p>
        <Button
          className={styles.enlarge}
          variant="light"
          leftSection={<IconArrowsMaximize size={20} aria-hidden />}
          aria-label={t('qr.enlarge')}
          disabled={offline}
          onClick={onEnlarge}
        >
          {t('qr.enlarge')}
        </Button>
        <ActionIcon variant="default" aria-label={t('qr.hide')} title={t('qr.hideTitle')} onClick={onHide}>
          <IconEyeOff size={20} aria-hidden />
        </ActionIcon>
        <ActionIcon variant="default" aria-label={t('qr.end')} title={t('qr.endTitle')} onClick={onEnd}>
          <IconLogout size={20} aria-hidden />
        </ActionIcon>
        {shots.length > 0 && (
          <p className={styles.shots} data-testid="qr-shots" title={shots.join(' · ')}>
            <b>{t('settings.shotsOf')}:</b> {shots.join(' · ')}
          </p>
        )}
      </div>
      <div className={styles.room} ref={ref}>
        {offline ? (
          <StateMessage icon={IconWifiOff} title={t('connection.offline')} text={t('station.offline')} />
        ) : (
          <div className={styles.paper}>
            <QrCode text={qr.url} label={label} room={Math.min(width, height)} />
          </div>
        )}
      </div>
      <div className={styles.typed}>
        <div className={styles.words}>
          <p className={styles.hint}>{t('qr.or')}</p>
          <p className={styles.address}>{address}</p>
        </div>
        <div className={styles.words}>
          <p className={styles.hint}>{t('qr.code')}</p>
          <p className={styles.code} data-testid="short-code">
            {spokenCode(qr.code)}
          </p>
        </div>
      </div>
      <div className={styles.help}>
        {onWifi && (
          <Button variant="subtle" leftSection={<IconWifi size={20} aria-hidden />} onClick={onWifi}>
            {t('network.joinWifi')}
          </Button>
        )}
        <Button variant="subtle" leftSection={<IconLifebuoy size={20} aria-hidden />} onClick={onTrouble}>
          {t('network.open')}
        </Button>
      </div>
      <div className={styles.steps}>
        <Steps />
      </div>
    </section>
  );
}
