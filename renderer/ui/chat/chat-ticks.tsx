import { IconAlertTriangle, IconCheck, IconChecks, IconClock } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { MessageState } from '../../client/chat-message.ts';
import styles from './chat-message.module.css';

const icons = {
  waiting: IconClock,
  sending: IconClock,
  failed: IconAlertTriangle,
  sent: IconCheck,
  delivered: IconChecks,
  read: IconChecks,
} as const;

/** What became of a message of one's own: a picture, a word and a colour. In a group it says how many of how many. */
export function ChatTicks({ state, group }: { state: MessageState; group: boolean }) {
  const { t } = useTranslation();
  if (state.name === 'received') return null;
  const Picture = icons[state.name];
  const counts = group && 'of' in state && state.of > 0;
  const word =
    counts && state.name !== 'sent'
      ? t(state.read > 0 ? 'chat.readOf' : 'chat.deliveredOf', {
          count: state.read > 0 ? state.read : state.delivered,
          of: state.of,
        })
      : t(`chat.state.${state.name}`);
  return (
    <span className={styles.ticks} data-testid="ticks" data-state={state.name}>
      <Picture size={16} stroke={2.2} aria-hidden />
      {word}
    </span>
  );
}
