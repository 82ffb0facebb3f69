import { IconCircleCheck, IconCircleDashed, IconClock } from '@tabler/icons-react';
import type { Photo } from '../../protocol/photo.ts';
import { shotState } from './shot-state.ts';
import styles from './shot-ticks.module.css';
import { useTexts } from './texts/use-texts.tsx';

const icons = { missing: IconCircleDashed, received: IconClock, accepted: IconCircleCheck } as const;

interface Props {
  /** What the session asked for, in order. */
  shots: readonly string[];
  /** The session's. */
  photos: readonly Photo[];
}

/** The photos that were asked for, ticked off as they come and are accepted; the phone shows the same list. */
export function ShotTicks({ shots, photos }: Props) {
  const { t } = useTexts();
  return (
    <section className={styles.shots}>
      <h3 className={styles.title}>{t('settings.shotsOf')}</h3>
      <ul className={styles.list}>
        {shots.map(name => {
          const state = shotState(name, photos);
          const Picture = icons[state];
          return (
            <li key={name} className={styles.shot} data-testid="shot" data-state={state}>
              <span className={styles.name}>{name}</span>
              <span className={styles.state}>
                <Picture size={18} aria-hidden />
                {t(`settings.shotState.${state}`)}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
