import { IconAlertTriangle, IconCheck, IconChecks, IconClock } from '@tabler/icons-react';
import type { MessageState } from '../../client/chat-message.ts';
import { useTexts } from '../texts/use-texts.tsx';
import styles from './chat-message.module.css';

const icons = {
  waiting: IconClock,
  sending: IconClock,
  failed: IconAlertTriangle,
  sent: IconCheck,
  delivered: IconChecks,
  read: IconChecks,
} as const;

/**
 * What became of a message of one's own: a picture, a word and a colour. In a group it says how many of how many. It is read along
 * with its message, not by itself at each change.
 */
export function ChatTicks({ state, group }: { state: MessageState; group: boolean }) {
  const { t } = useTexts();
  if (state.name === 'received') return null;
  const Picture = icons[state.name];
  function counted({ read, delivered, of }: { read: number; delivered: number; of: number }): string {
    return read > 0 ? t('chat.readOf', { count: read, of }) : t('chat.deliveredOf', { count: delivered, of });
  }

  const word = group && 'of' in state && state.delivered > 0 ? counted(state) : t(`chat.state.${state.name}`);
  return (
    <span className={styles.ticks} aria-live="off" data-testid="ticks" data-state={state.name}>
      <Picture size={16} stroke={2.2} aria-hidden />
      {word}
    </span>
  );
}
