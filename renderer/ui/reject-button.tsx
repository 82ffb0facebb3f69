import { Popover } from '@mantine/core';
import { useDidUpdate } from '@mantine/hooks';
import { IconRepeat } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import styles from './reject-button.module.css';
import { RejectForm } from './reject-form.tsx';
import { useTexts } from './texts/use-texts.tsx';

interface Props {
  /** What the photo was asked for as. */
  shot: string | null;
  isHeard: boolean;
  onReject: (reason: string) => void;
}

/** Asks why another photo is needed, and then for it. What floats is there only meanwhile: a grid has dozens of these. */
export function RejectButton({ shot, isHeard, onReject }: Props) {
  const { t } = useTexts();
  const [asking, setAsking] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  // The focus was in what is gone now; not out of another field, into which the press went that closed it.
  useDidUpdate(() => {
    if (!asking && document.activeElement === document.body) button.current?.focus({ preventScroll: true });
  }, [asking]);

  const drawn = (
    <button
      ref={button}
      type="button"
      className={styles.button}
      aria-label={shot === null ? t('review.reject') : t('review.rejectShot', { shot })}
      aria-haspopup="dialog"
      aria-expanded={asking}
      title={t('review.reject')}
      data-testid="reject"
      aria-keyshortcuts="R"
      onClick={() => setAsking(!asking)}
    >
      <IconRepeat size={20} aria-hidden />
    </button>
  );
  if (!asking) return drawn;
  return (
    <Popover opened onChange={setAsking} position="bottom-start" width="min(372px, 90vw)" trapFocus withArrow>
      <Popover.Target>{drawn}</Popover.Target>
      <Popover.Dropdown>
        <RejectForm
          isHeard={isHeard}
          onReject={why => {
            setAsking(false);
            onReject(why);
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}
