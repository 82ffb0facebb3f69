import { useEffect, useEffectEvent, useRef } from 'react';

/** Calls `onNews` when there is a `newest` that was not there before. What is there when it is first known is no news. */
export function useNews(newest: string | null, known: boolean, onNews: () => unknown): void {
  const tell = useEffectEvent(onNews);
  const before = useRef<string | null | undefined>(undefined);
  useEffect(() => {
    if (!known) return;
    const isNews = before.current !== undefined && newest !== null && newest !== before.current;
    before.current = newest;
    if (isNews) tell();
  }, [newest, known]);
}
