import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconHelpCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import styles from './network-step.module.css';
import { useTexts } from './texts/use-texts.tsx';

export type StepState = 'good' | 'warn' | 'bad' | 'ask';

const icons = { good: IconCircleCheck, warn: IconAlertTriangle, bad: IconCircleX, ask: IconHelpCircle } as const;

interface Props {
  number: number;
  state: StepState;
  title: string;
  children: ReactNode;
}

/** One thing to look at when no phone arrives: how it is, as icon, word and colour, and what to do. */
export function NetworkStep({ number, state, title, children }: Props) {
  const { t } = useTexts();
  const Picture = icons[state];
  return (
    <li className={styles.step} data-testid={`network-step-${number}`} data-state={state}>
      <div className={styles.head}>
        <h3 className={styles.title}>
          <span className={styles.number}>{number}.</span> {title}
        </h3>
        <span className={styles.state}>
          <Picture size={20} aria-hidden />
          {t(`network.state.${state}`)}
        </span>
      </div>
      <div className={styles.body}>{children}</div>
    </li>
  );
}
