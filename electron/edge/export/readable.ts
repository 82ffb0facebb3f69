/** Chat and log as people read them: a text, and a table for a spreadsheet. */
import type { Activity } from '../../../protocol/activity.ts';
import { csvTable } from '../../../protocol/csv.ts';
import { operator } from '../../core/access.ts';
import type { MessageRow } from '../../core/chat/chat.ts';

/** One conversation of a session. */
export interface Talk {
  conversationId: string;
  sessionId: string;
  messages: readonly MessageRow[];
}

/** Whatever some editor takes for one: else a message could stand there as if somebody else had written half of it. */
const lineEnd = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/g;

export function chatText(talks: readonly Talk[], idPersona: string): string {
  const parts = talks.map(({ sessionId, messages }) => {
    const name = (id: string) => (id === sessionId ? idPersona : id === operator.userId ? 'Mostrador' : id);
    const lines = messages.map(({ at, senderId, content, fileUrl }) => {
      const file = fileUrl === null ? '' : ` [${fileUrl}]`;
      return `${new Date(at).toISOString()}  ${name(senderId)}: ${content.replaceAll(lineEnd, '\n    ')}${file}`;
    });
    return `Conversación de la sesión ${sessionId}\n\n${lines.join('\n') || '(sin mensajes)'}\n`;
  });
  return parts.join('\n') || 'No hubo chat.\n';
}

export function activityCsv(lines: readonly Activity[]): string {
  const rows = lines.map(({ at, kind, who, text, data }) => [at, kind, who, text, JSON.stringify(data)]);
  return csvTable([['fecha', 'tipo', 'quién', 'qué', 'datos'], ...rows]);
}
