import { UnstyledButton } from '@mantine/core';
import { IconCopy } from '@tabler/icons-react';
import styles from './duplicate-badge.module.css';
import { useTexts } from './texts/use-texts.tsx';

/** The very same photo was sent before; a press shows that one. */
export function DuplicateBadge({ onShow }: { onShow: () => void }) {
  const { t } = useTexts();
  return (
    <UnstyledButton className={styles.badge} title={t('people.duplicateHelp')} data-testid="duplicate" onClick={onShow}>
      <IconCopy size={17} stroke={2.2} aria-hidden />
      <span>{t('people.duplicate')}</span>
      <span className={styles.link}>{t('people.duplicateShow')}</span>
    </UnstyledButton>
  );
}
