import { ActionIcon } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconX } from '@tabler/icons-react';
import styles from './notices.module.css';
import { useTexts } from './texts/use-texts.tsx';
import { UndoButton } from './undo-button.tsx';

export interface Notice {
  id: number;
  tone: 'good' | 'bad';
  text: string;
  /** What was done can be taken back until then, by this machine's clock. */
  undo?: { until: number; run: () => void };
}

interface Props {
  /** `bar`: on the free end of a bar, the newest alone, so that nothing moves under a hand that is about to press. */
  place?: 'row' | 'bar';
  notices: readonly Notice[];
  onDismiss: (id: number) => void;
}

/** Short answers to what was just done, where they cover no control and move none; what went wrong stays until it is dismissed. */
export function Notices({ place = 'row', notices, onDismiss }: Props) {
  const { t } = useTexts();
  return (
    <div
      data-personal
      className={place === 'bar' ? `${styles.notices} ${styles.bar}` : styles.notices}
      role="status"
      aria-live="polite"
    >
      {notices.map(({ id, tone, text, undo }) => {
        const Picture = tone === 'good' ? IconCircleCheck : IconAlertTriangle;
        return (
          <div key={id} className={styles.notice} data-tone={tone} data-testid="notice">
            <Picture size={22} aria-hidden />
            <span>{text}</span>
            {undo && <UndoButton until={undo.until} onUndo={undo.run} />}
            <ActionIcon variant="subtle" color="gray" aria-label={t('app.dismiss')} onClick={() => onDismiss(id)}>
              <IconX size={18} aria-hidden />
            </ActionIcon>
          </div>
        );
      })}
    </div>
  );
}
