import { resolve } from 'node:path';
import type { Page } from 'playwright';

/**
 * A picture of the page for people to look at, `tests/output/<name>.png`, where they ask for it (`PICTURES=yes`): taking them
 * all makes the tests half as long again. `fullPage`: with what is below the lower edge.
 */
export async function picture(page: Page, name: string, fullPage = false): Promise<void> {
  const path = resolve(import.meta.dirname, `../output/${name}.png`);
  if (process.env.PICTURES === 'yes') await page.screenshot({ path, fullPage });
}
