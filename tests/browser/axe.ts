/** What axe finds wrong in a page as it stands: WCAG 2.2 AA, and what is good practice besides. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { Page } from 'playwright';

/** The small one: a page reads it in half the time, and dozens of pages are looked at. */
const program = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Only colours change with the theme, and they alone do not with the language. */
export const ofColours = ['color-contrast'];

interface Options {
  /** A selector: of this part of the page alone. */
  part?: string;
  /** These rules alone, by their names. */
  rules?: readonly string[] | undefined;
  /** These rules not: `region` where a menu stands outside of all landmarks for a moment. */
  but?: readonly string[];
}

/**
 * A line for each finding; none is good. Axe is put into the page once and asked directly: AxeBuilder brings it anew and opens another
 * page at each look, which takes ten times as long.
 */
export async function axeFinds(page: Page, { part = 'html', rules, but = [] }: Options = {}): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(program);
  const runOnly = rules ? { type: 'rule', values: rules } : { type: 'tag', values: tags };
  const off = Object.fromEntries(but.map(rule => [rule, { enabled: false }]));
  const asked = JSON.stringify({ runOnly, rules: off, resultTypes: ['violations'] });
  const found = await page.evaluate<Pick<axe.AxeResults, 'violations'>>(
    // A colour half way to another has a contrast that is nobody's.
    `document.getAnimations().forEach(each => { if (each.effect?.getComputedTiming().endTime !== Infinity) each.finish(); });
    axe.run(${JSON.stringify(part)}, ${asked})`,
  );
  return found.violations.flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.html}: ${node.failureSummary}`));
}
