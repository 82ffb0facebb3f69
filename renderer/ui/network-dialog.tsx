import { Button } from '@mantine/core';
import {
  IconAlertTriangle,
  IconChevronDown,
  IconCircleCheck,
  IconHourglass,
  IconRefresh,
  IconWifi,
  IconWifiOff,
} from '@tabler/icons-react';
import type { NetworkAddress, NetworkStatus } from '../../protocol/network.ts';
import type { NetworkState } from '../client/network-store.ts';
import { CopiedCommand } from './copied-command.tsx';
import { clockTime } from './format.ts';
import { InterfaceChoice } from './interface-choice.tsx';
import { LongDialog } from './long-dialog.tsx';
import styles from './network-dialog.module.css';
import { cutOffBy } from './network-host.ts';
import { NetworkStep, type StepState } from './network-step.tsx';
import { StateMessage } from './state-message.tsx';
import { useTexts } from './texts/use-texts.tsx';

interface Props {
  opened: boolean;
  network: NetworkState;
  /** While a choice is on its way. */
  busy: boolean;
  /** Why the last choice was refused. */
  refusal: string | null;
  onCheck: () => void;
  onChoose: (name: string | null) => void;
  onWifi: () => void;
  onClose: () => void;
}

/** "No me funciona": what may keep a phone away, one thing after another, each with what to do. */
export function NetworkDialog({ opened, network, busy, refusal, onCheck, onChoose, onWifi, onClose }: Props) {
  const { t } = useTexts();
  const { status, load } = network;
  const cutOff = cutOffBy(status);
  // What is only unlikely is seen below, address by address, where another one can be chosen.
  const alone = cutOff === 'unlikely' ? null : cutOff;
  return (
    <LongDialog
      opened={opened}
      onClose={onClose}
      title={t('network.title')}
      size={720}
      classNames={{ inner: styles.beside ?? '', content: styles.content ?? '' }}
      // A phone still has to read the QR behind it.
      overlayProps={{ backgroundOpacity: 0.15 }}
    >
      {status === null && load !== 'failed' && <StateMessage title={t('network.checking')} />}
      {status === null && load === 'failed' && (
        <StateMessage
          icon={IconAlertTriangle}
          tone="bad"
          title={t('network.failed')}
          action={{ label: t('app.retry'), onClick: onCheck }}
        />
      )}
      {status && alone && (
        <div data-testid="network-alone">
          <StateMessage
            icon={IconWifiOff}
            tone="bad"
            title={t(`station.alone.${alone}`)}
            text={t(`station.aloneHelp.${alone}`, { host: status.host })}
          >
            {status.unheard.length > 0 && <p>{t('network.unheard', { addresses: status.unheard.join(', ') })}</p>}
            <Button
              leftSection={<IconRefresh size={20} aria-hidden />}
              loading={load === 'checking'}
              onClick={onCheck}
              data-testid="retest"
            >
              {t('network.checkAgain')}
            </Button>
          </StateMessage>
        </div>
      )}
      {status && !alone && (
        <div data-testid="network-help">
          <Arrival shown={shownIn(status)} />
          <ol className={styles.steps}>
            <Steps
              status={status}
              isChecking={load === 'checking'}
              busy={busy}
              refusal={refusal}
              onCheck={onCheck}
              onChoose={onChoose}
              onWifi={onWifi}
            />
          </ol>
        </div>
      )}
    </LongDialog>
  );
}

/** The one in the QR, if it is one of this PC's. */
function shownIn(status: NetworkStatus): NetworkAddress | null {
  return status.addresses.find(entry => entry.in_qr) ?? null;
}

/** What proves more than every step below it. */
function Arrival({ shown }: { shown: NetworkAddress | null }) {
  const { t, i18n } = useTexts();
  const at = shown?.reached_at ?? null;
  const Picture = at === null ? IconHourglass : IconCircleCheck;
  return (
    <div className={styles.arrival} role="status" data-testid="arrival" data-reached={at !== null}>
      <Picture size={26} aria-hidden />
      <div>
        <b>{t(at === null ? 'network.notYet' : 'network.arrived')}</b>
        <p>
          {at === null
            ? t('network.notYetHelp')
            : t('network.arrivedAt', { address: shown?.address, time: clockTime(at, i18n.language) })}
        </p>
      </div>
    </div>
  );
}

