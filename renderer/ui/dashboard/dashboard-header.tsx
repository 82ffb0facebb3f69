import { ActionIcon, Tooltip } from '@mantine/core';
import { IconCircleCheck, IconDeviceDesktop, IconPlugConnectedX, IconRefresh } from '@tabler/icons-react';
import type { Connection } from '../../client/connection.ts';
import styles from '../app-header.module.css';
import { Brand } from '../brand.tsx';
import pill from '../connection-pill.module.css';
import { clockTime } from '../format.ts';
import { useTexts } from '../texts/use-texts.tsx';
import { ViewTools } from '../view-tools.tsx';

interface Props {
  desk: string;
  connection: Connection;
  /** Milliseconds since 1970. */
  renewedAt: number | null;
}

export function DashboardHeader({ desk, connection, renewedAt }: Props) {
  const { t, i18n } = useTexts();
  const renewed =
    renewedAt === null
      ? t('dashboard.connecting')
      : t('dashboard.renewed', { time: clockTime(new Date(renewedAt).toISOString(), i18n.language) });
  const isStale = connection === 'offline';
  const Picture = isStale ? IconPlugConnectedX : renewedAt === null ? IconRefresh : IconCircleCheck;
  return (
    <header className={styles.header}>
      <a className={styles.skip} href="#figures">
        {t('dashboard.skip')}
      </a>
      <Brand name={`${t('dashboard.title')} · ${desk}`} />
      {/* No live region: it changes every five seconds. What goes wrong is said by an alert. */}
      <div
        className={pill.pill}
        data-testid="renewed"
        data-state={isStale || renewedAt === null ? connection : 'connected'}
      >
        <Picture size={20} stroke={2} aria-hidden className={pill.icon} />
        <span>{isStale ? t('dashboard.stale') : renewed}</span>
      </div>
      <div className={styles.tools}>
        <Tooltip label={t('dashboard.toDesk')}>
          <ActionIcon component="a" href="/kiosk" variant="subtle" color="gray" aria-label={t('dashboard.toDesk')}>
            <IconDeviceDesktop size={22} aria-hidden />
          </ActionIcon>
        </Tooltip>
        <ViewTools />
      </div>
    </header>
  );
}
