/**
 * `node --import electron-hook.mjs dist/node/main.js`: the built main finds the stand-in where it asks for `electron`. The
 * test that started it speaks with it over Node's IPC channel, as one speaks with Electron through Playwright.
 */
import * as nodeModule from 'node:module';
import * as electron from './electron-stand-in.ts';

const { app, standIn } = electron;
const standInUrl = new URL('./electron-stand-in.mjs', import.meta.url).href;

if (typeof nodeModule.registerHooks === 'function') {
  nodeModule.registerHooks({
    resolve: (name, context, next) =>
      name === 'electron' ? { url: standInUrl, shortCircuit: true } : next(name, context),
  });
} else {
  const hook = `export const resolve = (name, context, next) =>
    name === 'electron' ? { url: ${JSON.stringify(standInUrl)}, shortCircuit: true } : next(name, context);`;
  nodeModule.register(`data:text/javascript,${encodeURIComponent(hook)}`);
}

standIn.endsProcess = true;
standIn.packaged = process.env.STAND_IN_PACKAGED === '1';
// As remember-tray.cjs does it in Electron's own runtime.
Object.defineProperty(globalThis, 'appTray', { get: () => standIn.trays[0] });

const send = process.send?.bind(process);
if (send) {
  // Electron's main process has none.
  Reflect.deleteProperty(process, 'send');
  process.on('message', async ({ id, what, input }: { id: number; what: string; input: object }) => {
    try {
      send({
        id,
        value: await new Function('electron', 'input', `return (${what})(electron, input)`)(electron, input),
      });
    } catch (error) {
      send({ id, error: error instanceof Error ? error.message : String(error) });
    }
  });
  // The test is over, however it ended.
  process.on('disconnect', () => app.exit(1));
}
