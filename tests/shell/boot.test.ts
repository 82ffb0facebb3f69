/** The whole app, started as a person starts it: on the stand-in always, and the same on Electron's own runtime where it is installed. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { programs } from '../process/program.ts';
import { itBoots } from './boots.ts';
import { takePage } from './foreign-page.ts';
import { newDataDir, onStandIn, realRuntime, repo, runtimeOf } from './launchers.ts';
import { clickTray, close, end, hide, inPage, shown, visit, windows } from './operate.ts';

/** Milliseconds: a real window on a busy machine is no sooner there. */
const patient = { timeout: 10_000 };
const { start: startHeadless, clean } = programs();
const folders: string[] = [];
const dataDir = () => {
  const folder = newDataDir();
  folders.push(folder);
  return folder;
};
beforeAll(() => {
  if (!existsSync(join(repo, 'dist/node/main.js'))) throw new Error('nothing is built: run `npm run build` first');
});
afterEach(clean);
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe.each([onStandIn('the built main', async () => repo), realRuntime])('$name', launcher => {
  const { launch, run, missing } = launcher;
  beforeEach(context => {
    const reason = missing();
    if (reason !== null) context.skip(reason);
  });

  itBoots(launcher, dataDir);

  it('[SHELL8] a second start shows the desk of the first and ends with 0', async () => {
    const folder = dataDir();
    const first = await launch(folder);
    await hide(first);
    expect((await run(folder)).code).toBe(0);
    await shown(first, '/kiosk');
    expect(await windows(first)).toHaveLength(1);
    expect((await end(first, 'SIGINT')).code).toBe(0);
  });

  it('[SHELL11] the window closes, the server goes on, and the tray opens it again and quits', async () => {
    const folder = dataDir();
    const app = await launch(folder);
    await close(app);
    expect(await windows(app)).toEqual([]);
    expect((await fetch(`http://127.0.0.1:${runtimeOf(folder).port}/health`)).status).toBe(200);
    await clickTray(app, 'Abrir el mostrador');
    await shown(app, '/kiosk');
    // Its answer may not get through any more.
    await clickTray(app, 'Salir').catch(() => undefined);
    expect(await app.ended).toBe(0);
  });

  it('[SHELL20] the tray opens the visitor’s screen beside the desk, and it gets its token too', async () => {
    const folder = dataDir();
    const app = await launch(folder);
    await clickTray(app, 'Pantalla del visitante');
    await shown(app, '/display');
    const { port, operatorToken } = runtimeOf(folder);
    expect(await windows(app)).toEqual(['display', 'kiosk'].map(page => `http://127.0.0.1:${port}/${page}`));
    expect(await inPage(app, '/display', 'window.mostrador.operatorToken()')).toBe(operatorToken);
    await end(app, 'SIGTERM');
  });

  it('[SHELL12] the screen stays on, the tray is named, Electron’s files are ours, images have their own process', async () => {
    const folder = dataDir();
    const app = await launch(folder);
    const seen = await app.inMain(({ app, powerSaveBlocker }) => ({
      staysOn: [0, 1, 2].some(id => powerSaveBlocker.isStarted(id)),
      toolTip: appTray.toolTip,
      userData: app.getPath('userData'),
    }));
    expect(seen).toEqual({
      staysOn: true,
      toolTip: expect.stringMatching(/^Mostrador/),
      userData: join(folder, 'electron'),
    });
    const processes = () => app.inMain(({ app }) => app.getAppMetrics().map(({ name }) => name));
    await vi.waitFor(async () => expect(await processes()).toContain('Mostrador image-worker'), patient);
    await end(app, 'SIGTERM');
  });

  it('[SHELL11] a terminal that goes away takes nothing along', async () => {
    const app = await launch(dataDir());
    app.process.stderr?.destroy();
    // Refused, and written to the log for people.
    for (const _twice of [1, 2]) expect(await inPage(app, '/kiosk', "window.open('/kiosk')")).toBe(null);
    expect(await windows(app)).toHaveLength(1);
    // Playwright lets go of the process when it reads on stderr that this is waited for, which nobody reads any more.
    await app.inMain(() => process.getBuiltinModule('node:inspector').close()).catch(() => undefined);
    expect((await end(app, 'SIGTERM')).code).toBe(0);
  });

  it('[SHELL300] the page in the window is in the sandbox and apart from its preload script; it cannot leave, open, ask or download', async () => {
    const folder = dataDir();
    const app = await launch(folder);
    const probe = join(folder, 'probe.cjs');
    writeFileSync(
      probe,
      `const { sandboxed, contextIsolated } = process;
      require('electron').contextBridge.exposeInMainWorld('probe', { sandboxed, contextIsolated });`,
    );
    await app.inMain(
      ({ session }, { path }) => {
        session.defaultSession.registerPreloadScript({ type: 'frame', filePath: path });
      },
      { path: probe },
    );
    const [desk = ''] = await windows(app);
    await visit(app, desk);
    expect(await inPage(app, '/kiosk', 'window.probe')).toEqual({ sandboxed: true, contextIsolated: true });

    const foreign = await takePage();
    const refused = (what: string) => vi.waitFor(() => expect(app.said()).toContain(what), patient);
    await inPage(app, '/kiosk', `location.assign('${foreign.origin}/left')`);
    await refused('Navigation refused');
    expect(await inPage(app, '/kiosk', `window.open('${foreign.origin}/opened')`)).toBe(null);
    await refused('New window refused');
    expect(await inPage(app, '/kiosk', 'Notification.requestPermission()')).toBe('denied');
    expect(foreign.visits()).toBe(0);
    await app.inMain(
      ({ BrowserWindow }, { text }) => {
        for (const { webContents } of BrowserWindow.getAllWindows()) webContents.downloadURL(text);
      },
      { text: `${foreign.origin}/downloaded` },
    );
    await refused('Download refused');
    expect(await windows(app)).toEqual([desk]);
    foreign.close();
    await end(app, 'SIGTERM');
  });

  it('[SHELL15] bad configuration ends the start with one line and 2', async () => {
    const { code, lines } = await run(dataDir(), '--port', '70000', '--lang', 'en', '--no-open');
    expect([code, lines]).toEqual([2, [expect.stringMatching(/port.*70000/i)]]);
  });

  it('[SHELL15] a data folder that cannot be made ends the start with one line and 2', async () => {
    const file = join(dataDir(), 'a file');
    writeFileSync(file, '');
    const unlockable = dataDir();
    mkdirSync(join(unlockable, 'lock.db'));
    for (const folder of [join(file, 'data'), unlockable]) {
      const { code, lines } = await run(folder, '--lang', 'en', '--no-open');
      const said = `DATA_DIR = ${JSON.stringify(folder)} cannot be used`;
      expect([code, lines]).toEqual([2, [expect.stringContaining(said)]]);
    }
  });

  it('[SHELL15] a data folder in use by a server without a window ends with 3 and its address', async () => {
    const folder = dataDir();
    const { port } = await startHeadless(['--no-open'], { dataDir: folder }).ready();
    const { code, lines } = await run(folder, '--no-open');
    expect([code, lines]).toEqual([3, [expect.stringContaining(String(port))]]);
  });
});
