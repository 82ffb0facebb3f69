/**
 * Which screen the phone shows, and every way from one to another. Screens call these methods and read the snapshot; what
 * the browser gives (address, storage, clock) is passed in.
 */
import type { ChatFile } from '../../protocol/file.ts';
import type { Photo, PhotoStatus } from '../../protocol/photo.ts';
import type { Lang } from '../../protocol/primitives.ts';
import { kindOf } from '../client/file-kind.ts';
import type { HttpClient, MostradorClient } from '../client/index.ts';
import { Watched } from '../client/watched.ts';
import type { ChatOutboxes } from './chat-outboxes.ts';
import type { Answer, Kept, KeptVisit, Letters } from './kept.ts';
import { addressOf, type MovedVisit } from './moving.ts';
import { cleanCode, type Key, Pairing, type Refusal, textOf, tokenIn } from './pairing.ts';
import type { PhotoShelf } from './photo-shelf.ts';
import type { Prepared } from './prepare-photo.ts';
import { type QueuedPhoto, UploadQueue } from './queue.ts';
import { namesFor, shotsOf, unanswered } from './shots.ts';
import { Thumbs } from './thumbs.ts';
import { Visit } from './visit.ts';
import type { Workshop } from './workshop.ts';

export type Screen =
  | { name: 'starting' }
  /** Opened on a computer: nothing is claimed until the person insists. */
  | { name: 'computer' }
  | { name: 'code'; busy: boolean; problem: Refusal | null; canReturn: boolean }
  | { name: 'pairing' }
  | { name: 'refused'; why: Refusal; canReturn: boolean }
  | { name: 'consent'; visit: Visit }
  | { name: 'visit'; visit: Visit; preparing: number; problems: readonly Problem[] }
  | { name: 'review'; visit: Visit; preparing: number; problems: readonly Problem[] }
  | { name: 'leaving'; visit: Visit; busy: boolean }
  | {
      name: 'ended';
      by: 'visitor' | 'declined' | 'desk' | 'other_phone';
      accepted: number;
      received: number;
      /** Without a verdict, or asked for again. */
      open: number;
      unsent: number;
    };

/** A chosen file that cannot be sent, or one that never came. */
export interface Problem {
  id: string;
  why: Exclude<Prepared, { ok: true }>['why'] | 'file_too_large' | 'camera_lost';
}

export interface AppOptions {
  kept: Kept;
  shelf: PhotoShelf;
  outboxes: ChatOutboxes;
  /** Without a token: to pair. */
  httpOf: (token?: string) => HttpClient;
  clientOf: (token: string) => MostradorClient;
  workshop: Workshop;
  /** Of one photo or file. */
  maxBytes: number;
  /** The page's path, and how the address bar gets another. */
  path: () => string;
  showPath: (path: string) => void;
  /** A visit that comes from another address of the desk; `null` from the second time on. */
  moved: () => MovedVisit | null;
  origin: string;
  /** Leaves this page for another address. */
  leaveFor: (url: string) => void;
  onComputer: () => boolean;
  isOffline: () => boolean;
  /** Whether the chat's sheet was open when the page was loaded again. */
  chatWasOpen: () => boolean;
  now: () => number;
  newId: () => string;
  lang: Lang;
  /** Of the words that this page asks to agree to. */
  consentVersion: string;
}

export interface AppSnapshot {
  screen: Screen;
  lang: Lang;
  letters: Letters;
}

export class App extends Watched<AppSnapshot> {
  readonly queue: UploadQueue;
  readonly thumbs = new Thumbs();
  readonly #options: AppOptions;
  readonly #pairing: Pairing;
  readonly #uploaders = new Map<string, HttpClient>();
  /** Of the visit on the screen and of those before it: a visit by any other was begun since, in another tab. */
  #knownTokens: ReadonlySet<string> = new Set();
  /** The pairing that a computer, or a broken network, keeps from going on. */
  #held: Key | null = null;

  constructor(options: AppOptions) {
    super({ screen: { name: 'starting' }, lang: options.lang, letters: options.kept.letters() });
    this.#options = options;
    this.#pairing = new Pairing(options.httpOf(), options.kept, options.now);
    this.queue = new UploadQueue({
      shelf: options.shelf,
      uploaderOf: sessionId => this.#uploaderOf(sessionId),
      hashOf: options.workshop.hash,
      onSent: (photo, from) => this.#sent(photo, from),
      onFileSent: (file, from) => this.#fileSent(file, from),
      onRefused: sessionId => void this.#refused(sessionId),
      now: options.now,
      newId: options.newId,
    });
  }

