import { Modal } from '@mantine/core';
import { useViewportSize } from '@mantine/hooks';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { JoinWifi } from '../client/network-store.ts';
import { QrCode } from './qr-code.tsx';
import { StateMessage } from './state-message.tsx';
import { useTexts } from './texts/use-texts.tsx';
import styles from './wifi-dialog.module.css';

interface Props {
  opened: boolean;
  /** `undefined` while it is asked for, `null` where it could not be had. */
  wifi: JoinWifi | null | undefined;
  onClose: () => void;
}

/** The second QR: it takes a phone into the Wi-Fi, after which it can scan the first. */
export function WifiDialog({ opened, wifi, onClose }: Props) {
  const { t } = useTexts();
  const { width, height } = useViewportSize();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('network.wifiTitle')}
      size="auto"
      centered
      zIndex={400}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      {wifi === undefined && <StateMessage title={t('network.checking')} />}
      {wifi === null && <StateMessage icon={IconAlertTriangle} tone="bad" title={t('network.wifiFailed')} />}
      {wifi && (
        <div className={styles.sheet}>
          <div className={styles.paper}>
            <QrCode
              text={wifi.text}
              label={t('network.wifiLabel', { ssid: wifi.ssid })}
              room={Math.min(width - 120, height - 280, 560)}
            />
          </div>
          <p className={styles.name}>{wifi.ssid}</p>
          <p className={styles.help}>{t('network.wifiHelp')}</p>
        </div>
      )}
    </Modal>
  );
}
