/** What must hold of the app however it was built and whatever it runs on. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { takePage } from './foreign-page.ts';
import { type Launcher, runtimeOf } from './launchers.ts';
import { end, inPage, visit, windows } from './operate.ts';

const theToken = 'window.mostrador.operatorToken().catch(error => error.message)';
const exposed = `Object.fromEntries(['mostrador', 'require', 'process', 'module', 'Buffer']
  .filter(name => name in window).map(name => [name, Object.keys(window[name])]))`;

/** @param dataDir makes a new, empty data folder */
export function itBoots({ launch }: Launcher, dataDir: () => string): void {
  it('[SHELL16] boots, serves, shows the desk, gives its token to the desk alone, and stops', async () => {
    const folder = dataDir();
    const app = await launch(folder);
    const { port, operatorToken } = runtimeOf(folder);
    const origin = `http://127.0.0.1:${port}`;
    await expect((await fetch(`${origin}/health`)).json()).resolves.toMatchObject({ status: 'ok' });
    const page = await fetch(`${origin}/kiosk`, { headers: { accept: 'text/html' } });
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none';(?!.*unsafe-eval)/);

    expect(await windows(app)).toEqual([`${origin}/kiosk`]);
    expect(await inPage(app, '/kiosk', exposed)).toEqual({
      mostrador: ['operatorToken', 'canAutostart', 'showDisplay'],
    });
    expect(await inPage(app, '/kiosk', theToken)).toBe(operatorToken);

    const foreign = await takePage();
    await visit(app, `${foreign.origin}/kiosk`);
    expect(await inPage(app, '/kiosk', theToken)).toContain('forbidden');
    foreign.close();

    const { code, ms } = await end(app, 'SIGTERM');
    expect(code).toBe(0);
    expect(ms).toBeLessThan(3000);
    expect(existsSync(join(folder, 'runtime.json'))).toBe(false);
  });
}