  /** Call once. */
  async start(): Promise<void> {
    const path = this.#options.path();
    const token = tokenIn(path);
    const kept = this.#current();
    if (token) this.#options.showPath('/J');
    const lost = this.#options.kept.cameraOf();
    this.camera(null);
    const loaded = this.queue.load();
    // A phone that was never here waits for no database: there is nothing in it.
    if (kept) await loaded;
    this.#forgetFinished();
    const moved = this.#options.moved();
    if (moved) return this.#takeOver(moved);
    const key = token ? { token } : path === '/' ? null : this.#pairing.interrupted();
    if (key && kept?.by !== textOf(key)) {
      this.#held = key;
      if (this.#options.onComputer()) this.#go({ name: 'computer' });
      else await this.#pair(key);
    } else if (kept && path !== '/') {
      this.#resume(kept, lost === kept.session.id ? [{ id: this.#options.newId(), why: 'camera_lost' }] : []);
    } else {
      this.enterCode();
    }
  }

  speak(lang: Lang): void {
    this.#options.kept.keepLang(lang);
    this.show({ ...this.getSnapshot(), lang });
  }

  writeIn(letters: Letters): void {
    this.#options.kept.keepLetters(letters);
    this.show({ ...this.getSnapshot(), letters });
  }

  /** To the desk's other address, visit and all. */
  follow(visit: Visit, origin: string): void {
    const token = this.#options.kept.visit(visit.id)?.phone_token;
    if (token !== undefined) this.#options.leaveFor(addressOf({ sessionId: visit.id, token }, origin));
  }

  /** On a computer: go on all the same. */
  async insist(): Promise<void> {
    if (this.#held) await this.#pair(this.#held);
  }

  enterCode(): void {
    this.#go({ name: 'code', busy: false, problem: null, canReturn: this.#current() !== null });
  }

  async submitCode(typed: string): Promise<void> {
    const code = cleanCode(typed);
    const canReturn = this.#current() !== null;
    this.#go({ name: 'code', busy: true, problem: null, canReturn });
    const paired = await this.#pairing.pair({ code });
    if (paired.ok) this.#begin(paired.visit);
    else this.#go({ name: 'code', busy: false, problem: paired.why, canReturn });
  }

  /** Tries a pairing again that the network kept from being answered. */
  async retryPairing(): Promise<void> {
    if (this.#held) await this.#pair(this.#held);
    else this.enterCode();
  }

  /** Back to the visit that is still kept. */
  returnToVisit(): void {
    const kept = this.#current();
    if (kept) this.#resume(kept);
    else this.enterCode();
  }

  accept(visit: Visit): void {
    this.#options.kept.consent(visit.id, this.#options.consentVersion);
    visit.tellConsent();
    this.#goToVisit(visit);
  }

  /** The photos that the desk wants another of. */
  unanswered(visit: Visit): ReadonlySet<string> {
    return unanswered(visit.getSnapshot().photos, this.#queuedOf(visit), this.#answersOf(visit));
  }

  /** The camera is opened, or closed again. A phone with little memory may close this page under it. */
  camera(visit: Visit | null): void {
    this.#options.kept.keepCamera(visit?.id ?? null);
  }

  /**
   * Files from the camera or the gallery, for the shot named first and those missing after it. One without a name answers the photo `to`,
   * or else the newest without a name that the desk wants another of.
   */
  async choose(visit: Visit, files: readonly Blob[], first: string | null, to?: string): Promise<void> {
    this.camera(null);
    if (files.length === 0) return;
    const { session, photos } = visit.getSnapshot();
    const names = namesFor(files.length, first, shotsOf(session.shots, photos, this.#queuedOf(visit)));
    const problems: Problem[] = [];
    for (const [index, file] of files.entries()) {
      this.#go({ name: 'review', visit, preparing: files.length - index, problems: [...problems] });
      const prepared = await this.#options.workshop.prepare(file);
      if (prepared.ok) {
        const wanted = this.unanswered(visit);
        const refused = visit.getSnapshot().photos.filter(({ id, shot }) => shot === null && wanted.has(id));
        const answered = refused.find(({ id }) => id === to) ?? refused[0];
        const name = names[index] ?? null;
        const by = await this.queue.addDraft(visit.id, prepared.photo, name);
        if (name === null && answered) this.#options.kept.answer(visit.id, { to: answered.id, by });
      } else {
        problems.push({ id: this.#options.newId(), why: prepared.why });
      }
      // Ended meanwhile.
      if (!this.#shows(visit)) return;
    }
    const name = this.#draftsOf(visit) > 0 ? 'review' : 'visit';
    this.#go({ name, visit, preparing: 0, problems });
  }

  async sendDrafts(visit: Visit): Promise<void> {
    await this.queue.send(visit.id);
    if (this.#shows(visit)) this.#goToVisit(visit);
  }

  async removeDraft(visit: Visit, id: string): Promise<void> {
    await this.queue.remove(id);
    if (this.#draftsOf(visit) === 0 && this.#shows(visit)) this.#goToVisit(visit);
  }

  /** "Repetir": the new photo takes the place of the old one, for the same shot. */
  async replaceDraft(visit: Visit, id: string, files: readonly Blob[]): Promise<void> {
    if (files.length === 0) return;
    const shot = this.#queuedOf(visit).find(photo => photo.id === id)?.shot ?? null;
    await this.queue.remove(id);
    await this.choose(visit, files, shot, this.#answersOf(visit).find(({ by }) => by === id)?.to);
  }

  /** Looks at the drafts again, or away from them; they stay. */
  review(visit: Visit): void {
    this.#go({ name: 'review', visit, preparing: 0, problems: [] });
  }

  /** Also from the question before the end, and that may have been asked where nothing is agreed to yet. */
  goToVisit(visit: Visit): void {
    if (!this.hasAgreed(visit)) this.returnTo(visit);
    else this.#goToVisit(visit);
  }

  /** To the drafts where there are some, else to the visit; a consent not yet given is asked for first. */
  returnTo(visit: Visit, problems: readonly Problem[] = []): void {
    const kept = this.#options.kept.visit(visit.id);
    if (!kept?.consented) this.#go({ name: 'consent', visit });
    else this.#go({ name: this.#draftsOf(visit) > 0 ? 'review' : 'visit', visit, preparing: 0, problems });
  }

  askToLeave(visit: Visit): void {
    this.#go({ name: 'leaving', visit, busy: false });
  }

  hasAgreed(visit: Visit): boolean {
    return this.#options.kept.visit(visit.id)?.consented !== false;
  }

  /** Ends the session and erases everything that this phone keeps of any visit. */
  async leave(visit: Visit): Promise<void> {
    this.#go({ name: 'leaving', visit, busy: true });
    const ended = this.#endedBy(this.hasAgreed(visit) ? 'visitor' : 'declined', visit);
    await visit.leave();
    visit.stop();
    this.thumbs.erase();
    this.#uploaders.clear();
    this.#options.kept.erase();
    await Promise.all([this.queue.erase(), this.#options.outboxes.erase().catch(() => {})]);
    this.#go(ended);
  }

  fetchThumb(visit: Visit, photo: Photo): void {
    // Its upload may not have been answered yet: then the photo itself is still at hand.
    const queued = this.queue.getSnapshot().find(({ id }) => id === photo.id);
    if (queued) return this.thumbs.remember(photo.id, queued.thumb);
    const http = this.#uploaderOf(visit.id);
    if (http) void this.thumbs.fetch(photo.id, photo.urls.thumb, http);
  }

  /** Photos and files for the chat; photos are filed under the person like any other. Answers why some of them cannot be sent. */
  async sendInChat(visit: Visit, files: readonly File[]): Promise<Problem[]> {
    const problems: Problem[] = [];
    const conversationId = visit.getSnapshot().session.conversation_id;
    for (const file of files) {
      if (!file.type.startsWith('image/') && conversationId !== null) {
        if (file.size > this.#options.maxBytes) problems.push({ id: this.#options.newId(), why: 'file_too_large' });
        else {
          const bytes = await file.arrayBuffer().catch(() => null);
          if (bytes) await this.queue.addForChat(visit.id, bytes, file.type, { conversationId, name: file.name });
          else problems.push({ id: this.#options.newId(), why: 'unreadable' });
        }
        continue;
      }
      const prepared = await this.#options.workshop.prepare(file);
      if (!this.#shows(visit)) break;
      if (prepared.ok) await this.queue.addForChat(visit.id, prepared.photo.bytes, prepared.photo.type);
      else problems.push({ id: this.#options.newId(), why: prepared.why });
    }
    return problems;
  }

  /** A picture in the chat, by what it is to be known as. */
  fetchPicture(visit: Visit, id: string, path: string): void {
    const http = this.#uploaderOf(visit.id);
    if (http && !this.thumbs.getSnapshot().has(id)) void this.thumbs.fetch(id, path, http);
  }

  /** Bytes. */
  async sizeOf(visit: Visit, path: string): Promise<number | null> {
    return (await this.#uploaderOf(visit.id)?.sizeOf(path)) ?? null;
  }

  /** What stands in the chat under that path, fetched with the phone's token. */
  async fetchFile(visit: Visit, path: string): Promise<Blob | null> {
    const file = await this.#uploaderOf(visit.id)?.fetchBlob(path);
    return file?.ok ? file.value : null;
  }

  /** The page is shown again, or the network is back. */
  wake(): void {
    this.followNewest();
    this.#visit()?.wake();
    this.queue.wake();
  }

  /** A visit that was begun in another tab of this page is the one that goes on, here too: two would be taken for each other. */
  followNewest(): void {
    const visit = this.#visit();
    const newest = this.#current();
    const { name } = this.getSnapshot().screen;
    if (!newest || (!visit && name !== 'ended')) return;
    if (this.#isFollowed()) {
      this.thumbs.erase();
      this.#resume(newest);
      void this.queue.load().then(() => this.queue.dropAbandoned(newest.session.id));
    } else if (visit && name === 'consent' && newest.consented) this.returnTo(visit);
  }

  async #pair(key: Key): Promise<void> {
    this.#held = key;
    this.#go({ name: 'pairing' });
    const paired = await this.#pairing.pair(key);
    if (paired.ok) {
      this.#held = null;
      this.#begin(paired.visit);
    } else {
      if (paired.why !== 'unreachable') this.#held = null;
      this.#go({ name: 'refused', why: paired.why, canReturn: this.#current() !== null });
    }
  }

  /** A visit that was begun at another address. Whoever came by a link of somebody else's sees whose it is before anything is sent. */
  async #takeOver({ sessionId, token: phone_token }: MovedVisit): Promise<void> {
    this.#options.showPath('/J');
    this.#go({ name: 'pairing' });
    const client = this.#options.clientOf(phone_token);
    client.connect();
    const found = await client.send('sessions', 'get', { session_id: sessionId }).catch(() => null);
    client.close();
    if (!found) return this.#go({ name: 'refused', why: 'other', canReturn: this.#current() !== null });
    const visit: KeptVisit = { session: found.session, phone_token, by: '', consented: false };
    this.#options.kept.begin(visit);
    this.#begin(visit);
  }

  /** A new visit: what an older one still has to send goes on by its own token. */
  #begin(kept: KeptVisit): void {
    this.#options.showPath('/J');
    this.thumbs.erase();
    void this.#options.outboxes.erase().catch(() => {});
    this.#resume(kept);
    void this.queue.dropAbandoned(kept.session.id).then(() => this.#forgetFinished());
  }

  /** Older visits that have nothing left to send: their tokens are of no more use. */
  #forgetFinished(): void {
    const unfinished = new Set(this.queue.getSnapshot().map(photo => photo.sessionId));
    for (const { session } of this.#options.kept.visits().slice(1)) {
      if (unfinished.has(session.id)) continue;
      this.#options.kept.forget(session.id);
      this.#uploaders.delete(session.id);
    }
  }

  #resume(kept: KeptVisit, problems: readonly Problem[] = []): void {
    this.#visit()?.stop();
    this.#knownTokens = new Set(this.#options.kept.visits().map(({ phone_token }) => phone_token));
    this.#uploaders.delete(kept.session.id);
    const visit: Visit = new Visit({
      session: kept.session,
      client: this.#options.clientOf(kept.phone_token),
      origin: this.#options.origin,
      onSession: session => this.#options.kept.update(session),
      consent: () => this.#options.kept.consentOf(kept.session.id),
      onEnded: () => void this.#ended(visit),
      isOffline: this.#options.isOffline,
      outboxOf: id => this.#options.outboxes.of(id),
      chatOpen: this.#options.chatWasOpen(),
    });
    this.#options.showPath('/J');
    this.returnTo(visit, problems);
    visit.start();
  }

  async #ended(visit: Visit): Promise<void> {
    // It waits for a phone again: the desk has given it to another one.
    const isGivenOn = visit.getSnapshot().session.status === 'qr_ready';
    const ended = this.#endedBy(isGivenOn ? 'other_phone' : 'desk', visit);
    visit.stop();
    // What is kept belongs to the tab that has begun it.
    if (this.#isFollowed()) return this.followNewest();
    this.#options.kept.forget(visit.id);
    this.#uploaders.delete(visit.id);
    this.thumbs.erase();
    if (this.#shows(visit)) this.#go(ended);
    await Promise.all([this.queue.dropSession(visit.id), this.#options.outboxes.erase().catch(() => {})]);
  }

  /** The server takes nothing more for a session: over, whether it is the one on the screen or an older one. */
  async #refused(sessionId: string): Promise<void> {
    const visit = this.#visit();
    if (visit?.id === sessionId) return this.#ended(visit);
    this.#options.kept.forget(sessionId);
    this.#uploaders.delete(sessionId);
    await this.queue.dropSession(sessionId);
  }

  #endedBy(by: Extract<Screen, { name: 'ended' }>['by'], visit: Visit): Screen {
    const { photos } = visit.getSnapshot();
    const count = (status: PhotoStatus) => photos.filter(photo => photo.status === status).length;
    const open = count('received') + this.unanswered(visit).size;
    const unsent = this.#queuedOf(visit).length;
    return { name: 'ended', by, accepted: count('accepted'), received: photos.length, open, unsent };
  }

  async #sent(photo: Photo, { thumb, chat }: QueuedPhoto): Promise<void> {
    const visit = this.#visit();
    if (visit?.id !== photo.session_id) {
      // At this very moment the queue still holds it.
      queueMicrotask(() => this.#forgetFinished());
      return;
    }
    this.thumbs.remember(photo.id, thumb);
    visit.add(photo);
    if (!chat) return;
    // Under the photo's own id: also after a reload in between it is one message.
    visit.chat.send({ type: 'imagen', content: '', file_url: photo.urls.full, client_id: photo.id });
    await visit.chat.kept();
  }

  async #fileSent(file: ChatFile, { id, sessionId }: QueuedPhoto): Promise<void> {
    const visit = this.#visit();
    if (visit?.id !== sessionId) return queueMicrotask(() => this.#forgetFinished());
    visit.chat.send({ type: kindOf(file.mime), content: file.name, file_url: file.url, client_id: id });
    await visit.chat.kept();
  }

  #uploaderOf(sessionId: string): HttpClient | null {
    const made = this.#uploaders.get(sessionId);
    if (made) return made;
    const kept = this.#options.kept.visit(sessionId);
    if (!kept) return null;
    const http = this.#options.httpOf(kept.phone_token);
    this.#uploaders.set(sessionId, http);
    return http;
  }

  #isFollowed(): boolean {
    const newest = this.#current();
    return newest !== null && !this.#knownTokens.has(newest.phone_token);
  }

  #current(): KeptVisit | null {
    return this.#options.kept.visits()[0] ?? null;
  }

  #visit(): Visit | null {
    const { screen } = this.getSnapshot();
    return 'visit' in screen ? screen.visit : null;
  }

  #shows(visit: Visit): boolean {
    return this.#visit() === visit;
  }

  #queuedOf(visit: Visit) {
    return this.queue.getSnapshot().filter(photo => photo.sessionId === visit.id && photo.file === null);
  }

  #answersOf(visit: Visit): readonly Answer[] {
    return this.#options.kept.visit(visit.id)?.answers ?? [];
  }

  #draftsOf(visit: Visit): number {
    return this.#queuedOf(visit).filter(photo => photo.phase.name === 'draft').length;
  }

  #goToVisit(visit: Visit): void {
    this.#go({ name: 'visit', visit, preparing: 0, problems: [] });
  }

  #go(screen: Screen): void {
    this.show({ ...this.getSnapshot(), screen });
  }
}
