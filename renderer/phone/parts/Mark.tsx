/** @jsxImportSource preact */
import type { Session } from '../../../protocol/session.ts';
import type { Words } from '../words.ts';

/** The emoji and colour that the desk's screen shows too. */
export function Mark({ session, words, big = false }: { session: Session; words: Words; big?: boolean }) {
  return (
    <span
      class={big ? 'mark mark-big' : 'mark'}
      role="img"
      aria-label={`${words.yourMark}: ${session.emoji}`}
      data-testid="mark"
      style={{ backgroundColor: session.color }}
    >
      {session.emoji}
    </span>
  );
}
