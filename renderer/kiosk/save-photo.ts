import type { Photo } from '../../protocol/photo.ts';
import { saveBlob } from './save-blob.ts';

/** Hands the image to the browser's downloads, under a name that says whose it is and when it came. */
export function savePhoto(document: Document, photo: Photo, image: Blob): void {
  saveBlob(document, image, fileName(photo, image.type));
}

export function fileName(photo: Photo, mime: string): string {
  const who = (photo.idPersona ?? 'foto').replaceAll(/[^\p{L}\p{N}_-]+/gu, '-');
  const when = photo.received_at.slice(0, 19).replaceAll(':', '').replace('T', '_');
  return `${who}_${when}.${mime === 'image/png' ? 'png' : 'jpg'}`;
}
