import { describe, expect, it, vi } from 'vitest';
import type { Activity } from '../../protocol/activity.ts';
import type { Failure } from '../../protocol/errors.ts';
import type { EventName } from '../../protocol/events.ts';
import type { Photo } from '../../protocol/photo.ts';
import type { Session } from '../../protocol/session.ts';
import { DeskStore, limits } from './desk-store.ts';
import { RequestError } from './request-error.ts';
import type { ConnectionState, EventMeta, MostradorClient } from './types.ts';

type Answer = (input: Record<string, unknown>) => unknown;

/** A client whose server is the test: answers are scripted by `resource.action`, events are sent by hand. */
class ScriptedClient implements MostradorClient {
  onConnect: MostradorClient['onConnect'] = null;
  onDisconnect: MostradorClient['onDisconnect'] = null;
  onError: MostradorClient['onError'] = null;
  state: ConnectionState = 'idle';
  readonly asked: { name: string; input: Record<string, unknown> }[] = [];
  readonly answers = new Map<string, Answer>();
  retried = 0;
  readonly #listeners = new Map<string, Set<(data: never, meta: EventMeta) => void>>();
  readonly #states = new Set<(state: ConnectionState) => void>();
  readonly #resyncs = new Set<() => void>();

  connect(): void {
    this.become('connecting');
  }

  close(): void {
    this.become('closed');
  }

  reconnectNow(): void {
    this.retried += 1;
  }

  become(state: ConnectionState): void {
    this.state = state;
    for (const listener of this.#states) listener(state);
  }

  refuse(reason: string): void {
    this.become('closed');
    this.onError?.({ code: 'unauthorized', message: 'El token no vale.', details: { reason } });
    this.onDisconnect?.({ code: 4401, reason: 'unauthorized' });
  }

  emit(event: EventName, data: unknown): void {
    for (const listener of this.#listeners.get(event) ?? []) {
      (listener as (data: unknown, meta: EventMeta) => void)(data, { id: 'evt', seq: 1, type: event });
    }
  }

  resync(): void {
    for (const listener of this.#resyncs) listener();
  }

  onState(listener: (state: ConnectionState) => void): () => void {
    this.#states.add(listener);
    return () => this.#states.delete(listener);
  }

  onResync(listener: () => void): () => void {
    this.#resyncs.add(listener);
    return () => this.#resyncs.delete(listener);
  }

  on(event: string, listener: (data: never, meta: EventMeta) => void): () => void {
    const all = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, all.add(listener));
    return () => all.delete(listener);
  }

  get listening(): number {
    let count = this.#states.size + this.#resyncs.size;
    for (const all of this.#listeners.values()) count += all.size;
    return count;
  }

  async send(resource: string, action: string, payload: object = {}): Promise<never> {
    const name = `${resource}.${action}`;
    const input = { ...payload };
    this.asked.push({ name, input });
    const answer = this.answers.get(name);
    if (!answer) throw new RequestError({ code: 'unknown_action', message: name });
    return (await answer(input)) as never;
  }
}

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 9, 0, second)).toISOString();

function session(id: string, change: Partial<Session> = {}): Session {
  return {
    id,
    idPersona: id.toUpperCase(),
    label: null,
    status: 'authenticated',
    emoji: '🦊',
    color: '#d9480f',
    shots: [],
    conversation_id: null,
    qr: null,
    created_at: at(0),
    phone: { connected: true, device: 'Android' },
    ...change,
  };
}

let made = 0;
function photo(change: Partial<Photo> = {}): Photo {
  made += 1;
  const id = `00000000-0000-4000-8000-${String(made).padStart(12, '0')}`;
  return {
    id,
    idPersona: 'ANA',
    session_id: 'ana',
    mime: 'image/jpeg',
    width: 10,
    height: 10,
    bytes: 100,
    sha256: 'a'.repeat(64),
    stored_sha256: null,
    status: 'received',
    reason: null,
    shot: null,
    received_at: at(made),
    urls: { full: `/api/photos/${id}`, thumb: `/api/photos/${id}/thumb` },
    ...change,
  };
}

function line(id: number): Activity {
  return { id: String(id), at: at(id % 60), kind: 'photo_received', who: 'server', text: `line ${id}`, data: {} };
}

interface Given {
  sessions?: Session[];
  photos?: Photo[];
  activity?: Activity[];
}

