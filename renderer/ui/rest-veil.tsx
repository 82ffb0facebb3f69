import { VisuallyHidden } from '@mantine/core';
import { IconEyeOff, IconMoodSmile } from '@tabler/icons-react';
import styles from './rest-veil.module.css';
import { useTexts } from './texts/use-texts.tsx';

interface Props {
  resting: boolean;
  /** Whose desk it is, to welcome whoever comes; `null` while a QR is to be seen through the veil. */
  desk: string | null;
  onWake: () => void;
}

/**
 * Lies over everything while the screen rests, so that the touch that wakes it presses nothing below. Where no QR waits it is
 * a welcome, and nothing shows through it.
 */
export function RestVeil({ resting, desk, onWake }: Props) {
  const { t } = useTexts();
  return (
    <>
      {resting && (
        <button
          type="button"
          className={styles.veil}
          tabIndex={-1}
          data-testid="rest-veil"
          data-welcome={desk !== null || undefined}
          onClick={onWake}
        >
          {desk !== null && (
            <span className={styles.welcome}>
              <span className={styles.desk}>{desk}</span>
              <span className={styles.picture}>
                <IconMoodSmile size={96} stroke={1.3} aria-hidden />
              </span>
              <span className={styles.title}>{t('display.welcome')}</span>
              <span className={styles.lead}>{t('desk.rest.welcome')}</span>
            </span>
          )}
          <span className={styles.words}>
            <IconEyeOff size={24} aria-hidden />
            {t('desk.rest.resting')}
          </span>
        </button>
      )}
      <VisuallyHidden component="div" role="status" data-testid="rest-said">
        {resting ? t('desk.rest.resting') : ''}
      </VisuallyHidden>
    </>
  );
}
