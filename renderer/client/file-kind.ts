import type { MessageType } from '../../protocol/chat.ts';

/** S3's word for what a file is. */
export function kindOf(mime: string): MessageType {
  if (mime.startsWith('image/')) return 'imagen';
  return mime.startsWith('audio/') ? 'audio' : 'archivo';
}
