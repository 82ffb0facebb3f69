/** @jsxImportSource preact */
import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from '../icons.tsx';

interface Props {
  tone: 'plain' | 'info' | 'good' | 'warn' | 'bad';
  icon: IconName;
  testid?: string;
  /** It is told in other words already. */
  silent?: boolean;
  children: ComponentChildren;
}

/** Something to know, as icon, words and colour. */
export function Notice({ tone, icon, testid, silent = false, children }: Props) {
  return (
    <div class={`notice ${tone}`} data-testid={testid} role={silent ? undefined : tone === 'bad' ? 'alert' : 'status'}>
      <Icon name={icon} />
      <div>{children}</div>
    </div>
  );
}
