import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

/**
 * A `<dialog>` that is modal as long as it stands in the page: the rest is inert, the focus stays in it and goes back where
 * it was, or to the button of the messages where that is gone, as the notice of a new one is. Browsers older than `showModal` show it all the same.
 */
export function useModal(onClose: () => void): {
  ref: RefObject<HTMLDialogElement | null>;
  onCancel: (event: Event) => void;
  onClose: () => void;
} {
  const ref = useRef<HTMLDialogElement>(null);
  // At once: a moment later the focus is already in it, and where it was is forgotten.
  useLayoutEffect(() => {
    const dialog = ref.current;
    if (!dialog) return;
    const { activeElement: opener } = document;
    if (typeof dialog.showModal === 'function') dialog.showModal();
    else {
      (dialog as Element).setAttribute('open', '');
      dialog.querySelector<HTMLElement>('[autofocus]')?.focus();
    }
    return () => {
      if (dialog.open && typeof dialog.close === 'function') dialog.close();
      const isThere = opener !== document.body && document.contains(opener);
      const back = isThere ? opener : document.querySelector('.chat-button');
      if (back instanceof HTMLElement) back.focus();
    };
  }, []);
  return {
    ref,
    onCancel: event => {
      event.preventDefault();
      onClose();
    },
    // Closed by the browser, and not by taking it out of the page.
    onClose: () => {
      if (ref.current && !ref.current.open) onClose();
    },
  };
}

/** Keeps it in the part of the screen that the keyboard leaves free, which no style sheet knows on an iPhone. */
export function useFreeScreen(ref: RefObject<HTMLElement | null>): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: a ref stays the same
  useEffect(() => {
    const { visualViewport: free } = window;
    const place = () => {
      ref.current?.style.setProperty('--free-top', `${free?.offsetTop ?? 0}px`);
      ref.current?.style.setProperty('--free-height', `${free?.height ?? window.innerHeight}px`);
    };
    place();
    free?.addEventListener('resize', place);
    free?.addEventListener('scroll', place);
    return () => {
      free?.removeEventListener('resize', place);
      free?.removeEventListener('scroll', place);
    };
  }, []);
}
