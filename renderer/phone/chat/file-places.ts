/** What the `file_url` of a message leads to. Only the desk's own photos and files are fetched; nothing comes from elsewhere. */
import type { ThreadMessage } from '../../client/chat-message.ts';

export interface Place {
  /** By which its small picture is known: a photo's own id. */
  id: string;
  small: string;
  full: string;
}

export function placeOf(url: string): Place | null {
  const id = /^\/api\/(?:photos|files)\/([0-9a-f-]{36})$/i.exec(url)?.[1];
  if (id === undefined) return null;
  return url.startsWith('/api/photos/') ? { id, small: `${url}/thumb`, full: url } : { id, small: url, full: url };
}

export function isPicture({ type, file_url }: ThreadMessage): boolean {
  return type === 'imagen' && file_url !== null && placeOf(file_url) !== null;
}
