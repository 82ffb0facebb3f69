/** The whole app, started as a person starts it. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { itBoots } from './boots.ts';
import { newDataDir, onStandIn, realRuntime, repo, runtimeOf, startOnStandIn } from './launchers.ts';

const folders: string[] = [];
const dataDir = () => {
  const folder = newDataDir();
  folders.push(folder);
  return folder;
};
beforeAll(() => {
  if (!existsSync(join(repo, 'dist/node/main.js'))) throw new Error('nothing is built: run `npm run build` first');
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe.each([onStandIn('the built main', async () => repo), realRuntime])('$name', launcher => {
  itBoots(launcher, dataDir);
});

describe('the built main, told what a person may tell it', () => {
  const start = async (folder: string, ...flags: string[]) =>
    startOnStandIn(repo, {
      dataDir: folder,
      flags: ['--port', '0', '--host', '127.0.0.1', ...flags],
    });
  const state = async (app: Awaited<ReturnType<typeof start>>) =>
    (await app.ask('state')) as {
      windows: { loaded: string[]; focused: number }[];
      blockers: string[];
      toolTips: string[];
      userData: string;
      helpers: { script: string }[];
    };

  it('[SHELL8] a second start brings the first to the front and ends with 0', async () => {
    const folder = dataDir();
    const first = await start(folder);
    await first.heard('loaded');
    const told = first.heard('second-instance');
    const second = await start(folder);
    expect(await second.ended).toBe(0);
    await told;
    expect((await state(first)).windows).toMatchObject([{ focused: 1 }]);
    expect((await first.end('SIGINT')).code).toBe(0);
  });

  it('[SHELL11] the window closes, the server goes on, and the tray opens it again', async () => {
    const folder = dataDir();
    const app = await start(folder);
    await app.heard('loaded');
    await app.ask('close');
    expect((await state(app)).windows).toEqual([]);
    const { port } = runtimeOf(folder);
    expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);
    const loaded = app.heard('loaded');
    await app.ask('clickTray', { label: 'Abrir el mostrador' });
    await loaded;
    await app.ask('clickTray', { label: 'Salir' }).catch(() => undefined);
    expect(await app.ended).toBe(0);
  });

  it('[SHELL20] the tray opens the visitor’s screen beside the desk, and it gets its token too', async () => {
    const app = await start(dataDir());
    await app.heard('loaded');
    const loaded = app.heard('loaded');
    await app.ask('clickTray', { label: 'Pantalla del visitante' });
    await loaded;
    const { windows } = await state(app);
    expect(windows.map(window => new URL(window.loaded[0] ?? '').pathname)).toEqual(['/kiosk', '/display']);
    expect(await app.ask('token', { window: 1 })).toMatch(/^[\w-]{40,}$/);
    await app.end('SIGTERM');
  });

  it('[SHELL12] the screen stays on, the tray shows the address, images have their own process', async () => {
    const folder = dataDir();
    const app = await start(folder);
    await app.heard('loaded');
    const { blockers, toolTips, userData, helpers } = await state(app);
    expect(blockers).toEqual(['prevent-display-sleep']);
    expect(toolTips).toEqual([expect.stringContaining('Mostrador')]);
    expect(userData).toBe(join(folder, 'electron'));
    expect(helpers.map(helper => helper.script)).toEqual([join(repo, 'dist/node/image-worker.js')]);
    await app.end('SIGTERM');
  });

  it('[SHELL11] a terminal that goes away takes nothing along', async () => {
    const app = await start(dataDir());
    await app.heard('loaded');
    app.process.stderr?.destroy();
    // Refused, and written to the log for people.
    await expect(app.ask('token', { mainFrame: false })).rejects.toThrow('forbidden');
    await expect(app.ask('token', { mainFrame: false })).rejects.toThrow('forbidden');
    expect((await state(app)).windows).toHaveLength(1);
    expect((await app.end('SIGTERM')).code).toBe(0);
  });

  it('[SHELL15] bad configuration ends the start with one line and 2', async () => {
    const app = await start(dataDir(), '--port', '70000', '--lang', 'en', '--no-open');
    expect(await app.ended).toBe(2);
    expect(app.stderr.trim().split('\n')).toEqual([expect.stringMatching(/port.*70000/i)]);
  });

  it('[SHELL15] a data folder that cannot be made ends the start with one line and 2', async () => {
    const file = join(dataDir(), 'a file');
    writeFileSync(file, '');
    const unlockable = dataDir();
    mkdirSync(join(unlockable, 'lock.db'));
    for (const folder of [join(file, 'data'), unlockable]) {
      const app = await start(folder, '--lang', 'en', '--no-open');
      expect(await app.ended).toBe(2);
      const said = `DATA_DIR = ${JSON.stringify(folder)} cannot be used`;
      expect(app.stderr.trim().split('\n')).toEqual([expect.stringContaining(said)]);
    }
  });

  it('[SHELL15] a data folder in use by another kind of start ends with 3 and its address', async () => {
    const folder = dataDir();
    const first = await start(folder);
    await first.heard('loaded');
    // The lock of Electron's own instances is passed by, as the headless server passes it by.
    rmSync(join(folder, 'electron'), { recursive: true, force: true });
    const second = await start(folder, '--no-open');
    expect(await second.ended).toBe(3);
    expect(second.stderr).toContain(String(runtimeOf(folder).port));
    await first.end('SIGTERM');
  });
});
