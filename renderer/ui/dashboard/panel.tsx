import { type ReactNode, useId } from 'react';
import styles from './panel.module.css';

interface Props {
  title: string;
  /** Beside the title: a count, or what the figures are of. */
  note?: string;
  tools?: ReactNode;
  children: ReactNode;
  testId?: string;
}

/** One part of the dashboard, with its heading. */
export function Panel({ title, note, tools, children, testId }: Props) {
  const id = useId();
  return (
    <section className={styles.panel} aria-labelledby={id} data-testid={testId}>
      <div className={styles.head}>
        <h2 id={id} className={styles.title}>
          {title}
        </h2>
        {note && <span className={styles.note}>{note}</span>}
        {tools && <div className={styles.tools}>{tools}</div>}
      </div>
      {children}
    </section>
  );
}
