/**
 * A screen or sheet that one can leave again has an entry of its own in the tab's history, so that the phone's back button leads to
 * where one came from, and not off the page: whoever has left it needs another QR to come back.
 */
import { useLayoutEffect, useRef } from 'preact/hooks';

export interface BackStep {
  name: string;
  /** `null` while it cannot be left. */
  onBack: (() => void) | null;
}

const sheet = 'chat';

export function isSheetOpen(state: unknown): boolean {
  return typeof state === 'object' && state !== null && 'step' in state && state.step === sheet;
}

/** How many entries of ours the browser's present one stands on. */
function depthOf(state: unknown): number {
  const depth = typeof state === 'object' && state !== null && 'depth' in state ? state.depth : 0;
  return typeof depth === 'number' ? depth : 0;
}

/** The steps that were taken into the page, the last one on top; `null` while it is not known yet where one is. */
export function useBackSteps(steps: readonly BackStep[] | null): void {
  const now = useRef(steps);
  // Going back takes a moment, in which a step may be taken anew: its entry is made once the old one is gone.
  const isLeaving = useRef(false);
  useLayoutEffect(() => {
    const onPop = () => {
      const isOwn = isLeaving.current;
      isLeaving.current = false;
      const top = now.current?.slice(-1)[0];
      const wentBack = depthOf(history.state) < (now.current?.length ?? 0);
      // Where that leads somewhere else, the entries follow what is shown then.
      if (!isOwn && wentBack && top?.onBack) top.onBack();
      else isLeaving.current = follow(now.current);
    };
    addEventListener('popstate', onPop);
    return () => removeEventListener('popstate', onPop);
  }, []);
  // At once: whoever sees a sheet can go back from it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the names are what the entries are made for
  useLayoutEffect(() => {
    now.current = steps;
    if (!isLeaving.current) isLeaving.current = follow(steps);
  }, [steps?.map(({ name }) => name).join()]);
  // What they do is of the present screen.
  useLayoutEffect(() => {
    now.current = steps;
  });
}

/** Makes the entries that are missing; answers whether it has begun to leave some that are too many. */
function follow(steps: readonly BackStep[] | null): boolean {
  if (steps === null) return false;
  const tooMany = depthOf(history.state) - steps.length;
  if (tooMany > 0) history.go(-tooMany);
  for (const [index, { name }] of steps.entries()) {
    if (index >= depthOf(history.state)) history.pushState({ depth: index + 1, step: name }, '');
  }
  return tooMany > 0;
}