/** A store that has just been answered its first questions. */
async function opened({ sessions = [session('ana')], photos = [], activity = [] }: Given = {}) {
  const client = new ScriptedClient();
  client.answers.set('sessions.list', () => ({ sessions }));
  client.answers.set('photos.list', () => ({ photos, next: null }));
  client.answers.set('rooms.join', () => ({ room: 'activity' }));
  client.answers.set('activity.list', () => ({ activity }));
  const store = new DeskStore(client, () => Date.parse(at(0)));
  const stop = store.start();
  client.become('connected');
  await until(
    store,
    () => store.getSnapshot().load.status !== 'loading' && store.getSnapshot().activity.load.status !== 'loading',
  );
  return { client, store, stop };
}

function until(store: DeskStore, done: () => boolean): Promise<void> {
  if (done()) return Promise.resolve();
  return new Promise(resolve => {
    const off = store.subscribe(() => {
      if (!done()) return;
      off();
      resolve();
    });
  });
}

const personOf = (store: DeskStore, key: string) => store.getSnapshot().people.find(person => person.key === key);
const failure = (code: Failure['code']) => () => {
  throw new RequestError({ code, message: 'no' });
};

describe('connection', () => {
  it('[DESK1] tells connecting, connected, reconnecting, offline and a refused token apart', async () => {
    const { client, store } = await opened();
    const seen = () => store.getSnapshot().connection;
    expect(seen()).toBe('connected');
    client.become('waiting');
    expect(seen()).toBe('reconnecting');
    client.become('connecting');
    expect(seen()).toBe('reconnecting');
    client.become('waiting');
    expect(seen()).toBe('offline');
    client.become('connecting');
    expect(seen()).toBe('offline');
    client.become('connected');
    expect(seen()).toBe('connected');
    client.refuse('revoked');
    expect(store.getSnapshot()).toMatchObject({ connection: 'refused', refusal: 'revoked' });
  });

  it('[DESK1] says connecting before the first connection', () => {
    const store = new DeskStore(new ScriptedClient());
    store.start();
    expect(store.getSnapshot().connection).toBe('connecting');
  });

  it('[DESK2] after a break asks only for the log again: missed events are replayed by the SDK', async () => {
    const { client, store } = await opened({ activity: [line(1), line(2)] });
    client.asked.length = 0;
    client.answers.set('activity.list', () => ({ activity: [line(3)] }));
    client.become('waiting');
    client.become('connecting');
    client.become('connected');
    await until(store, () => store.getSnapshot().activity.lines.length === 3);
    expect(client.asked).toEqual([
      { name: 'rooms.join', input: { room: 'activity' } },
      { name: 'activity.list', input: { after: '2', limit: limits.log } },
    ]);
  });

  it('[DESK2] fetches everything anew when events were missed for good', async () => {
    const gone = photo();
    const { client, store } = await opened({ photos: [gone] });
    const newer = photo({ idPersona: 'BEA', session_id: 'bea' });
    client.answers.set('photos.list', () => ({ photos: [newer], next: null }));
    client.resync();
    await until(store, () => personOf(store, 'p:BEA') !== undefined);
    expect(personOf(store, 'p:ANA')?.photos).toEqual([]);
  });

  it('[DESK2] a first fetch that failed is shown, and tried again', async () => {
    const client = new ScriptedClient();
    client.answers.set('sessions.list', failure('unavailable'));
    client.answers.set('photos.list', () => ({ photos: [], next: null }));
    const store = new DeskStore(client);
    store.start();
    client.become('connected');
    await until(store, () => store.getSnapshot().load.status === 'failed');
    client.answers.set('sessions.list', () => ({ sessions: [session('ana')] }));
    store.retry();
    await until(store, () => store.getSnapshot().load.status === 'ready');
    expect(store.getSnapshot().sessions).toHaveLength(1);
    client.become('waiting');
    store.retry();
    expect(client.retried).toBe(1);
  });

  it('[DESK2] stopping takes every listener away', async () => {
    const { client, stop } = await opened();
    expect(client.listening).toBeGreaterThan(5);
    stop();
    expect(client.listening).toBe(0);
    expect(client.state).toBe('closed');
  });

  it('[DESK3] knows how far the server clock is ahead, for the countdown', async () => {
    const { client, store } = await opened();
    client.emit('connected', { user_id: 'operator', role: 'operator', head: 0, now: at(7) });
    expect(store.getSnapshot().clockOffset).toBe(7000);
  });
});

