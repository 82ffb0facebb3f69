import { IconEyeOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import styles from './rest-veil.module.css';

/** Lies over everything while the screen rests, so that the touch that wakes it presses nothing below. */
export function RestVeil({ resting, onWake }: { resting: boolean; onWake: () => void }) {
  const { t } = useTranslation();
  return (
    <>
      {resting && (
        <button type="button" className={styles.veil} tabIndex={-1} data-testid="rest-veil" onClick={onWake}>
          <span className={styles.words}>
            <IconEyeOff size={24} aria-hidden />
            {t('desk.rest.resting')}
          </span>
        </button>
      )}
      <div className={styles.spoken} role="status" data-testid="rest-said">
        {resting ? t('desk.rest.resting') : ''}
      </div>
    </>
  );
}
