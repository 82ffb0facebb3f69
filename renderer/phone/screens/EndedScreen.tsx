/** @jsxImportSource preact */
import type { Screen } from '../app.ts';
import { Message } from '../parts/Message.tsx';
import type { Words } from '../words.ts';

interface Props {
  ended: Extract<Screen, { name: 'ended' }>;
  words: Words;
  onCode: () => void;
}

/** The visit is over, or over for this phone: what came of it, and that nothing is left on the phone. */
export function EndedScreen({ ended, words, onCode }: Props) {
  const { by, accepted, received, open, unsent } = ended;
  const good = accepted > 0 && open === 0;
  const actions = (
    <button type="button" class="button secondary" data-testid="type-code" onClick={onCode}>
      <span>{words.typeCode}</span>
    </button>
  );
  return (
    <Message
      icon={good ? 'thanks' : 'info'}
      tone={good ? 'good' : 'info'}
      title={by === 'other_phone' ? words.ended.goesOn : words.ended.title}
      testid="ended-screen"
      state={by}
      actions={actions}
    >
      <p class="lead">
        {good ? words.ended.thanks(accepted) : received > 0 ? words.ended.received(received) : words.ended.nothing}
        {!good && accepted > 0 && ` ${words.ended.accepted(accepted)}`}
      </p>
      {unsent > 0 && <p>{words.ended.unsent(unsent)}</p>}
      {by !== 'visitor' && <p>{words.ended.by[by]}</p>}
      <p>{words.ended.erased}</p>
    </Message>
  );
}
