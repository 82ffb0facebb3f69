import type { ThreadMessage } from '../../client/chat-message.ts';
import type { Words } from '../words.ts';

const most = 80;

/** A message in one line. */
export function firstWords({ type, content }: ThreadMessage, words: Words): string {
  const text = content.replace(/\s+/g, ' ').trim();
  if (text === '') return type === 'imagen' ? words.chat.photo : words.chat.file;
  const letters = [...text];
  return letters.length > most ? `${letters.slice(0, most).join('').trimEnd()}…` : text;
}
