import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import pkg from './package.json' with { type: 'json' };

const here = (path: string) => resolve(import.meta.dirname, path);

/**
 * `unit`: beside what they test, many at a time, no built program. `program`: the whole thing as a person runs it (a process, a
 * browser, an old client), one file after another, so that times and ports are not each other's.
 */
export default defineConfig({
  define: { __VERSION__: JSON.stringify(pkg.version) },
  test: {
    reporters: [here('tests/reporter.ts')],
    projects: [
      {
        extends: true,
        resolve: { alias: { electron: here('tests/shell/electron-stand-in.ts') } },
        test: {
          name: 'unit',
          environment: 'node',
          include: ['{protocol,electron,renderer}/**/*.test.{ts,tsx}'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'program',
          environment: 'node',
          include: ['tests/**/*.test.ts'],
          fileParallelism: false,
          maxWorkers: 1,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
