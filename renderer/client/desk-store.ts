/**
 * The desk's knowledge outside React: it listens to the server, asks it, and hands out immutable snapshots. Pages read one
 * through `subscribe` and `getSnapshot` and call the methods; a method rejects with the SDK's `RequestError`.
 */
import type { Activity, ActivityKind } from '../../protocol/activity.ts';
import type { PersonDeleted, PersonFound } from '../../protocol/people.ts';
import type { Photo, UploadProgress } from '../../protocol/photo.ts';
import type { Session } from '../../protocol/session.ts';
import type { SettingsChange } from '../../protocol/settings.ts';
import { connectionOf } from './connection.ts';
import { DeskLog, emptyLog, logLimits } from './desk-log.ts';
import { DeskPhotos } from './desk-photos.ts';
import {
  type DeskState,
  gatherPeople,
  isLive,
  newestFirst,
  type Pages,
  personKey,
  sessionKey,
  type Verdict,
} from './desk-state.ts';
import { failed, loading, ready } from './load.ts';
import { onTokenRefused } from './refused-token.ts';
import type { MostradorClient } from './types.ts';
import { Watched } from './watched.ts';

/** How many photos stay in memory, are fetched at once, and of one person at once; and those of the log. */
export const limits = { kept: 3000, photos: 100, page: 60, ...logLimits } as const;

/** Milliseconds. */
const likeNamedWithin = 2000;

export class DeskStore extends Watched<DeskState> {
  readonly #client: MostradorClient;
  readonly #now: () => number;
  #sessions = new Map<string, Session>();
  /** The same, newest first; sorted when one of them changes, not at each event. */
  #sorted: readonly Session[] = [];
  readonly #log: DeskLog;
  readonly #photos = new DeskPhotos();
  #uploads = new Map<string, UploadProgress>();
  #unseen = new Set<string>();
  #pages = new Map<string, Pages>();
  /** Keys of those that were looked up: they have a tab, whatever is loaded of them. */
  readonly #lookedUp = new Set<string>();
  #order: readonly string[] = [];
  /** Counts fetches, so that the answer to an older one cannot overwrite a newer one. */
  #fetch = 0;
  /** What the visitor's screen was last told to show; `undefined` before the first time. */
  #toldVisitor: string | null | undefined = undefined;
  #everConnected = false;
  #failures = 0;
  #isLooking = true;

  /** `now` is this machine's clock, in milliseconds since 1970. */
  constructor(client: MostradorClient, now: () => number = Date.now) {
    super({
      connection: 'connecting',
      refusal: null,
      clockOffset: 0,
      load: loading,
      sessions: [],
      people: [],
      viewed: null,
      arrived: null,
      activity: emptyLog,
      forgotten: 0,
      settings: null,
    });
    this.#client = client;
    this.#now = now;
    this.#log = new DeskLog(client, activity => this.#set({ activity }));
  }

