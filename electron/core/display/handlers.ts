/**
 * The visitor's screen follows the desk: the desk says which session it has on its own screen. The newest waiting one would
 * be another visitor's as soon as two QRs wait, and would not lead on to what happens after the scan.
 */
import { fail, ok } from '../../../protocol/errors.ts';
import { requests } from '../../../protocol/requests.ts';
import { staff } from '../access.ts';
import { reads, writes } from '../action.ts';
import { deskRoom } from '../rooms/rooms.ts';
import { type SessionParts, toSession } from '../session/handlers.ts';

/** More than a session holds. */
const photosShown = 200;

export function displayHandlers(parts: SessionParts) {
  const { sessions, photos } = parts.store;
  /** True while the server runs: a desk says it again when it connects. */
  let shown: string | null = null;

  return {
    show: writes(requests.display.show, staff, (_context, { session_id }) => {
      if (session_id !== null && !sessions.get(session_id)) {
        return fail('not_found', 'Esa sesión no existe.', { session_id });
      }
      if (session_id === shown) return ok({ reply: { session_id } });
      shown = session_id;
      return ok({
        reply: { session_id },
        events: [{ type: 'display_changed', data: { session_id }, rooms: [deskRoom] }],
      });
    }),

    get: reads(requests.display.get, staff, () => {
      const row = shown === null ? null : sessions.get(shown);
      if (!row) return ok({ reply: { session: null, photos: [] } });
      return ok({
        reply: {
          session: { ...toSession(row, parts), idPersona: null, label: null },
          photos: photos.list({ sessionId: row.id, limit: photosShown }).map(({ id, status }) => ({ id, status })),
        },
      });
    }),
  };
}
