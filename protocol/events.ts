/**
 * Every event that the server sends, by name, with the shape of its `data`. (CONTRACT 4, "Events".)
 * The ones in `passing` carry no `seq`: they are not kept, and nobody who was away needs them.
 */
import * as z from 'zod/mini';
import { activity } from './activity.ts';
import { conversationEvent } from './chat.ts';
import { networkStatus } from './network.ts';
import { uploadProgress } from './photo.ts';
import { id, timestamp, uuid } from './primitives.ts';
import { settings } from './settings.ts';
import { user } from './user.ts';
import { visitEvents } from './visit-events.ts';

export const events = {
  ...visitEvents,
  upload_progress: uploadProgress,
  /** Everything of a person is gone, the journal of it too: whoever was away fetches anew. `ref` is the log's name for the person. */
  person_deleted: z.object({ ref: z.string() }),
  conversation_created: conversationEvent,
  conversation_updated: conversationEvent,
  conversation_deleted: z.object({ conversation_id: uuid }),
  user_created: z.object({ user }),
  user_updated: z.object({ user }),
  user_deleted: z.object({ user_id: id }),
  /** A user's first connection came, or the last one went. */
  presence: z.object({ user_id: id, online: z.boolean() }),
  /**
   * What `events.publish` and `events.announce` carry. On a native connection it goes by its own `type`, with its own `data`.
   */
  published: z.object({
    type: z.string(),
    data: z.unknown(),
    /** The id of the user who sent it. */
    from: z.string(),
    timestamp,
  }),
  /** To the desk: the addresses changed, one was chosen, or a device arrived on one of them. */
  network_status: networkStatus,
  /** To the desk: which session the visitor's screen shows now. */
  display_changed: z.object({ session_id: z.nullable(id) }),
  /** Only to operators and admins. */
  settings_updated: z.object({ settings }),
  /** Only to connections in the room `activity`. */
  activity: z.object({ activity }),
} as const satisfies Record<string, z.ZodMiniType>;

export type EventName = keyof typeof events;
export type EventData<E extends EventName> = z.infer<(typeof events)[E]>;

export const passing: ReadonlySet<string> = new Set<EventName>([
  'connected',
  'upload_progress',
  'presence',
  'typing',
  'network_status',
  'network_changed',
  'display_changed',
]);