describe('people', () => {
  it('[DESK4] has one entry a person, and one a session for those who are not assigned', async () => {
    const { store } = await opened({
      sessions: [session('ana'), session('x', { idPersona: null }), session('y', { idPersona: null })],
      photos: [photo(), photo({ idPersona: null, session_id: 'x' }), photo({ idPersona: 'BEA', session_id: null })],
    });
    const found = store.getSnapshot().people.map(({ key, photos }) => [key, photos.length]);
    expect(found.sort()).toEqual([
      ['p:ANA', 1],
      ['p:BEA', 1],
      ['s:x', 1],
      ['s:y', 0],
    ]);
  });

  it('[DESK4] an ended session without photos leaves no tab', async () => {
    const { client, store } = await opened();
    client.emit('session_updated', { session: session('ana', { status: 'disconnected' }) });
    expect(store.getSnapshot().people).toEqual([]);
    expect(store.liveSessionOf('ANA')).toBeNull();
  });

  it('[DESK403] a new tab comes first, then who is here, then who has left; else none moves', async () => {
    const { client, store } = await opened({
      sessions: [session('ana'), session('bea')],
      photos: [photo(), photo({ idPersona: 'BEA', session_id: 'bea' })],
    });
    const keys = () => store.getSnapshot().people.map(person => person.key);
    expect(keys()).toEqual(['p:ANA', 'p:BEA']);
    client.emit('session_updated', { session: session('ana', { status: 'disconnected' }) });
    expect(keys()).toEqual(['p:ANA', 'p:BEA']);
    client.emit('session_updated', { session: session('cid') });
    expect(keys()).toEqual(['p:CID', 'p:BEA', 'p:ANA']);
  });
  it('[DESK403] a corrected idPersona has its tab where the wrong one was', async () => {
    const { client, store } = await opened({ sessions: [session('ana'), session('bea')] });
    const wrong = store.getSnapshot().people.findIndex(({ key }) => key === 'p:BEA');
    client.emit('session_updated', { session: session('bea', { idPersona: 'BEATRIZ' }) });
    expect(store.getSnapshot().people.findIndex(({ key }) => key === 'p:BEATRIZ')).toBe(wrong);
  });
  it('[DESK4] tabs keep their places when photos come in', async () => {
    const { client, store } = await opened({ sessions: [session('ana'), session('bea')] });
    const before = store.getSnapshot().people.map(person => person.key);
    client.emit('photo_received', { photo: photo({ idPersona: 'BEA', session_id: 'bea' }) });
    client.emit('photo_received', { photo: photo() });
    expect(store.getSnapshot().people.map(person => person.key)).toEqual(before);
  });

  it('[DESK5] counts photos as unread until their person is viewed', async () => {
    const { client, store } = await opened();
    client.emit('photo_received', { photo: photo() });
    const second = photo();
    client.emit('photo_received', { photo: second });
    client.emit('photo_updated', { photo: { ...second, stored_sha256: 'b'.repeat(64) } });
    expect(personOf(store, 'p:ANA')?.unread).toBe(2);
    store.view('p:ANA');
    expect(personOf(store, 'p:ANA')?.unread).toBe(0);
    client.emit('photo_received', { photo: photo() });
    expect(personOf(store, 'p:ANA')?.unread).toBe(0);
    expect(store.getSnapshot().arrived?.id).toBe(personOf(store, 'p:ANA')?.photos[0]?.id);
  });

  it('[DESK6] whoever is viewed stays viewed when their idPersona is corrected', async () => {
    const { client, store } = await opened({ sessions: [session('x', { idPersona: null })] });
    store.view('s:x');
    client.answers.set('sessions.assign', () => ({ session: session('x', { idPersona: 'CARO' }) }));
    await store.assignSession('x', 'CARO');
    expect(store.getSnapshot().viewed).toBe('p:CARO');
    expect(store.liveSessionOf(' CARO ')?.id).toBe('x');
  });

  it('[DESK7] older pages are added below, until there are no more', async () => {
    const [oldest, newest] = [photo(), photo()];
    const { client, store } = await opened();
    client.answers.set('photos.list', input =>
      input.before === '40' ? { photos: [oldest], next: null } : { photos: [newest], next: '40' },
    );
    store.view('p:ANA');
    await until(store, () => personOf(store, 'p:ANA')?.more === true);
    await store.loadMore('p:ANA');
    expect(personOf(store, 'p:ANA')).toMatchObject({ more: false, photos: [newest, oldest] });
    expect(client.asked.at(-1)?.input).toEqual({ idPersona: 'ANA', before: '40', limit: limits.page });
  });

  it('[DESK7] a page that failed can be asked for again', async () => {
    const { client, store } = await opened();
    client.answers.set('photos.list', failure('unavailable'));
    store.view('p:ANA');
    await until(store, () => personOf(store, 'p:ANA')?.load.status === 'failed');
    client.answers.set('photos.list', () => ({ photos: [photo()], next: null }));
    await store.loadMore('p:ANA');
    expect(personOf(store, 'p:ANA')).toMatchObject({ load: { status: 'ready' }, photos: [{ status: 'received' }] });
  });
});

