/** Files on their way into one conversation: one goes out after the other, and becomes a message once the server has it. */
import type { Failure } from '../../protocol/errors.ts';
import type { Said } from './chat-thread.ts';
import { kindOf } from './file-kind.ts';
import type { HttpClient } from './index.ts';
import { uuid } from './random.ts';
import { Watched } from './watched.ts';

export interface Attachment {
  id: string;
  name: string;
  /** Bytes. */
  size: number;
  /** `failed` waits for the person. */
  state: { name: 'waiting' } | { name: 'sending'; sent: number } | { name: 'failed'; failure: Failure };
}

export interface AttachmentsOptions {
  upload: HttpClient['uploadFile'];
  conversationId: string;
  /** Called once for each file that the server has. */
  say: (said: Said) => void;
}

interface Waiting {
  attachment: Attachment;
  blob: Blob;
}

export class Attachments extends Watched<readonly Attachment[]> {
  readonly #options: AttachmentsOptions;
  #waiting: readonly Waiting[] = [];
  #current: { id: string; abort: AbortController } | null = null;

  constructor(options: AttachmentsOptions) {
    super([]);
    this.#options = options;
  }

  add(files: Iterable<File>): void {
    const added = [...files].map(file => {
      const attachment: Attachment = {
        id: uuid(),
        name: file.name || 'archivo',
        size: file.size,
        state: { name: 'waiting' },
      };
      return { attachment, blob: file };
    });
    this.#keep([...this.#waiting, ...added]);
    void this.#pump();
  }

  retry(id: string): void {
    if (this.#find(id)?.attachment.state.name !== 'failed') return;
    this.#set(id, { name: 'waiting' });
    void this.#pump();
  }

  /** Stops it, or forgets one that failed. */
  cancel(id: string): void {
    if (this.#current?.id === id) this.#current.abort.abort();
    this.#keep(this.#waiting.filter(one => one.attachment.id !== id));
  }

  async #pump(): Promise<void> {
    const next = this.#waiting.find(one => one.attachment.state.name === 'waiting');
    if (this.#current || !next) return;
    const { id, name } = next.attachment;
    const abort = new AbortController();
    this.#current = { id, abort };
    this.#set(id, { name: 'sending', sent: 0 });
    const { upload, conversationId, say } = this.#options;
    const done = await upload({
      id,
      conversationId,
      name,
      blob: next.blob,
      onProgress: sent => this.#set(id, { name: 'sending', sent }),
      signal: abort.signal,
    });
    this.#current = null;
    // Cancelled at the last moment the server may have it; without a message nobody sees it.
    if (this.#find(id)) {
      if (done.ok) {
        this.#keep(this.#waiting.filter(one => one.attachment.id !== id));
        say({ type: kindOf(done.value.mime), content: done.value.name, file_url: done.value.url, client_id: id });
      } else this.#set(id, { name: 'failed', failure: done.error });
    }
    void this.#pump();
  }

  #find(id: string): Waiting | undefined {
    return this.#waiting.find(one => one.attachment.id === id);
  }

  #set(id: string, state: Attachment['state']): void {
    this.#keep(
      this.#waiting.map(one => (one.attachment.id === id ? { ...one, attachment: { ...one.attachment, state } } : one)),
    );
  }

  #keep(waiting: readonly Waiting[]): void {
    this.#waiting = waiting;
    this.show(waiting.map(one => one.attachment));
  }
}
