/** Milliseconds: what has come and gone within them, nobody has looked at. */
const glance = 300;

/** Part of an element that scrolls. */
interface Scroller extends Pick<EventTarget, 'addEventListener' | 'removeEventListener'> {
  scrollTop: number;
  clientHeight: number;
}

/** Whether a list flies by, at more than its height in a glance, and when that is over. */
export class ScrollFlight {
  /** Of the last glance. */
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
      this.#steps = [...this.#steps.filter(before => at - before.at <= glance), { at, top }];
      this.#isFlying = this.#steps.some(before => Math.abs(top - before.top) > scroller.clientHeight);
      clearTimeout(landing);
      if (this.#isFlying) landing = setTimeout(land, glance);
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
