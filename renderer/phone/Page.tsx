/** @jsxImportSource preact */
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { PageFacts } from '../../protocol/page-facts.ts';
import type { App, AppSnapshot } from './app.ts';
import { ChatDock } from './chat/ChatDock.tsx';
import { focusTitle } from './focus-title.ts';
import { Icon } from './icons.tsx';
import { Contained } from './parts/Contained.tsx';
import { Header } from './parts/Header.tsx';
import { Heard } from './parts/Heard.tsx';
import { Message } from './parts/Message.tsx';
import { Moved } from './parts/Moved.tsx';
import { Notice } from './parts/Notice.tsx';
import { Steps } from './parts/Steps.tsx';
import { CodeScreen } from './screens/CodeScreen.tsx';
import { ConsentScreen } from './screens/ConsentScreen.tsx';
import { EndedScreen } from './screens/EndedScreen.tsx';
import { LeaveScreen } from './screens/LeaveScreen.tsx';
import { ReviewScreen } from './screens/ReviewScreen.tsx';
import { VisitScreen } from './screens/VisitScreen.tsx';
import { useSnapshot } from './use-snapshot.ts';
import { useSteadyTaps } from './use-steady-taps.ts';
import type { Visit } from './visit.ts';
import { words as dictionary, type Words } from './words.ts';

interface Props {
  app: App;
  facts: PageFacts;
}

export function Page({ app, facts }: Props) {
  const snapshot = useSnapshot(app);
  const { screen, lang, letters } = snapshot;
  const words = dictionary[lang];
  useEffect(() => {
    document.documentElement.lang = lang;
    document.title = `${words.pageTitle} · ${facts.desk}`;
  }, [lang, words, facts]);
  useLayoutEffect(() => {
    document.documentElement.dataset.letters = letters;
  }, [letters]);
  useScreen(screen.name);
  useSteadyTaps(screen.name);
  const onLanguage = () => app.speak(lang === 'es' ? 'en' : 'es');
  const header =
    'visit' in screen ? (
      <VisitHeader app={app} visit={screen.visit} desk={facts.desk} words={words} onLanguage={onLanguage} />
    ) : (
      <Header desk={facts.desk} words={words} visit={null} onLanguage={onLanguage} />
    );
  return (
    <div class="page" data-screen={screen.name}>
      <Steps app={app} screen={screen} />
      {header}
      {(screen.name === 'visit' || screen.name === 'review') && (
        <Contained
          key={screen.visit.id}
          instead={() => (
            <Notice tone="bad" icon="warning" testid="chat-fault">
              {words.fault.chat}
            </Notice>
          )}
        >
          <ChatDock app={app} visit={screen.visit} facts={facts} words={words} />
        </Contained>
      )}
      <Contained key={screen.name} instead={again => <Fault words={words} onAgain={again} />}>
        {bodyOf(app, snapshot, facts, words)}
      </Contained>
    </div>
  );
}

/** Another screen begins at its top, as another page would; whoever does not see it is told its title. */
function useScreen(name: string): void {
  const last = useRef(name);
  useEffect(() => {
    window.scrollTo(0, 0);
    if (last.current === name) return;
    last.current = name;
    focusTitle();
  }, [name]);
}

function VisitHeader({
  app,
  visit,
  ...rest
}: {
  app: App;
  visit: Visit;
  desk: string;
  words: Words;
  onLanguage: () => void;
}) {
  const { session, link, movedTo } = useSnapshot(visit);
  const { open } = useSnapshot(visit.chat);
  // Whether all of it is kept changes with what waits.
  useSnapshot(app.queue);
  const { words } = rest;
  return (
    <>
      <Header {...rest} visit={{ session, link }} />
      {/* Whoever does not see the page is told only what comes into something that was there before. */}
      <div class="banner" role="status">
        {link === 'offline' &&
          (movedTo === null ? (
            <Notice tone="warn" icon="offline" testid="offline" silent>
              {app.queue.durable ? words.offlineBanner : words.offlineBannerMemory}
            </Notice>
          ) : (
            <Moved app={app} visit={visit} origin={movedTo} words={words} />
          ))}
      </div>
      {/* An open sheet says it itself: nobody hears what lies behind it. */}
      {!open && <Heard app={app} visit={visit} words={words} />}
    </>
  );
}

