/** The dashboard's read model: who is connected, what is going on, and whether what the server leans on is there. */
import type { ApiStatus, Client, Overview, SeenEvent } from '../../../protocol/dashboard.ts';
import { ok } from '../../../protocol/errors.ts';
import { requests } from '../../../protocol/requests.ts';
import { supervisors } from '../access.ts';
import { elsewhere, reads, writes } from '../action.ts';
import { pruneSessions } from '../people/erase.ts';
import type { Clock, Ids, Store } from '../ports.ts';
import { day } from '../time.ts';
import { figuresOf } from './overview.ts';

/** What the edge and the process know. */
export interface DashboardParts {
  store: Store;
  clock: Clock;
  ids: Ids;
  clients(): Client[];
  /** Connections that are gone: how many, and for how long they were there in all, in seconds. */
  past(): { count: number; seconds: number };
  /** Newest first. */
  events(): SeenEvent[];
  /** Since the start, and in the last minute. */
  counts(): { total: number; lastMinute: number };
  process(): { rss: number; heapUsed: number; uptimeS: number };
  django(): Promise<ApiStatus['django']>;
  mysql(): Promise<Overview['mysql']>;
  look(): Overview['desk'];
  disk(): Promise<{ photos: number; database: number; free: number | null; at: number }>;
  /** Lets go of connections that have not said for long who they are; says how many. */
  dropIdle(): number;
}

export function dashboardHandlers(parts: DashboardParts) {
  const { store, clock } = parts;
  const { dashboard } = requests;

  function rooms() {
    const sizes = new Map<string, number>();
    for (const name of parts.clients().flatMap(client => client.rooms)) sizes.set(name, (sizes.get(name) ?? 0) + 1);
    return [...sizes].map(([name, clients]) => ({ name, clients })).sort((a, b) => a.name.localeCompare(b.name));
  }

  function stats() {
    const clients = parts.clients();
    const past = parts.past();
    const seconds = clients.reduce((sum, { connected_s }) => sum + connected_s, past.seconds);
    const { rss, heapUsed, uptimeS } = parts.process();
    const { total, lastMinute } = parts.counts();
    return {
      clients: clients.length,
      by_role: tally(clients.map(({ role }) => role ?? 'none')),
      by_protocol: tally(clients.map(({ protocol }) => protocol)),
      rooms: rooms().length,
      events: total,
      events_per_minute: lastMinute,
      mean_connection_s: Math.round(seconds / Math.max(1, clients.length + past.count)),
      memory: { rss, heap_used: heapUsed },
      uptime_s: uptimeS,
    };
  }

  async function api(): Promise<ApiStatus> {
    return { django: await parts.django(), database: { ok: databaseAnswers(store) } };
  }

  return {
    summary: elsewhere(dashboard.summary, supervisors, async () => {
      const reply = { stats: stats(), api: await api(), clients: parts.clients(), rooms: rooms() };
      return ok({ reply });
    }),
    clients: reads(dashboard.clients, supervisors, () => ok({ reply: { clients: parts.clients() } })),
    rooms: reads(dashboard.rooms, supervisors, () => ok({ reply: { rooms: rooms() } })),
    events: reads(dashboard.events, supervisors, () => {
      return ok({ reply: { events: parts.events(), events_per_minute: parts.counts().lastMinute } });
    }),
    stats: reads(dashboard.stats, supervisors, () => ok({ reply: stats() })),
    api_status: elsewhere(dashboard.api_status, supervisors, async () => ok({ reply: await api() })),
    overview: elsewhere(dashboard.overview, supervisors, async (_context, { span }) => {
      const [mysql, { at, ...sizes }] = await Promise.all([parts.mysql(), parts.disk()]);
      const disk = { ...sizes, measured_at: new Date(at).toISOString() };
      return ok({ reply: { ...figuresOf(store.figures, span, clock.now()), mysql, disk, desk: parts.look() } });
    }),
    /** Beside the connections, ended sessions of which nothing is left, that no list shows any more. */
    cleanup: writes(dashboard.cleanup, supervisors, () => {
      return ok({ reply: { connections: parts.dropIdle(), sessions: pruneSessions(clock.now() - day, parts) } });
    }),
  };
}

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function databaseAnswers(store: Store): boolean {
  try {
    store.journal.head();
    return true;
  } catch {
    return false;
  }
}
