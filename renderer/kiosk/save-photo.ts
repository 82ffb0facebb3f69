import type { Photo } from '../../protocol/photo.ts';
import { saveBlob } from './save-blob.ts';

/** Hands the image to the browser's downloads, under a name that says whose it is, of what and when it came. */
export function savePhoto(document: Document, photo: Photo, image: Blob): void {
  saveBlob(document, image, fileName(photo, image.type));
}

function fileName(photo: Photo, mime: string): string {
  const plain = (text: string) => text.replaceAll(/[^\p{L}\p{N}_-]+/gu, '-');
  const who = plain(photo.idPersona ?? 'foto');
  const shot = photo.shot === null ? '' : `_${plain(photo.shot).slice(0, 40)}`;
  const when = photo.received_at.slice(0, 19).replaceAll(':', '').replace('T', '_');
  return `${who}${shot}_${when}.${mime === 'image/png' ? 'png' : 'jpg'}`;
}
