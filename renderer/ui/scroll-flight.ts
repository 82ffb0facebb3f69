/** Milliseconds: what has come and gone within them, nobody has looked at. */
const glance = 300;
/** Milliseconds that a busy page may stand still in the middle of a flight. */
const halt = 1_000;

/** Part of an element that scrolls. */
interface Scroller extends Pick<EventTarget, 'addEventListener' | 'removeEventListener'> {
  scrollTop: number;
  clientHeight: number;
}

/** Whether a list flies by, at more than its height in a glance, and when that is over: at less than half of it. */
export class ScrollFlight {
  /** Of the last glance, or the one before a halt. */
  #steps: { at: number; top: number }[] = [];
  #isFlying = false;
  #waiting: (() => void)[] = [];

  /** Resolves at once while it does not fly. */
  over(): Promise<void> {
    return this.#isFlying ? new Promise(resolve => void this.#waiting.push(resolve)) : Promise.resolve();
  }

  /** Answers how to stop, which ends a flight too. */
  watch(scroller: Scroller): () => void {
    let landing: ReturnType<typeof setTimeout> | undefined;
    const land = () => {
      this.#isFlying = false;
      for (const go of this.#waiting.splice(0)) go();
    };
    const step = () => {
      const at = performance.now();
      const top = scroller.scrollTop;
      const since = (milliseconds: number) => this.#steps.filter(before => at - before.at <= milliseconds);
      const before = since(glance).length > 0 ? since(glance) : since(halt).slice(-1);
      this.#steps = [...before, { at, top }];
      // On a busy page steps are uneven: what flies goes on doing so at half that speed.
      const enough = this.#isFlying ? scroller.clientHeight / 2 : scroller.clientHeight;
      this.#isFlying = before.some(one => Math.abs(top - one.top) > enough * Math.max(1, (at - one.at) / glance));
      clearTimeout(landing);
      // In two goes: after a halt the first is overdue, and the next step is still to come.
      if (this.#isFlying) landing = setTimeout(() => (landing = setTimeout(land, glance / 2)), glance / 2);
      else land();
    };
    scroller.addEventListener('scroll', step);
    return () => {
      scroller.removeEventListener('scroll', step);
      clearTimeout(landing);
      this.#steps = [];
      land();
    };
  }
}
