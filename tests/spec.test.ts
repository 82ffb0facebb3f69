/** SPEC.md and the tests speak of the same rules. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const id = '[A-Z][A-Z0-9]*[0-9]';

/** A rule stands at the beginning of a title, right after its quotation mark; several may follow one another: `[PAIR3] [PAIR4] …`. */
const inTitle = new RegExp(`['"\`]((?:\\[${id}\\]\\s*)+)`, 'g');
/** A rule of SPEC.md: a list item that begins with its number in bold and goes on with a sentence. */
const inSpec = new RegExp(`^[-*] \\*\\*(${id})\\*\\* \\S`, 'gm');

const folders = ['protocol', 'electron', 'renderer', 'scripts', 'tests', 'examples', 'bench'];

/** Tests, and what they share: some titles stand in a file that two tests call. */
function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile() && /\.(ts|tsx|mts|mjs)$/.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name))
    .filter(path => !path.includes('node_modules'));
}

function rulesOfTests(): Map<string, string> {
  const found = new Map<string, string>();
  for (const path of folders.filter(folder => existsSync(join(root, folder))).flatMap(sources)) {
    for (const [, brackets = ''] of readFileSync(path, 'utf8').matchAll(inTitle)) {
      for (const [, rule = ''] of brackets.matchAll(/\[([^\]]+)\]/g)) found.set(rule, path.slice(root.length + 1));
    }
  }
  return found;
}

test('[SPEC1] every rule that a test names stands in SPEC.md, once, and every rule in it is named by a test', () => {
  const named = rulesOfTests();
  const written = [...readFileSync(join(root, 'SPEC.md'), 'utf8').matchAll(inSpec)].map(([, rule = '']) => rule);
  const known = new Set(written);
  expect({
    'named by a test, not in SPEC.md': [...named].filter(([rule]) => !known.has(rule)).map(rule => rule.join(' in ')),
    'in SPEC.md, named by no test': written.filter(rule => !named.has(rule)),
    'twice in SPEC.md': written.filter((rule, index) => written.indexOf(rule) !== index),
  }).toEqual({ 'named by a test, not in SPEC.md': [], 'in SPEC.md, named by no test': [], 'twice in SPEC.md': [] });
  expect(known.size).toBeGreaterThan(200);
});
