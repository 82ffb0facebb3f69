import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

/** Between the two taps of one who taps twice: so many milliseconds at most, and so many pixels. */
const together = { ms: 500, px: 40 };

/**
 * Many people tap everything twice. Where the first tap led to another screen, the second would press what stands in the same place
 * there, as the camera's button after "Enviar foto": it does nothing.
 */
export function useSteadyTaps(screen: string): void {
  const shown = useRef(screen);
  useLayoutEffect(() => {
    shown.current = screen;
  }, [screen]);
  useEffect(() => {
    const none = { at: Number.NEGATIVE_INFINITY, x: 0, y: 0, screen: '' };
    let last = none;
    // A photo was taken in between: what is tapped then is meant.
    const onChange = () => {
      last = none;
    };
    const onClick = (event: MouseEvent) => {
      const { timeStamp: at, clientX: x, clientY: y, detail } = event;
      // By a key, or by a label for its field.
      if (detail === 0) return;
      const isSecond = at - last.at <= together.ms && Math.hypot(x - last.x, y - last.y) <= together.px;
      const isStray = isSecond && last.screen !== shown.current;
      if (isStray) {
        event.preventDefault();
        event.stopPropagation();
      } else last = { at, x, y, screen: shown.current };
    };
    document.addEventListener('click', onClick, true);
    document.addEventListener('change', onChange, true);
    return () => {
      document.removeEventListener('click', onClick, true);
      document.removeEventListener('change', onChange, true);
    };
  }, []);
}
