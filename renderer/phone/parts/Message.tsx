/** @jsxImportSource preact */
import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from '../icons.tsx';

interface Props {
  icon: IconName;
  tone?: 'info' | 'good' | 'warn' | 'bad';
  title: string;
  testid: string;
  /** What the screen is about, for tests and styles. */
  state?: string;
  children?: ComponentChildren;
  actions?: ComponentChildren;
}

/** A screen with one thing to say and at most a few ways on. */
export function Message({ icon, tone = 'info', title, testid, state, children, actions }: Props) {
  return (
    <>
      <main class="message" data-testid={testid} data-state={state}>
        <div class={`message-icon ${tone}`}>
          <Icon name={icon} />
        </div>
        <h1>{title}</h1>
        {children}
      </main>
      {actions && <footer class="actions">{actions}</footer>}
    </>
  );
}
