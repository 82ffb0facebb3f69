import type { Page, PageScreenshotOptions } from 'playwright';

/** A picture of the page for people to look at, where they ask for it (`PICTURES=yes`): taking them all makes the tests half as long again. */
export async function picture(page: Page, options: PageScreenshotOptions): Promise<void> {
  if (process.env.PICTURES === 'yes') await page.screenshot(options);
}
