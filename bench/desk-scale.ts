/**
 * The desk's page with 2,000 photos of one person and 100,000 log lines: what a trace says of its frames while the photos and the
 * open log are scrolled, and the heap after it.
 */
import type { Browser, Page } from 'playwright';
import { seedBusyDesk } from '../tests/browser/busy-desk.ts';
import { noChrome, openChromium } from '../tests/browser/chromium.ts';
import { openPage } from '../tests/browser/desk-page.ts';
import { openPlace } from '../tests/browser/place.ts';
import { quantile, type Row } from './table.ts';
import { type Traced, traced } from './trace.ts';

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
    const heap = await heapOf(page);
    await page.locator(`[data-person="p:${idPersona}"]`).click();
    await page.getByTestId('photo-card').first().locator('img').waitFor();
    const slowly = await scrolled(browser, page, 20);
    const closed = await scrolled(browser, page, 60);
    await page.getByTestId('activity-toggle').click();
    await page.getByTestId('activity-list').getByRole('listitem').first().waitFor();
    const heapBefore = await heap();
    const both = await scrolled(browser, page, 60);
    const heapAfter = await heap();
    // The same page left alone, on this machine at this hour.
    const still = await traced(browser, page, () => page.evaluate(scroll, { seconds: 5, by: 0 }));
    const row = (what: string, value: number, unit: string, limit: number | null): Row => ({
      what,
      value,
      unit,
      limit,
    });
    const rowsOf = (what: string, { frames, tasks }: Traced, limit: number | null) => [
      row(`${what}: frame p95`, quantile(frames, 0.95), 'ms', null),
      row(`${what}: longest frame`, Math.max(...frames), 'ms', limit),
      row(`${what}: longest task of the main thread, its own work`, longest(tasks, 'worked'), 'ms', limit),
      row(`${what}: the same with what it had to wait for the processor`, longest(tasks, 'took'), 'ms', null),
    ];
    return [
      // At a speed at which its pictures are seen: past it they come where it ends.
      ...rowsOf('desk, 2,000 photos, scrolling slowly', slowly, 100),
      ...rowsOf('desk, 2,000 photos, scrolling', closed, 100),
      ...rowsOf('desk, 2,000 photos and the open log, scrolling both', both, 100),
      ...rowsOf('the same page without scrolling', still, null),
      row('desk, heap before scrolling', heapBefore, 'MB', null),
      row('desk, heap after scrolling through 2,000 photos', heapAfter, 'MB', null),
    ];
  } finally {
    await browser.close();
    await place.close();
  }
}

function longest(tasks: Traced['tasks'], by: 'took' | 'worked'): number {
  return Math.max(...tasks.map(task => task[by]));
}

/** Reads the page's JavaScript heap after a garbage collection, in MB. */
export async function heapOf(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  return async () => {
    await session.send('HeapProfiler.collectGarbage');
    return (await session.send('Runtime.getHeapUsage')).usedSize / 1e6;
  };
}

const scrolled = (browser: Browser, page: Page, by: number) =>
  traced(browser, page, () => page.evaluate(scroll, { seconds, by }));

/** Scrolls the photos, and the log where it is open, by so many pixels a frame, in the page; at either end it turns round. */
function scroll({ seconds, by }: { seconds: number; by: number }): Promise<void> {
  const scrollers = [
    document.querySelector('[data-testid=photo-card]')?.closest('ul')?.parentElement,
    document.querySelector('[data-testid=activity-list]'),
  ].flatMap(element => (element ? [{ element, by }] : []));
  return new Promise(resolve => {
    const start = performance.now();
    const step = (now: number) => {
      for (const one of scrollers) {
        const { scrollTop } = one.element;
        one.element.scrollBy(0, one.by);
        if (one.element.scrollTop === scrollTop) one.by = -one.by;
      }
      if (now - start < seconds * 1_000) requestAnimationFrame(step);
      else resolve();
    };
    requestAnimationFrame(step);
  });
}
