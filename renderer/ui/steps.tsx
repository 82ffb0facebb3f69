import { IconCamera, IconPhotoCheck, IconScan } from '@tabler/icons-react';
import styles from './steps.module.css';
import { useTexts } from './texts/use-texts.tsx';

const steps = [
  { icon: IconScan, text: 'steps.scan' },
  { icon: IconCamera, text: 'steps.take' },
  { icon: IconPhotoCheck, text: 'steps.see' },
] as const;

interface Props {
  large?: boolean;
  /** On the visitor's own screen, where no photo ever appears. */
  visitor?: boolean;
}

/** The three things a visitor does, pictured. */
export function Steps({ large = false, visitor = false }: Props) {
  const { t } = useTexts();
  return (
    <ol className={styles.steps} data-large={large} aria-label={t('steps.title')}>
      {steps.map(({ icon: Picture, text }, index) => (
        <li key={text} className={styles.step}>
          <span className={styles.picture} aria-hidden="true">
            <Picture size={large ? 34 : 24} stroke={1.6} />
            <b>{index + 1}</b>
          </span>
          <span>{t(visitor && text === 'steps.see' ? 'display.see' : text)}</span>
        </li>
      ))}
    </ol>
  );
}
