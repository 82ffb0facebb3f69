/** Chat and log as people read them: a text, and a table for a spreadsheet. */
import type { Activity } from '../../../protocol/activity.ts';
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

/** RFC 4180 in UTF-8 with the mark that Excel looks for. */
export function activityCsv(lines: readonly Activity[]): string {
  const rows = lines.map(({ at, kind, who, text, data }) => [at, kind, who, text, JSON.stringify(data)]);
  const head = ['fecha', 'tipo', 'quién', 'qué', 'datos'];
  return `\ufeff${[head, ...rows].map(row => row.map(cell).join(',')).join('\r\n')}\r\n`;
}

/** No cell is taken for a formula, nor what a spreadsheet makes a cell of: where numbers have a comma, as in Spanish, it divides at `;`. */
function cell(value: string): string {
  const safe = value.replaceAll(/(^|[;\t\r\n])(?=[=+\-@\t\r])/g, "$1'");
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
