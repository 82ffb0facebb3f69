/**
 * The photos on their way to the desk. Each is kept on the shelf until the server said that it has it; what can heal is
 * tried again for ever, what cannot waits for the person. Photos go only to the session they were taken for.
 */
import { type Failure, ok, type Result } from '../../protocol/errors.ts';
import type { ChatFile } from '../../protocol/file.ts';
import type { Photo } from '../../protocol/photo.ts';
import { type Backoff, waitBefore } from '../client/backoff.ts';
import { isForeign } from '../client/http-client.ts';
import type { HttpClient } from '../client/index.ts';
import { Watched } from '../client/watched.ts';
import type { PhotoShelf, ShelvedPhoto } from './photo-shelf.ts';
import type { PreparedPhoto } from './prepare-photo.ts';

export type Phase =
  | { name: 'draft' }
  | { name: 'queued' }
  | { name: 'uploading'; sent: number; total: number }
  /** The last try failed for a reason that passes; it is tried again by itself. */
  | { name: 'waiting' }
  | { name: 'failed'; failure: Failure };

export interface QueuedPhoto {
  id: string;
  sessionId: string;
  blob: Blob;
  /** The same, small where there is such a picture of it. */
  thumb: Blob;
  shot: string | null;
  /** What may be wrong with it. */
  hint: ShelvedPhoto['hint'];
  /** Larger, and whether it `fits` the desk and is to be sent. `size` in bytes. */
  original: { size: number; fits: boolean; chosen: boolean } | null;
  /** Chosen in the chat. */
  chat: boolean;
  /** No photo but a file, of that name. */
  file: ShelvedPhoto['file'];
  phase: Phase;
}

type Uploader = Pick<HttpClient, 'uploadPhoto' | 'uploadFile'>;

export interface QueueOptions {
  shelf: PhotoShelf;
  /** `null` for a session whose token is no longer kept: its photos are dropped. */
  uploaderOf: (sessionId: string) => Uploader | null;
  /** `undefined`: it goes without. Never rejects. */
  hashOf: (bytes: Blob) => Promise<string | undefined>;
  /** A photo is forgotten here only once this has resolved. */
  onSent: (photo: Photo, from: QueuedPhoto) => void | Promise<void>;
  onFileSent: (file: ChatFile, from: QueuedPhoto) => void | Promise<void>;
  /** The server takes nothing more for this session. */
  onRefused: (sessionId: string) => void;
  now: () => number;
  newId: () => string;
  backoff?: Backoff;
}

interface Entry {
  shelved: ShelvedPhoto;
  blob: Blob;
  thumb: Blob;
  phase: Phase;
  tries: number;
  abort: AbortController | null;
}

/** What is chosen on the visit's own screens. */
const forVisit = { whole: false, chat: false, file: null };
/** And in the chat, where nothing is looked at before it goes. */
const forChat = { hint: null, small: null, original: null, whole: false, chat: true };

const atOnce = 2;
/** Milliseconds before the next try after "too many", where the server does not say. */
const tooManyWait = 5_000;

export class UploadQueue extends Watched<readonly QueuedPhoto[]> {
  readonly #options: QueueOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #backoff: Backoff;
  /** By their ids, the photos that the shelf had no room for: a reload would lose them. */
  readonly #unkept = new Set<string>();
  /** Until the browser has shown it. */
  #isDurable = true;
  #failures = 0;
  /** A try that began before the last `wake` says nothing of the network that is there since. */
  #wakes = 0;
  #pause: ReturnType<typeof setTimeout> | undefined;
  #place = 0;

  constructor(options: QueueOptions) {
    super([]);
    this.#options = options;
    this.#backoff = options.backoff ?? { first: 1_000, most: 15_000 };
    void options.shelf.durable.then(is => {
      this.#isDurable = is;
      this.#changed();
    });
  }

  /** Whether all that waits here is still there after a reload. */
  get durable(): boolean {
    return this.#isDurable && this.#unkept.size === 0;
  }