interface StepsProps {
  status: NetworkStatus;
  isChecking: boolean;
  busy: boolean;
  refusal: string | null;
  onCheck: () => void;
  onChoose: (name: string | null) => void;
  onWifi: () => void;
}

function Steps({ status, isChecking, busy, refusal, onCheck, onChoose, onWifi }: StepsProps) {
  const { t } = useTexts();
  const { wifi, port, host } = status;
  const shown = shownIn(status);
  // Whoever has arrived was on the network, was let through by the firewall and was not kept apart.
  const proven: StepState = shown !== null && shown.reached_at !== null ? 'good' : 'ask';
  const answers = shown?.answers ?? null;
  const commands = (isOwn: boolean) =>
    status.firewall
      .filter(({ own }) => own === isOwn)
      .map(({ system, command }) => (
        <CopiedCommand key={system} name={t(`network.system.${system}`)} command={command} />
      ));

  function why(): string {
    if (status.public_url !== null) return t('network.why.publicUrl');
    if (shown === null) return '';
    if (shown.chosen) return t('network.why.chosen', { name: shown.name });
    const gone = status.interface === null ? '' : `${t('network.why.gone', { name: status.interface })} `;
    return gone + t(`network.why.${shown.kind}`);
  }

  function answer(): string {
    if (shown === null) return t('network.answersElsewhere');
    const place = `${shown.address}:${port}`;
    if (answers === null) return t('network.checking');
    return answers ? t('network.answersYes', { place }) : t('network.answersNo', { place, host });
  }

  return (
    <>
      <NetworkStep number={1} state={proven} title={t('network.sameNetwork')}>
        <p>{wifi ? t('network.wifiNamed', { ssid: wifi.ssid }) : t('network.wifiUnnamed')}</p>
        {wifi && (
          <Button variant="light" leftSection={<IconWifi size={20} aria-hidden />} onClick={onWifi}>
            {t('network.joinWifi')}
          </Button>
        )}
      </NetworkStep>
      <NetworkStep number={2} state={stateOfAddress(status, shown)} title={t('network.rightAddress')}>
        <p>
          {t('network.inQrIs')} <b className={styles.url}>{status.url ?? '—'}</b>. {why()}
        </p>
        {status.interface_fixed && <p>{t('network.why.fixed')}</p>}
        {status.public_url === null && !status.interface_fixed && (
          <InterfaceChoice status={status} busy={busy} onChoose={onChoose} />
        )}
        {refusal !== null && (
          <p className={styles.refusal} role="alert">
            <IconAlertTriangle size={20} aria-hidden /> {t('network.chooseFailed', { why: refusal })}
          </p>
        )}
      </NetworkStep>
      <NetworkStep
        number={3}
        state={answers === null ? 'ask' : answers ? 'good' : 'bad'}
        title={t('network.serverAnswers')}
      >
        <p>{answer()}</p>
        <Button
          variant="default"
          leftSection={<IconRefresh size={20} aria-hidden />}
          loading={isChecking}
          onClick={onCheck}
          data-testid="retest"
        >
          {t('network.checkAgain')}
        </Button>
      </NetworkStep>
      <NetworkStep number={4} state={proven} title={t('network.firewallOpen')}>
        <p>{t('network.firewallHelp', { port })}</p>
        {commands(true)}
        <details className={styles.others}>
          <summary>
            <IconChevronDown size={20} aria-hidden />
            {t('network.otherSystems')}
          </summary>
          <div>{commands(false)}</div>
        </details>
      </NetworkStep>
      <NetworkStep number={5} state={proven} title={t('network.notIsolated')}>
        <p>{t('network.isolation')}</p>
      </NetworkStep>
    </>
  );
}

function stateOfAddress(status: NetworkStatus, shown: NetworkAddress | null): StepState {
  if (status.public_url !== null) return 'ask';
  if (shown === null) return 'bad';
  if (shown.reached_at !== null) return 'good';
  const isAsWished = status.interface === null || shown.chosen;
  return shown.kind === 'lan' && isAsWished ? 'good' : 'warn';
}
