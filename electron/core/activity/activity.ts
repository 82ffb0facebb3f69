/** The desk's log: what happened, in a form that any page can put in its own words. */
import type { Activity, ActivityKind } from '../../../protocol/activity.ts';

export interface ActivityRow {
  id: number;
  at: number;
  kind: ActivityKind;
  who: string;
  data: Record<string, unknown>;
  idPersona: string | null;
}

export function toActivity(row: ActivityRow): Activity {
  const { kind, who, data } = row;
  return { id: String(row.id), at: new Date(row.at).toISOString(), kind, who, text: sentence(row), data };
}

function sentence({ kind, who, data }: ActivityRow): string {
  const person = typeof data.idPersona === 'string' ? data.idPersona : 'sin asignar';
  const detail = (key: string) => String(data[key] ?? '');
  switch (kind) {
    case 'server_started':
      return 'Mostrador se inició.';
    case 'network_changed':
      return `La red cambió: ${detail('url')}.`;
    case 'session_created':
      return `Se abrió una sesión para ${person}.`;
    case 'session_paired':
      return `Un teléfono (${detail('device')}) se unió a la sesión de ${person}.`;
    case 'session_renewed':
      return `Se pidió otro teléfono para ${person}.`;
    case 'session_assigned':
      return `La sesión de ${detail('from') || 'sin asignar'} pasó a ${person}, con ${detail('photos')} fotos.`;
    case 'session_ended':
      return data.reason === 'idle'
        ? `La sesión de ${person} terminó por inactividad.`
        : `La sesión de ${person} terminó.`;
    case 'consent_given':
      return `El visitante de la sesión de ${person} aceptó el aviso de privacidad (versión ${detail('version')}).`;
    case 'phone_connected':
      return `El teléfono de ${person} está conectado.`;
    case 'phone_disconnected':
      return `El teléfono de ${person} perdió la conexión.`;
    case 'photo_received':
      return `Llegó una foto de ${person}.`;
    case 'photo_accepted':
      return `Se aceptó una foto de ${person}.`;
    case 'photo_rejected':
      return `Se pidió otra foto a ${person}: ${detail('reason') || 'sin motivo'}.`;
    case 'photo_quarantined':
      return `Una foto de ${person} no se pudo leer y quedó apartada.`;
    case 'photo_moved':
      return `Una foto de ${detail('from') || 'sin asignar'} pasó a ${person}.`;
    case 'photo_deleted':
      return `Se borró una foto de ${person}.`;
    case 'photo_restored':
      return `Se recuperó una foto borrada de ${person}.`;
    case 'photo_viewed':
      return `${who} abrió una foto de ${person}.`;
    case 'photo_refused':
      return `Se rechazó un envío de ${person}: ${detail('reason')}`;
    case 'message_sent':
      if (data.from_phone === true) return `${person} escribió en el chat.`;
      return typeof data.idPersona === 'string' ? `${who} escribió a ${person}.` : `${who} escribió en el chat.`;
    case 'group_created':
      return `${who} creó el grupo «${detail('title')}».`;
    case 'group_joined':
      return `${who} entró en el grupo «${detail('title')}».`;
    case 'group_left':
      return `${who} dejó el grupo «${detail('title')}».`;
    case 'file_received':
      if (data.from_phone === true) return `${person} envió un archivo en el chat.`;
      return typeof data.idPersona === 'string'
        ? `${who} envió un archivo a ${person}.`
        : `${who} envió un archivo en el chat.`;
    case 'file_retention':
      return `Se borraron ${detail('files')} archivos del chat con más de ${detail('days')} días.`;
    case 'event_published':
      return `${detail('from')} avisó: ${detail('type')}.`;
    case 'code_guessing':
      return `Demasiados códigos equivocados desde ${detail('address')}.`;
    case 'settings_changed':
      return `Se cambiaron los ajustes: ${detail('names').replaceAll(',', ', ')}.`;
    case 'photos_recovered':
      return `La base de datos no conocía ${detail('photos')} fotos que están en el disco; vuelven sin asignar.`;
    case 'retention':
      return `Se borraron ${detail('photos')} fotos con más de ${detail('days')} días.`;
    case 'person_exported':
      return `Se exportó todo lo de ${person}: ${detail('photos')} fotos.`;
    case 'person_deleted':
      return `Se borró todo lo de una persona (referencia ${detail('ref')}).`;
    default:
      return kind satisfies never;
  }
}
