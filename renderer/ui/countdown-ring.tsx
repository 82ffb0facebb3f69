import styles from './countdown-ring.module.css';

interface Props {
  /** Seconds. */
  left: number;
  total: number;
  label: string;
}

const radius = 19;
const around = 2 * Math.PI * radius;

/** How long the QR on the screen stays the newest one. */
export function CountdownRing({ left, total, label }: Props) {
  const part = total > 0 ? Math.min(1, Math.max(0, left / total)) : 0;
  return (
    <div className={styles.ring} role="timer" aria-label={label} title={label}>
      <svg width="44" height="44" viewBox="0 0 44 44" aria-hidden="true">
        <circle className={styles.track} cx="22" cy="22" r={radius} />
        <circle
          className={styles.arc}
          cx="22"
          cy="22"
          r={radius}
          strokeDasharray={around}
          strokeDashoffset={around * (1 - part)}
        />
      </svg>
      <span aria-hidden="true">{Math.max(0, Math.ceil(left))}</span>
    </div>
  );
}
