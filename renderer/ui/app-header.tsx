import { ActionIcon, Tooltip } from '@mantine/core';
import { IconChartBar, IconSettings } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Connection } from '../client/connection.ts';
import styles from './app-header.module.css';
import { Brand } from './brand.tsx';
import { ConnectionPill } from './connection-pill.tsx';
import { HeaderTool } from './header-tool.tsx';
import type { CutOff } from './network-host.ts';
import { useTexts } from './texts/use-texts.tsx';
import { ViewTools } from './view-tools.tsx';

interface Props {
  desk: string;
  connection: Connection;
  host: string | null;
  cutOff: CutOff | null;
  /** `null` where this token may not see the settings. */
  onSettings: (() => void) | null;
  onNetwork: () => void;
  /** Further tools, before the language. */
  children?: ReactNode;
}

export function AppHeader(props: Props) {
  const { desk, connection, host, cutOff, onSettings, onNetwork, children } = props;
  const { t } = useTexts();
  return (
    <header className={styles.header}>
      <a className={styles.skip} href="#idPersona">
        {t('app.skip')}
      </a>
      <a className={styles.skip} href="#photos">
        {t('desk.skip.photos')}
      </a>
      <a className={styles.skip} href="#activity">
        {t('desk.skip.log')}
      </a>
      <Brand name={desk} />
      <ConnectionPill connection={connection} host={host} cutOff={cutOff} onOpen={onNetwork} />
      <div className={styles.tools}>
        {children}
        <Tooltip label={t('dashboard.title')}>
          {/* In this same tab, which is signed in. */}
          <ActionIcon
            component="a"
            href="/dashboard"
            variant="subtle"
            color="gray"
            aria-label={t('dashboard.title')}
            data-testid="to-dashboard"
          >
            <IconChartBar size={22} aria-hidden />
          </ActionIcon>
        </Tooltip>
        <ViewTools />
        {onSettings && (
          <HeaderTool label={t('settings.open')} icon={IconSettings} testId="open-settings" onClick={onSettings} />
        )}
      </div>
    </header>
  );
}
