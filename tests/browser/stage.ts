import type { BrowserContext } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { noChrome } from './chromium.ts';

interface Standing {
  close(): Promise<unknown>;
  /** Of a browser, which stays for the next file: what its tests have open. */
  contexts?(): BrowserContext[];
}

/**
 * What a file's tests stand on: opened once before them, and what `open` gives back is closed after them, in that order; but for a
 * browser, of which what a test opens is closed after that test. Where something is `missing`, by default Chromium, nothing is
 * opened, and each test is skipped with that reason.
 */
export function stage(open: () => Promise<readonly Standing[]>, missing = noChrome): void {
  let opened: readonly Standing[] = [];
  beforeEach(context => {
    if (missing) context.skip(missing);
  });
  beforeAll(async () => {
    if (!missing) opened = await open();
  });
  afterEach(async () => {
    for (const context of opened.flatMap(one => one.contexts?.() ?? [])) await context.close();
  });
  afterAll(async () => {
    for (const one of opened) if (!one.contexts) await one.close();
  });
}
