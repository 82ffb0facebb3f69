/** What those who look after the server see of it. (CONTRACT 4 "dashboard", 5 S2.) */
import * as z from 'zod/mini';
import { timestamp } from './primitives.ts';
import { role } from './user.ts';

export const clientProtocol = z.enum(['native', 's0', 's1', 's2', 's3']);
export type ClientProtocol = z.infer<typeof clientProtocol>;

const count = z.int().check(z.minimum(0));

export const client = z.object({
  id: z.string(),
  /** `null` for one that came without saying who it is, from an address in LEGACY_ALLOW. */
  user_id: z.nullable(z.string()),
  role: z.nullable(role),
  address: z.string(),
  protocol: clientProtocol,
  connected_s: count,
  rooms: z.array(z.string()),
});
export type Client = z.infer<typeof client>;

export const room = z.object({ name: z.string(), clients: count });

/** One of the newest events; `data` only of what others published. */
export const seenEvent = z.object({
  id: z.string(),
  seq: z.nullable(z.int()),
  type: z.string(),
  rooms: z.array(z.string()),
  at: timestamp,
  from: z.optional(z.string()),
  data: z.optional(z.unknown()),
});
export type SeenEvent = z.infer<typeof seenEvent>;

export const apiStatus = z.object({
  /** `configured: false` without DJANGO_BASE_URL. */
  django: z.object({
    configured: z.boolean(),
    reachable: z.boolean(),
    latency_ms: z.nullable(count),
    checked_at: z.nullable(timestamp),
  }),
  database: z.object({ ok: z.boolean() }),
});
export type ApiStatus = z.infer<typeof apiStatus>;

export const stats = z.object({
  clients: count,
  by_role: z.record(z.string(), count),
  by_protocol: z.record(z.string(), count),
  rooms: count,
  /** Since the server started. */
  events: count,
  events_per_minute: count,
  /** Of the connections that are open and of those that were. */
  mean_connection_s: count,
  memory: z.object({ rss: count, heap_used: count }),
  uptime_s: count,
});

export const summary = z.object({ stats, api: apiStatus, clients: z.array(client), rooms: z.array(room) });
export const cleaned = z.object({ connections: count, sessions: count });
