import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { expect, it } from 'vitest';

const repo = join(import.meta.dirname, '../..');
const sources = ['electron', 'protocol', 'renderer'].flatMap(folder =>
  readdirSync(join(repo, folder), { recursive: true, encoding: 'utf8' })
    .filter(file => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file))
    .map(file => join(folder, file).split(sep).join('/')),
);
const importers = (name: RegExp) => sources.filter(file => name.test(readFileSync(join(repo, file), 'utf8')));

it('[SHELL19] only main.ts and the shell know Electron', () => {
  const files = importers(/from 'electron(\/\w+)?'|import\('electron|require\('electron/);
  expect(files).toContain('electron/shell/window.ts');
  expect(files.filter(file => file !== 'electron/main.ts' && !file.startsWith('electron/shell/'))).toEqual([]);
});

it('[SHELL19] the preload script loads nothing but Electron and the name of its channel', () => {
  const text = readFileSync(join(repo, 'electron/shell/preload.ts'), 'utf8');
  expect([...text.matchAll(/from '([^']+)'/g)].map(([, name]) => name)).toEqual(['electron', './bridge.ts']);
});