function bodyOf(app: App, { screen }: AppSnapshot, facts: PageFacts, words: Words) {
  switch (screen.name) {
    case 'starting':
      return <Waiting text={words.starting} />;
    case 'pairing':
      return <Waiting text={words.pairing} />;
    case 'computer':
      return (
        <Message
          icon="phone"
          title={words.computer.title}
          testid="computer-screen"
          actions={
            <Action testid="insist" look="secondary" text={words.computer.insist} onClick={() => void app.insist()} />
          }
        >
          <p>{words.computer.text}</p>
        </Message>
      );
    case 'code':
      return (
        <CodeScreen
          app={app}
          words={words}
          busy={screen.busy}
          problem={screen.problem}
          canReturn={screen.canReturn}
          onSubmit={code => void app.submitCode(code)}
          onReturn={() => app.returnToVisit()}
        />
      );
    case 'refused': {
      const { title, text } = words.refused[screen.why];
      const unreachable = screen.why === 'unreachable';
      return (
        <Message
          icon={unreachable ? 'offline' : 'qr'}
          tone="warn"
          title={title}
          testid="refused-screen"
          state={screen.why}
          actions={
            <>
              {screen.canReturn && (
                <Action
                  testid="return"
                  look="secondary"
                  text={words.code.returnToVisit}
                  onClick={() => app.returnToVisit()}
                />
              )}
              {unreachable ? (
                <Action
                  testid="try-again"
                  look="primary"
                  text={words.tryAgain}
                  onClick={() => void app.retryPairing()}
                />
              ) : (
                <Action testid="type-code" look="primary" text={words.typeCode} onClick={() => app.enterCode()} />
              )}
            </>
          }
        >
          <p>{text}</p>
        </Message>
      );
    }
    case 'consent':
      return (
        <ConsentScreen
          app={app}
          visit={screen.visit}
          facts={facts}
          words={words}
          onAccept={() => app.accept(screen.visit)}
          onDecline={() => app.askToLeave(screen.visit)}
        />
      );
    case 'visit':
      return <VisitScreen app={app} visit={screen.visit} problems={screen.problems} words={words} />;
    case 'review':
      return (
        <ReviewScreen
          app={app}
          visit={screen.visit}
          preparing={screen.preparing}
          problems={screen.problems}
          facts={facts}
          words={words}
        />
      );
    case 'leaving':
      return <LeaveScreen app={app} visit={screen.visit} busy={screen.busy} words={words} />;
    case 'ended':
      return <EndedScreen ended={screen} words={words} onCode={() => app.enterCode()} />;
    default:
      return screen satisfies never;
  }
}

function Fault({ words, onAgain }: { words: Words; onAgain: () => void }) {
  return (
    <Message
      icon="warning"
      tone="warn"
      title={words.fault.title}
      testid="fault-screen"
      actions={<Action testid="try-again" look="primary" text={words.tryAgain} onClick={onAgain} />}
    >
      <p>{words.fault.text}</p>
    </Message>
  );
}

function Waiting({ text }: { text: string }) {
  return (
    <main class="message" aria-live="polite">
      <div class="message-icon info">
        <Icon name="turning" />
      </div>
      <h1 class="lead">{text}</h1>
    </main>
  );
}

function Action({ testid, look, text, onClick }: { testid: string; look: string; text: string; onClick: () => void }) {
  return (
    <button type="button" class={`button ${look}`} data-testid={testid} onClick={onClick}>
      <span>{text}</span>
    </button>
  );
}
