import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchFlight } from './scroll-flight.ts';

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
  const told: boolean[] = [];
  const stop = watchFlight(scroller, isFlying => void told.push(isFlying));
  return { scroller, told, stop };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a list that flies by', () => {
  it('[DESK69] is one of which more than its height has gone by in 300 ms, until less than half does; scrolled to read, it is none', async () => {
    const { scroller, told } = watched();
    await scroller.by(20, 2_000);
    expect(told).toEqual([]);
    await scroller.by(60, 500);
    expect(told).toEqual([true]);
    await scroller.by(20, 500);
    expect(told).toEqual([true]);
    await scroller.by(10, 500);
    expect(told).toEqual([true, false]);
    await scroller.by(-60, 500);
    expect(told).toEqual([true, false, true]);
  });

  it('[DESK69] a jump to another place is no flight', async () => {
    const { scroller, told } = watched();
    await scroller.by(50_000, 16);
    expect(told).toEqual([]);
  });

  it('[DESK69] a page that stands still for a moment flies on', async () => {
    const { scroller, told } = watched();
    await scroller.by(60, 500);
    const began = performance.now();
    vi.spyOn(performance, 'now').mockImplementation(() => began + 500);
    scroller.scrollTop += 2_000;
    scroller.dispatchEvent(new Event('scroll'));
    vi.restoreAllMocks();
    expect(told).toEqual([true]);
  });

  it('[DESK69] is at rest 300 ms after its last step, or when nobody watches any more', async () => {
    const { scroller, told, stop } = watched();
    await scroller.by(60, 500);
    await vi.advanceTimersByTimeAsync(200);
    expect(told).toEqual([true]);
    await vi.advanceTimersByTimeAsync(100);
    expect(told).toEqual([true, false]);
    await scroller.by(60, 500);
    stop();
    expect(told).toEqual([true, false, true, false]);
  });
});
