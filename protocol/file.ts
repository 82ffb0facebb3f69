/** A file that somebody sent in a conversation. Photos of a visitor are none: they are in `photo.ts`. */
import * as z from 'zod/mini';
import { id, sha256, timestamp, uuid } from './primitives.ts';

/** What is taken, by its first bytes. Nothing that runs anything where it is opened. */
export const fileMime = z.enum([
  'application/pdf',
  'application/vnd.oasis.opendocument.text',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'audio/aac',
  'audio/mp4',
  'audio/mpeg',
  'audio/ogg',
  'audio/wav',
  'image/jpeg',
  'image/png',
  'image/webp',
  'text/plain',
]);
export type FileMime = z.infer<typeof fileMime>;

const chatFile = z.object({
  id: uuid,
  conversation_id: id,
  /** The sender's, cleaned: without a path, and ending as its type does. */
  name: z.string(),
  mime: fileMime,
  /** Size and hash of what was uploaded, so that the sender can compare. */
  bytes: z.int(),
  sha256,
  created_at: timestamp,
  /** What a message carries as `file_url`: a path on the same server, for members with their token. */
  url: z.string(),
});
export type ChatFile = z.infer<typeof chatFile>;

export const fileReply = z.object({ file: chatFile });

/** Where a file of the chat is found. */
export function fileUrlOf(fileId: string): string {
  return `/api/files/${fileId}`;
}

/** Which file a message's `file_url` means; `null` for anything else. */
export function fileIdOf(url: string | null): string | null {
  const found = /^\/api\/files\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(url ?? '');
  return found?.[1] ?? null;
}