describe('memory', () => {
  /** A server that knows all that came, and a desk that heard of all of it. */
  async function flooded(count: number) {
    const { client, store } = await opened({ sessions: [] });
    const all: Photo[] = [];
    client.answers.set('photos.list', ({ idPersona, before = all.length, limit }) => {
      const rows = all.map((photo, n) => ({ photo, n })).filter(({ photo }) => photo.idPersona === idPersona);
      const page = rows
        .filter(({ n }) => n < Number(before))
        .slice(-Number(limit))
        .reverse();
      const last = page.at(-1);
      return {
        photos: page.map(({ photo }) => photo),
        next: last && last.n > (rows[0]?.n ?? 0) ? String(last.n) : null,
      };
    });
    const arrive = (idPersona: string) => {
      const received_at = new Date(Date.parse(at(0)) + all.length * 1000).toISOString();
      const one = photo({ idPersona, session_id: null, received_at });
      all.push(one);
      client.emit('photo_received', { photo: one });
    };
    for (let n = 0; n < count; n += 1) arrive('ANA');
    return { store, all, arrive };
  }

  it('[DESK63] holds so many photos however long the page is open; the oldest are fetched again when they are asked for', async () => {
    const { store, all, arrive } = await flooded(limits.kept + 500);
    const held = () => store.getSnapshot().people.reduce((sum, { photos }) => sum + photos.length, 0);
    expect(held()).toBeLessThanOrEqual(limits.kept);
    expect(personOf(store, 'p:ANA')).toMatchObject({ more: true, unread: held() });
    store.view('p:ANA');
    for (let turn = 0; personOf(store, 'p:ANA')?.more && turn < 20; turn += 1) await store.loadMore('p:ANA');
    expect(personOf(store, 'p:ANA')?.photos).toEqual(all.toReversed());
    // What has just come is never what goes.
    for (let n = 0; n < 10; n += 1) arrive('BEA');
    expect(personOf(store, 'p:BEA')?.photos).toHaveLength(10);
    store.view(null);
    expect(held()).toBeLessThanOrEqual(limits.kept);
  });

  it('[DESK64] an event about one person leaves everybody else the same object', async () => {
    const [one, other] = [photo(), photo({ idPersona: 'BEA', session_id: 'bea' })];
    const { client, store } = await opened({ photos: [one, other] });
    const before = store.getSnapshot();
    client.emit('photo_reviewed', { photo: { ...one, status: 'accepted' } });
    expect(personOf(store, 'p:BEA')).toBe(before.people.find(({ key }) => key === 'p:BEA'));
    expect(personOf(store, 'p:ANA')).not.toBe(before.people.find(({ key }) => key === 'p:ANA'));
    const { people } = store.getSnapshot();
    client.emit('activity', { activity: line(1) });
    client.emit('photo_deleted', { photo_id: photo().id });
    expect(store.getSnapshot().people).toBe(people);
  });
});

