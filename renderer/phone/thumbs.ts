/** Small pictures of sent photos, as object URLs: an `<img>` sends no token, so they are fetched. */
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
  async fetch(id: string, path: string, http: Pick<HttpClient, 'fetchBlob'>): Promise<void> {
    if (this.#asked.has(id)) return;
    this.#asked.add(id);
    const thumb = await http.fetchBlob(path);
    // Erased meanwhile.
    if (!this.#asked.has(id)) return;
    this.#asked.delete(id);
    if (thumb.ok) this.remember(id, thumb.value);
  }

  erase(): void {
    for (const url of this.getSnapshot().values()) URL.revokeObjectURL(url);
    this.#asked.clear();
    this.show(new Map());
  }
}
