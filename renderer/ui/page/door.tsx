import { type ReactNode, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { PageFacts } from '../../../protocol/page-facts.ts';
import type { DeskLook } from '../../../protocol/settings.ts';
import type { Connection } from '../../client/connection.ts';
import { SignIn, type SignInTexts } from '../sign-in.tsx';
import type { Reader } from './language.ts';
import { useDeskSettings } from './use-desk-settings.ts';

/** How many things wait to be seen. */
export interface Unseen {
  subscribe(listener: () => void): () => void;
  getSnapshot(): number;
}

const nothing: Unseen = { subscribe: () => () => {}, getSnapshot: () => 0 };

/** What a token has opened: it knows whether the server goes on taking that token, and what the desk is like now. */
export interface Opened {
  store: {
    subscribe(listener: () => void): () => void;
    getSnapshot(): { connection: Connection; refusal: string | null; settings: DeskLook | null };
  };
  /** Counted in the page's title, which is seen while another window lies over it. */
  unseen?: Unseen;
  stop(): void;
}

interface Inside<T extends Opened> {
  facts: PageFacts;
  reader: Reader;
  titleOf: (desk: string) => string;
  /** Drawn with the desk's name as it is now. */
  content: (opened: T, facts: PageFacts) => ReactNode;
}

interface Props<T extends Opened> extends Inside<T> {
  signIn?: SignInTexts | undefined;
  /** Opened before anything was drawn, where a token was at hand. */
  first: T | null;
  open: (token: string) => T;
  onRefused: () => void;
  /** `null` where no app around the page gives the token. */
  onAskAgain: (() => void) | null;
}

/** Either the sign-in or what is behind it. */
export function Door<T extends Opened>({ signIn = 'signIn', first, open, onRefused, onAskAgain, ...inside }: Props<T>) {
  const [opened, setOpened] = useState(first);
  const [refusal, setRefusal] = useState<string | null>(null);
  if (!opened) {
    return (
      <SignIn
        texts={signIn}
        desk={inside.facts.desk}
        refusal={refusal}
        onAskAgain={onAskAgain}
        onToken={token => setOpened(open(token))}
      />
    );
  }
  return (
    <SignedIn
      {...inside}
      opened={opened}
      onRefused={reason => {
        opened.stop();
        onRefused();
        setRefusal(reason);
        setOpened(null);
      }}
    />
  );
}

interface SignedInProps<T extends Opened> extends Inside<T> {
  opened: T;
  onRefused: (reason: string) => void;
}

function SignedIn<T extends Opened>({ opened, facts, reader, titleOf, content, onRefused }: SignedInProps<T>) {
  const { connection, refusal, settings } = useSyncExternalStore(opened.store.subscribe, opened.store.getSnapshot);
  const { unseen = nothing } = opened;
  const count = useSyncExternalStore(unseen.subscribe, unseen.getSnapshot);
  useDeskSettings(settings, facts, reader, titleOf, count);
  const refused = connection === 'refused';
  useEffect(() => {
    if (refused) onRefused(refusal ?? '');
  }, [refused, refusal, onRefused]);
  const desk = settings?.desk_name ?? facts.desk;
  // Not drawn anew whenever anything changes: what is inside listens for itself.
  const drawn = useMemo(() => content(opened, { ...facts, desk }), [content, opened, facts, desk]);
  return refused ? null : drawn;
}
