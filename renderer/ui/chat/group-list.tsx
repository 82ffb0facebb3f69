import { Button, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { IconPlus, IconUser, IconUsersGroup } from '@tabler/icons-react';
import type { Conversation } from '../../../protocol/chat.ts';
import { dayAndTime } from '../format.ts';
import { useTexts } from '../texts/use-texts.tsx';
import styles from './groups.module.css';

interface Props {
  conversations: readonly Conversation[];
  chosen: string | null;
  unread: ReadonlyMap<string, number>;
  titleOf: (conversation: Conversation) => string;
  onChoose: (id: string) => void;
  onNew: () => void;
}

export function GroupList({ conversations, chosen, unread, titleOf, onChoose, onNew }: Props) {
  const { t, i18n } = useTexts();
  return (
    <nav className={styles.side} aria-label={t('chat.groups')}>
      <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={onNew} data-testid="new-group">
        {t('chat.newGroup')}
      </Button>
      <ul className={styles.list}>
        {conversations.map(one => {
          const Picture = one.type === 'group' ? IconUsersGroup : IconUser;
          const count = unread.get(one.id) ?? 0;
          return (
            <li key={one.id}>
              <UnstyledButton
                className={styles.entry}
                aria-current={one.id === chosen}
                data-testid="group"
                onClick={() => onChoose(one.id)}
              >
                <Picture size={22} stroke={1.6} aria-hidden />
                <span className={styles.entryText}>
                  <span className={styles.title}>{titleOf(one)}</span>
                  <small>{dayAndTime(one.last_message?.timestamp ?? one.created_at, i18n.language)}</small>
                </span>
                {count > 0 && (
                  <span className={styles.unread}>
                    <span aria-hidden="true">{count}</span>
                    <VisuallyHidden>{t('chat.unread', { count })}</VisuallyHidden>
                  </span>
                )}
              </UnstyledButton>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
