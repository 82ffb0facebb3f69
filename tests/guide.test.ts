/** The desk's guide says what the pages say: its labels are theirs, and its pictures are there. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { words } from '../renderer/phone/words.ts';
import { es } from '../renderer/ui/texts/es.ts';

const docs = resolve(import.meta.dirname, '../docs');
const guide = readFileSync(join(docs, 'desk-guide.es.md'), 'utf8');

/** Every sentence in a tree of them. */
function sentences(tree: unknown): string[] {
  if (typeof tree === 'string') return [tree];
  return typeof tree === 'object' && tree !== null ? Object.values(tree).flatMap(sentences) : [];
}

test('[GUIDE1] every label in the desk’s guide is a text of the desk’s page or of the phone’s, and every picture is there', () => {
  const labels = [...guide.matchAll(/\*\*«([^»]+)»\*\*/g)].map(([, label]) => label);
  const pictures = [...guide.matchAll(/\]\((img\/[^)]+)\)/g)].map(([, path = '']) => path);
  expect(labels.length).toBeGreaterThan(30);
  expect(pictures.length).toBeGreaterThan(5);
  const known = new Set([...sentences(es), ...sentences(words.es)]);
  // The field for a PIN is named otherwise once there is one.
  expect(labels).toEqual(expect.arrayContaining([es.settings.security.pin, es.settings.security.newPin]));
  // The one that says how labels are written.
  expect(labels.filter(label => label !== undefined && !known.has(label))).toEqual(['negrita y comillas']);
  expect(pictures.filter(path => !existsSync(join(docs, path)))).toEqual([]);
});
