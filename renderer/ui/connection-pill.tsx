import {
  IconAlertTriangle,
  IconPlugConnectedX,
  IconRefresh,
  IconShieldX,
  IconWifi,
  IconWifiOff,
} from '@tabler/icons-react';
import type { Connection } from '../client/connection.ts';
import styles from './connection-pill.module.css';
import type { CutOff } from './network-host.ts';
import { useTexts } from './texts/use-texts.tsx';

const icons = {
  connected: IconWifi,
  connecting: IconRefresh,
  reconnecting: IconPlugConnectedX,
  offline: IconWifiOff,
  refused: IconShieldX,
} as const;

const cutOffIcons = { network: IconWifiOff, host: IconWifiOff, unlikely: IconAlertTriangle } as const;

interface Props {
  connection: Connection;
  /** The address that phones are sent to, once one is known. */
  host: string | null;
  /** Why no phone could come. */
  cutOff: CutOff | null;
  onOpen: () => void;
}

/** Whether the desk hears its server, as icon, word and colour; opens the help with the network. */
export function ConnectionPill({ connection, host, cutOff, onOpen }: Props) {
  const { t } = useTexts();
  const alone = connection === 'connected' ? cutOff : null;
  const Picture = alone ? cutOffIcons[alone] : icons[connection];
  let word = t(`connection.${connection}`);
  if (alone) word = t(`connection.alone.${alone}`);
  else if (connection === 'connected' && host) word = t('connection.network', { host });
  return (
    <button
      type="button"
      className={styles.pill}
      aria-label={t('network.pill', { word })}
      aria-haspopup="dialog"
      data-testid="connection"
      data-state={connection}
      data-cut-off={alone ?? undefined}
      onClick={onOpen}
    >
      <Picture size={20} stroke={2} aria-hidden className={styles.icon} />
      <span role="status">{word}</span>
    </button>
  );
}
