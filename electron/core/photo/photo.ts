/** A photo as the rules know it, and as the wire shows it. */
import type { Photo, PhotoMime, PhotoStatus } from '../../../protocol/photo.ts';
import type { LogLine, OutgoingEvent } from '../outcome.ts';
import { deskRoom, sessionRoom } from '../rooms/rooms.ts';

export interface PhotoRow {
  /** Counts all photos; lists are paged by it. */
  n: number;
  id: string;
  idPersona: string | null;
  sessionId: string | null;
  mime: PhotoMime;
  width: number;
  height: number;
  /** Of the upload. */
  bytes: number;
  sha256: string;
  /** Of the re-encoded file; `null` until the image process is done with it. */
  storedSha256: string | null;
  status: PhotoStatus;
  reason: string | null;
  shot: string | null;
  receivedAt: number;
  /** Went out to other listeners as it came, before it was stored. */
  relayed: boolean;
  /** Set when it was deleted: nobody sees it any more, and its files go when `undoFor` (protocol/photo.ts) is over. 0: at once. */
  deletedAt: number | null;
  /** The first photo of the same person with the same bytes. Found, not kept. */
  duplicateOf: string | null;
}

export function isWorkedOn(row: PhotoRow): boolean {
  return row.storedSha256 !== null || row.status === 'quarantined';
}

export function toPhoto(row: PhotoRow): Photo {
  const { id, idPersona, mime, width, height, bytes, sha256, status, reason, shot } = row;
  const url = `/api/photos/${id}`;
  return {
    id,
    idPersona,
    session_id: row.sessionId,
    mime,
    width,
    height,
    bytes,
    sha256,
    stored_sha256: row.storedSha256,
    status,
    reason,
    shot,
    received_at: new Date(row.receivedAt).toISOString(),
    duplicate_of: row.duplicateOf,
    urls: { full: url, thumb: `${url}/thumb` },
  };
}

/** Who hears of a photo: the desk, and the phone of its session. */
function photoRooms(row: PhotoRow): string[] {
  return row.sessionId === null ? [deskRoom] : [deskRoom, sessionRoom(row.sessionId)];
}

export function photoEvent(type: 'photo_received' | 'photo_updated' | 'photo_reviewed', row: PhotoRow): OutgoingEvent {
  return { type, data: { photo: toPhoto(row) }, rooms: photoRooms(row), idPersona: row.idPersona };
}

export function photoGone(row: PhotoRow): OutgoingEvent {
  const data = { photo_id: row.id, session_id: row.sessionId };
  return { type: 'photo_deleted', data, rooms: photoRooms(row), idPersona: row.idPersona };
}

export function photoLine(
  kind: LogLine['kind'],
  row: PhotoRow,
  who: string,
  data: Record<string, unknown> = {},
): LogLine {
  const about = { photo_id: row.id, session_id: row.sessionId, idPersona: row.idPersona };
  return { kind, who, data: { ...about, ...data }, idPersona: row.idPersona };
}
