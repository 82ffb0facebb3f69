/** A photo, as every protocol but S0 shows it. (CONTRACT 4 "Shapes".) */
import * as z from 'zod/mini';
import { id, sha256, timestamp, uuid } from './primitives.ts';

export const photoMime = z.enum(['image/jpeg', 'image/png', 'image/webp']);
export type PhotoMime = z.infer<typeof photoMime>;

export const photoStatus = z.enum(['received', 'accepted', 'rejected', 'quarantined']);
export type PhotoStatus = z.infer<typeof photoStatus>;

export const photo = z.object({
  id: uuid,
  idPersona: z.nullable(z.string()),
  session_id: z.nullable(id),
  mime: photoMime,
  /** Pixels; upright once the photo has been worked on. */
  width: z.int(),
  height: z.int(),
  /** Size and hash of what was uploaded, so that the sender can compare. */
  bytes: z.int(),
  sha256,
  /** Hash of the re-encoded file that is kept; `null` until it has been worked on. */
  stored_sha256: z.nullable(sha256),
  status: photoStatus,
  /** Why it was rejected or quarantined. */
  reason: z.nullable(z.string()),
  /** Which of the session's `shots` it is. */
  shot: z.nullable(z.string()),
  received_at: timestamp,
  /** The first photo of the same person with the same bytes, where this is not it. Never told to a phone. */
  duplicate_of: z.optional(z.nullable(uuid)),
  /** Paths on the same server; both need a token. */
  urls: z.object({ full: z.string(), thumb: z.string() }),
});
export type Photo = z.infer<typeof photo>;

/** How long a photo's deletion can be taken back, in milliseconds; a restart of the server ends it. */
export const undoFor = 10_000;

/** `next` goes into `before` for the following, older page; `null` on the last one. */
export const photoPage = z.object({ photos: z.array(photo), next: z.nullable(z.string()) });

/** How far an upload has come. Ends with `done` or `failed`, after which its placeholder can go. */
export const uploadProgress = z.object({
  photo_id: uuid,
  session_id: z.nullable(id),
  idPersona: z.nullable(z.string()),
  received: z.int(),
  /** Bytes; `null` when the sender did not say. */
  total: z.nullable(z.int()),
  state: z.enum(['receiving', 'done', 'failed']),
});
export type UploadProgress = z.infer<typeof uploadProgress>;
