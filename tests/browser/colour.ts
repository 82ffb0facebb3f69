/** What colour a page really shows. */
import type { Locator } from 'playwright';

/** `#rrggbb` of an opaque colour. */
export async function colourOf(what: Locator, property: 'border-top-color' | 'background-color'): Promise<string> {
  const shown = await what.evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property);
  const [, ...parts] = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(shown) ?? [];
  return `#${parts.map(part => Number(part).toString(16).padStart(2, '0')).join('')}`;
}
