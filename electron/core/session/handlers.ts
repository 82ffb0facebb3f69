/** What can be asked of sessions, and what happens to them by themselves. */
import { fail, ok, type Result } from '../../../protocol/errors.ts';
import { requests } from '../../../protocol/requests.ts';
import type { Session } from '../../../protocol/session.ts';
import { maySeeSession, type Phone, type Principal, staff, staffAndPhone } from '../access.ts';
import { reads, writes } from '../action.ts';
import type { LogLine, Outcome, OutgoingEvent } from '../outcome.ts';
import { photoEvent } from '../photo/photo.ts';
import type { Clock, Ids, Store } from '../ports.ts';
import { sessionFor, viewOf } from '../present.ts';
import { deskRoom, sessionRoom } from '../rooms/rooms.ts';
import { day } from '../time.ts';
import { pickMark } from './marks.ts';
import type { Presence } from './presence.ts';
import type { QrDesk } from './qr.ts';
import { ended, idleEnds, isLive, type LiveSession, type SessionRow } from './session.ts';

export interface SessionParts {
  store: Store;
  clock: Clock;
  ids: Ids;
  presence: Presence;
  qrDesk: QrDesk;
}

/** Ended sessions stay in the list for a day. */
const listed = day;
const listLimit = 500;

export function toSession(row: SessionRow, { presence, qrDesk }: Pick<SessionParts, 'presence' | 'qrDesk'>): Session {
  const { id, idPersona, label, shots, emoji, color, status, consent } = row;
  return {
    id,
    idPersona,
    label,
    status,
    emoji,
    color,
    shots,
    conversation_id: row.conversationId,
    qr: qrDesk.show(row),
    created_at: new Date(row.createdAt).toISOString(),
    phone: {
      connected: status === 'authenticated' && presence.isConnected(id, row.generation),
      device: 'device' in row ? row.device : null,
    },
    ...(consent ? { consent: { version: consent.version, at: new Date(consent.at).toISOString() } } : {}),
  };
}

/** The event that tells everybody concerned how a session is now. The QR is added at sending (present.ts), never kept. */
export function sessionEvent(row: SessionRow, parts: Pick<SessionParts, 'presence' | 'qrDesk'>): OutgoingEvent {
  return {
    type: 'session_updated',
    data: { session: { ...toSession(row, parts), qr: null } },
    rooms: [deskRoom, sessionRoom(row.id)],
    idPersona: row.idPersona,
  };
}

export function sessionHandlers(parts: SessionParts) {
  const { store, clock, ids, qrDesk } = parts;

  function reply(row: SessionRow, principal: Principal): { session: Session } {
    return { session: sessionFor(toSession(row, parts), viewOf(principal)) };
  }

  function find(id: string, principal: Principal): Result<SessionRow> {
    const row = maySeeSession(principal, id) ? store.sessions.get(id) : null;
    return row ? ok(row) : fail('not_found', 'Esa sesión no existe.', { session_id: id });
  }

  function findLive(id: string, principal: Principal): Result<LiveSession> {
    const row = find(id, principal);
    if (!row.ok) return row;
    if (!isLive(row.value)) return fail('conflict', 'Esa sesión ya terminó; abra otra.', { session_id: id });
    return ok(row.value);
  }

  return {
    create: writes(requests.sessions.create, staff, ({ principal }, { idPersona = null, label = null, shots = [] }) => {
      const mark = pickMark(store.sessions.live(), ids);
      const base = {
        ...mark,
        id: ids.uuid(),
        idPersona,
        label,
        shots,
        conversationId: null,
        consent: null,
        generation: 0,
      };
      const pending: SessionRow = { ...base, status: 'pending', createdAt: clock.now() };
      store.sessions.insert(pending);
      const row = qrDesk.issue(pending);
      store.sessions.update(row);
      return ok({
        reply: reply(row, principal),
        events: [sessionEvent(row, parts)],
        log: [line('session_created', row, principal.userId)],
      });
    }),

    list: reads(requests.sessions.list, staff, () => {
      const rows = store.sessions.recent(clock.now() - listed, listLimit);
      return ok({ reply: { sessions: rows.map(row => toSession(row, parts)) } });
    }),

    get: reads(requests.sessions.get, staffAndPhone, ({ principal }, { session_id }) => {
      const row = find(session_id, principal);
      return row.ok ? ok({ reply: reply(row.value, principal) }) : row;
    }),

    renew: writes(requests.sessions.renew, staff, ({ principal }, { session_id }) => {
      const row = findLive(session_id, principal);
      if (!row.ok) return row;
      store.pairing.revoke(session_id, clock.now());
      // The next phone may be another person's: it is asked again.
      const { status } = row.value;
      const before = { ...row.value, consent: null };
      const waiting = qrDesk.issue(status === 'qr_ready' ? { ...before, status: 'pending' } : before);
      store.sessions.update(waiting);
      return ok({
        reply: reply(waiting, principal),
        events: [sessionEvent(waiting, parts)],
        log: [line('session_renewed', waiting, principal.userId)],
        revoked: [session_id],
      });
    }),

    assign: writes(requests.sessions.assign, staff, ({ principal }, { session_id, idPersona }) => {
      const row = find(session_id, principal);
      if (!row.ok) return row;
      const from = row.value.idPersona;
      if (from === idPersona) return ok({ reply: reply(row.value, principal) });
      const moved: SessionRow = { ...row.value, idPersona };
      store.sessions.update(moved);
      const photos = store.photos.list({ sessionId: session_id, limit: Number.MAX_SAFE_INTEGER });
      const events = photos
        .filter(photo => photo.idPersona === from)
        .map(photo => {
          store.photos.update({ ...photo, idPersona });
          return photo.id;
        })
        .map(id => store.photos.get(id))
        .filter(photo => photo !== null)
        .map(photo => {
          return photoEvent('photo_updated', photo);
        });
      return ok({
        reply: reply(moved, principal),
        events: [sessionEvent(moved, parts), ...events],
        log: [line('session_assigned', moved, principal.userId, { from, photos: events.length })],
      });
    }),

    end: writes(requests.sessions.end, staffAndPhone, ({ principal }, { session_id }) => {
      const row = find(session_id, principal);
      if (!row.ok) return row;
      if (!isLive(row.value)) return ok({ reply: reply(row.value, principal) });
      const { row: over, outcome } = endSession(row.value, principal.userId, parts);
      return ok({ ...outcome, reply: reply(over, principal) });
    }),

    /** A visitor's own word: nobody at the desk can give it for them. */
    consent: writes(requests.sessions.consent, ['phone'], ({ principal }, { session_id, version }) => {
      const row = findLive(session_id, principal);
      if (!row.ok) return row;
      if (row.value.consent?.version === version) return ok({ reply: reply(row.value, principal) });
      const agreed: SessionRow = { ...row.value, consent: { version, at: clock.now() } };
      store.sessions.update(agreed);
      return ok({
        reply: reply(agreed, principal),
        events: [sessionEvent(agreed, parts)],
        log: [line('consent_given', agreed, principal.userId, { version })],
      });
    }),
  };
}

