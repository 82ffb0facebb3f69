import { builtinModules } from 'node:module';
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import pkg from './package.json' with { type: 'json' };
import { oneDocument } from './scripts/one-document.ts';
import { stampWhenBuilt } from './scripts/stale.mjs';

/**
 * What Node and Electron load at run time instead of finding it in the bundle: themselves, and the native libraries, which are our only
 * `dependencies`. A thousand small files take a server longer to read than all of its own work before it is ready.
 */
const external = [
  'electron',
  /^node:/,
  ...builtinModules,
  ...Object.keys(pkg.dependencies).map(name => new RegExp(`^${name}(/|$)`)),
];

const here = (path: string) => resolve(import.meta.dirname, path);

/**
 * Six builds from one place: the desk's pages; the phone's, which is one document; each entry of the SDK as one module; Node's side
 * (Electron's main, the headless server and the processes beside it share their chunks); and the preload script, which a sandboxed
 * window takes as CommonJS only. Beside each that others' code has gone into lie the licences of that code, which go with it.
 */
export default defineConfig({
  root: here('renderer'),
  // Not among the sources, whose age says whether the build is stale.
  cacheDir: here('node_modules/.vite'),
  // The compiler lets a change draw only the parts that show it: without it a photo that comes in draws the whole desk anew.
  plugins: [react({ exclude: [/renderer\/phone\//], compiler: true }), oneDocument('phone')],
  define: { __VERSION__: JSON.stringify(pkg.version) },
  html: { cspNonce: 'MOSTRADOR_NONCE' },
  build: { emptyOutDir: true, reportCompressedSize: false },
  environments: {
    client: {
      build: {
        outDir: here('dist/client'),
        license: { fileName: 'licenses.md' },
        modulePreload: { polyfill: false },
        rolldownOptions: {
          input: {
            kiosk: here('renderer/kiosk/index.html'),
            dashboard: here('renderer/dashboard/index.html'),
            display: here('renderer/display/index.html'),
          },
        },
      },
    },
    phone: {
      consumer: 'client',
      build: {
        outDir: here('dist/client'),
        emptyOutDir: false,
        license: { fileName: 'phone-licenses.md' },
        target: 'es2020',
        modulePreload: false,
        rolldownOptions: { input: { phone: here('renderer/phone/index.html') }, output: { codeSplitting: false } },
      },
    },
    sdk: {
      consumer: 'client',
      build: {
        outDir: here('dist/sdk'),
        license: { fileName: 'licenses.md' },
        target: 'es2020',
        minify: true,
        copyPublicDir: false,
        lib: { entry: here('renderer/client/index.ts'), formats: ['es'], fileName: () => 'mostrador-client.js' },
      },
    },
    // A build of its own, so that each entry is one file.
    sdk_s2: {
      consumer: 'client',
      build: {
        outDir: here('dist/sdk'),
        emptyOutDir: false,
        license: { fileName: 's2-licenses.md' },
        target: 'es2020',
        minify: true,
        copyPublicDir: false,
        lib: { entry: here('renderer/client/s2.ts'), formats: ['es'], fileName: () => 'mostrador-s2-client.js' },
      },
    },
    node: {
      consumer: 'server',
      resolve: { noExternal: true, external: [] },
      build: {
        outDir: here('dist/node'),
        license: { fileName: 'licenses.md' },
        target: 'node20',
        minify: false,
        ssr: true,
        rolldownOptions: {
          input: {
            main: here('electron/main.ts'),
            headless: here('electron/headless.ts'),
            config: here('electron/config.ts'),
            'data-folder': here('electron/data-folder.ts'),
            cli: here('electron/cli/cli.ts'),
            'image-worker': here('electron/images/worker.ts'),
            'storing-worker': here('electron/storing/worker.ts'),
          },
          external,
          output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js', format: 'es' },
        },
      },
    },
    preload: {
      consumer: 'server',
      build: {
        outDir: here('dist/preload'),
        target: 'node20',
        minify: false,
        ssr: true,
        rolldownOptions: {
          input: { preload: here('electron/shell/preload.ts') },
          external,
          output: { entryFileNames: '[name].cjs', format: 'cjs' },
        },
      },
    },
  },
  builder: {
    buildApp: builder =>
      stampWhenBuilt(async () => {
        for (const name of ['client', 'phone', 'sdk', 'sdk_s2', 'node', 'preload']) {
          const environment = builder.environments[name];
          if (environment) await builder.build(environment);
        }
      }),
  },
});
