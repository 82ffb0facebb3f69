/** What those who look after the server see of it. (CONTRACT 4 "dashboard", 5 S2.) */
import * as z from 'zod/mini';
import { timestamp } from './primitives.ts';
import { deskLook } from './settings.ts';
import { role } from './user.ts';

const clientProtocol = z.enum(['native', 's0', 's1', 's2', 's3']);
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
export type Summary = z.infer<typeof summary>;
export const cleaned = z.object({ connections: count, sessions: count });

/** How far back the charts and the funnel look. */
export const span = z.enum(['15m', '24h', '7d']);
export type Span = z.infer<typeof span>;

const perBucket = z.array(count);

/** Everything that the page draws but who is connected and what went by. */
export const overview = z.object({
  at: timestamp,
  span,
  /** Since midnight where the server stands. */
  today: z.object({
    since: timestamp,
    sessions: count,
    photos: count,
    /** From the scan to the first photo, of the visits whose first photo came today; `null` where there is none. */
    median_scan_to_photo_s: z.nullable(z.number().check(z.minimum(0))),
    failures: z.object({ refused: count, quarantined: count, broken_off: count }),
    /** Of phones that had been connected before. */
    reconnects: count,
  }),
  /** Sessions that are open now: with a phone, and waiting for one. */
  live: z.object({ paired: count, waiting: count }),
  /** In bytes; `photos` are those and the chat's files; measured at `measured_at`. */
  disk: z.object({ photos: count, database: count, free: z.nullable(count), measured_at: timestamp }),
  /** Of equal length, oldest first; the last bucket is still being filled. */
  series: z.object({
    from: timestamp,
    step_s: count,
    sessions: perBucket,
    photos: perBucket,
    events: perBucket,
    messages: perBucket,
    failures: perBucket,
  }),
  /** How far the visits came that something happened to in the span. Each number is at most the one before it. */
  funnel: z.object({ shown: count, scanned: count, connected: count, photo: count, accepted: count }),
  /** `configured: false` without DB_HOST: the chat is kept in the same file as all else. */
  mysql: z.object({ configured: z.boolean(), reachable: z.boolean() }),
  /** Here too, since admins of Django may ask for no settings. */
  desk: deskLook,
});
export type Overview = z.infer<typeof overview>;
