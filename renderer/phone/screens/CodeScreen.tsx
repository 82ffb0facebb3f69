/** @jsxImportSource preact */
import { useState } from 'preact/hooks';
import type { App } from '../app.ts';
import { Icon } from '../icons.tsx';
import { cleanCode, type Refusal, showCode } from '../pairing.ts';
import { LettersButton } from '../parts/LettersButton.tsx';
import { Notice } from '../parts/Notice.tsx';
import type { Words } from '../words.ts';

interface Props {
  app: App;
  words: Words;
  busy: boolean;
  problem: Refusal | null;
  canReturn: boolean;
  onSubmit: (code: string) => void;
  onReturn: () => void;
}

/** Where a visitor types the short code of the desk's screen. */
export function CodeScreen({ app, words, busy, problem, canReturn, onSubmit, onReturn }: Props) {
  const [code, setCode] = useState('');
  const [short, setShort] = useState(false);
  return (
    <form
      class="screen"
      onSubmit={event => {
        event.preventDefault();
        setShort(code.length < 6);
        if (code.length === 6 && !busy) onSubmit(code);
      }}
    >
      <main class="message" data-testid="code-screen">
        <h1>{words.code.title}</h1>
        <p>{words.code.text}</p>
        <label class="field">
          <span>{words.code.label}</span>
          <input
            class="code"
            data-testid="code-input"
            value={showCode(code)}
            placeholder="K7M-9Q2"
            autocomplete="off"
            autocapitalize="characters"
            autocorrect="off"
            spellcheck={false}
            aria-invalid={problem !== null || short}
            onInput={event => {
              const clean = cleanCode(event.currentTarget.value);
              // The shown text may not change when a stray character is typed, so it is set by hand too.
              event.currentTarget.value = showCode(clean);
              setCode(clean);
            }}
          />
        </label>
        {short && code.length < 6 && (
          <Notice tone="bad" icon="warning" testid="code-short">
            {words.code.incomplete}
          </Notice>
        )}
        {problem && !busy && (
          <Notice tone="bad" icon="warning" testid="code-problem">
            {words.code.problems[problem]}
          </Notice>
        )}
        <LettersButton app={app} words={words} />
      </main>
      <footer class="actions">
        {canReturn && (
          <button type="button" class="button secondary" data-testid="return" onClick={onReturn}>
            <Icon name="back" />
            <span>{words.code.returnToVisit}</span>
          </button>
        )}
        <button type="submit" class="button primary" data-testid="code-submit" aria-disabled={busy}>
          <span>{busy ? words.code.busy : words.code.go}</span>
        </button>
      </footer>
    </form>
  );
}
