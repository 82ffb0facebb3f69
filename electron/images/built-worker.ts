/** For tests: the image process as it is shipped, built once for each test file. Node 20 cannot fork a `.ts` file. */
import { mkdtemp, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { build } from 'vite';

export interface BuiltWorker {
  /** To be forked. */
  entry: string;
  remove(): Promise<void>;
}

export async function buildWorker(): Promise<BuiltWorker> {
  // Within the project, so that the worker finds sharp as it does when installed.
  const folder = await mkdtemp(resolve(import.meta.dirname, '../../node_modules/.image-worker-'));
  await build({
    configFile: false,
    logLevel: 'silent',
    ssr: { noExternal: ['zod'], external: ['sharp'] },
    build: {
      ssr: resolve(import.meta.dirname, 'worker.ts'),
      outDir: folder,
      target: 'node20',
      minify: false,
      rolldownOptions: { output: { entryFileNames: 'image-worker.mjs' } },
    },
  });
  return {
    entry: resolve(folder, 'image-worker.mjs'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
