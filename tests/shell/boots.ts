/** What must hold of the app however it was built and whatever it runs on. */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Launcher, type RunningApp, runtimeOf } from './launchers.ts';

/** @param dataDir makes a new, empty data folder */
export function itBoots({ launch, missing }: Launcher, dataDir: () => string): void {
  it('[SHELL16] boots, serves, shows the desk, gives its token to the desk alone, and stops', async context => {
    const reason = missing();
    if (reason !== null) return context.skip(reason);

    const folder = dataDir();
    const app = await launch({ dataDir: folder, flags: ['--port', '0', '--host', '127.0.0.1'] });
    const { port, operatorToken } = runtimeOf(folder);
    const origin = `http://127.0.0.1:${port}`;
    await expect((await fetch(`${origin}/health`)).json()).resolves.toMatchObject({ status: 'ok' });
    const page = await fetch(`${origin}/kiosk`, { headers: { accept: 'text/html' } });
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);

    expect(await app.pageUrl()).toBe(`${origin}/kiosk`);
    expect(await app.exposed()).toEqual({ mostrador: ['operatorToken', 'canAutostart', 'showDisplay'] });
    expect(await app.token()).toBe(operatorToken);
    await foreignPageGetsNothing(app);

    const { code, ms } = await app.end('SIGTERM');
    expect(code).toBe(0);
    expect(ms).toBeLessThan(3000);
    expect(existsSync(join(folder, 'runtime.json'))).toBe(false);
  });
}

async function foreignPageGetsNothing(app: RunningApp): Promise<void> {
  const other = createServer((_request, response) => response.end('<title>other</title>')).listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = typeof address === 'object' ? address?.port : null;
  await expect(app.tokenAt(`http://127.0.0.1:${port}/kiosk`)).rejects.toThrow('forbidden');
  other.close();
}
