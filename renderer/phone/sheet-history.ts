/**
 * While the chat's sheet is open it has an entry of its own in the tab's history, so that the phone's back button closes the
 * sheet and not the page.
 */
import { useLayoutEffect, useRef } from 'preact/hooks';

const entry = { sheet: 'chat' };

export function isSheetOpen(state: unknown): boolean {
  return typeof state === 'object' && state !== null && 'sheet' in state && state.sheet === entry.sheet;
}

/** Closed in another way, the sheet takes its entry along. */
export function useSheetHistory(open: boolean, onBack: () => void): void {
  const isOpen = useRef(open);
  // Going back takes a moment, in which the sheet may be opened again: then its entry is made once the old one is gone.
  const isLeaving = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the parent makes a new function every time, to the same end
  useLayoutEffect(() => {
    const onPop = () => {
      if (!isLeaving.current) {
        if (isOpen.current) onBack();
        return;
      }
      isLeaving.current = false;
      if (isOpen.current) enter();
    };
    addEventListener('popstate', onPop);
    return () => removeEventListener('popstate', onPop);
  }, []);
  // At once: whoever sees the sheet can go back from it.
  useLayoutEffect(() => {
    isOpen.current = open;
    if (!open) return;
    if (!isLeaving.current) enter();
    return () => {
      isOpen.current = false;
      if (isLeaving.current || !isSheetOpen(history.state)) return;
      isLeaving.current = true;
      history.back();
    };
  }, [open]);
}

function enter(): void {
  if (!isSheetOpen(history.state)) history.pushState(entry, '');
}
