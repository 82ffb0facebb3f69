/** What Chromium itself says a page cost: when its frames were shown, and the tasks of its main thread. */
import type { Browser, Page } from 'playwright';
import * as z from 'zod/mini';

export interface Traced {
  /** Milliseconds from each frame that was shown to the next. */
  frames: number[];
  /** The main thread's tasks: milliseconds of the clock, and of the processor, which another program cannot lengthen. */
  tasks: { took: number; worked: number }[];
}

const event = z.object({
  name: z.string(),
  pid: z.int(),
  tid: z.int(),
  /** Microseconds, these three. */
  ts: z.number(),
  dur: z._default(z.number(), 0),
  tdur: z._default(z.number(), 0),
  args: z.optional(z.looseObject({ name: z.optional(z.string()) })),
});
const file = z.object({ traceEvents: z.array(z.unknown()) });

/** While `work` goes on, in a browser that has no other page which does anything. */
export async function traced(browser: Browser, page: Page, work: () => Promise<unknown>): Promise<Traced> {
  const categories = ['__metadata', 'devtools.timeline', 'disabled-by-default-devtools.timeline'];
  await browser.startTracing(page, { categories });
  await work();
  const trace = z.parse(file, JSON.parse((await browser.stopTracing()).toString()));
  const events = trace.traceEvents.flatMap(one => {
    const found = z.safeParse(event, one);
    return found.success ? [found.data] : [];
  });
  const main = events.find(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain');
  const shown = events
    .filter(({ name, pid }) => name === 'AnimationFrame::Presentation' && pid === main?.pid)
    .map(({ ts }) => ts)
    .sort((a, b) => a - b);
  const tasks = events.filter(({ name, pid, tid }) => name === 'RunTask' && pid === main?.pid && tid === main.tid);
  // Other names in another version of the browser would make everything look fast.
  if (shown.length < 10 || tasks.length < 10) throw new Error('the trace shows no frames, or no tasks');
  return {
    frames: shown.slice(1).map((ts, index) => (ts - (shown[index] ?? ts)) / 1_000),
    tasks: tasks.map(({ dur, tdur }) => ({ took: dur / 1_000, worked: tdur / 1_000 })),
  };
}
