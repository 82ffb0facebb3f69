import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { clockTime } from '../ui/format.ts';
import { useTexts } from '../ui/texts/use-texts.tsx';
import styles from './dashboard-screen.module.css';

interface Props {
  /** Milliseconds since 1970. */
  renewedAt: number | null;
  why: string;
  onRetry: () => void;
}

/** What is on the screen is not of now, and why. */
export function Stale({ renewedAt, why, onRetry }: Props) {
  const { t, i18n } = useTexts();
  const since =
    renewedAt === null
      ? t('dashboard.never')
      : t('dashboard.staleSince', { time: clockTime(new Date(renewedAt).toISOString(), i18n.language) });
  return (
    <div className={styles.stale} role="alert" data-testid="stale">
      <IconAlertTriangle size={22} aria-hidden />
      <span>
        {why} {since}
      </span>
      <Button variant="white" color="dark" onClick={onRetry}>
        {t('app.retry')}
      </Button>
    </div>
  );
}
