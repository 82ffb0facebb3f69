import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ScrollFlight } from './scroll-flight.ts';

class Scroller extends EventTarget {
  scrollTop = 0;
  clientHeight = 600;

  /** By so many pixels in each of the frames of that time. */
  async by(pixels: number, milliseconds: number) {
    for (let gone = 0; gone < milliseconds; gone += 16) {
      this.scrollTop += pixels;
      this.dispatchEvent(new Event('scroll'));
      await vi.advanceTimersByTimeAsync(16);
    }
  }
}

function watched() {
  const scroller = new Scroller();
  const flight = new ScrollFlight();
  const stop = flight.watch(scroller);
  /** Whether what is asked for now is answered now. */
  const isOver = async () => {
    let over = false;
    void flight.over().then(() => {
      over = true;
    });
    await vi.advanceTimersByTimeAsync(0);
    return over;
  };
  return { scroller, flight, stop, isOver };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a list that flies by', () => {
  it('[DESK69] is one of which more than its height has gone by in 300 ms, until less than half does; scrolled to read, it is none', async () => {
    const { scroller, isOver } = watched();
    expect(await isOver()).toBe(true);
    await scroller.by(20, 2_000);
    expect(await isOver()).toBe(true);
    await scroller.by(60, 500);
    expect(await isOver()).toBe(false);
    await scroller.by(20, 500);
    expect(await isOver()).toBe(false);
    await scroller.by(10, 500);
    expect(await isOver()).toBe(true);
    await scroller.by(-60, 500);
    expect(await isOver()).toBe(false);
  });

  it('[DESK69] a jump to another place is no flight', async () => {
    const { scroller, isOver } = watched();
    await scroller.by(50_000, 16);
    expect(await isOver()).toBe(true);
  });

  it('[DESK69] a page that stands still for a moment flies on', async () => {
    const { scroller, isOver } = watched();
    await scroller.by(60, 500);
    const began = performance.now();
    vi.spyOn(performance, 'now').mockImplementation(() => began + 500);
    scroller.scrollTop += 2_000;
    scroller.dispatchEvent(new Event('scroll'));
    vi.restoreAllMocks();
    expect(await isOver()).toBe(false);
  });

  it('[DESK69] what waits for its end goes on 300 ms after the last step, or when nobody watches any more', async () => {
    const { scroller, flight, stop } = watched();
    const ended = vi.fn();
    await scroller.by(60, 500);
    void flight.over().then(ended);
    await vi.advanceTimersByTimeAsync(200);
    expect(ended).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(100);
    expect(ended).toHaveBeenCalledOnce();

    await scroller.by(60, 500);
    void flight.over().then(ended);
    stop();
    await vi.advanceTimersByTimeAsync(0);
    expect(ended).toHaveBeenCalledTimes(2);
  });
});
