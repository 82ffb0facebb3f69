/** What the server's process and the image process say to each other. Both ends read every message by these schemas. */
import * as z from 'zod/mini';
import { photoMime } from '../../protocol/photo.ts';
import { sha256 } from '../../protocol/primitives.ts';

/** One file to make: a photo's thumbnail, or its full picture. */
export const toWorker = z.object({
  type: z.literal('task'),
  id: z.int(),
  kind: z.enum(['thumb', 'full']),
  source: z.string(),
  target: z.string(),
  maxPixels: z.int(),
  /** Bytes of memory (resident) at which the process ends itself. */
  maxMemory: z.int(),
});
export type Task = z.infer<typeof toWorker>;

export const fromWorker = z.discriminatedUnion('type', [
  /** sharp is loaded. A process that ends before it said so could not start, and no photo is to blame. */
  z.object({ type: z.literal('ready') }),
  z.object({
    type: z.literal('made'),
    id: z.int(),
    width: z.int(),
    height: z.int(),
    sha256,
    mime: photoMime,
  }),
  /** The picture is to blame: trying again would end the same. */
  z.object({ type: z.literal('unreadable'), id: z.int(), reason: z.string() }),
  /** The disk is to blame: it may work later. */
  z.object({ type: z.literal('disk'), id: z.int(), reason: z.string() }),
]);
export type Report = z.infer<typeof fromWorker>;