  /** Takes up what an earlier load of the page left, or another tab. */
  async load(): Promise<void> {
    const photos = await this.#options.shelf.all().catch(() => []);
    for (const shelved of photos.sort((a, b) => a.addedAt - b.addedAt || a.place - b.place)) {
      if (this.#entries.has(shelved.id)) continue;
      if (this.#options.uploaderOf(shelved.sessionId) === null) await this.#forget(shelved.id);
      else this.#hold(shelved);
    }
    this.#changed();
    this.#pump();
  }

  /** A new visit begins: of others only what the person had said to send goes on; what needs them again is dropped. */
  async dropAbandoned(current: string): Promise<void> {
    const gone = [...this.#entries.values()].filter(
      ({ shelved, phase }) => shelved.sessionId !== current && (phase.name === 'draft' || phase.name === 'failed'),
    );
    await Promise.all(gone.map(entry => this.remove(entry.shelved.id)));
  }

  /** A chosen photo, to be looked at before it is sent. Kept at once, so that a reload does not lose it. */
  async addDraft(sessionId: string, photo: PreparedPhoto, shot: string | null): Promise<string> {
    const id = this.#options.newId();
    this.#place += 1;
    const addedAt = this.#options.now();
    const place = this.#place;
    this.#hold({ id, sessionId, ...photo, shot, addedAt, place, state: 'draft', failure: null, ...forVisit });
    this.#changed();
    await this.#keep(id);
    return id;
  }

  /** A photo or a file for the chat: it goes at once, and a message that shows it is to follow. */
  async addForChat(
    sessionId: string,
    bytes: ArrayBuffer,
    type: string,
    file: ShelvedPhoto['file'] = null,
  ): Promise<void> {
    const id = this.#options.newId();
    this.#place += 1;
    const [addedAt, place] = [this.#options.now(), this.#place];
    const shot = null;
    this.#hold({ id, sessionId, bytes, type, shot, addedAt, place, state: 'queued', failure: null, file, ...forChat });
    this.#changed();
    await this.#keep(id);
    this.#pump();
  }

  async nameShot(id: string, shot: string | null): Promise<void> {
    const entry = this.#entries.get(id);
    if (entry?.phase.name !== 'draft') return;
    entry.shelved = { ...entry.shelved, shot };
    this.#changed();
    await this.#keep(id);
  }

  /** Whether the original goes, or the smaller one. */
  async chooseOriginal(id: string, whole: boolean): Promise<void> {
    const entry = this.#entries.get(id);
    if (entry?.phase.name !== 'draft' || !entry.shelved.original?.bytes) return;
    entry.shelved = { ...entry.shelved, whole };
    this.#changed();
    await this.#keep(id);
  }

  /** Every draft of the session goes. */
  async send(sessionId: string): Promise<void> {
    const drafts = [...this.#entries.values()].filter(
      entry => entry.shelved.sessionId === sessionId && entry.phase.name === 'draft',
    );
    await Promise.all(drafts.map(entry => this.#enqueue(entry)));
  }

  async retry(id: string): Promise<void> {
    const entry = this.#entries.get(id);
    if (entry?.phase.name === 'failed') await this.#enqueue(entry);
  }

  async remove(id: string): Promise<void> {
    this.#entries.get(id)?.abort?.abort();
    this.#entries.delete(id);
    this.#unkept.delete(id);
    this.#changed();
    await this.#forget(id);
    this.#pump();
  }

  /** The network is back, or the page is shown: whatever waits is tried now, and what is on its way once more at once if that fails. */
  wake(): void {
    this.#failures = 0;
    this.#wakes += 1;
    this.#unpause();
  }

  async dropSession(sessionId: string): Promise<void> {
    const gone = [...this.#entries.values()].filter(entry => entry.shelved.sessionId === sessionId);
    await Promise.all(gone.map(entry => this.remove(entry.shelved.id)));
  }

  async erase(): Promise<void> {
    clearTimeout(this.#pause);
    for (const entry of this.#entries.values()) entry.abort?.abort();
    this.#entries.clear();
    this.#unkept.clear();
    this.#changed();
    await this.#options.shelf.clear().catch(() => {});
  }

  async #enqueue(entry: Entry): Promise<void> {
    entry.phase = { name: 'queued' };
    const { shelved } = entry;
    entry.shelved = { ...shelved, original: shelved.whole ? shelved.original : null, state: 'queued', failure: null };
    this.#changed();
    await this.#keep(entry.shelved.id);
    this.#pump();
  }

  #hold(shelved: ShelvedPhoto): void {
    const blob = new Blob([shelved.bytes], { type: shelved.type });
    const thumb = shelved.small ? new Blob([shelved.small], { type: 'image/jpeg' }) : blob;
    const phase: Phase =
      shelved.state === 'failed' && shelved.failure
        ? { name: 'failed', failure: shelved.failure }
        : { name: shelved.state === 'draft' ? 'draft' : 'queued' };
    this.#entries.set(shelved.id, { shelved, blob, thumb, phase, tries: 0, abort: null });
  }

  #pump(): void {
    if (this.#pause !== undefined) return;
    const all = [...this.#entries.values()];
    const busy = all.filter(entry => entry.phase.name === 'uploading').length;
    const next = all
      .filter(entry => entry.phase.name === 'queued' || entry.phase.name === 'waiting')
      // One that keeps failing must not stand in the way of the others.
      .sort((a, b) => a.tries - b.tries)
      .slice(0, Math.max(0, atOnce - busy));
    for (const entry of next) void this.#upload(entry);
  }

  async #upload(entry: Entry): Promise<void> {
    const { id, sessionId } = entry.shelved;
    const uploader = this.#options.uploaderOf(sessionId);
    if (!uploader) return this.remove(id);
    const abort = new AbortController();
    const wakes = this.#wakes;
    entry.abort = abort;
    entry.tries += 1;
    this.#enter(entry, { name: 'uploading', sent: 0, total: sentOf(entry.shelved).bytes.byteLength });
    const reply = await this.#carry(entry, uploader, abort.signal);
    entry.abort = null;
    // Removed by the person meanwhile.
    if (this.#entries.get(id) !== entry) return;
    if (reply.ok) {
      this.#failures = 0;
      this.#entries.delete(id);
      this.#unkept.delete(id);
      const told = reply.value();
      this.#changed();
      await told;
      await this.#forget(id);
    } else {
      await this.#failed(entry, reply.error, wakes);
    }
    this.#pump();
  }

  /** What it gives is how to tell that the desk has it. */
  async #carry(entry: Entry, uploader: Uploader, signal: AbortSignal): Promise<Result<() => void | Promise<void>>> {
    const { id, shot, file } = entry.shelved;
    const { bytes, type } = sentOf(entry.shelved);
    const { onSent, onFileSent, hashOf } = this.#options;
    const onProgress = (sent: number, total: number) => {
      if (entry.phase.name === 'uploading') this.#enter(entry, { name: 'uploading', sent, total });
    };
    const blob = new Blob([bytes], { type });
    const sending = { id, blob, sha256: await hashOf(blob), signal, onProgress };
    if (file) {
      const reply = await uploader.uploadFile({ ...sending, ...file });
      return reply.ok ? ok(() => onFileSent(reply.value, view(entry))) : reply;
    }
    const reply = await uploader.uploadPhoto({ ...sending, shot });
    return reply.ok ? ok(() => onSent(reply.value, view(entry))) : reply;
  }

  async #failed(entry: Entry, failure: Failure, wakes: number): Promise<void> {
    if (damagedOnTheWay(failure) || isForeign(failure)) return this.#waitAndRetry(entry, wakes);
    switch (failure.code) {
      case 'unavailable':
      case 'internal':
        return this.#waitAndRetry(entry, wakes);
      case 'rate_limited': {
        const seconds = failure.details?.retry_after_s;
        this.#enter(entry, { name: 'waiting' });
        this.#pauseFor(typeof seconds === 'number' ? Math.min(60, Math.max(1, seconds)) * 1_000 : tooManyWait);
        return;
      }
      case 'unauthorized':
      case 'expired':
        this.#enter(entry, { name: 'waiting' });
        // Pausing keeps the others from running into the same wall before the session is dropped.
        this.#pauseFor(this.#backoff.most);
        this.#options.onRefused(entry.shelved.sessionId);
        return;
      default:
        entry.shelved = { ...entry.shelved, state: 'failed', failure };
        this.#enter(entry, { name: 'failed', failure });
        await this.#keep(entry.shelved.id);
    }
  }

  /** `wakes`: how many there had been when the try began. */
  #waitAndRetry(entry: Entry, wakes: number): void {
    this.#enter(entry, { name: 'waiting' });
    if (wakes < this.#wakes) return;
    this.#pauseFor(waitBefore(this.#failures, this.#backoff, Math.random()));
    this.#failures += 1;
  }

  #pauseFor(milliseconds: number): void {
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => this.#unpause(), milliseconds);
  }

  #unpause(): void {
    clearTimeout(this.#pause);
    this.#pause = undefined;
    this.#pump();
  }

  async #keep(id: string): Promise<void> {
    const entry = this.#entries.get(id);
    if (!entry) return;
    try {
      await this.#options.shelf.put(entry.shelved);
      this.#unkept.delete(id);
    } catch {
      // A full disk or a database that went away: it still goes out from memory, and nobody is told that it is safe.
      if (this.#entries.has(id)) this.#unkept.add(id);
    }
    // Removed by the person meanwhile.
    if (!this.#entries.has(id)) await this.#forget(id);
    this.#changed();
  }

  /** What cannot be removed now goes out once more after a reload, as the same photo, or is removed with its visit. */
  async #forget(id: string): Promise<void> {
    await this.#options.shelf.remove(id).catch(() => {});
  }

  #enter(entry: Entry, phase: Phase): void {
    entry.phase = phase;
    this.#changed();
  }

  #changed(): void {
    this.show([...this.#entries.values()].map(view));
  }
}

/** The hash did not fit: the next try may well arrive whole. */
function damagedOnTheWay({ code, details }: Failure): boolean {
  return code === 'invalid_message' && details?.reason === 'hash';
}

/** What goes out; what is shown meanwhile is the smaller one. */
function sentOf({ bytes, type, original, whole }: ShelvedPhoto): { bytes: ArrayBuffer; type: string } {
  return whole && original?.bytes ? { bytes: original.bytes, type: original.type } : { bytes, type };
}

function view({ shelved, blob, thumb, phase }: Entry): QueuedPhoto {
  const { id, sessionId, shot, hint, chat, file, whole: chosen } = shelved;
  const original = shelved.original && { size: shelved.original.size, fits: shelved.original.bytes !== null, chosen };
  return { id, sessionId, blob, thumb, shot, hint, original, chat, file, phase };
}
