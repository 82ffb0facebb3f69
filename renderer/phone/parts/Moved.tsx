/** @jsxImportSource preact */
import type { App } from '../app.ts';
import { useSnapshot } from '../use-snapshot.ts';
import type { Visit } from '../visit.ts';
import { unsentOf } from '../visit-chat.ts';
import type { Words } from '../words.ts';
import { Notice } from './Notice.tsx';

interface Props {
  app: App;
  visit: Visit;
  /** Where the desk is now. */
  origin: string;
  words: Words;
}

/** The desk is not to be reached here any more, and has said where it is: the way there, which takes the visit along. */
export function Moved({ app, visit, origin, words: { moved } }: Props) {
  const left = useSnapshot(app.queue).length + unsentOf(useSnapshot(visit.chat));
  return (
    <Notice tone="warn" icon="offline" testid="moved" silent>
      <p>{moved.text(new URL(origin).host)}</p>
      {left > 0 && <p>{moved.left}</p>}
      <a
        class="button primary"
        href={`${origin}/J`}
        data-testid="follow"
        onClick={event => {
          // The token does not stand in the link, where it could be seen and passed on.
          event.preventDefault();
          app.follow(visit, origin);
        }}
      >
        {moved.follow}
      </a>
      <p>{moved.orElse}</p>
    </Notice>
  );
}
