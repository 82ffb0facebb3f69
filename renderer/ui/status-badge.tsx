import { IconCircleCheck, IconClock, IconRepeat, IconShieldExclamation } from '@tabler/icons-react';
import type { PhotoStatus } from '../../protocol/photo.ts';
import styles from './status-badge.module.css';
import { useTexts } from './texts/use-texts.tsx';

const icons = {
  received: IconClock,
  accepted: IconCircleCheck,
  rejected: IconRepeat,
  quarantined: IconShieldExclamation,
} as const;

export function StatusBadge({ status }: { status: PhotoStatus }) {
  const { t } = useTexts();
  const Picture = icons[status];
  return (
    <span className={styles.badge} data-status={status}>
      <Picture size={17} stroke={2.2} aria-hidden />
      {t(`status.${status}`)}
    </span>
  );
}
