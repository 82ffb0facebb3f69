/**
 * Ten minutes of one photo a second, each another one, with the desk's page open on their person: what the page's heap and the
 * server's memory do meanwhile. The data folder is that of a busy desk. Run by its name alone, because it takes so long.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright';
import { scene } from '../electron/images/sample-photos.ts';
import { createHttpClient } from '../renderer/client/index.ts';
import { seedBusyDesk } from '../tests/browser/busy-desk.ts';
import { noChrome, openChromium } from '../tests/browser/chromium.ts';
import { openPage } from '../tests/browser/desk-page.ts';
import { heapOf } from './desk-scale.ts';
import { unique } from './photo-to-screen.ts';
import { startServer } from './server-process.ts';
import { quantile, type Row } from './table.ts';

const idPersona = 'MUCHAS';
const minutes = 10;
const sampleEvery = 30;
/** By then the page and the server hold what they hold for good: caches, compiled code, buffers of the pictures' size. */
const warmUp = 2;

interface Sample {
  minute: number;
  /** MB, of the page, after a garbage collection. */
  heap: number;
  /** MB, of the server's process. */
  rss: number;
}

export async function soak(): Promise<Row[]> {
  if (noChrome) {
    process.stderr.write(`left out: ${noChrome}\n`);
    return [];
  }
  const pictures = await Promise.all(
    Array.from({ length: 12 }, (_, turn) =>
      scene(1600, 1200)
        .modulate({ hue: turn * 30 })
        .jpeg({ quality: 85 })
        .toBuffer(),
    ),
  );
  const before = (dataDir: string) => seedBusyDesk(dataDir, { photos: 2_000, idPersona, lines: 100_000 });
  const server = await startServer({ BLUR_MINUTES: '0' }, [], before);
  const browser = await openChromium();
  try {
    const { page } = await openPage(browser, { localUrl: server.url, token: server.operatorToken });
    const heap = await heapOf(page);
    await page.locator(`[data-person="p:${idPersona}"]`).click();
    await page.getByTestId('photo-card').first().locator('img').waitFor();
    const longest = await watchTasks(page);
    const http = createHttpClient({ token: server.operatorToken, url: server.url });
    const samples: Sample[] = [];
    const tasks: number[] = [];
    const began = performance.now();
    let last = '';
    for (let second = 0; second <= minutes * 60; second++) {
      const early = began + second * 1_000 - performance.now();
      if (early > 0) await new Promise(resolve => setTimeout(resolve, early));
      if (second % sampleEvery === 0) {
        tasks.push(await longest());
        const sample = { minute: second / 60, heap: await heap(), rss: memoryOf(server.pid) };
        // The garbage collection that was asked for is no task of the page's.
        await longest();
        samples.push(sample);
        process.stderr.write(
          `${sample.minute.toFixed(1)} min: page ${sample.heap.toFixed(1)} MB, server ${sample.rss.toFixed(0)} MB\n`,
        );
      }
      last = randomUUID();
      const picture = unique(pictures[second % pictures.length] ?? Buffer.alloc(0));
      const blob = new Blob([new Uint8Array(picture)], { type: 'image/jpeg' });
      const sent = await http.uploadPhoto({ id: last, blob, idPersona });
      if (!sent.ok) throw new Error(sent.error.message);
    }
    const late = (performance.now() - began) / 1_000 - minutes * 60;
    await page.locator(`[data-testid=photo-card][data-photo-id="${last}"] img`).waitFor();
    const [from, to] = [samples.filter(({ minute }) => minute >= warmUp).slice(0, 3), samples.slice(-3)];
    const middle = (some: Sample[], of: 'heap' | 'rss') =>
      quantile(
        some.map(sample => sample[of]),
        0.5,
      );
    const row = (what: string, value: number, unit: string, limit: number | null): Row => ({
      what: `one photo a second for ${minutes} min: ${what}`,
      value,
      unit,
      limit,
    });
    return [
      row('page’s heap at minute 2', middle(from, 'heap'), 'MB', null),
      row('page’s heap, growth from minute 2 to 10', middle(to, 'heap') - middle(from, 'heap'), 'MB', 5),
      row('server’s memory at minute 2', middle(from, 'rss'), 'MB', null),
      row('server’s memory, growth from minute 2 to 10', middle(to, 'rss') - middle(from, 'rss'), 'MB', 30),
      row('longest task of the page', Math.max(...tasks), 'ms', null),
      row('how late the last photo was', late, 's', null),
    ];
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** Answers the longest task of the page's main thread since it was asked last, in milliseconds; 0 where none was over 50. */
async function watchTasks(page: Page): Promise<() => Promise<number>> {
  const tasks = await page.evaluateHandle(() => {
    const seen: number[] = [];
    new PerformanceObserver(list => {
      for (const { duration } of list.getEntries()) seen.push(duration);
    }).observe({ type: 'longtask' });
    return seen;
  });
  return () => tasks.evaluate(seen => Math.max(0, ...seen.splice(0)));
}

/** MB that a process holds. Linux alone. */
function memoryOf(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1_000;
}
