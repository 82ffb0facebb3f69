import { Button } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTexts } from './texts/use-texts.tsx';
import styles from './undo-button.module.css';

interface Props {
  /** By this machine's clock, in milliseconds. */
  until: number;
  onUndo: () => void;
}

/** Takes back what was just done, by a press or Ctrl+Z, and shows how many seconds are left for it. */
export function UndoButton({ until, onUndo }: Props) {
  const { t } = useTexts();
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.ceil((until - now) / 1_000));
  return (
    <Button
      variant="light"
      leftSection={<IconArrowBackUp size={20} aria-hidden />}
      // A live region would read out every second.
      rightSection={
        <span className={styles.seconds} aria-hidden="true" data-testid="undo-seconds">
          {t('people.seconds', { seconds })}
        </span>
      }
      aria-keyshortcuts="Control+Z Meta+Z"
      data-testid="undo"
      onClick={onUndo}
    >
      {t('people.undo')}
    </Button>
  );
}
