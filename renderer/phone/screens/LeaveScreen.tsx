/** @jsxImportSource preact */
import type { App } from '../app.ts';
import { Message } from '../parts/Message.tsx';
import { Notice } from '../parts/Notice.tsx';
import { useSnapshot } from '../use-snapshot.ts';
import type { Visit } from '../visit.ts';
import { unsentOf } from '../visit-chat.ts';
import type { Words } from '../words.ts';

interface Props {
  app: App;
  visit: Visit;
  busy: boolean;
  words: Words;
}

/** Asks once more before the visit ends and the phone forgets it. */
export function LeaveScreen({ app, visit, busy, words }: Props) {
  const uploads = useSnapshot(app.queue);
  const files = uploads.filter(({ file }) => file !== null).length;
  const unsent = uploads.length - files;
  const unsaid = files + unsentOf(useSnapshot(visit.chat));
  const { leave } = words;
  const hasAgreed = app.hasAgreed(visit);
  const { title, text, yes } = hasAgreed ? leave : leave.declined;
  const actions = (
    <>
      <button
        type="button"
        class="button danger"
        data-testid="leave-yes"
        disabled={busy}
        onClick={() => void app.leave(visit)}
      >
        <span>{busy ? leave.busy : yes}</span>
      </button>
      <button
        type="button"
        class="button secondary"
        data-testid="leave-no"
        disabled={busy}
        onClick={() => app.returnTo(visit)}
      >
        <span>{leave.no}</span>
      </button>
    </>
  );
  return (
    <Message icon={hasAgreed ? 'trash' : 'info'} tone="warn" title={title} testid="leave-screen" actions={actions}>
      <p>{text}</p>
      {unsent > 0 && (
        <Notice tone="bad" icon="warning">
          {leave.unsent(unsent)}
        </Notice>
      )}
      {unsaid > 0 && (
        <Notice tone="bad" icon="warning">
          {leave.unsaid(unsaid)}
        </Notice>
      )}
    </Message>
  );
}
