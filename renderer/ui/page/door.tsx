import { type ReactNode, useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { Connection } from '../../client/desk-state.ts';
import { SignIn, type SignInTexts } from '../sign-in.tsx';
import { otherLanguage } from './language.ts';

/** What a token has opened: it knows whether the server goes on taking that token. */
export interface Opened {
  store: {
    subscribe(listener: () => void): () => void;
    getSnapshot(): { connection: Connection; refusal: string | null };
  };
  stop(): void;
}

interface Props<T extends Opened> {
  signIn?: SignInTexts | undefined;
  desk: string;
  /** Opened before anything was drawn, where a token was at hand. */
  first: T | null;
  open: (token: string) => T;
  onRefused: () => void;
  children: (opened: T) => ReactNode;
}

/** Either the sign-in or what is behind it. */
export function Door<T extends Opened>({ signIn = 'signIn', desk, first, open, onRefused, children }: Props<T>) {
  const [opened, setOpened] = useState(first);
  const [refusal, setRefusal] = useState<string | null>(null);
  const { i18n } = useTranslation();
  if (!opened) {
    return (
      <SignIn
        texts={signIn}
        desk={desk}
        refusal={refusal}
        onToken={token => setOpened(open(token))}
        onLanguage={() => void i18n.changeLanguage(otherLanguage(i18n.language))}
      />
    );
  }
  return (
    <SignedIn
      opened={opened}
      onRefused={reason => {
        opened.stop();
        onRefused();
        setRefusal(reason);
        setOpened(null);
      }}
    >
      {children(opened)}
    </SignedIn>
  );
}

interface SignedInProps {
  opened: Opened;
  onRefused: (reason: string) => void;
  children: ReactNode;
}

function SignedIn({ opened, onRefused, children }: SignedInProps) {
  const { connection, refusal } = useSyncExternalStore(opened.store.subscribe, opened.store.getSnapshot);
  const refused = connection === 'refused';
  useEffect(() => {
    if (refused) onRefused(refusal ?? '');
  }, [refused, refusal, onRefused]);
  return refused ? null : children;
}