describe('sessions', () => {
  it('[DESK13] a renewed QR replaces the one on the screen', async () => {
    const qr = (code: string) => ({ url: `HTTP://X/J/${code}`, expires_at: at(60), code, code_expires_at: at(300) });
    const waiting = session('ana', { status: 'qr_ready', qr: qr('AAAAAA') });
    const { client, store } = await opened({ sessions: [waiting] });
    client.emit('session_updated', { session: { ...waiting, qr: qr('BBBBBB') } });
    expect(store.getSnapshot().sessions.map(one => one.qr?.code)).toEqual(['BBBBBB']);
    expect(personOf(store, 'p:ANA')?.session?.qr?.code).toBe('BBBBBB');
  });

  it('[DESK13] creating, renewing and ending show without waiting for the event', async () => {
    const { client, store } = await opened({ sessions: [] });
    client.answers.set('sessions.create', input => ({ session: session('n', { idPersona: String(input.idPersona) }) }));
    client.answers.set('sessions.renew', () => ({ session: session('n', { status: 'qr_ready' }) }));
    client.answers.set('sessions.end', () => ({ session: session('n', { status: 'disconnected' }) }));
    await store.createSession('NUEVO');
    expect(store.liveSessionOf('NUEVO')?.id).toBe('n');
    await store.renewSession('n');
    expect(store.getSnapshot().sessions[0]?.status).toBe('qr_ready');
    await store.endSession('n');
    expect(store.getSnapshot().sessions[0]?.status).toBe('disconnected');
  });
});

describe('the visitor’s screen', () => {
  it('[DISP400] is not taken from another desk’s visitor by a window that opens or comes back, and is set again after a restart', async () => {
    const { client, store } = await opened();
    const shown: unknown[] = [];
    let onScreen: Session | null = session('bea');
    client.answers.set('display.get', () => ({ session: onScreen, photos: [] }));
    client.answers.set('display.show', input => {
      shown.push(input.session_id);
      return input;
    });
    const asked = () => client.asked.filter(({ name }) => name === 'display.get').length;
    store.showVisitor(null);
    store.showVisitor('ana');
    await vi.waitFor(() => expect(shown).toEqual(['ana']));
    // Back after a break, with another desk's visitor there by now.
    store.showVisitor('ana');
    await vi.waitFor(() => expect(asked()).toBe(1));
    onScreen = null;
    store.showVisitor('ana');
    await vi.waitFor(() => expect(shown).toEqual(['ana', 'ana']));
    store.showVisitor(null);
    await vi.waitFor(() => expect(shown).toEqual(['ana', 'ana', null]));
  });
});

describe('uploads', () => {
  const upload = { photo_id: photo().id, session_id: 'ana', idPersona: 'ANA', received: 10, total: 100 };

  it('[DESK8] a photo on its way has a place that goes when it is done, failed or here', async () => {
    const { client, store } = await opened();
    const count = () => personOf(store, 'p:ANA')?.uploads.length;
    client.emit('upload_progress', { ...upload, state: 'receiving' });
    client.emit('upload_progress', { ...upload, received: 60, state: 'receiving' });
    expect(personOf(store, 'p:ANA')?.uploads).toMatchObject([{ received: 60 }]);
    client.emit('upload_progress', { ...upload, state: 'failed' });
    expect(count()).toBe(0);
    client.emit('upload_progress', { ...upload, state: 'receiving' });
    client.emit('photo_received', { photo: photo({ id: upload.photo_id }) });
    client.emit('upload_progress', { ...upload, received: 100, state: 'receiving' });
    expect(count()).toBe(0);
  });

  it('[DESK8] a lost connection leaves no place that stands still for ever', async () => {
    const { client, store } = await opened();
    client.emit('upload_progress', { ...upload, state: 'receiving' });
    client.become('waiting');
    expect(personOf(store, 'p:ANA')?.uploads).toEqual([]);
  });
});

