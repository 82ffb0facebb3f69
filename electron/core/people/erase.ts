/**
 * Everything of a person goes. One transaction takes away all that names them in this database and leaves a list of opaque ids;
 * what lies elsewhere (pictures on the disk, the chat, perhaps on another machine) is removed by that list afterwards, and
 * again after a restart in the middle. (TRUST, "Privacy".)
 */
import { fail, ok, type Result } from '../../../protocol/errors.ts';
import type { Outcome, OutgoingEvent } from '../outcome.ts';
import { type PhotoRow, photoEvent, photoGone } from '../photo/photo.ts';
import type { ErasureRow, Store, Traces } from '../ports.ts';
import { deskRoom, sessionRoom, userRoom } from '../rooms/rooms.ts';
import { endSession, type SessionParts } from '../session/handlers.ts';
import { isLive } from '../session/session.ts';

/** A keyed hash of an idPersona: names the person for whoever has the key and the idPersona, and for nobody else. */
export type RefOf = (idPersona: string) => string;

export interface Erased {
  ref: string;
  photos: number;
  sessions: number;
}

/** To be run in a transaction. `not_found`: nothing is known of such a person; its `ref` says under which name an earlier deletion stands in the log. */
export function erasePerson(
  idPersona: string,
  who: string,
  parts: SessionParts & { refOf: RefOf },
): Result<Outcome<Erased>> {
  const { store, ids, refOf } = parts;
  const ref = refOf(idPersona);
  const sessions = store.sessions.ofPersona(idPersona);
  const photos = store.photos.ofPersona(idPersona);
  const ended = sessions.filter(isLive).map(row => endSession(row, who, parts).outcome);
  const sessionIds = sessions.map(({ id }) => id);
  const conversations = sessions.map(row => row.conversationId).filter(id => id !== null);

  const events = [
    ...ended.flatMap(({ events: told = [] }) => told),
    ...photos.filter(row => row.deletedAt === null).map(photoGone),
  ].map((event): OutgoingEvent => ({ ...event, unkept: true }));
  for (const row of photos) store.photos.update(nameless(row));
  // Photos that were moved to somebody else stay there; only the session that they came by is no more.
  const moved = sessionIds.flatMap(id => store.photos.list({ sessionId: id, limit: Number.MAX_SAFE_INTEGER }));
  for (const row of [...moved, ...sessionIds.flatMap(id => store.photos.deletedOf(id))]) {
    store.photos.update({ ...row, sessionId: null });
  }
  for (const id of sessionIds) store.sessions.remove(id);
  const traces = tracesOf({ sessions: sessionIds, conversations }, idPersona);
  const known = [...traces.ids, ...photos.map(({ id }) => id)];
  const purged = purge({ ...traces, ids: known }, store);
  if (sessions.length + photos.length + purged === 0) {
    return fail('not_found', 'No hay nada de esa persona.', { ref });
  }
  store.erasures.insert({ id: ids.uuid(), reason: 'person', sessions: sessionIds, conversations });
  const told: OutgoingEvent = { type: 'person_deleted', data: { ref }, rooms: [deskRoom] };
  const counts = { photos: photos.length, sessions: sessions.length };
  return ok({
    reply: { ref, ...counts },
    events: [...events, ...moved.map(row => photoEvent('photo_updated', { ...row, sessionId: null })), told],
    log: [{ kind: 'person_deleted', who, data: { ref, ...counts } }],
    revoked: sessionIds,
  });
}

/** Sessions that are past their time, whose chat goes after them. To be run in a transaction; says how many. */
export function pruneSessions(before: number, { store, ids }: Pick<SessionParts, 'store' | 'ids'>): number {
  const sessions = store.sessions.prune(before);
  if (sessions.length > 0) store.erasures.insert({ id: ids.uuid(), reason: 'age', sessions, conversations: [] });
  return sessions.length;
}

/** By what an erasure's sessions are known in the journal and in the log. */
export function tracesOf(
  { sessions, conversations }: Pick<ErasureRow, 'sessions' | 'conversations'>,
  idPersona: string | null = null,
): Traces {
  const rooms = sessions.flatMap(id => [sessionRoom(id), userRoom(id)]);
  return { idPersona, ids: [...sessions, ...conversations], rooms };
}

/** Says how many events and lines there were. */
export function purge(traces: Traces, store: Store): number {
  return store.journal.purge(traces) + store.activity.purge(traces);
}

/** What is left of its row until its files are gone. There is no way back, so its files need not wait. */
function nameless(row: PhotoRow): PhotoRow {
  return { ...row, idPersona: null, sessionId: null, shot: null, reason: null, deletedAt: 0 };
}
