/** A file of the chat as the rules know it, and as the wire shows it. */
import { type ChatFile, type FileMime, fileUrlOf } from '../../../protocol/file.ts';

export interface FileRow {
  id: string;
  conversationId: string;
  /** Who sent it: a user, or the session of a phone. */
  owner: string;
  name: string;
  mime: FileMime;
  /** Of the upload. */
  bytes: number;
  sha256: string;
  createdAt: number;
  /** Set when it was deleted: nobody gets it any more, and what is on the disk goes next. */
  deletedAt: number | null;
}

export function toFile({ id, conversationId, name, mime, bytes, sha256, createdAt }: FileRow): ChatFile {
  const created_at = new Date(createdAt).toISOString();
  return { id, conversation_id: conversationId, name, mime, bytes, sha256, created_at, url: fileUrlOf(id) };
}
