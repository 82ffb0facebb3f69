/**
 * The events that a phone's page hears: it carries the shapes of no others. They are part of the table in `events.ts`.
 * (CONTRACT 4, "Events".)
 */
import * as z from 'zod/mini';
import { message, newMessage, receiptEvent } from './chat.ts';
import { photo } from './photo.ts';
import { id, timestamp, uuid } from './primitives.ts';
import { session } from './session.ts';
import { role } from './user.ts';

export const visitEvents = {
  /** First on every connection. `head` is the newest `seq` there is, for `events.resume`; `now` the server's clock. */
  connected: z.object({ user_id: z.string(), role, head: z.int(), now: timestamp }),
  session_updated: z.object({ session }),
  /** At the commit: from here on the photo cannot be lost. */
  photo_received: z.object({ photo }),
  /** Worked on (upright, metadata removed), moved, or quarantined. */
  photo_updated: z.object({ photo }),
  photo_reviewed: z.object({ photo }),
  photo_deleted: z.object({ photo_id: uuid, session_id: z.nullable(id) }),
  new_message: newMessage,
  message_updated: z.object({ message }),
  message_deleted: z.object({ message_id: id }),
  /** Both to the sender and to whoever received or read it. */
  message_delivered: receiptEvent,
  message_read: receiptEvent,
  /** Somebody else is writing there: true for some seconds, or until their message. */
  typing: z.object({ conversation_id: id, user_id: id }),
  /** To phones that are paired: the desk is now found at another address, or (`null`) at none. */
  network_changed: z.object({ url: z.nullable(z.string()) }),
} as const;
