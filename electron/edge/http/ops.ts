/** What those who look after the server ask: is it alive, what is it doing. (CONTRACT 3.) */
import { type Response, Router } from 'express';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { supervisors } from '../../core/access.ts';
import type { Store } from '../../core/ports.ts';
import type { Connections } from '../connections.ts';
import type { Callers } from './callers.ts';

interface Parts {
  callers: Callers;
  store: Store;
  connections: Connections;
  version: string;
}

export function opsRoutes({ callers, store, connections, version }: Parts): Router {
  const started = performance.now();
  const uptime = () => Math.round((performance.now() - started) / 1_000);
  const router = Router();

  const health = (_request: unknown, response: Response) => {
    response.set('Cache-Control', 'no-store');
    if (store.isThere()) response.json({ status: 'ok', version, uptime_s: uptime() });
    // Nothing can be kept until somebody puts the folder back or starts it anew.
    else response.status(503).json({ status: 'unavailable', reason: 'data_folder', version, uptime_s: uptime() });
  };
  router.get(['/healtcheck', '/healthcheck', '/health'], health);

  router.get(
    '/stats',
    callers.onlyOrLocal(supervisors, (_request, response) => {
      const sessions = store.sessions.count();
      const { count, bytes } = store.photos.totals();
      const states = { pending: 0, qr_ready: 0, authenticated: 0, disconnected: 0, ...sessions };
      const total = Object.values(sessions).reduce((sum, many) => sum + many, 0);
      response.json({
        status: 'ok',
        uptime_s: uptime(),
        sessions: states,
        total_sessions: total,
        connections: connections.count(),
        photos: { total: count, bytes },
        journal_head: store.journal.head(),
      });
    }),
  );

  const registry = createRegistry(store, connections);
  router.get(
    '/metrics',
    callers.onlyOrLocal(supervisors, async (_request, response) => {
      response.type(registry.contentType).send(await registry.metrics());
    }),
  );
  return router;
}

function createRegistry(store: Store, connections: Connections): Registry {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'mostrador_connections',
    help: 'Connections open now, on all protocols',
    registers,
    collect() {
      this.set(connections.count());
    },
  });
  new Gauge({
    name: 'mostrador_sessions',
    help: 'Sessions kept, by state',
    labelNames: ['status'],
    registers,
    collect() {
      this.reset();
      for (const [status, many] of Object.entries(store.sessions.count())) this.set({ status }, many);
    },
  });
  new Gauge({
    name: 'mostrador_photos_stored',
    help: 'Photos kept',
    registers,
    collect() {
      this.set(store.photos.totals().count);
    },
  });
  new Counter({
    name: 'mostrador_events_total',
    help: 'Events written to the journal since the database was made',
    registers,
    collect() {
      this.reset();
      this.inc(store.journal.head());
    },
  });
  return registry;
}
