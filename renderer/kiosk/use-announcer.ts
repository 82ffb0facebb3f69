import { useEffect, useState } from 'react';

/** By then a screen reader has taken it, in milliseconds; whoever goes through the page later finds no old news. */
const keptFor = 5000;

export interface Announcer {
  /** The newest. */
  said: { id: number; text: string } | null;
  /** `gathered`: not where it stands there already, as of a burst of photos. */
  say: (text: string, gathered?: boolean) => void;
}

/**
 * What is read aloud and stands nowhere else on the page. A sentence is never rewritten, since it would be read again: where another
 * `mask` says who may be named, what was said under the one before goes, which nobody hears.
 */
export function useAnnouncer(mask: string): Announcer {
  const [said, setSaid] = useState<Announcer['said']>(null);
  const [under, setUnder] = useState(mask);
  if (under !== mask) {
    setUnder(mask);
    setSaid(null);
  }
  useEffect(() => {
    if (said === null) return;
    const timer = setTimeout(setSaid, keptFor, null);
    return () => clearTimeout(timer);
  }, [said]);
  const say: Announcer['say'] = (text, gathered = false) =>
    setSaid(now => (gathered && now?.text === text ? now : { id: (now?.id ?? 0) + 1, text }));
  return { said, say };
}
