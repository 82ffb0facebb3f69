/** One pairing as the phone lives it: the session, what the desk has of it, and the state of the connection. */
import type { Photo } from '../../protocol/photo.ts';
import type { Session } from '../../protocol/session.ts';
import type { Outbox } from '../client/chat-outbox.ts';
import type { MostradorClient } from '../client/index.ts';
import { Watched } from '../client/watched.ts';
import { otherAddress } from './moving.ts';
import { VisitChat } from './visit-chat.ts';

/** `offline` only after a second attempt failed: returning from the camera breaks the socket for a moment every time. */
export type Link = 'connecting' | 'online' | 'offline';

export interface VisitSnapshot {
  session: Session;
  /** Newest first. */
  photos: readonly Photo[];
  link: Link;
  /** The origin where the desk is now, as it said itself, when it is another than this page's. */
  movedTo: string | null;
}

export interface VisitOptions {
  session: Session;
  client: MostradorClient;
  /** This page's origin. */
  origin: string;
  onSession: (session: Session) => void;
  /** The version of what the visitor agreed to; `null`: to nothing yet. */
  consent: () => string | null;
  /** The desk ended it, it expired, or its token is no longer good. */
  onEnded: () => void;
  isOffline: () => boolean;
  outboxOf: (conversationId: string) => Outbox;
  /** Whether the chat's sheet is open from the start. */
  chatOpen: boolean;
}

/** A person who leaves does not wait longer for the desk to hear it, in milliseconds. */
const longestGoodbye = 4_000;
/** The most photos that one list gives; a session holds fewer. */
const wholeSession = 200;

export class Visit extends Watched<VisitSnapshot> {
  readonly chat: VisitChat;
  readonly #options: VisitOptions;
  readonly #photos = new Map<string, Photo>();
  readonly #stops: (() => void)[];
  #session: Session;
  #movedTo: string | null = null;
  #lostInARow = 0;
  #over = false;

  constructor(options: VisitOptions) {
    super({ session: options.session, photos: [], link: 'connecting', movedTo: null });
    this.#options = options;
    this.#session = options.session;
    const { client, session, outboxOf, chatOpen: open } = options;
    this.chat = new VisitChat({ session, client, outboxOf, open });
    this.#stops = [
      client.onState(state => {
        if (state === 'connected') this.#lostInARow = 0;
        if (state === 'waiting') this.#lostInARow += 1;
        if (state === 'closed') this.#end();
        this.#changed();
      }),
      client.on('connected', () => void this.#fetch()),
      client.onResync(() => void this.#fetch()),
      client.on('session_updated', ({ session }) => this.#take(session)),
      client.on('network_changed', ({ url }) => {
        this.#movedTo = otherAddress(url, options.origin);
        this.#changed();
      }),
      client.on('photo_received', ({ photo }) => this.#put(photo)),
      client.on('photo_updated', ({ photo }) => this.#put(photo)),
      client.on('photo_reviewed', ({ photo }) => this.#put(photo)),
      client.on('photo_deleted', ({ photo_id }) => {
        this.#photos.delete(photo_id);
        this.#changed();
      }),
    ];
  }

  get id(): string {
    return this.#session.id;
  }

  start(): void {
    this.#options.client.connect();
  }

  /** The page is shown again, or the network is back. */
  wake(): void {
    this.#options.client.reconnectNow();
    this.#changed();
  }

  /** The desk keeps what was agreed to. Until its session says so, each new connection tells it again. */
  tellConsent(): void {
    const { client, consent } = this.#options;
    const version = consent();
    if (version === null || this.#session.consent?.version === version || client.state !== 'connected') return;
    client.send('sessions', 'consent', { session_id: this.id, version }).then(
      ({ session }) => this.#take(session),
      () => {},
    );
  }

  /** The answer to an upload. Events come another way and may be ahead of it: then they know better. */
  add(photo: Photo): void {
    if (!this.#photos.has(photo.id)) this.#put(photo);
  }

  /** Tells the desk that the visitor is done. A desk that cannot be reached ends the session by itself later. */
  async leave(): Promise<void> {
    this.#over = true;
    const told = this.#options.client.send('sessions', 'end', { session_id: this.id }).catch(() => {});
    await Promise.race([told, new Promise(resolve => setTimeout(resolve, longestGoodbye))]);
  }

  stop(): void {
    this.#over = true;
    for (const stop of this.#stops) stop();
    this.chat.stop();
    this.#options.client.close();
  }

  #put(photo: Photo): void {
    this.#photos.set(photo.id, photo);
    this.#changed();
  }

  async #fetch(): Promise<void> {
    const session_id = this.id;
    const { client } = this.#options;
    const before = new Set(this.#photos.keys());
    try {
      const [{ session }, { photos }] = await Promise.all([
        client.send('sessions', 'get', { session_id }),
        client.send('photos', 'list', { session_id, limit: wholeSession }),
      ]);
      // One whose upload was answered since may be newer than this list.
      for (const id of before) this.#photos.delete(id);
      for (const photo of photos) this.#photos.set(photo.id, photo);
      this.#take(session);
      this.tellConsent();
    } catch {
      // The connection broke meanwhile: the next one asks again.
    }
  }

  #take(session: Session): void {
    if (session.id !== this.id) return;
    this.#session = session;
    this.#options.onSession(session);
    this.chat.take(session);
    this.#changed();
    if (session.status === 'disconnected') this.#end();
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#options.onEnded();
  }

  #changed(): void {
    const photos = [...this.#photos.values()].sort((a, b) => b.received_at.localeCompare(a.received_at));
    this.show({ session: this.#session, photos, link: this.#link(), movedTo: this.#movedTo });
  }

  #link(): Link {
    if (this.#options.client.state === 'connected') return 'online';
    return this.#lostInARow > 1 || this.#options.isOffline() ? 'offline' : 'connecting';
  }
}
