/**
 * What of a thing each side may see, added or taken away at the very end of its way.
 * The desk sees the live QR, which is never journaled; a phone sees no QR, and the idPersona masked.
 */
import type { Photo } from '../../protocol/photo.ts';
import type { Session } from '../../protocol/session.ts';
import type { Principal } from './access.ts';
import type { StoredEvent } from './outcome.ts';
import type { SessionStore } from './ports.ts';
import type { QrDesk } from './session/qr.ts';

/** All connections of one view get the same bytes. */
export type View = 'staff' | 'phone';

export function viewOf(principal: Principal): View {
  return principal.role === 'phone' ? 'phone' : 'staff';
}

/** `…456`: enough to recognise oneself, too little to look somebody up; never more than half of it. */
export function masked(idPersona: string | null): string | null {
  if (idPersona === null) return null;
  const letters = [...idPersona];
  const shown = Math.min(3, Math.floor(letters.length / 2));
  return `…${letters.slice(letters.length - shown).join('')}`;
}

export function sessionFor(session: Session, view: View): Session {
  return view === 'phone' ? { ...session, idPersona: masked(session.idPersona), qr: null } : session;
}

export function photoFor(photo: Photo, view: View): Photo {
  if (view === 'staff') return photo;
  // The photo that it is like may be another session's.
  return { ...photo, idPersona: masked(photo.idPersona), duplicate_of: null };
}

export type Present = (event: StoredEvent, view: View) => unknown;

/** The data of an event as one view gets it. */
export function createPresent({ sessions, qrDesk }: { sessions: SessionStore; qrDesk: QrDesk }): Present {
  return (event, view) => {
    switch (event.type) {
      case 'session_updated': {
        const { session } = event.data;
        if (view === 'phone') return { session: sessionFor(session, view) };
        const row = session.status === 'qr_ready' ? sessions.get(session.id) : null;
        return { session: { ...session, qr: row ? qrDesk.show(row) : null } };
      }
      case 'photo_received':
      case 'photo_updated':
      case 'photo_reviewed':
        return { photo: photoFor(event.data.photo, view) };
      case 'upload_progress':
        return view === 'phone' ? { ...event.data, idPersona: masked(event.data.idPersona) } : event.data;
      case 'photo_deleted':
      case 'person_deleted':
      case 'published':
      case 'activity':
      case 'connected':
      case 'new_message':
      case 'message_updated':
      case 'message_deleted':
      case 'message_delivered':
      case 'message_read':
      case 'typing':
      case 'conversation_created':
      case 'conversation_updated':
      case 'conversation_deleted':
      case 'user_created':
      case 'user_updated':
      case 'user_deleted':
      case 'presence':
      case 'network_status':
      case 'network_changed':
      case 'display_changed':
      case 'settings_updated':
        return event.data;
      default:
        return event satisfies never;
    }
  };
}
