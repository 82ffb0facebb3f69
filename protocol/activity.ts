/** One line of the desk's activity log. (CONTRACT 4 "Shapes".) */
import * as z from 'zod/mini';
import { id, timestamp } from './primitives.ts';

export const activityKind = z.enum([
  'server_started',
  'network_changed',
  'session_created',
  'session_paired',
  'session_renewed',
  'session_assigned',
  'session_ended',
  'consent_given',
  'phone_connected',
  'phone_disconnected',
  'photo_received',
  'photo_accepted',
  'photo_rejected',
  'photo_quarantined',
  'photo_moved',
  'photo_deleted',
  'photo_restored',
  'photo_viewed',
  'photo_refused',
  'message_sent',
  'group_created',
  'group_joined',
  'group_left',
  'file_received',
  'file_retention',
  'event_published',
  'code_guessing',
  'settings_changed',
  'retention',
  'photos_recovered',
  'person_exported',
  'person_deleted',
]);
export type ActivityKind = z.infer<typeof activityKind>;

export const activity = z.object({
  id,
  at: timestamp,
  kind: activityKind,
  /** Who did it: `operator`, a session's id, a user's id or `server`. */
  who: z.string(),
  /** One Spanish sentence. Pages with a language of their own make theirs from `kind` and `data`. */
  text: z.string(),
  data: z.record(z.string(), z.unknown()),
});
export type Activity = z.infer<typeof activity>;
