/** What the visitor's screen is drawn from: the session that the desk has on its own screen, without who it is about. */
import type { PhotoStatus } from '../../protocol/photo.ts';
import type { Session } from '../../protocol/session.ts';
import type { DeskLook } from '../../protocol/settings.ts';
import { type Connection, connectionOf } from './connection.ts';
import { onTokenRefused } from './refused-token.ts';
import type { MostradorClient } from './types.ts';
import { Watched } from './watched.ts';

export interface DisplayState {
  connection: Connection;
  refusal: string | null;
  /** `null` until they are known, and where the token may not see them. */
  settings: DeskLook | null;
  /** Milliseconds to add to this machine's clock to get the server's. */
  clockOffset: number;
  /** Whether it is known what the desk shows. */
  ready: boolean;
  /** `null`: nobody is being served. Its idPersona and label are `null`. */
  session: Session | null;
  /** How many have arrived. */
  photos: number;
  /** Of the photo that was heard of last. */
  last: PhotoStatus | null;
  /** A photo on its way: how much of it is here, from 0 to 1, or `null` where its length is not known. */
  arriving: { part: number | null } | null;
}

export class DisplayStore extends Watched<DisplayState> {
  readonly #client: MostradorClient;
  readonly #now: () => number;
  /** How each stands; the one that was heard of last comes last. */
  #photos = new Map<string, PhotoStatus>();
  #fetch = 0;
  #failures = 0;

  /** `now` is this machine's clock, in milliseconds since 1970. */
  constructor(client: MostradorClient, now: () => number = Date.now) {
    super({
      connection: 'connecting',
      refusal: null,
      settings: null,
      clockOffset: 0,
      ready: false,
      session: null,
      photos: 0,
      last: null,
      arriving: null,
    });
    this.#client = client;
    this.#now = now;
  }

  /** Connects and listens; what it returns stops both. */
  start(): () => void {
    const client = this.#client;
    const of = (sessionId: string | null) => sessionId !== null && sessionId === this.getSnapshot().session?.id;
    const off = [
      client.onState(() => this.#follow()),
      client.onResync(() => void this.#load()),
      client.on('connected', ({ now }) => {
        this.#set({ clockOffset: Date.parse(now) - this.#now() });
        void this.#load();
        void this.#loadSettings();
      }),
      client.on('settings_updated', ({ settings }) => this.#set({ settings })),
      client.on('display_changed', () => void this.#load()),
      client.on('session_updated', ({ session }) => {
        if (of(session.id)) this.#set({ session: { ...session, idPersona: null, label: null } });
      }),
      client.on('upload_progress', ({ session_id, state, received, total }) => {
        if (!of(session_id)) return;
        this.#set({ arriving: state === 'receiving' ? { part: total ? received / total : null } : null });
      }),
      client.on('photo_received', ({ photo }) => {
        if (!of(photo.session_id)) return;
        this.#take(photo.id, photo.status);
        this.#set({ arriving: null });
      }),
      client.on('photo_updated', ({ photo }) => of(photo.session_id) && this.#take(photo.id, photo.status)),
      client.on('photo_reviewed', ({ photo }) => of(photo.session_id) && this.#take(photo.id, photo.status)),
      client.on('photo_deleted', ({ photo_id }) => {
        if (this.#photos.delete(photo_id)) this.#showPhotos();
      }),
    ];
    off.push(onTokenRefused(client, refusal => this.#set({ connection: 'refused', refusal })));
    client.connect();
    return () => {
      for (const stop of off) stop();
      client.close();
    };
  }

  async #load(): Promise<void> {
    this.#fetch += 1;
    const fetch = this.#fetch;
    try {
      const { session, photos } = await this.#client.send('display', 'get', {});
      if (fetch !== this.#fetch) return;
      this.#photos = new Map(photos.map(({ id, status }) => [id, status] as const).reverse());
      this.#showPhotos({ ready: true, session, arriving: null });
    } catch {
      // The connection broke meanwhile: the next one asks again.
    }
  }

  async #loadSettings(): Promise<void> {
    try {
      this.#set({ settings: (await this.#client.send('settings', 'get', {})).settings });
    } catch {
      // A token without the right to them, or a connection that broke: then the next one asks again.
    }
  }

  #take(id: string, status: PhotoStatus): void {
    // What changes about a photo besides is no news of it.
    if (this.#photos.get(id) === status) return;
    this.#photos.delete(id);
    this.#photos.set(id, status);
    this.#showPhotos();
  }

  #showPhotos(more: Partial<DisplayState> = {}): void {
    this.#set({ ...more, photos: this.#photos.size, last: [...this.#photos.values()].at(-1) ?? null });
  }

  #follow(): void {
    const { state } = this.#client;
    const { connection, ready } = this.getSnapshot();
    if (connection === 'refused') return;
    if (state === 'waiting') this.#failures += 1;
    if (state === 'connected') this.#failures = 0;
    this.#set({ connection: connectionOf(state, this.#failures, ready) });
  }

  #set(change: Partial<DisplayState>): void {
    this.show({ ...this.getSnapshot(), ...change });
  }
}
