import { useEffect, useEffectEvent, useRef } from 'react';

/** Calls `onNews`, with what was the newest until then, when there is another `newest`. What is there when it is first known is no news. */
export function useNews(newest: string | null, known: boolean, onNews: (before: string | null) => unknown): void {
  const tell = useEffectEvent(onNews);
  const before = useRef<string | null | undefined>(undefined);
  useEffect(() => {
    if (!known) return;
    const was = before.current;
    before.current = newest;
    if (was !== undefined && newest !== null && newest !== was) tell(was);
  }, [newest, known]);
}
