import { Button, Loader } from '@mantine/core';
import { IconAlertTriangle, IconMessages } from '@tabler/icons-react';
import { Fragment, useEffect, useRef } from 'react';
import type { ThreadMessage } from '../../client/chat-message.ts';
import type { ThreadSnapshot } from '../../client/chat-thread.ts';
import { longDay } from '../format.ts';
import { StateMessage } from '../state-message.tsx';
import { useTexts } from '../texts/use-texts.tsx';
import type { LoadBlob } from '../use-blob-url.ts';
import type { ChatActions } from './chat-actions.ts';
import styles from './chat-log.module.css';
import { ChatMessage } from './chat-message.tsx';

interface Props {
  thread: ThreadSnapshot;
  offline: boolean;
  group: boolean;
  nameOf: (userId: string) => string;
  load: LoadBlob;
  actions: ChatActions;
  onStartEdit: (message: ThreadMessage) => void;
}

/**
 * The messages, the newest at the bottom. The scroller runs from bottom to top, so that it stands at the newest by itself and
 * keeps its place when older ones come in above.
 */
export function ChatLog({ thread, offline, group, nameOf, load, actions, onStartEdit }: Props) {
  const { t, i18n } = useTexts();
  const scroller = useRef<HTMLDivElement>(null);
  const top = useRef<HTMLDivElement>(null);
  const { messages, older, typing } = thread;
  const { onOlder } = actions;

  // Older ones are asked for when the upper end comes near.
  const hasOlder = older === 'some';
  // biome-ignore lint/correctness/useExhaustiveDependencies: with more messages the end is elsewhere and has to be seen anew
  useEffect(() => {
    if (!hasOlder || !top.current) return;
    const watch = new IntersectionObserver(entries => entries.some(entry => entry.isIntersecting) && onOlder(), {
      root: scroller.current,
      rootMargin: '200px 0px 0px 0px',
    });
    watch.observe(top.current);
    return () => watch.disconnect();
  }, [hasOlder, onOlder, messages.length]);

  // What one has written oneself is always shown, wherever one was reading.
  const mine = messages.findLast(message => message.mine)?.key;
  useEffect(() => {
    if (mine !== undefined) scroller.current?.scrollTo({ top: 0 });
  }, [mine]);

  if (messages.length === 0) {
    if (thread.load === 'loading' && !offline) return <StateMessage title={t('chat.loading')} />;
    if (thread.load !== 'ready') {
      return (
        <StateMessage
          icon={IconAlertTriangle}
          tone="bad"
          title={t('chat.failed')}
          action={{ label: t('app.retry'), onClick: actions.onReload }}
        />
      );
    }
  }
  const days = messages.map(message => longDay(message.timestamp, i18n.language));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
    <div ref={scroller} className={styles.scroller} role="log" aria-label={t('chat.messages')} tabIndex={0}>
      <div className={styles.content}>
        <div ref={top} />
        {older === 'loading' && <Loader size="sm" className={styles.older ?? ''} aria-label={t('chat.loading')} />}
        {(older === 'failed' || older === 'some') && (
          <Button variant="subtle" className={styles.older ?? ''} onClick={onOlder}>
            {t(older === 'failed' ? 'chat.olderFailed' : 'chat.older')}
          </Button>
        )}
        {messages.length === 0 && (
          <p className={styles.empty}>
            <IconMessages size={22} stroke={1.5} aria-hidden /> {t('chat.empty')}
          </p>
        )}
        <ol className={styles.list}>
          {messages.map((message, index) => (
            <Fragment key={message.key}>
              {days[index] !== days[index - 1] && <li className={styles.day}>{days[index]}</li>}
              <ChatMessage
                message={message}
                author={group && !message.mine ? nameOf(message.sender_id) : null}
                group={group}
                load={load}
                actions={actions}
                onStartEdit={onStartEdit}
              />
            </Fragment>
          ))}
        </ol>
        <p className={styles.typing} data-testid="typing">
          {typing.length > 0 && t('chat.typing', { who: typing.map(nameOf).join(', ') })}
        </p>
      </div>
    </div>
  );
}
