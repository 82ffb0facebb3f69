import styles from './session-mark.module.css';

interface Props {
  emoji: string;
  /** `#rrggbb`. */
  color: string;
  size: 'small' | 'large';
}

/** The symbol and colour that the phone shows too: content that two people compare, not decoration. */
export function SessionMark({ emoji, color, size }: Props) {
  return (
    <span className={styles.mark} data-size={size} style={{ backgroundColor: color }} role="img" aria-label={emoji}>
      <span>{emoji}</span>
    </span>
  );
}
