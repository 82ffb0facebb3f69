/**
 * While the chat's sheet is open it has an entry of its own in the tab's history, so that the phone's back button closes the
 * sheet and not the page.
 */
import { useEffect } from 'preact/hooks';

const entry = { sheet: 'chat' };

export function isSheetOpen(state: unknown): boolean {
  return typeof state === 'object' && state !== null && 'sheet' in state && state.sheet === entry.sheet;
}

/** Closed in another way, the sheet takes its entry along. */
export function useSheetHistory(open: boolean, onBack: () => void): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the parent makes a new function every time
  useEffect(() => {
    if (!open) return;
    if (!isSheetOpen(history.state)) history.pushState(entry, '');
    addEventListener('popstate', onBack);
    return () => {
      removeEventListener('popstate', onBack);
      if (isSheetOpen(history.state)) history.back();
    };
  }, [open]);
}
