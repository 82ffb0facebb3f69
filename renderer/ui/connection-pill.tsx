import { IconPlugConnectedX, IconRefresh, IconShieldX, IconWifi, IconWifiOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Connection } from '../client/desk-state.ts';
import styles from './connection-pill.module.css';

const icons = {
  connected: IconWifi,
  connecting: IconRefresh,
  reconnecting: IconPlugConnectedX,
  offline: IconWifiOff,
  refused: IconShieldX,
} as const;

interface Props {
  connection: Connection;
  /** The address that phones are sent to, once one is known. */
  host: string | null;
}

/** Whether the desk hears its server, as icon, word and colour. */
export function ConnectionPill({ connection, host }: Props) {
  const { t } = useTranslation();
  const Picture = icons[connection];
  const word = connection === 'connected' && host ? t('connection.network', { host }) : t(`connection.${connection}`);
  return (
    <div className={styles.pill} role="status" data-testid="connection" data-state={connection}>
      <Picture size={20} stroke={2} aria-hidden className={styles.icon} />
      <span>{word}</span>
    </div>
  );
}
