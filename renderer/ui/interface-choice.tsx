import { Radio } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import type { NetworkAddress, NetworkStatus } from '../../protocol/network.ts';
import styles from './interface-choice.module.css';
import { useTexts } from './texts/use-texts.tsx';

interface Props {
  status: NetworkStatus;
  busy: boolean;
  /** By the interface's name, so that it stays right when the router gives it another address. */
  onChoose: (name: string | null) => void;
}

/** No interface has such a name. */
const automatic = '';

/** Which of this PC's addresses goes into the QR. */
export function InterfaceChoice({ status, busy, onChoose }: Props) {
  const { t } = useTexts();
  const { addresses } = status;
  // Two addresses of one interface are told apart by themselves.
  const nameOf = ({ name, address }: NetworkAddress) =>
    addresses.filter(other => other.name === name).length > 1 ? address : name;
  const current = addresses.find(({ chosen }) => chosen);
  return (
    <Radio.Group
      className={styles.choice}
      label={t('network.choose')}
      description={t('network.chooseHelp')}
      value={current ? nameOf(current) : automatic}
      onChange={value => onChoose(value === automatic ? null : value)}
    >
      <div className={styles.options}>
        <Radio.Card className={styles.option} value={automatic} disabled={busy} data-testid="interface-automatic">
          <Radio.Indicator />
          <span className={styles.words}>
            <b>{t('network.automatic')}</b>
            <span>{t('network.automaticHelp')}</span>
          </span>
        </Radio.Card>
        {addresses.map(entry => (
          <Radio.Card
            key={`${entry.name} ${entry.address}`}
            className={styles.option}
            value={nameOf(entry)}
            disabled={busy}
            data-testid={`interface-${entry.name}`}
            data-in-qr={entry.in_qr}
          >
            <Radio.Indicator />
            <span className={styles.words}>
              <b>
                {entry.address} · {entry.name}
              </b>
              <span>{t(`network.kind.${entry.kind}`)}</span>
            </span>
            <span className={styles.marks}>
              {entry.in_qr && <span className={styles.inQr}>{t('network.inQr')}</span>}
              {entry.reached_at !== null && (
                <span className={styles.reached}>
                  <IconCircleCheck size={18} aria-hidden />
                  {t('network.reached')}
                </span>
              )}
            </span>
          </Radio.Card>
        ))}
      </div>
    </Radio.Group>
  );
}
