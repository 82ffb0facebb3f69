import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** The custom properties of the first rule after each `selector`. */
function tokensOf(file: string, selector: string): Map<string, string> {
  const css = readFileSync(new URL(file, import.meta.url), 'utf8');
  const begin = css.indexOf(selector);
  const rule = css.slice(begin, css.indexOf('}', begin));
  return new Map([...rule.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map(([, name = '', value = '']) => [name, value]));
}

test('[PHONE84] the phone has the desk’s colours, by the same names and values, in both themes', () => {
  for (const [phone, desk] of [
    [tokensOf('phone.css', ':root {'), tokensOf('../ui/page/desk.css', ':root {')],
    [
      tokensOf('phone.css', '(prefers-color-scheme: dark)'),
      tokensOf('../ui/page/desk.css', ':root[data-mantine-color-scheme="dark"] {'),
    ],
  ] as const) {
    const shared = [...phone].filter(([name]) => name.startsWith('--desk-'));
    expect(shared.length).toBeGreaterThan(15);
    for (const [name, value] of shared) expect(`${name}: ${value}`).toBe(`${name}: ${desk.get(name)}`);
  }
});
