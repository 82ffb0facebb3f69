/** @jsxImportSource preact */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from '../icons.tsx';
import type { Words } from '../words.ts';

interface Props {
  words: Words;
  maxChars: number;
  /** There is no conversation yet. */
  disabled: boolean;
  text: string;
  onText: (text: string) => void;
  onSend: (text: string) => void;
  onFiles: (files: File[]) => void;
}

/** From here on it is counted down. */
const closeToLimit = 0.9;

/** Where a message is written; the field grows with it. */
export function Composer({ words, maxChars, disabled, text, onText, onSend, onFiles }: Props) {
  const field = useRef<HTMLTextAreaElement>(null);
  // Characters as the server counts them.
  const left = maxChars - [...text].length;
  const canSend = text.trim() !== '' && left >= 0 && !disabled;
  // biome-ignore lint/correctness/useExhaustiveDependencies: with the text grows the field
  useLayoutEffect(() => {
    const { current } = field;
    if (!current) return;
    current.style.height = 'auto';
    current.style.height = `${current.scrollHeight + 4}px`;
  }, [text]);
  const send = () => {
    if (!canSend) return;
    onSend(text.trim());
    onText('');
    field.current?.focus();
  };
  return (
    <form
      class="composer"
      onSubmit={event => {
        event.preventDefault();
        send();
      }}
    >
      {left <= maxChars * (1 - closeToLimit) && (
        <p class={`counter ${left < 0 ? 'bad' : ''}`} id="chat-left" data-testid="chat-left">
          {left < 0 && <Icon name="warning" />}
          {left < 0 ? words.chat.over(-left) : words.chat.left(left)}
        </p>
      )}
      <label class="button small">
        <input
          class="file-input"
          type="file"
          accept="image/*,audio/*,text/plain,application/pdf,.pdf,.docx,.xlsx,.odt"
          multiple
          disabled={disabled}
          aria-label={words.chat.attach}
          data-testid="chat-attach"
          onChange={event => {
            const input = event.currentTarget;
            onFiles([...(input.files ?? [])]);
            input.value = '';
          }}
        />
        <Icon name="clip" />
      </label>
      <textarea
        ref={field}
        rows={1}
        value={text}
        disabled={disabled}
        aria-label={words.chat.label}
        aria-describedby="chat-left"
        aria-invalid={left < 0}
        placeholder={words.chat.placeholder}
        data-testid="chat-text"
        onInput={event => onText(event.currentTarget.value)}
      />
      <button
        type="submit"
        class="button primary"
        data-testid="chat-send"
        aria-label={words.chat.send}
        aria-disabled={!canSend}
        // The field keeps the focus, and so the keyboard stays.
        onPointerDown={event => event.preventDefault()}
      >
        <Icon name="send" />
      </button>
    </form>
  );
}
