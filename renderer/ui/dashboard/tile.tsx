import type { Icon } from '@tabler/icons-react';
import styles from './tile.module.css';

interface Props {
  icon: Icon;
  name: string;
  value: string;
  note: string;
  /** `warn` is for a figure that somebody should look at; its note says why. */
  tone?: 'plain' | 'warn';
  testId: string;
}

/** One figure with what it counts. */
export function Tile({ icon: Picture, name, value, note, tone = 'plain', testId }: Props) {
  return (
    <div className={styles.tile} data-tone={tone} data-testid={testId}>
      <dt className={styles.name}>
        <Picture size={20} aria-hidden />
        {name}
      </dt>
      <dd className={styles.value}>{value}</dd>
      <dd className={styles.note}>{note}</dd>
    </div>
  );
}
