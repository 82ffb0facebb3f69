/** Small pictures of sent photos, as object URLs: an `<img>` sends no token, so they are fetched. */
import type { Photo } from '../../protocol/photo.ts';
import type { HttpClient } from '../client/index.ts';
import { Watched } from '../client/watched.ts';

export class Thumbs extends Watched<ReadonlyMap<string, string>> {
  readonly #asked = new Set<string>();

  constructor() {
    super(new Map());
  }

  /** The photo that was just sent is at hand: nothing needs to be fetched. */
  remember(id: string, blob: Blob): void {
    if (this.getSnapshot().has(id)) return;
    this.#asked.add(id);
    this.show(new Map([...this.getSnapshot(), [id, URL.createObjectURL(blob)]]));
  }

  /** Once for each photo; one that cannot be fetched now is asked for again at the next call. */
  async fetch(photo: Photo, http: Pick<HttpClient, 'fetchBlob'>): Promise<void> {
    if (this.#asked.has(photo.id)) return;
    this.#asked.add(photo.id);
    const thumb = await http.fetchBlob(photo.urls.thumb);
    // Erased meanwhile.
    if (!this.#asked.has(photo.id)) return;
    this.#asked.delete(photo.id);
    if (thumb.ok) this.remember(photo.id, thumb.value);
  }

  erase(): void {
    for (const url of this.getSnapshot().values()) URL.revokeObjectURL(url);
    this.#asked.clear();
    this.show(new Map());
  }
}
