import { useEffect, useState } from 'react';
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

  useEffect(() => {
    if (resting || minutes === 0) return;
    return whenUntouched(minutes * minute, setResting);
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
      setResting(false);
    };
    window.addEventListener('keydown', onKeyDown, true);
    return () => {
      delete document.documentElement.dataset.resting;
      window.removeEventListener('keydown', onKeyDown, true);
    };
  }, [resting]);

  return { resting, rest: () => setResting(true), wake: () => setResting(false) };
}

/** Whether nobody has touched this screen for a minute, while `watched`. The touch or key that ends it does what it always does. */
export function useStill(watched: boolean): boolean {
  const [still, setStill] = useState(false);
  useEffect(() => {
    if (!watched) return;
    const stop = whenUntouched(minute, setStill);
    return () => {
      stop();
      setStill(false);
    };
  }, [watched]);
  return still;
}

/** Says `true` once nobody has touched this screen for `ms`, and `false` now and at each touch or key; gives back how to stop. */
function whenUntouched(ms: number, say: (untouched: boolean) => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const again = () => {
    clearTimeout(timer);
    say(false);
    timer = setTimeout(say, ms, true);
  };
  again();
  for (const name of alive) window.addEventListener(name, again, { capture: true, passive: true });
  return () => {
    clearTimeout(timer);
    for (const name of alive) window.removeEventListener(name, again, { capture: true });
  };
}
