import { useCallback, useEffect, useState } from 'react';
import { isTyping } from './key-actions.ts';

const minute = 60_000;
const alive = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const;

interface Rest {
  resting: boolean;
  rest: () => void;
  wake: () => void;
}

/**
 * Nobody has touched this screen for so many minutes (0: never), or somebody said so: then `data-resting` on the page blurs what
 * is about people, in whichever dialog it stands. Any key or pointer lifts it, and does nothing else.
 */
export function useRest(minutes: number): Rest {
  const [resting, setResting] = useState(false);
  const wake = useCallback(() => setResting(false), []);

  useEffect(() => {
    if (resting || minutes === 0) return;
    let timer: ReturnType<typeof setTimeout>;
    const again = () => {
      clearTimeout(timer);
      timer = setTimeout(() => setResting(true), minutes * minute);
    };
    again();
    for (const name of alive) window.addEventListener(name, again, { capture: true, passive: true });
    return () => {
      clearTimeout(timer);
      for (const name of alive) window.removeEventListener(name, again, { capture: true });
    };
  }, [minutes, resting]);

  useEffect(() => {
    if (!resting) return;
    document.documentElement.dataset.resting = '';
    const onKeyDown = (event: KeyboardEvent) => {
      // A reader that types into a field keeps its first character; everywhere else a key that wakes presses nothing.
      if (!isTyping(event.target)) {
        event.preventDefault();
        event.stopPropagation();
      }
      wake();
    };
    window.addEventListener('keydown', onKeyDown, true);
    return () => {
      delete document.documentElement.dataset.resting;
      window.removeEventListener('keydown', onKeyDown, true);
    };
  }, [resting, wake]);

  return { resting, rest: useCallback(() => setResting(true), []), wake };
}

/** Whether nobody has touched this screen for a minute, while `watched`. The next touch or key ends that, and counts as any other. */
export function useStill(watched: boolean): boolean {
  const [still, setStill] = useState(false);
  useEffect(() => {
    if (!watched) return;
    let timer: ReturnType<typeof setTimeout>;
    const again = () => {
      clearTimeout(timer);
      setStill(false);
      timer = setTimeout(() => setStill(true), minute);
    };
    again();
    for (const name of alive) window.addEventListener(name, again, { capture: true, passive: true });
    return () => {
      clearTimeout(timer);
      for (const name of alive) window.removeEventListener(name, again, { capture: true });
      setStill(false);
    };
  }, [watched]);
  return still;
}
