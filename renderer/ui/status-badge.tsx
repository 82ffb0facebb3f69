import { IconCircleCheck, IconClock, IconRepeat, IconShieldExclamation } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { PhotoStatus } from '../../protocol/photo.ts';
import styles from './status-badge.module.css';

const icons = {
  received: IconClock,
  accepted: IconCircleCheck,
  rejected: IconRepeat,
  quarantined: IconShieldExclamation,
} as const;

export function StatusBadge({ status }: { status: PhotoStatus }) {
  const { t } = useTranslation();
  const Picture = icons[status];
  return (
    <span className={styles.badge} data-status={status}>
      <Picture size={17} stroke={2.2} aria-hidden />
      {t(`status.${status}`)}
    </span>
  );
}
