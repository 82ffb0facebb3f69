/** What S1 says, word for word in its shapes. (CONTRACT 5, S1.) */
import type { Session, SessionStatus } from '../../../../protocol/session.ts';

export type S1Message =
  | { type: 'connected'; message: string }
  | { type: 'qr_code'; session_id: string; qr_data: string; message: string }
  | { type: 'status'; session_id: string; status: SessionStatus; authenticated: boolean; message: string }
  | { type: 'authenticated' | 'disconnected'; session_id: string; message: string }
  | { type: 'error'; message: string };

export const connected: S1Message = { type: 'connected', message: 'Conexión lista: pida un código con «get_qr».' };

export function error(message: string): S1Message {
  return { type: 'error', message };
}

/** How a session is now; `null` for one that has nothing to show yet. */
export function news(session_id: string, { status, qr }: Session): S1Message | null {
  switch (status) {
    case 'pending':
      return null;
    case 'qr_ready':
      if (qr === null) return error('El equipo no está en ninguna red: todavía no hay dirección que mostrar.');
      return { type: 'qr_code', session_id, qr_data: qr.url, message: 'Escanee este código con el teléfono.' };
    case 'authenticated':
      return { type: 'authenticated', session_id, message: 'Un teléfono se unió a la sesión.' };
    case 'disconnected':
      return { type: 'disconnected', session_id, message: 'La sesión terminó y su teléfono ya no tiene acceso.' };
    default:
      return status satisfies never;
  }
}

const states: Record<SessionStatus, string> = {
  pending: 'La sesión aún no ha pedido un código.',
  qr_ready: 'El código está listo y espera un teléfono.',
  authenticated: 'Hay un teléfono unido a la sesión.',
  disconnected: 'La sesión terminó.',
};

export function statusOf(session_id: string, status: SessionStatus): S1Message {
  return { type: 'status', session_id, status, authenticated: status === 'authenticated', message: states[status] };
}
