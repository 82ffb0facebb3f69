import styles from './app-header.module.css';

/** The mark and the desk's name: the heading of each page. */
export function Brand({ name }: { name: string }) {
  return (
    <div className={styles.brand}>
      <svg className={styles.mark} width="34" height="34" viewBox="0 0 34 34" aria-hidden="true">
        <rect width="34" height="34" rx="9" />
        <path d="M8 8h7v7H8zM19 8h7v7h-7zM8 19h7v7H8zM19 19h3v3h-3zM23 23h3v3h-3z" />
      </svg>
      <h1 className={styles.desk}>{name}</h1>
    </div>
  );
}
