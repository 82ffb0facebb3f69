/** What colour a page really shows. */
import type { Locator } from 'playwright';

/** `#rrggbb` of an opaque background. */
export async function backgroundOf(what: Locator): Promise<string> {
  const shown = await what.evaluate(element => getComputedStyle(element).backgroundColor);
  const [, ...parts] = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(shown) ?? [];
  return `#${parts.map(part => Number(part).toString(16).padStart(2, '0')).join('')}`;
}
