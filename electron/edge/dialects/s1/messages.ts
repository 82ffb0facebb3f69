/** S1's messages both ways: their shapes, and what the server says in them. (CONTRACT 5, S1.) */
import * as z from 'zod/mini';
import { idPersona as name } from '../../../../protocol/primitives.ts';
import { type Session, type SessionStatus, sessionStatus } from '../../../../protocol/session.ts';

export const verbs = ['get_qr', 'get_status', 'disconnect_whatsapp'] as const;
export type Verb = (typeof verbs)[number];

/** What comes with a verb. A session's name is of the program's own choosing. */
export const input = z.object({ session_id: z.optional(z.nullable(z.union([name, z.literal('')]))) });

const message = z.string();
const session_id = z.string();

/** What the server says, by `type`. */
export const says = {
  connected: z.object({ type: z.literal('connected'), message }),
  qr_code: z.object({ type: z.literal('qr_code'), session_id, qr_data: z.string(), message }),
  status: z.object({
    type: z.literal('status'),
    session_id,
    status: sessionStatus,
    authenticated: z.boolean(),
    message,
  }),
  authenticated: z.object({ type: z.literal('authenticated'), session_id, message }),
  disconnected: z.object({ type: z.literal('disconnected'), session_id, message }),
  error: z.object({ type: z.literal('error'), message }),
} as const;

export type S1Message = z.infer<(typeof says)[keyof typeof says]>;

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
