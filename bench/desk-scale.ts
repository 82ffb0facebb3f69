/** The desk's page with 2,000 photos of one person and 100,000 log lines: frames while scrolling, and the heap after it. */
import { seedBusyDesk } from '../tests/browser/busy-desk.ts';
import { noChrome, openChromium } from '../tests/browser/chromium.ts';
import { openPage } from '../tests/browser/desk-page.ts';
import { openPlace } from '../tests/browser/place.ts';
import { quantile, type Row } from './table.ts';

const idPersona = 'MUCHAS';
const seconds = 10;

export async function deskScale(): Promise<Row[]> {
  if (noChrome) {
    process.stderr.write(`left out: ${noChrome}\n`);
    return [];
  }
  const before = (dataDir: string) => seedBusyDesk(dataDir, { photos: 2_000, idPersona, lines: 100_000 });
  const place = await openPlace({ before });
  const browser = await openChromium();
  try {
    const { page } = await openPage(browser, place);
    const session = await page.context().newCDPSession(page);
    const heap = async () => {
      await session.send('HeapProfiler.collectGarbage');
      return (await session.send('Runtime.getHeapUsage')).usedSize / 1e6;
    };
    await page.locator(`[data-person="p:${idPersona}"]`).click();
    await page.getByTestId('photo-card').first().locator('img').waitFor();
    const heapBefore = await heap();
    // The same page left alone, on this machine at this hour.
    const still = await page.evaluate(scroll, { seconds: 5, by: 0 });
    const frames = await page.evaluate(scroll, { seconds, by: 60 });
    const heapAfter = await heap();
    const row = (what: string, value: number, unit: string, limit: number | null): Row => ({
      what,
      value,
      unit,
      limit,
    });
    return [
      row('desk, 2,000 photos, scrolling: frame p95', quantile(frames, 0.95), 'ms', null),
      row('desk, 2,000 photos, scrolling: longest frame', Math.max(...frames), 'ms', 100),
      row('the same page without scrolling: longest frame', Math.max(...still), 'ms', null),
      row('desk, heap before scrolling', heapBefore, 'MB', null),
      row('desk, heap after scrolling through 2,000 photos', heapAfter, 'MB', null),
    ];
  } finally {
    await browser.close();
    await place.close();
  }
}

/** Scrolls down by so many pixels a frame, in the page; answers how long each frame took, in milliseconds. */
function scroll({ seconds, by }: { seconds: number; by: number }): Promise<number[]> {
  const scroller = document.querySelector('[data-testid=photo-card]')?.closest('ul')?.parentElement;
  const frames: number[] = [];
  return new Promise(resolve => {
    const start = performance.now();
    let last = start;
    const step = (now: number) => {
      frames.push(now - last);
      last = now;
      scroller?.scrollBy(0, by);
      if (now - start < seconds * 1_000) requestAnimationFrame(step);
      else resolve(frames.slice(1));
    };
    requestAnimationFrame(step);
  });
}
