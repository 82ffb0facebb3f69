import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconLanguage, IconMoon, IconSettings, IconSun, IconSunMoon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Connection } from '../client/desk-state.ts';
import styles from './app-header.module.css';
import { ConnectionPill } from './connection-pill.tsx';

export type Theme = 'auto' | 'light' | 'dark';

const themes = {
  auto: { icon: IconSunMoon, name: 'app.themeAuto', next: 'light' },
  light: { icon: IconSun, name: 'app.themeLight', next: 'dark' },
  dark: { icon: IconMoon, name: 'app.themeDark', next: 'auto' },
} as const;

interface Props {
  desk: string;
  connection: Connection;
  host: string | null;
  theme: Theme;
  onTheme: (theme: Theme) => void;
  onLanguage: () => void;
  /** `null` where this token may not see the settings. */
  onSettings: (() => void) | null;
  onNetwork: () => void;
  /** Further tools, before the language. */
  children?: ReactNode;
}

export function AppHeader(props: Props) {
  const { desk, connection, host, theme, onTheme, onLanguage, onSettings, onNetwork, children } = props;
  const { t, i18n } = useTranslation();
  const { icon: Picture, name, next } = themes[theme];
  const themeLabel = t('app.theme', { mode: t(name) });
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
      <div className={styles.brand}>
        <svg className={styles.mark} width="34" height="34" viewBox="0 0 34 34" aria-hidden="true">
          <rect width="34" height="34" rx="9" />
          <path d="M8 8h7v7H8zM19 8h7v7h-7zM8 19h7v7H8zM19 19h3v3h-3zM23 23h3v3h-3z" />
        </svg>
        <h1 className={styles.desk}>{desk}</h1>
      </div>
      <ConnectionPill connection={connection} host={host} onOpen={onNetwork} />
      <div className={styles.tools}>
        {children}
        <Button
          variant="subtle"
          color="gray"
          leftSection={<IconLanguage size={20} aria-hidden />}
          onClick={onLanguage}
          lang={i18n.language === 'es' ? 'en' : 'es'}
        >
          {t('app.otherLanguage')}
        </Button>
        <Tooltip label={themeLabel}>
          <ActionIcon variant="subtle" color="gray" aria-label={themeLabel} onClick={() => onTheme(next)}>
            <Picture size={22} aria-hidden />
          </ActionIcon>
        </Tooltip>
        {onSettings && (
          <Tooltip label={t('settings.open')}>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('settings.open')}
              data-testid="open-settings"
              onClick={onSettings}
            >
              <IconSettings size={22} aria-hidden />
            </ActionIcon>
          </Tooltip>
        )}
      </div>
    </header>
  );
}
