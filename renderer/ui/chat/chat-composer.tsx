import { ActionIcon, Button, Progress, Textarea } from '@mantine/core';
import { IconAlertTriangle, IconPaperclip, IconRefresh, IconSend, IconX } from '@tabler/icons-react';
import { type ClipboardEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { Attachment } from '../../client/attachments.ts';
import type { ThreadMessage } from '../../client/chat-message.ts';
import { fileSize } from '../format.ts';
import { useTexts } from '../texts/use-texts.tsx';
import type { ChatActions } from './chat-actions.ts';
import styles from './chat-composer.module.css';

interface Props {
  attachments: readonly Attachment[];
  /** The message of one's own that is being changed. */
  editing: ThreadMessage | null;
  /** Of the id of the input, so that two conversations can stand on one page. */
  name: string;
  /** Kept by whoever shows the conversation, for when it is shown again. */
  draft: { text: string };
  actions: ChatActions;
  onEndEdit: () => void;
}

/** As the file dialog filters; the server looks at the bytes. */
const accepted =
  '.pdf,.docx,.xlsx,.odt,.txt,.csv,.md,.mp3,.m4a,.ogg,.wav,.aac,image/jpeg,image/png,image/webp,audio/*,text/plain';

/** Where one writes: Enter sends, Shift+Enter begins a line. Files come by button, by paste, or dropped on the conversation. */
export function ChatComposer({ attachments, editing, name, draft, actions, onEndEdit }: Props) {
  const { t } = useTexts();
  const [text, setText] = useState(draft.text);
  const [busy, setBusy] = useState(false);
  const input = useRef<HTMLTextAreaElement>(null);
  const files = useRef<HTMLInputElement>(null);

  useEffect(() => {
    draft.text = editing ? '' : text;
  }, [draft, editing, text]);

  useEffect(() => {
    if (!editing) return;
    setText(editing.content);
    input.current?.focus();
  }, [editing]);

  const end = () => {
    setText('');
    onEndEdit();
  };
  const send = async () => {
    const said = text.trim();
    if (said === '' || busy) return;
    if (!editing?.id) {
      actions.onSend(said);
      setText('');
      return;
    }
    setBusy(true);
    const done = said === editing.content || (await actions.onEdit(editing.id, said));
    setBusy(false);
    if (done) end();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && editing) {
      event.stopPropagation();
      end();
    }
    // While an input method is composing, Enter chooses a word.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void send();
  };
  const onPaste = (event: ClipboardEvent) => {
    const pasted = [...event.clipboardData.files];
    if (pasted.length === 0) return;
    event.preventDefault();
    actions.onAttach(pasted);
  };

  return (
    <div className={styles.composer}>
      {attachments.length > 0 && (
        <ul className={styles.attachments} aria-label={t('chat.attachments')}>
          {attachments.map(one => (
            <AttachmentRow key={one.id} attachment={one} actions={actions} />
          ))}
        </ul>
      )}
      {editing && (
        <div className={styles.editing}>
          <span>{t('chat.editing')}</span>
          <Button size="xs" variant="subtle" onClick={end}>
            {t('app.cancel')}
          </Button>
        </div>
      )}
      <div className={styles.line}>
        <input
          ref={files}
          type="file"
          multiple
          hidden
          accept={accepted}
          data-testid="chat-file-input"
          onChange={event => {
            const { files: chosen } = event.currentTarget;
            if (chosen?.length) actions.onAttach([...chosen]);
            event.currentTarget.value = '';
          }}
        />
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('chat.attach')}
          title={t('chat.attach')}
          onClick={() => files.current?.click()}
        >
          <IconPaperclip size={22} aria-hidden />
        </ActionIcon>
        <Textarea
          ref={input}
          id={`chat-input-${name}`}
          className={styles.input}
          aria-label={t('chat.write')}
          placeholder={t('chat.write')}
          data-testid="chat-input"
          size="md"
          autosize
          minRows={1}
          maxRows={4}
          value={text}
          onChange={event => {
            setText(event.currentTarget.value);
            if (!editing) actions.onTyping();
          }}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
        />
        <ActionIcon
          variant="filled"
          aria-label={t(editing ? 'chat.saveEdit' : 'chat.send')}
          data-testid="chat-send"
          disabled={text.trim() === ''}
          loading={busy}
          onClick={() => void send()}
        >
          <IconSend size={20} aria-hidden />
        </ActionIcon>
      </div>
    </div>
  );
}

function AttachmentRow({ attachment, actions }: { attachment: Attachment; actions: ChatActions }) {
  const { t, i18n } = useTexts();
  const { id, name, size, state } = attachment;
  const percent = state.name === 'sending' ? Math.min(100, Math.round((state.sent / Math.max(1, size)) * 100)) : 0;
  return (
    <li className={styles.attachment} data-testid="attachment" data-state={state.name}>
      {state.name === 'failed' && <IconAlertTriangle size={20} aria-hidden className={styles.bad ?? ''} />}
      <div className={styles.facts}>
        <span className={styles.name}>
          {name} <small>{fileSize(size, i18n.language)}</small>
        </span>
        {state.name === 'failed' ? (
          <span className={styles.bad} role="alert">
            {state.failure.message}
          </span>
        ) : (
          <Progress value={percent} size="md" aria-label={t('chat.sendingFile', { name })} />
        )}
      </div>
      {state.name === 'failed' && (
        <ActionIcon variant="subtle" aria-label={t('chat.retryFile', { name })} onClick={() => actions.onRetryFile(id)}>
          <IconRefresh size={20} aria-hidden />
        </ActionIcon>
      )}
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t('chat.cancelFile', { name })}
        onClick={() => actions.onCancelFile(id)}
      >
        <IconX size={20} aria-hidden />
      </ActionIcon>
    </li>
  );
}
