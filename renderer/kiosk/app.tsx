import { useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { PageFacts } from '../../protocol/page-facts.ts';
import { SignIn } from '../ui/sign-in.tsx';
import { DeskScreen } from './desk-screen.tsx';
import { otherLanguage } from './language.ts';
import type { OpenDesk } from './open-desk.ts';

interface Props {
  facts: PageFacts;
  /** Opened before anything was drawn, where a token was at hand. */
  first: OpenDesk | null;
  open: (token: string) => OpenDesk;
  onRefused: () => void;
}

/** Either the sign-in or the desk. */
export function App({ facts, first, open, onRefused }: Props) {
  const [desk, setDesk] = useState(first);
  const [refusal, setRefusal] = useState<string | null>(null);
  const { i18n } = useTranslation();
  if (!desk) {
    return (
      <SignIn
        desk={facts.desk}
        refusal={refusal}
        onToken={token => setDesk(open(token))}
        onLanguage={() => void i18n.changeLanguage(otherLanguage(i18n.language))}
      />
    );
  }
  return (
    <SignedIn
      facts={facts}
      desk={desk}
      onRefused={reason => {
        desk.stop();
        onRefused();
        setRefusal(reason);
        setDesk(null);
      }}
    />
  );
}

interface SignedInProps {
  facts: PageFacts;
  desk: OpenDesk;
  onRefused: (reason: string) => void;
}

function SignedIn({ facts, desk, onRefused }: SignedInProps) {
  const { connection, refusal } = useSyncExternalStore(desk.store.subscribe, desk.store.getSnapshot);
  const refused = connection === 'refused';
  useEffect(() => {
    if (refused) onRefused(refusal ?? '');
  }, [refused, refusal, onRefused]);
  return refused ? null : <DeskScreen facts={facts} store={desk.store} http={desk.http} />;
}
