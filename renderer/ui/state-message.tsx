import { Button, Loader } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import styles from './state-message.module.css';

interface Props {
  /** Without one it is a state of waiting. */
  icon?: Icon;
  title: string;
  text?: string;
  tone?: 'plain' | 'bad';
  action?: { label: string; onClick: () => void };
  children?: ReactNode;
}

/** What a view shows instead of its contents: empty, loading, offline, failed. */
export function StateMessage({ icon: Picture, title, text, tone = 'plain', action, children }: Props) {
  return (
    <div className={styles.message} data-tone={tone} role={tone === 'bad' ? 'alert' : undefined}>
      <div className={styles.picture}>
        {Picture ? <Picture size={36} stroke={1.5} aria-hidden /> : <Loader size="md" />}
      </div>
      <p className={styles.title}>{title}</p>
      {text && <p className={styles.text}>{text}</p>}
      {children}
      {action && (
        <Button variant="default" onClick={action.onClick}>
          {action.label}
        </Button>
      )}
    </div>
  );
}
