import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import pkg from './package.json' with { type: 'json' };

const here = (path: string) => resolve(import.meta.dirname, path);

/** They say how long something may take, or how much memory, and little is left over; the one of `npm run dev` builds what others run. They get the machine to themselves. */
const alone = [
  'tests/browser/whole-job.test.ts',
  'tests/legacy/{crowds,flood}.test.ts',
  'tests/process/{dev,ready}.test.ts',
  'tests/server/{kill,sockets}.test.ts',
];
/** They stand in for Electron, which changes the whole process. */
const shell = ['electron/shell/**/*.test.ts'];
/** Servers that are asked and answer: nothing is under load or timed, and each has a port and a folder of its own. */
const beside = ['tests/server/{chat,dashboard,display,django-admins,documents,files,places,qr,settings}.test.ts'];
/** Of a machine that is busy with other tests; what is said of times is said in the test. */
const patience = { testTimeout: 60_000, hookTimeout: 60_000, expect: { poll: { timeout: 10_000 } } };

/**
 * `unit`: beside what they test, many at a time, no built program; `shell` of them. `pages`: the pages in a real browser, two files at a
 * time, and `servers` among them. The files of a project share a process and its modules, which take seconds to load anew.
 * `program`: the whole thing as a person runs it (a process, an old client), each file in a process of its own; `alone`: one after another.
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
          exclude: shell,
          isolate: false,
          // Much of what they do is waiting.
          maxWorkers: 4,
          ...patience,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        resolve: { alias: { electron: here('tests/shell/electron-stand-in.ts') } },
        test: {
          name: 'shell',
          environment: 'node',
          include: shell,
          maxWorkers: 4,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'pages',
          environment: 'node',
          include: ['tests/browser/**/*.test.ts'],
          exclude: alone,
          setupFiles: ['tests/browser/tried-again.ts'],
          isolate: false,
          maxWorkers: 2,
          ...patience,
          // A browser may be late for once where others share the machine. What is lost once is lost: no second try for the program's tests.
          retry: process.env.CI === 'true' ? 1 : 0,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'servers',
          environment: 'node',
          include: beside,
          isolate: false,
          maxWorkers: 2,
          ...patience,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'program',
          environment: 'node',
          include: ['tests/!(browser)/**/*.test.ts', 'tests/*.test.ts'],
          exclude: [...beside, ...alone],
          maxWorkers: 2,
          ...patience,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'alone',
          environment: 'node',
          include: alone,
          fileParallelism: false,
          maxWorkers: 1,
          ...patience,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
