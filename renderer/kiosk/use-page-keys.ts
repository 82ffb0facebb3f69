import { useEffect, useState } from 'react';
import { rememberField, spoiltBy } from './field-before.ts';
import { actOn, isTyping } from './key-actions.ts';
import { KeyBurst } from './key-burst.ts';

const kept = 'mostrador.keys';

interface Keys {
  /** Whether a single key does something: whoever talks to the machine or hits keys by mistake turns that off. (WCAG 2.1.4.) */
  shortcuts: boolean;
  setShortcuts: (on: boolean) => void;
}

/** Bar codes, wherever on the page the keyboard is, but in a field that takes them itself; shortcuts, but in any field. */
export function usePageKeys(onScan: (text: string) => void, storage: Storage): Keys {
  const [shortcuts, setOn] = useState(() => storage.getItem(kept) !== 'off');

  useEffect(() => {
    let burst = new KeyBurst();
    let typedInto: Element | null = null;
    let waiting: ReturnType<typeof setTimeout> | undefined;
    let putBack = () => {};
    const onKeyDown = (event: KeyboardEvent) => {
      const { key, repeat, isComposing, target, timeStamp } = event;
      const combined = (event.ctrlKey || event.metaKey || event.altKey) && !event.getModifierState('AltGraph');
      if (repeat || isComposing || combined) return;
      const field = isTyping(target) ? spoiltBy(target) : null;
      if (isTyping(target) && !field) return;
      // A reader stays where it has begun.
      if (field !== typedInto) burst = new KeyBurst();
      typedInto = field;
      const pressed = burst.press(key, timeStamp);
      if (field) {
        if (burst.begins) putBack = rememberField(field);
        // A fast typist's two keys are two letters; a choice that they would move is put back with the rest.
        if (typeof pressed === 'string') return;
        event.preventDefault();
        event.stopPropagation();
        putBack();
        onScan(pressed.scanned);
        return;
      }
      if (pressed === 'other') {
        if (shortcuts && key === 'Delete') actOn(key, document);
        return;
      }
      clearTimeout(waiting);
      if (pressed === 'alone') {
        // The key that wakes a resting screen does nothing else; the code of a reader goes on.
        const resting = document.documentElement.dataset.resting !== undefined;
        if (shortcuts && key !== ' ' && !resting) waiting = setTimeout(() => actOn(key, document), KeyBurst.wait);
        return;
      }
      // The rest of a code, and above all its Enter, works no button that happens to have the focus.
      event.preventDefault();
      event.stopPropagation();
      if (pressed !== 'burst') onScan(pressed.scanned);
    };
    window.addEventListener('keydown', onKeyDown, true);
    return () => {
      clearTimeout(waiting);
      window.removeEventListener('keydown', onKeyDown, true);
    };
  }, [onScan, shortcuts]);

  return {
    shortcuts,
    setShortcuts(on) {
      setOn(on);
      if (on) storage.removeItem(kept);
      else storage.setItem(kept, 'off');
    },
  };
}