  /** Connects and listens; what it returns stops both. */
  start(): () => void {
    const client = this.#client;
    const off = [
      client.onState(() => this.#followConnection()),
      client.onResync(() => void this.reload()),
      client.on('connected', data => this.#set({ clockOffset: Date.parse(data.now) - this.#now() })),
      client.on('session_updated', data => this.#takeSession(data.session)),
      client.on('photo_received', data => this.#arrive(data.photo)),
      client.on('photo_updated', data => this.#takePhoto(data.photo)),
      client.on('photo_reviewed', data => this.#takePhoto(data.photo)),
      client.on('photo_deleted', data => this.#drop(data.photo_id)),
      client.on('person_deleted', () => this.#forgetSomebody()),
      client.on('upload_progress', data => this.#progress(data)),
      client.on('settings_updated', data => this.#set({ settings: data.settings })),
      client.on('activity', data => this.#log.add([data.activity])),
    ];
    off.push(onTokenRefused(client, refusal => this.#set({ connection: 'refused', refusal })));
    client.connect();
    this.#followConnection();
    return () => {
      for (const stop of off) stop();
      client.close();
    };
  }

  /** Tries the connection again at once, or, where it stands, fetches everything anew. */
  retry(): void {
    if (this.#client.state !== 'connected') this.#client.reconnectNow();
    else void this.reload();
  }

  /** Fetches sessions, the newest photos and the log; what is on the screen stays until the answer is there. */
  async reload(): Promise<void> {
    this.#fetch += 1;
    const fetch = this.#fetch;
    if (this.getSnapshot().load.status === 'failed') this.#set({ load: loading });
    void this.#log.load();
    void this.#loadSettings();
    try {
      const [, { photos }] = await Promise.all([
        // Each answer counts from its own place among the events: one that came after it is newer.
        this.#client.send('sessions', 'list', {}).then(({ sessions }) => {
          if (fetch !== this.#fetch) return;
          this.#sessions = byId(sessions);
          this.#sorted = newestFirst(sessions);
        }),
        this.#client.send('photos', 'list', { limit: limits.photos }),
      ]);
      if (fetch !== this.#fetch) return;
      this.#photos.replaceAll(photos);
      this.#pages.clear();
      this.#unseen = new Set([...this.#unseen].filter(id => this.#photos.get(id)));
      this.#regather({ load: ready });
      const { viewed } = this.getSnapshot();
      if (viewed !== null) await this.#loadPage(viewed);
    } catch (error) {
      if (fetch === this.#fetch) this.#set({ load: failed(error) });
    }
  }

  /** Shows one person's photos: they count as seen, and the newest page is fetched. */
  view(key: string | null): void {
    if (this.getSnapshot().viewed !== key) {
      this.#set({ viewed: key });
      this.#letGo();
    }
    if (key === null) return;
    this.#see(key);
    if (!this.#pages.has(key)) void this.#loadPage(key);
  }

  /** While nobody looks at the page, what comes of whom it shows is unseen as well. */
  look = (isLooking: boolean): void => {
    this.#isLooking = isLooking;
    const { viewed } = this.getSnapshot();
    if (isLooking && viewed !== null) this.#see(viewed);
  };

  /** Fetches the next older page of one person, or again the one that failed. */
  loadMore(key: string): Promise<void> {
    return this.#loadPage(key);
  }

  /** Reads the log on, back from what is known of it. */
  readOlderLines(kinds: readonly ActivityKind[], wanted: (line: Activity) => boolean): Promise<void> {
    return this.#log.readOlder(kinds, wanted);
  }

  /** Back to the newest lines of the log alone. */
  showLatestLines = (): void => this.#log.readLatest();

  /** Persons whose idPersona contains `query`, last active first, loaded or not; the 20 first of them. */
  async findPeople(query: string): Promise<readonly PersonFound[]> {
    return (await this.#client.send('people', 'list', { query: query.trim().slice(0, 64), limit: 20 })).people;
  }

  /** Persons whose idPersona is this one but for upper and lower case; none where the server does not say so soon: nobody waits for that. */
  async likeNamed(idPersona: string): Promise<readonly PersonFound[]> {
    const same = (one: PersonFound) => one.idPersona.toLowerCase() === idPersona.toLowerCase();
    const found = this.#client.send('people', 'list', { query: idPersona, limit: 200 }).then(
      ({ people }) => people.filter(same),
      () => [],
    );
    return Promise.race([found, new Promise<[]>(late => setTimeout(late, likeNamedWithin, []))]);
  }

  /** Gives a person a tab and shows it, however old their photos are. */
  lookUp(idPersona: string): string {
    const key = personKey({ idPersona, session_id: null });
    this.#lookedUp.add(key);
    this.#regather();
    this.view(key);
    return key;
  }

  /** Everything of the person, for good. */
  async deletePerson(idPersona: string): Promise<PersonDeleted> {
    return this.#client.send('people', 'delete', { idPersona });
  }

  /** The live session of an idPersona, if there is one: a second one would be a mistake. */
  liveSessionOf(idPersona: string): Session | null {
    return this.#sorted.find(s => isLive(s) && s.idPersona === idPersona.trim()) ?? null;
  }

  /** `null`: of somebody who is named later. `shots`: the photos to ask for, in order. */
  async createSession(idPersona: string | null, shots: readonly string[] = []): Promise<Session> {
    const who = idPersona === null ? {} : { idPersona };
    const { session } = await this.#client.send('sessions', 'create', { ...who, shots: [...shots] });
    this.#takeSession(session);
    return session;
  }

  /** Sends the present phone away and shows a new QR. */
  async renewSession(id: string): Promise<void> {
    this.#takeSession((await this.#client.send('sessions', 'renew', { session_id: id })).session);
  }

  async assignSession(id: string, idPersona: string): Promise<void> {
    this.#takeSession((await this.#client.send('sessions', 'assign', { session_id: id, idPersona })).session);
  }

  /**
   * What the visitor's screen shows from now on; `null`: the welcome. A desk that cannot say so now says it when it is back. What it
   * has said before, or shows from the start, it says only where nothing is shown: another desk's visitor may stand there by now.
   */
  showVisitor(id: string | null): void {
    const isNews = this.#toldVisitor !== undefined && this.#toldVisitor !== id;
    this.#toldVisitor = id;
    const show = () => this.#client.send('display', 'show', { session_id: id });
    if (isNews) show().catch(() => {});
    else if (id !== null) {
      this.#client
        .send('display', 'get', {})
        .then(async ({ session }) => {
          if (session === null && this.#toldVisitor === id) await show();
        })
        .catch(() => {});
    }
  }

  async endSession(id: string): Promise<void> {
    this.#takeSession((await this.#client.send('sessions', 'end', { session_id: id })).session);
  }

  /** The verdict shows at once; where the server refuses it, the photo goes back to what it was. */
  async review(photoId: string, verdict: 'accepted' | 'rejected', reason?: string): Promise<void> {
    const shown: Verdict = { status: verdict, reason: reason ?? null };
    this.#photos.judge(photoId, shown);
    this.#regather();
    try {
      const input = { photo_id: photoId, verdict, ...(reason === undefined ? {} : { reason }) };
      const { photo } = await this.#client.send('photos', 'review', input);
      if (this.#photos.get(photoId)) this.#photos.put(photo);
    } finally {
      this.#photos.unjudge(photoId, shown);
      this.#regather();
    }
  }

  /** `pin` where one is set. Rejects with what is wrong with each field in `details.fields`. */
  async changeSettings(settings: SettingsChange, pin: string | null): Promise<void> {
    const input = { settings, ...(pin === null ? {} : { pin }) };
    this.#set({ settings: (await this.#client.send('settings', 'update', input)).settings });
  }

  /** What this PC is connected by, best first. */
  async networkAddresses(): Promise<{ name: string; address: string }[]> {
    return (await this.#client.send('network', 'status', {})).addresses;
  }

  /** Rejects as `forbidden` where it is the wrong one, as `rate_limited` after too many. */
  async checkPin(pin: string): Promise<void> {
    await this.#client.send('settings', 'check_pin', { pin });
  }

  async deletePhoto(photoId: string): Promise<void> {
    await this.#client.send('photos', 'delete', { photo_id: photoId });
    this.#drop(photoId);
  }

  /** Within 10 s of its deletion. */
  async restorePhoto(photoId: string): Promise<void> {
    this.#takePhoto((await this.#client.send('photos', 'restore', { photo_id: photoId })).photo);
  }

  /** One that may not be loaded. */
  async fetchPhoto(photoId: string): Promise<Photo> {
    const { photo } = await this.#client.send('photos', 'get', { photo_id: photoId });
    this.#takePhoto(photo);
    return photo;
  }

  /** Notes in the log that somebody looks at it large. */
  noteView(photoId: string): void {
    // Gone meanwhile, or no connection: there is nothing to look at either.
    this.#client.send('photos', 'viewed', { photo_id: photoId }).catch(() => undefined);
  }

  async movePhoto(photoId: string, idPersona: string): Promise<void> {
    this.#takePhoto((await this.#client.send('photos', 'move', { photo_id: photoId, idPersona })).photo);
  }

  async #loadSettings(): Promise<void> {
    try {
      this.#set({ settings: (await this.#client.send('settings', 'get', {})).settings });
    } catch {
      // A token without the right to them, or a connection that broke: then the next one asks again.
    }
  }

  #followConnection(): void {
    const { state } = this.#client;
    const before = this.getSnapshot().connection;
    if (state === 'waiting') this.#failures += 1;
    if (state === 'connected') this.#failures = 0;
    const connection = connectionOf(state, this.#failures, this.#everConnected);
    // Nobody says any more how an upload goes on: its placeholder would stand still for ever.
    if (state !== 'connected') this.#uploads.clear();
    if (connection !== before || state !== 'connected') this.#regather({ connection });
    if (state !== 'connected' || before === 'connected') return;
    const first = !this.#everConnected;
    this.#everConnected = true;
    // After a break the SDK has the missed events replayed; only the log, which is not, is asked for again.
    if (first || this.getSnapshot().load.status !== 'ready') void this.reload();
    else void this.#log.load();
  }

  async #loadPage(key: string): Promise<void> {
    const known = this.#pages.get(key);
    if (known?.load.status === 'loading' || known?.next === null) return;
    const who = ownerOf(key);
    if (!who) {
      this.#pages.set(key, { load: ready, next: null });
      this.#regather();
      return;
    }
    const fetch = this.#fetch;
    let next: string | null | undefined = known?.next;
    const shortened = known?.shortened === true;
    const asked: Pages = { load: loading, next, shortened };
    this.#pages.set(key, asked);
    this.#regather();
    try {
      for (let news = false; !news; ) {
        const before: { before?: string } = next ? { before: next } : {};
        const page = await this.#client.send('photos', 'list', { ...who, ...before, limit: limits.page });
        if (fetch !== this.#fetch) return;
        // After old ones were let go, the first pages bring only what is still here.
        news = !shortened || page.next === null || page.photos.some(photo => !this.#photos.get(photo.id));
        for (const photo of page.photos) this.#photos.put(photo);
        next = page.next;
      }
      // Where some were let go meanwhile, what came does not join on to what is here: from the top again.
      const joins = this.#pages.get(key) === asked;
      this.#pages.set(key, joins ? { load: ready, next } : { load: ready, next: undefined, shortened: true });
    } catch (error) {
      if (fetch !== this.#fetch) return;
      this.#pages.set(key, { load: failed(error), next, shortened });
    }
    this.#regather();
  }

  #takeSession(session: Session): void {
    const before = this.#sessions.get(session.id);
    this.#sessions.set(session.id, session);
    this.#sorted = newestFirst(this.#sessions.values());
    const moved = before && sessionKey(before) !== sessionKey(session) ? sessionKey(before) : null;
    // The new name's tab stands where the old one's was.
    const key = sessionKey(session);
    if (moved !== null && !this.#order.includes(key)) {
      this.#order = this.#order.flatMap(one => (one === moved ? [key, one] : [one]));
    }
    this.#regather();
    // Whoever was looking at the person under the old name goes on looking at them under the new one.
    if (moved !== null && this.getSnapshot().viewed === moved) this.view(key);
  }

  #arrive(photo: Photo): void {
    const known = this.#photos.get(photo.id) !== undefined;
    const isSeen = this.#isLooking && personKey(photo) === this.getSnapshot().viewed;
    if (!known && !isSeen) this.#unseen.add(photo.id);
    this.#takePhoto(photo);
    if (!known) this.#set({ arrived: photo });
  }

  #takePhoto(photo: Photo): void {
    this.#photos.put(photo);
    this.#uploads.delete(photo.id);
    this.#letGo();
    this.#regather();
  }

  #drop(photoId: string): void {
    this.#photos.remove(photoId);
    this.#unseen.delete(photoId);
    // Nor is it announced any more by the name of its person.
    const { arrived } = this.getSnapshot();
    this.#regather({ arrived: arrived?.id === photoId ? null : arrived });
  }

  /** Who it was is not said: what is on the screen is fetched anew, the log's lines as well. */
  #forgetSomebody(): void {
    this.#lookedUp.clear();
    this.#log.forget();
    this.#set({ forgotten: this.getSnapshot().forgotten + 1 });
    void this.reload();
  }

  #progress(upload: UploadProgress): void {
    if (upload.state === 'receiving' && !this.#photos.get(upload.photo_id)) this.#uploads.set(upload.photo_id, upload);
    else this.#uploads.delete(upload.photo_id);
    this.#regather();
  }

  #see(key: string): void {
    const before = this.#unseen.size;
    for (const photo of this.#photos.of(key)) this.#unseen.delete(photo.id);
    if (this.#unseen.size < before) this.#regather();
  }

  /** However long the page stays open, it holds so many photos; the oldest go, and come back when they are asked for. */
  #letGo(): void {
    if (this.#photos.size <= limits.kept) return;
    for (const key of this.#photos.trim(limits.kept, this.getSnapshot().viewed)) {
      this.#pages.set(key, { load: this.#pages.get(key)?.load ?? ready, next: undefined, shortened: true });
      // Looking at a person who was let go altogether begins with their newest page.
      if (this.#photos.of(key).length === 0) this.#pages.delete(key);
    }
    for (const id of this.#unseen) if (!this.#photos.get(id)) this.#unseen.delete(id);
  }

  #unread(): ReadonlyMap<string, number> {
    const unread = new Map<string, number>();
    for (const id of this.#unseen) {
      const photo = this.#photos.get(id);
      if (photo) unread.set(personKey(photo), (unread.get(personKey(photo)) ?? 0) + 1);
    }
    return unread;
  }

  #regather(also: Partial<DeskState> = {}): void {
    const sessions = this.#sorted;
    const people = gatherPeople(
      {
        sessions,
        lists: this.#photos.lists,
        uploads: this.#uploads,
        unread: this.#unread(),
        pages: this.#pages,
        lookedUp: this.#lookedUp,
        order: this.#order,
      },
      this.getSnapshot().people,
    );
    if (people !== this.getSnapshot().people) this.#order = people.map(person => person.key);
    this.#set({ sessions, people, ...also });
  }

  #set(change: Partial<DeskState>): void {
    this.show({ ...this.getSnapshot(), ...change });
  }
}

function byId<T extends { id: string }>(rows: readonly T[]): Map<string, T> {
  return new Map(rows.map(row => [row.id, row]));
}

/** What to ask the server for; `null` for loose photos, which no request can name. */
function ownerOf(key: string): { idPersona: string } | { session_id: string } | null {
  const name = key.slice(2);
  if (!name) return null;
  return key.startsWith('p:') ? { idPersona: name } : { session_id: name };
}