describe('review', () => {
  it('[DESK9] a verdict shows at once and stays when the server takes it', async () => {
    const one = photo();
    const { client, store } = await opened({ photos: [one] });
    let give: (value: unknown) => void = () => {};
    client.answers.set('photos.review', () => new Promise(resolve => (give = resolve)));
    const done = store.review(one.id, 'rejected', 'Borrosa');
    expect(personOf(store, 'p:ANA')?.photos).toMatchObject([{ status: 'rejected', reason: 'Borrosa' }]);
    give({ photo: { ...one, status: 'rejected', reason: 'Borrosa' } });
    await done;
    expect(personOf(store, 'p:ANA')?.photos).toMatchObject([{ status: 'rejected', reason: 'Borrosa' }]);
  });

  it('[DESK9] a verdict that the server refuses is taken back, and the caller is told', async () => {
    const one = photo();
    const { client, store } = await opened({ photos: [one] });
    client.answers.set('photos.review', failure('conflict'));
    await expect(store.review(one.id, 'accepted')).rejects.toMatchObject({ code: 'conflict' });
    expect(personOf(store, 'p:ANA')?.photos).toEqual([one]);
  });

  it('[DESK9] a photo deleted while its verdict is on the way does not come back', async () => {
    const one = photo();
    const { client, store } = await opened({ photos: [one] });
    client.answers.set('photos.review', () => {
      client.emit('photo_deleted', { photo_id: one.id, session_id: 'ana' });
      return { photo: { ...one, status: 'accepted' } };
    });
    await store.review(one.id, 'accepted');
    expect(personOf(store, 'p:ANA')?.photos).toEqual([]);
  });

  it('[DESK10] a moved photo changes tabs, a deleted one goes', async () => {
    const [one, two] = [photo(), photo()];
    const { client, store } = await opened({ photos: [one, two] });
    client.answers.set('photos.move', () => ({ photo: { ...one, idPersona: 'BEA' } }));
    client.answers.set('photos.delete', () => ({ photo_id: two.id }));
    await store.movePhoto(one.id, 'BEA');
    await store.deletePhoto(two.id);
    expect(personOf(store, 'p:BEA')?.photos).toHaveLength(1);
    expect(personOf(store, 'p:ANA')?.photos).toEqual([]);
  });
});

