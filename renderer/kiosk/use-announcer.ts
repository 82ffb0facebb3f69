import { useCallback, useEffect, useState } from 'react';

/** By then a screen reader has taken it, in milliseconds; whoever goes through the page later finds no old news. */
const keptFor = 5000;
/** So many sentences of a burst; one that is there is not said again. */
const most = 3;

export interface Announcer {
  said: readonly string[];
  say: (text: string) => void;
}

/**
 * What is read aloud and stands nowhere else on the page. A sentence is never rewritten, since it would be read again: where another
 * `mask` says who may be named, what was said under the one before goes, which nobody hears.
 */
export function useAnnouncer(mask: string): Announcer {
  const [{ said, under }, set] = useState<{ said: readonly string[]; under: string }>({ said: [], under: mask });
  if (under !== mask) set({ said: [], under: mask });
  useEffect(() => {
    if (said.length === 0) return;
    const timer = setTimeout(() => set(now => ({ ...now, said: [] })), keptFor);
    return () => clearTimeout(timer);
  }, [said]);

  const say = useCallback(
    (text: string) =>
      set(now => (now.said.includes(text) ? now : { ...now, said: [...now.said.slice(1 - most), text] })),
    [],
  );
  return { said: under === mask ? said : [], say };
}
