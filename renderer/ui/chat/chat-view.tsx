import { Button } from '@mantine/core';
import { type DragEvent, useState } from 'react';
import type { Attachment } from '../../client/attachments.ts';
import type { ThreadMessage } from '../../client/chat-message.ts';
import type { ThreadSnapshot } from '../../client/chat-thread.ts';
import { useTexts } from '../texts/use-texts.tsx';
import type { LoadBlob } from '../use-blob-url.ts';
import type { ChatActions } from './chat-actions.ts';
import { ChatComposer } from './chat-composer.tsx';
import { ChatLog } from './chat-log.tsx';
import styles from './chat-view.module.css';

export interface ChatViewProps {
  thread: ThreadSnapshot;
  attachments: readonly Attachment[];
  offline: boolean;
  group: boolean;
  /** Why nobody would get what is written now; `null` where one can write. */
  closed: string | null;
  /** Tells two conversations on one page apart. */
  name: string;
  draft: { text: string };
  nameOf: (userId: string) => string;
  load: LoadBlob;
  actions: ChatActions;
}

/** A conversation: what was said, and where one writes. Files can be dropped anywhere on it. */
export function ChatView(props: ChatViewProps) {
  const { thread, attachments, offline, group, closed, name, draft, nameOf, load, actions } = props;
  const { t } = useTexts();
  const [editing, setEditing] = useState<ThreadMessage | null>(null);
  const [over, setOver] = useState(false);
  const startEdit = (message: ThreadMessage) => setEditing(message);
  const isFiles = (event: DragEvent) => closed === null && event.dataTransfer.types.includes('Files');
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is only a shorter way to what the button does
    <div
      className={styles.view}
      data-over={over || undefined}
      onDragOver={event => {
        if (!isFiles(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={event => {
        const to = event.relatedTarget;
        if (!(to instanceof Node && event.currentTarget.contains(to))) setOver(false);
      }}
      onDrop={event => {
        setOver(false);
        if (!isFiles(event)) return;
        event.preventDefault();
        actions.onAttach([...event.dataTransfer.files]);
      }}
    >
      <ChatLog
        thread={thread}
        offline={offline}
        group={group}
        nameOf={nameOf}
        load={load}
        actions={actions}
        onStartEdit={startEdit}
      />
      {offline && closed === null && <p className={styles.note}>{t('chat.offline')}</p>}
      {closed === null ? (
        <ChatComposer
          attachments={attachments}
          editing={editing}
          name={name}
          draft={draft}
          actions={actions}
          onEndEdit={() => setEditing(null)}
        />
      ) : (
        <p className={styles.note}>{closed}</p>
      )}
      {over && <p className={styles.drop}>{t('chat.drop')}</p>}
    </div>
  );
}

/** One tap sends it. */
export function QuickReplies({ replies, onSend }: { replies: readonly string[]; onSend: (text: string) => void }) {
  const { t } = useTexts();
  if (replies.length === 0) return null;
  return (
    <ul className={styles.replies} aria-label={t('chat.quickReplies')}>
      {replies.map(reply => (
        <li key={reply}>
          <Button
            variant="default"
            radius="xl"
            data-testid="quick-reply"
            onClick={event => event.detail < 2 && onSend(reply)}
          >
            {reply}
          </Button>
        </li>
      ))}
    </ul>
  );
}
