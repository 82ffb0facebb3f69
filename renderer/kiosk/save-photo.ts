import type { Photo } from '../../protocol/photo.ts';

/** Hands the image to the browser's downloads, under a name that says whose it is and when it came. */
export function savePhoto(document: Document, photo: Photo, image: Blob): void {
  const url = URL.createObjectURL(image);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName(photo, image.type);
  link.click();
  // The download has its own hold on the data once the click has been handled.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export function fileName(photo: Photo, mime: string): string {
  const who = (photo.idPersona ?? 'foto').replaceAll(/[^\p{L}\p{N}_-]+/gu, '-');
  const when = photo.received_at.slice(0, 19).replaceAll(':', '').replace('T', '_');
  return `${who}_${when}.${mime === 'image/png' ? 'png' : 'jpg'}`;
}
