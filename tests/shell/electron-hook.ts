/**
 * `node --import electron-hook.mjs dist/node/main.js`: the built main finds the stand-in where it asks for `electron`. The
 * test that started it speaks with it over Node's IPC channel, as one speaks with Electron through Playwright.
 */
import * as nodeModule from 'node:module';
import { app, BrowserWindow, type MenuItem, standIn } from './electron-stand-in.ts';

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

const desk = (index = 0) => {
  const window = BrowserWindow.getAllWindows()[index];
  if (!window) throw new Error('no window is open');
  return window;
};

function click(items: readonly MenuItem[] | undefined, label: string): void {
  const item = items?.find(one => one.label === label);
  if (!item?.click) throw new Error(`nothing to click on called ${label}`);
  item.click();
}

/** What a test may ask, by name. */
const answers = {
  state: () => ({
    windows: BrowserWindow.getAllWindows().map(({ loaded, focused, shown }) => ({ loaded, focused, shown })),
    blockers: [...standIn.blockers.values()],
    toolTips: standIn.trays.map(tray => tray.toolTip),
    errorBoxes: standIn.errorBoxes,
    userData: app.getPath('userData'),
    helpers: standIn.helpers.map(({ spawnargs, pid }) => ({ script: spawnargs.at(-1), pid })),
  }),
  exposed: () => {
    const world = desk().webContents.worldOf(desk().webContents.getURL());
    return Object.fromEntries(Object.entries(world).map(([name, api]) => [name, Object.keys(api)]));
  },
  token: (from: { url?: string; mainFrame?: boolean; window?: number }) => {
    const { webContents } = desk(from.window);
    const { url = webContents.getURL(), mainFrame = true } = from;
    return webContents.worldOf(url, mainFrame).mostrador?.operatorToken?.();
  },
  close: () => desk().close(),
  clickTray: ({ label = '' }: { label?: string }) => click(standIn.trays[0]?.menu?.items, label),
};

const send = process.send?.bind(process);
if (send) {
  // Electron's main process has none.
  Reflect.deleteProperty(process, 'send');
  process.on('message', async ({ id, ask, input }: { id: number; ask: keyof typeof answers; input: object }) => {
    try {
      send({ id, value: await answers[ask](input) });
    } catch (error) {
      send({ id, error: error instanceof Error ? error.message : String(error) });
    }
  });
  app.on('web-contents-created', (_event, contents) =>
    contents.on('did-finish-load', () => send({ event: 'loaded', url: contents.getURL() })),
  );
  // The test is over, however it ended.
  process.on('disconnect', () => app.exit(1));
  app.on('second-instance', () => send({ event: 'second-instance' }));
}
