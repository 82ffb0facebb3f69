/** Milliseconds: what has come and gone within them, nobody has looked at. */
const glance = 300;
/** Milliseconds that a busy page may stand still in the middle of a flight. */
const halt = 1_000;

/** Part of an element that scrolls. */
interface Scroller extends Pick<EventTarget, 'addEventListener' | 'removeEventListener'> {
  scrollTop: number;
  clientHeight: number;
}

/**
 * Tells when a list begins to fly by, at more than its height in a glance, and when that is over, at less than half of it. Answers how
 * to stop watching, which ends a flight too.
 */
export function watchFlight(scroller: Scroller, tell: (isFlying: boolean) => void): () => void {
  let steps: { at: number; top: number }[] = [];
  let isFlying = false;
  let landing: ReturnType<typeof setTimeout> | undefined;

  function turn(flies: boolean): void {
    if (flies === isFlying) return;
    isFlying = flies;
    tell(flies);
  }
  const land = () => turn(false);
  function step(): void {
    const at = performance.now();
    const top = scroller.scrollTop;
    const recent = steps.filter(one => at - one.at <= glance);
    // After a halt: the last one before it.
    const before = recent.length > 0 ? recent : steps.slice(-1).filter(one => at - one.at <= halt);
    steps = [...before, { at, top }];
    // On a busy page steps are uneven: what flies goes on doing so at half that speed.
    const enough = isFlying ? scroller.clientHeight / 2 : scroller.clientHeight;
    turn(before.some(one => Math.abs(top - one.top) > enough * Math.max(1, (at - one.at) / glance)));
    clearTimeout(landing);
    // In two goes: after a halt the first is overdue, and the next step is still to come.
    if (isFlying) landing = setTimeout(() => (landing = setTimeout(land, glance / 2)), glance / 2);
  }

  scroller.addEventListener('scroll', step);
  return () => {
    scroller.removeEventListener('scroll', step);
    clearTimeout(landing);
    land();
  };
}
