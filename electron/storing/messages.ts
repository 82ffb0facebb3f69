/** What the server's process and the storing process say to each other. Both ends read every message by these schemas. */
import * as z from 'zod/mini';
import { failure } from '../../protocol/envelope.ts';
import { photoMime } from '../../protocol/photo.ts';
import { sha256 } from '../../protocol/primitives.ts';

/** One photo to be kept: written to `temporary`, synced, and renamed to `target` in `folder`, which lies in `shelf`. */
export const toStoring = z.object({
  id: z.int(),
  bytes: z.custom<Uint8Array>(value => value instanceof Uint8Array),
  temporary: z.string(),
  target: z.string(),
  folder: z.string(),
  shelf: z.string(),
  /** Bytes of the disk that are not for photos. */
  leftFree: z.int(),
  maxPixels: z.int(),
});
export type Order = z.infer<typeof toStoring>;

export const fromStoring = z.discriminatedUnion('type', [
  /** It listens. */
  z.object({ type: z.literal('ready') }),
  z.object({
    type: z.literal('kept'),
    id: z.int(),
    facts: z.object({ mime: photoMime, width: z.int(), height: z.int(), bytes: z.int(), sha256 }),
  }),
  /** The picture is to blame. */
  z.object({ type: z.literal('refused'), id: z.int(), error: failure }),
  /** The disk is to blame; nothing is left of it. */
  z.object({ type: z.literal('disk'), id: z.int(), reason: z.string() }),
]);
export type Report = z.infer<typeof fromStoring>;