/** Ends a session: its QR, its code and its phone's token are dead from here on. */
export function endSession(live: LiveSession, who: string, parts: SessionParts, data: Record<string, unknown> = {}) {
  const { store, clock, presence } = parts;
  const row = ended(live, clock.now());
  store.sessions.update(row);
  store.pairing.revoke(row.id, clock.now());
  presence.forget(row.id);
  const outcome: Omit<Outcome<unknown>, 'reply'> = {
    events: [sessionEvent(row, parts)],
    log: [line('session_ended', row, who, data)],
    revoked: [row.id],
  };
  return { row, outcome };
}

/** What is due by the clock: new QRs and codes, and the end of idle sessions. To be called every second or so. */
export function sessionTick(parts: SessionParts): Result<Outcome<null>> {
  const { store, presence, qrDesk } = parts;
  const events: OutgoingEvent[] = [];
  const log: LogLine[] = [];
  const revoked: string[] = [];
  const live = store.sessions.live();
  presence.tick(new Set(live.map(({ id }) => id)));
  for (const row of live) {
    switch (row.status) {
      case 'pending':
        break;
      case 'qr_ready': {
        const fresh = qrDesk.renewed(row);
        if (fresh === row) break;
        store.sessions.update(fresh);
        events.push(sessionEvent(fresh, parts));
        break;
      }
      case 'authenticated': {
        if (presence.idleFor(row.id) < idleEnds) break;
        const { outcome } = endSession(row, 'server', parts, { reason: 'idle' });
        events.push(...(outcome.events ?? []));
        log.push(...(outcome.log ?? []));
        revoked.push(row.id);
        break;
      }
      default:
        row satisfies never;
    }
  }
  return ok({ reply: null, events, log, revoked });
}

/** A phone's first connection came, or its last one went. */
export function phonePresence(phone: Phone, connected: boolean, parts: SessionParts): Result<Outcome<null>> {
  const row = parts.store.sessions.get(phone.sessionId);
  if (row?.status !== 'authenticated' || row.generation !== phone.generation) return ok({ reply: null });
  const kind = connected ? 'phone_connected' : 'phone_disconnected';
  return ok({ reply: null, events: [sessionEvent(row, parts)], log: [line(kind, row, row.id)] });
}

/** The address in the QR changed: everybody who shows one has to draw it anew, and phones that are still here are told. */
export function addressChanged(url: string | null, parts: SessionParts): Result<Outcome<null>> {
  const live = parts.store.sessions.live();
  const waiting = live.filter(row => row.status === 'qr_ready');
  const rooms = live.filter(row => row.status === 'authenticated').map(row => sessionRoom(row.id));
  return ok({
    reply: null,
    events: [
      ...waiting.map(row => sessionEvent(row, parts)),
      ...(rooms.length > 0 ? [{ type: 'network_changed' as const, data: { url }, rooms }] : []),
    ],
    log: [{ kind: 'network_changed', who: 'server', data: { url } }],
  });
}

function line(kind: LogLine['kind'], row: SessionRow, who: string, data: Record<string, unknown> = {}): LogLine {
  const about = { session_id: row.id, idPersona: row.idPersona, ...data };
  const device = row.status === 'authenticated' ? { device: row.device } : {};
  return { kind, who, data: { ...about, ...device }, idPersona: row.idPersona };
}
