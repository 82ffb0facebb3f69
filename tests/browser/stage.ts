import { afterAll, beforeAll, beforeEach } from 'vitest';
import { noChrome } from './chromium.ts';

/**
 * What a file's tests stand on: opened once before them, and what `open` gives back is closed after them, in that order. Where
 * there is no browser nothing is opened, and each test is skipped with the reason.
 */
export function stage(open: () => Promise<readonly { close(): Promise<unknown> }[]>): void {
  let opened: readonly { close(): Promise<unknown> }[] = [];
  beforeEach(context => {
    if (noChrome) context.skip(noChrome);
  });
  beforeAll(async () => {
    if (!noChrome) opened = await open();
  });
  afterAll(async () => {
    for (const one of opened) await one.close();
  });
}
