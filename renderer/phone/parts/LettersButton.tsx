/** @jsxImportSource preact */
import type { App } from '../app.ts';
import { Icon } from '../icons.tsx';
import { useSnapshot } from '../use-snapshot.ts';
import type { Words } from '../words.ts';

/** Makes everything on the page larger, and smaller again. */
export function LettersButton({ app, words }: { app: App; words: Words }) {
  const { letters } = useSnapshot(app);
  const isLarge = letters === 'large';
  return (
    <button
      type="button"
      class="button plain letters"
      data-testid="letters"
      aria-pressed={isLarge}
      onClick={() => app.writeIn(isLarge ? 'usual' : 'large')}
    >
      <Icon name={isLarge ? 'check' : 'letters'} />
      <span>{words.largerLetters}</span>
    </button>
  );
}
