/** What can be asked of photos once they are here. How they come in is in `intake.ts`. */
import { fail, ok, type Result } from '../../../protocol/errors.ts';
import { undoFor } from '../../../protocol/photo.ts';
import { requests } from '../../../protocol/requests.ts';
import { maySeeSession, type Principal, staff, staffAndPhone } from '../access.ts';
import { reads, writes } from '../action.ts';
import type { Outcome, OutgoingEvent } from '../outcome.ts';
import type { Clock, Store } from '../ports.ts';
import { photoFor, viewOf } from '../present.ts';
import type { Presence } from '../session/presence.ts';
import { day } from '../time.ts';
import { type PhotoRow, photoEvent, photoGone, photoLine, toPhoto } from './photo.ts';
import { createViews } from './views.ts';

export interface PhotoParts {
  store: Store;
  clock: Clock;
  presence: Presence;
}

const pageSize = 100;

/** A photo that this caller may see; another person's does not exist for a phone. */
export function findPhoto(id: string, principal: Principal, store: Store): Result<PhotoRow> {
  const row = store.photos.get(id);
  const visible = row && row.deletedAt === null && maySeeSession(principal, row.sessionId);
  return visible ? ok(row) : fail('not_found', 'Esa foto no existe.', { photo_id: id });
}

export function photoHandlers({ store, clock, presence }: PhotoParts) {
  const views = createViews(clock);
  return {
    list: reads(
      requests.photos.list,
      staffAndPhone,
      ({ principal }, { idPersona, session_id, before, limit = pageSize }) => {
        const own = principal.role === 'phone' ? principal.sessionId : null;
        if (own !== null && session_id !== undefined && session_id !== own) {
          return fail('forbidden', 'Un teléfono solo ve las fotos de su propia sesión.');
        }
        const rows = store.photos.list({
          idPersona: own === null ? idPersona : undefined,
          sessionId: own ?? session_id,
          before: before === undefined ? undefined : Number(before),
          limit: limit + 1,
        });
        const page = rows.slice(0, limit);
        const last = page.at(-1);
        const next = rows.length > limit && last ? String(last.n) : null;
        return ok({ reply: { photos: page.map(row => photoFor(toPhoto(row), viewOf(principal))), next } });
      },
    ),

    get: reads(requests.photos.get, staffAndPhone, ({ principal }, { photo_id }) => {
      const row = findPhoto(photo_id, principal, store);
      return row.ok ? ok({ reply: { photo: photoFor(toPhoto(row.value), viewOf(principal)) } }) : row;
    }),

    review: writes(requests.photos.review, staff, ({ principal }, { photo_id, verdict, reason = null }) => {
      const found = findPhoto(photo_id, principal, store);
      if (!found.ok) return found;
      if (found.value.status === 'quarantined') {
        return fail('conflict', 'Esa foto no se pudo leer; pida otra.', { photo_id });
      }
      const row: PhotoRow = { ...found.value, status: verdict, reason: verdict === 'rejected' ? reason : null };
      store.photos.update(row);
      if (row.sessionId !== null) presence.touch(row.sessionId);
      const kind = verdict === 'accepted' ? 'photo_accepted' : 'photo_rejected';
      return ok({
        reply: { photo: toPhoto(row) },
        events: [photoEvent('photo_reviewed', row)],
        log: [photoLine(kind, row, principal.userId, { reason: row.reason })],
      });
    }),

    delete: writes(requests.photos.delete, staff, ({ principal }, { photo_id }) => {
      const row = findPhoto(photo_id, principal, store);
      if (!row.ok) return row;
      return ok({ ...deletion(row.value, principal.userId, store, clock), reply: { photo_id } });
    }),

    restore: writes(requests.photos.restore, staff, ({ principal }, { photo_id }) => {
      const found = store.photos.get(photo_id);
      if (found?.deletedAt == null) return fail('not_found', 'Esa foto no existe.', { photo_id });
      if (clock.now() - found.deletedAt >= undoFor) {
        return fail('expired', 'Ya no se puede deshacer: la foto se borró.', { photo_id });
      }
      store.photos.update({ ...found, deletedAt: null });
      const row = store.photos.get(photo_id) ?? found;
      return ok({
        reply: { photo: toPhoto(row) },
        events: [photoEvent('photo_updated', row), ...repeats(row, store)],
        log: [photoLine('photo_restored', row, principal.userId)],
      });
    }),

    viewed: writes(requests.photos.viewed, staff, ({ principal }, { photo_id }) => {
      const row = findPhoto(photo_id, principal, store);
      if (!row.ok) return row;
      const isNew = views.isNew(photo_id, principal.userId);
      return ok({ reply: { photo_id }, log: isNew ? [photoLine('photo_viewed', row.value, principal.userId)] : [] });
    }),

    move: writes(requests.photos.move, staff, ({ principal }, { photo_id, idPersona }) => {
      const found = findPhoto(photo_id, principal, store);
      if (!found.ok) return found;
      const from = found.value.idPersona;
      if (from === idPersona) return ok({ reply: { photo: toPhoto(found.value) } });
      store.photos.update({ ...found.value, idPersona });
      const row = store.photos.get(photo_id) ?? found.value;
      return ok({
        reply: { photo: toPhoto(row) },
        events: [photoEvent('photo_updated', row), ...repeats(found.value, store), ...repeats(row, store)],
        log: [photoLine('photo_moved', row, principal.userId, { from })],
      });
    }),
  };
}

/** Which photo the same ones repeat changes when one of them comes or goes. */
function repeats(row: PhotoRow, store: Store): OutgoingEvent[] {
  return store.photos.same(row).map(other => photoEvent('photo_updated', other));
}

/** From the commit on nobody sees it; its files are removed when it cannot be taken back any more, and at the next start if need be. */
function deletion(row: PhotoRow, who: string, store: Store, clock: Clock): Omit<Outcome<null>, 'reply'> {
  store.photos.update({ ...row, deletedAt: clock.now() });
  return {
    events: [photoGone(row), ...repeats(row, store)],
    log: [photoLine('photo_deleted', row, who)],
  };
}

/** Deletes what is older than `days`. One line in the log says how many; none where there was nothing. */
export function photoRetention(days: number, { store, clock }: PhotoParts): Result<Outcome<{ deleted: number }>> {
  const rows = store.photos.receivedBefore(clock.now() - days * day);
  const events = rows.flatMap(row => deletion(row, 'server', store, clock).events ?? []);
  const log =
    rows.length > 0 ? [{ kind: 'retention' as const, who: 'server', data: { photos: rows.length, days } }] : [];
  return ok({ reply: { deleted: rows.length }, events, log });
}
