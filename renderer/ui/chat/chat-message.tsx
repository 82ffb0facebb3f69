import { ActionIcon, Button, Menu, VisuallyHidden } from '@mantine/core';
import { IconDots, IconPencil, IconTrash } from '@tabler/icons-react';
import { memo } from 'react';
import type { ThreadMessage } from '../../client/chat-message.ts';
import { shortTime } from '../format.ts';
import { useTexts } from '../texts/use-texts.tsx';
import type { LoadBlob } from '../use-blob-url.ts';
import type { ChatActions } from './chat-actions.ts';
import { ChatFile } from './chat-file.tsx';
import styles from './chat-message.module.css';
import { ChatTicks } from './chat-ticks.tsx';

interface Props {
  message: ThreadMessage;
  /** Who wrote it, where that is not plain from the side on which it stands. */
  author: string | null;
  group: boolean;
  load: LoadBlob;
  /** The same objects from one drawing to the next: a bubble is drawn anew only when its message changed. */
  actions: ChatActions;
  onStartEdit: (message: ThreadMessage) => void;
}

export const ChatMessage = memo(function ChatMessage({ message, author, group, load, actions, onStartEdit }: Props) {
  const { t, i18n } = useTexts();
  const { mine, content, file_url, type, state, id, key, timestamp, edited } = message;
  const failed = state.name === 'failed';
  return (
    <li
      className={styles.row}
      data-mine={mine}
      data-failed={failed || undefined}
      data-testid="chat-message"
      data-message-id={id ?? undefined}
      data-state={state.name}
    >
      <div className={styles.bubble} data-system={type === 'sistema' || undefined}>
        {author ? (
          <span className={styles.author}>{author}</span>
        ) : (
          <VisuallyHidden>{t(mine ? 'chat.you' : 'chat.other')}</VisuallyHidden>
        )}
        {file_url === null ? (
          <p className={styles.text}>{content}</p>
        ) : (
          <ChatFile url={file_url} name={content} type={type} load={load} actions={actions} />
        )}
        <span className={styles.about}>
          {edited && <span>{t('chat.edited')}</span>}
          <time dateTime={timestamp}>{shortTime(timestamp, i18n.language)}</time>
          <ChatTicks state={state} group={group} />
        </span>
        {state.name === 'failed' && (
          <div className={styles.failure}>
            <span>{state.failure.message}</span>
            <Button size="xs" variant="default" onClick={() => actions.onRetry(key)}>
              {t('app.retry')}
            </Button>
            <Button size="xs" variant="subtle" color="red" onClick={() => actions.onDiscard(key)}>
              {t('chat.discard')}
            </Button>
          </div>
        )}
      </div>
      {/* It comes when the server has the message, and is no news of the conversation. */}
      {mine && (
        <div className={styles.menu} aria-live="off">
          {id !== null && (
            <Menu position="top-end" withinPortal withInitialFocusPlaceholder={false}>
              <Menu.Target>
                <ActionIcon variant="subtle" color="gray" aria-label={t('chat.actions')}>
                  <IconDots size={20} aria-hidden />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                {file_url === null && (
                  <Menu.Item
                    className={styles.item ?? ''}
                    leftSection={<IconPencil size={18} aria-hidden />}
                    onClick={() => onStartEdit(message)}
                  >
                    {t('chat.edit')}
                  </Menu.Item>
                )}
                <Menu.Item
                  className={`${styles.item} ${styles.danger}`}
                  leftSection={<IconTrash size={18} aria-hidden />}
                  onClick={() => actions.onDelete(id)}
                >
                  {t('chat.delete')}
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          )}
        </div>
      )}
    </li>
  );
});