describe('snapshots and the log', () => {
  it('[DESK11] a snapshot never changes, and an untouched photo stays the same object', async () => {
    const one = photo();
    const { client, store } = await opened({ photos: [one] });
    const before = store.getSnapshot();
    const people = structuredClone(before.people);
    client.emit('photo_received', { photo: photo() });
    expect(before.people).toEqual(people);
    expect(store.getSnapshot()).not.toBe(before);
    expect(personOf(store, 'p:ANA')?.photos[1]).toBe(before.people[0]?.photos[0]);
  });

  it('[DESK12] keeps the newest 5,000 lines, each once, oldest first', async () => {
    const { client, store } = await opened({ activity: [line(2), line(3)] });
    client.emit('activity', { activity: line(3) });
    client.emit('activity', { activity: line(1) });
    expect(store.getSnapshot().activity.lines.map(one => one.id)).toEqual(['1', '2', '3']);
    for (let id = 4; id <= limits.lines + 10; id += 1) client.emit('activity', { activity: line(id) });
    const { lines } = store.getSnapshot().activity;
    expect([lines.length, lines[0]?.id, lines.at(-1)?.id]).toEqual([limits.lines, '11', String(limits.lines + 10)]);
  });

  it('[DESK12] a long break leaves no hole in the log', async () => {
    const all = [line(1)];
    const { client, store } = await opened({ activity: all });
    client.answers.set('activity.list', ({ after = '0', limit }) => ({
      activity: all.filter(one => Number(one.id) > Number(after)).slice(0, Number(limit)),
    }));
    client.become('waiting');
    for (let id = 2; id <= 2 * limits.log + 50; id += 1) all.push(line(id));
    client.become('connected');
    await until(store, () => store.getSnapshot().activity.lines.length === all.length);
    expect(store.getSnapshot().activity.lines.map(one => one.id)).toEqual(all.map(one => one.id));
  });

  /** A store whose server has lines 1 to `count`, answered as the server does. */
  async function withLog(count: number) {
    const all = Array.from({ length: count }, (_, i) => line(i + 1));
    const { client, store } = await opened({ activity: all.slice(-limits.log) });
    client.answers.set('activity.list', ({ before, limit }) => ({
      activity: all.filter(one => Number(one.id) < Number(before)).slice(-Number(limit)),
    }));
    const log = () => store.getSnapshot().activity;
    const ids = () => [...log().older.lines, ...log().lines].map(one => Number(one.id));
    return { client, store, log, ids };
  }
  const every = () => true;
  const count = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

  it('[DESK82] reads the log back page by page to its beginning, each line once, while new ones come', async () => {
    const { client, store, log, ids } = await withLog(3 * limits.log);
    expect(log().older).toMatchObject({ lines: [], more: true });
    await store.readOlderLines([], every);
    expect(ids()).toEqual(count(limits.log + 1, 3 * limits.log));
    client.emit('activity', { activity: line(3 * limits.log + 1) });
    await Promise.all([store.readOlderLines([], every), store.readOlderLines([], every)]);
    expect(ids()).toEqual(count(1, 3 * limits.log + 1));
    await store.readOlderLines([], every);
    expect(log().older.more).toBe(false);
    store.showLatestLines();
    expect(log().older).toMatchObject({ lines: [], more: true });
  });

  it('[DESK82] what is read back is bounded: the newest of it go, and one comes back to the latest', async () => {
    const { client, store, log, ids } = await withLog(2 * limits.lines);
    for (let turn = 0; turn < limits.lines / limits.log + 1; turn += 1) await store.readOlderLines([], every);
    const { older } = log();
    expect([older.apart, older.lines.length]).toEqual([true, limits.lines]);
    expect(Number(older.lines.at(-1)?.id)).toBe(Number(older.lines[0]?.id) + limits.lines - 1);
    store.showLatestLines();
    expect(ids()).toEqual(count(2 * limits.lines - limits.log + 1, 2 * limits.lines));
    // What the newest have no room for joins what is read back, so that there is no hole.
    await store.readOlderLines([], every);
    for (const id of count(2 * limits.lines + 1, 3 * limits.lines)) client.emit('activity', { activity: line(id) });
    expect(ids()).toEqual(count(2 * limits.lines - 2 * limits.log + 1, 3 * limits.lines));
  });

  it('[DESK82] looks on for lines that are wanted, so far at one time; an answer that nobody waits for is dropped', async () => {
    const { client, store, log } = await withLog(limits.searched + 2 * limits.log);
    const first = ({ id }: Activity) => id === '1';
    await store.readOlderLines(['photo_received'], first);
    expect(log().older).toMatchObject({ lines: [], more: true });
    const asked = client.asked.filter(({ name }) => name === 'activity.list');
    expect(asked).toHaveLength(1 + limits.searched / limits.log);
    expect(asked.at(-1)?.input).toMatchObject({ kinds: ['photo_received'] });
    await store.readOlderLines(['photo_received'], first);
    expect(log().older.lines.map(({ id }) => id)).toEqual(['1']);

    store.showLatestLines();
    const dropped = store.readOlderLines([], every);
    store.showLatestLines();
    await dropped;
    expect(log().older).toMatchObject({ lines: [], load: { status: 'ready' } });
    client.answers.set('activity.list', failure('unavailable'));
    await store.readOlderLines([], every);
    expect(log().older).toMatchObject({ lines: [], more: true, load: { status: 'failed' } });
  });

  it('[DESK12] a log that cannot be had is shown as failed while the rest works', async () => {
    const client = new ScriptedClient();
    client.answers.set('sessions.list', () => ({ sessions: [] }));
    client.answers.set('photos.list', () => ({ photos: [], next: null }));
    client.answers.set('rooms.join', failure('forbidden'));
    const store = new DeskStore(client);
    store.start();
    client.become('connected');
    await until(
      store,
      () => store.getSnapshot().activity.load.status === 'failed' && store.getSnapshot().load.status === 'ready',
    );
    expect(store.getSnapshot().load.status).toBe('ready');
  });

  it('[DESK2] an event between the answers of a fetch is not undone by the older one', async () => {
    const { client, store } = await opened();
    let answer = (_: unknown) => {};
    client.answers.set(
      'photos.list',
      () =>
        new Promise(resolve => {
          answer = resolve;
        }),
    );
    const reloaded = store.reload();
    await new Promise(resolve => setImmediate(resolve));
    client.emit('session_updated', { session: session('ana', { status: 'disconnected' }) });
    answer({ photos: [], next: null });
    await reloaded;
    expect(store.getSnapshot().sessions[0]?.status).toBe('disconnected');
  });

  it('[DESK545] those who are nearly so called are found, and a server that is away or slow holds nobody up', async () => {
    const { client, store } = await opened();
    const found = ['12Z', '12z', '112Z'].map(idPersona => ({ idPersona }));
    client.answers.set('people.list', () => ({ people: found }));
    expect((await store.likeNamed('12z')).map(one => one.idPersona)).toEqual(['12Z', '12z']);
    client.answers.set('people.list', failure('unavailable'));
    expect(await store.likeNamed('12z')).toEqual([]);
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    client.answers.set('people.list', () => new Promise(() => {}));
    const late = store.likeNamed('12z');
    vi.runAllTimers();
    vi.useRealTimers();
    expect(await late).toEqual([]);
  });
});
