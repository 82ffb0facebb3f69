import type { Photo } from '../../protocol/photo.ts';

/** How a photo that was asked for stands. `photos`: the session's. One that was rejected, or could not be read, is still missing. */
export function shotState(name: string, photos: readonly Photo[]): 'missing' | 'received' | 'accepted' {
  const sent = photos.filter(photo => photo.shot === name).map(photo => photo.status);
  if (sent.includes('accepted')) return 'accepted';
  return sent.includes('received') ? 'received' : 'missing';
}
