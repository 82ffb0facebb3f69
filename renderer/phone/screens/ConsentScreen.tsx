/** @jsxImportSource preact */
import type { PageFacts } from '../../../protocol/page-facts.ts';
import type { App } from '../app.ts';
import { LettersButton } from '../parts/LettersButton.tsx';
import { Mark } from '../parts/Mark.tsx';
import { useSnapshot } from '../use-snapshot.ts';
import type { Visit } from '../visit.ts';
import type { Words } from '../words.ts';

interface Props {
  app: App;
  visit: Visit;
  facts: PageFacts;
  words: Words;
  onAccept: () => void;
  onDecline: () => void;
}

/** Who asks, for whom, for what and how long it is kept, before any photo. */
export function ConsentScreen({ app, visit, facts, words, onAccept, onDecline }: Props) {
  const { session } = useSnapshot(visit);
  const { consent } = words;
  return (
    <>
      <main class="screen-body" data-testid="consent-screen">
        <LettersButton app={app} words={words} />
        <h1>{consent.title}</h1>
        <p class="lead">{consent.asks(facts.desk)}</p>
        <div class="compare">
          <Mark session={session} words={words} big />
          <p>{consent.compare}</p>
        </div>
        <dl class="facts">
          <div>
            <dt>{consent.who}</dt>
            <dd data-testid="person">{session.idPersona ?? consent.unassigned}</dd>
          </div>
          <div>
            <dt>{consent.what}</dt>
            <dd>{session.label ?? consent.whatDefault}</dd>
          </div>
          <div>
            <dt>{consent.kept}</dt>
            <dd>{consent.days(facts.retention_days)}</dd>
          </div>
          {facts.consent.text === null && (
            <div>
              <dt>{consent.where}</dt>
              <dd>{consent.whereText}</dd>
            </div>
          )}
        </dl>
        {facts.consent.text !== null && (
          // The desk's own words, in the desk's language, whatever the phone's is.
          <p class="notice-text" lang={facts.lang} data-testid="consent-text">
            {facts.consent.text}
          </p>
        )}
      </main>
      <footer class="actions">
        <button type="button" class="button plain" data-testid="decline" onClick={onDecline}>
          <span>{consent.decline}</span>
        </button>
        <button type="button" class="button primary" data-testid="consent" onClick={onAccept}>
          <span>{consent.accept}</span>
        </button>
      </footer>
    </>
  );
}
