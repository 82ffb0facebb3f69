import { UnstyledButton, VisuallyHidden } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconGripHorizontal, IconMessage } from '@tabler/icons-react';
import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef } from 'react';
import { useTexts } from '../texts/use-texts.tsx';
import styles from './chat-drawer.module.css';

/** Of the space that photos and chat share, in percent. */
export const heights = { least: 25, most: 75, first: 45, step: 5 } as const;

interface Props {
  opened: boolean;
  /** In percent. */
  height: number;
  unread: number;
  /** Instead of opening: why there is nothing to open. */
  hint: string | null;
  onToggle: () => void;
  onHeight: (height: number) => void;
  /** Beside the name, while it is open. */
  bar: ReactNode;
  children: ReactNode;
}

/** The chat below the photos: one line when closed, as high as one likes when open. */
export function ChatDrawer({ opened, height, unread, hint, onToggle, onHeight, bar, children }: Props) {
  const { t } = useTexts();
  const drawer = useRef<HTMLElement>(null);
  const shown = opened && hint === null;
  const set = (wanted: number) => onHeight(Math.round(Math.min(heights.most, Math.max(heights.least, wanted))));
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowUp: heights.step, ArrowDown: -heights.step }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    set(height + by);
  };
  const onDrag = (event: PointerEvent) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const all = drawer.current?.parentElement?.getBoundingClientRect();
    if (all) set(((all.bottom - event.clientY) / all.height) * 100);
  };
  const name = (
    <>
      <IconMessage size={20} aria-hidden />
      <span className={styles.name}>{t('chat.title')}</span>
      {unread > 0 && (
        <span className={styles.unread}>
          <span aria-hidden="true">{unread}</span>
          <VisuallyHidden>{t('chat.unread', { count: unread })}</VisuallyHidden>
        </span>
      )}
    </>
  );
  const Arrow = opened ? IconChevronDown : IconChevronUp;
  return (
    <section
      ref={drawer}
      className={styles.drawer}
      aria-label={t('chat.title')}
      data-testid="chat"
      data-opened={shown}
      style={shown ? { flexBasis: `${height}%` } : undefined}
    >
      <div className={styles.bar}>
        {hint === null ? (
          <UnstyledButton
            className={styles.toggle}
            aria-expanded={opened}
            aria-label={[
              t(opened ? 'chat.toggleClose' : 'chat.toggleOpen'),
              unread > 0 ? t('chat.unread', { count: unread }) : '',
            ]
              .filter(Boolean)
              .join(', ')}
            data-testid="chat-toggle"
            onClick={onToggle}
          >
            {name}
            <Arrow size={20} aria-hidden />
          </UnstyledButton>
        ) : (
          <p className={styles.hint}>
            {name}
            <span>{hint}</span>
          </p>
        )}
        {shown && bar}
        {shown && (
          // biome-ignore lint/a11y/useSemanticElements: a line that one moves is no rule between texts
          <div
            className={styles.grip}
            role="separator"
            tabIndex={0}
            aria-orientation="horizontal"
            aria-label={t('chat.size')}
            aria-valuenow={height}
            aria-valuemin={heights.least}
            aria-valuemax={heights.most}
            data-testid="chat-grip"
            onKeyDown={onKeyDown}
            onPointerDown={event => event.currentTarget.setPointerCapture(event.pointerId)}
            onPointerMove={onDrag}
          >
            <IconGripHorizontal size={20} aria-hidden />
          </div>
        )}
      </div>
      {shown && children}
    </section>
  );
}
