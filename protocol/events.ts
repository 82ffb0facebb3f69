/**
 * Every event that the server sends, by name, with the shape of its `data`. (CONTRACT 4, "Events".)
 * The ones in `passing` carry no `seq`: they are not kept, and nobody who was away needs them.
 */
import * as z from 'zod/mini';
import { activity } from './activity.ts';
import { conversationEvent, message, newMessage, receiptEvent } from './chat.ts';
import { networkStatus } from './network.ts';
import { photo, uploadProgress } from './photo.ts';
import { id, timestamp, uuid } from './primitives.ts';
import { session } from './session.ts';
import { settings } from './settings.ts';
import { role, user } from './user.ts';

export const events = {
  /** First on every connection. `head` is the newest `seq` there is, for `events.resume`; `now` the server's clock. */
  connected: z.object({ user_id: z.string(), role, head: z.int(), now: timestamp }),
  upload_progress: uploadProgress,
  session_updated: z.object({ session }),
  /** At the commit: from here on the photo cannot be lost. */
  photo_received: z.object({ photo }),
  /** Worked on (upright, metadata removed), moved, or quarantined. */
  photo_updated: z.object({ photo }),
  photo_reviewed: z.object({ photo }),
  photo_deleted: z.object({ photo_id: uuid, session_id: z.nullable(id) }),
  /** Everything of a person is gone, the journal of it too: whoever was away fetches anew. `ref` is the log's name for the person. */
  person_deleted: z.object({ ref: z.string() }),
  new_message: newMessage,
  message_updated: z.object({ message }),
  message_deleted: z.object({ message_id: id }),
  /** Both to the sender and to whoever received or read it. */
  message_delivered: receiptEvent,
  message_read: receiptEvent,
  /** Somebody else is writing there: true for some seconds, or until their message. */
  typing: z.object({ conversation_id: id, user_id: id }),
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
  /** To phones that are paired: the desk is now found at another address, or (`null`) at none. */
  network_changed: z.object({ url: z.nullable(z.string()) }),
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
