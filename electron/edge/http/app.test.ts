import { Router } from 'express';
import { expect, onTestFinished, test } from 'vitest';
import { StoreUnavailable } from '../../core/ports.ts';
import { createListeners } from '../listeners.ts';
import { createOrigins } from '../origins.ts';
import { createApp } from './app.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

test('[FAULT11] a database that cannot be read is `unavailable` by HTTP, whatever was asked', async () => {
  const routes = Router();
  routes.get('/away', async () => {
    throw new StoreUnavailable('SQLITE_IOERR');
  });
  routes.get('/bug', async () => {
    throw new Error('a bug');
  });
  const origins = createOrigins({ publicUrl: null, allowedHosts: [], corsOrigins: [] });
  const request = createApp({ origins, routes: [routes], maxBodyBytes: 1_000, log: silent });
  const listeners = createListeners({
    request,
    upgrade() {},
    log: silent,
    maxTcpPerAddress: 8,
    exempt: [],
  });
  const listening = await listeners.listen(0, '127.0.0.1');
  if (!listening.ok) throw new Error(listening.code);
  onTestFinished(() => listeners.close(100));
  const away = await fetch(`http://127.0.0.1:${listening.port}/away`);
  expect([away.status, away.headers.get('Retry-After')]).toEqual([503, '5']);
  expect(await away.json()).toMatchObject({ error: { code: 'unavailable', details: { reason: 'store' } } });
  expect((await fetch(`http://127.0.0.1:${listening.port}/bug`)).status).toBe(500);
});
