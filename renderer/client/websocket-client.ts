/**
 * The native protocol from the client's side: signs in with the first message, reconnects by itself, asks, listens, and
 * catches up with what it missed. (CONTRACT 4.)
 */
import type * as z from 'zod/mini';
import { read, readServerFrame } from '../../protocol/codec.ts';
import { closeCode, type ServerFrame } from '../../protocol/envelope.ts';
import type { Failure, Result } from '../../protocol/errors.ts';
import type { EventData } from '../../protocol/events.ts';
import { visitEvents } from '../../protocol/visit-events.ts';
import { visitRequests } from '../../protocol/visit-requests.ts';
import { waitBefore } from './backoff.ts';
import { EventOrder } from './event-order.ts';
import { Heartbeat } from './heartbeat.ts';
import { callSafely, Listeners } from './listeners.ts';
import { PendingRequests } from './pending-requests.ts';
import { RequestError } from './request-error.ts';
import { type Socket, socketUrl, type WebSocketConstructor } from './socket.ts';
import type { ClientOptions, ConnectionState, EventMeta, MostradorClient, Timing } from './types.ts';

const defaultTiming: Timing = {
  backoffFirst: 500,
  backoffMost: 15_000,
  stableAfter: 5_000,
  handshake: 10_000,
  pingEvery: 60_000,
  silence: 25_000,
  silenceWhenShown: 4_000,
  requestConnection: 15_000,
  requestAnswer: 30_000,
};

const closed: Failure = { code: 'unavailable', message: 'La conexión está cerrada.' };

interface TakenEvent {
  id: string;
  seq: number;
  type: string;
  data: unknown;
}

/**
 * Data that has been read by the schema of its name. Callers see its type in MostradorClient; the compiler cannot follow
 * the tie between a name and its schema across a Map, which is why it is named here and nowhere else.
 */
// biome-ignore lint/suspicious/noExplicitAny: see above
type Checked = any;

type Schemas = ReadonlyMap<string, z.ZodMiniType>;

/**
 * Clients whose answers and events are read by those tables: the whole ones, or all that a page asks and hears. Others are given as
 * they came. `token` goes out as the first message, never in an address. Call `connect()` to begin.
 */
export function clientsFor(
  requests: Record<string, Record<string, { reply: z.ZodMiniType }>>,
  events: Record<string, z.ZodMiniType>,
) {
  const schemas: Schemas = new Map(Object.entries(events));
  const replies: Schemas = new Map(
    Object.entries(requests).flatMap(([resource, actions]) =>
      Object.entries(actions).map(([action, { reply }]): [string, z.ZodMiniType] => [`${resource}.${action}`, reply]),
    ),
  );
  return (token: string, options: ClientOptions = {}): MostradorClient => new Client(replies, schemas, token, options);
}

class Client implements MostradorClient {
  onConnect: ((data: EventData<'connected'>) => void) | null = null;
  onDisconnect: ((data: { code: number; reason: string }) => void) | null = null;
  onError: ((error: Failure) => void) | null = null;

  readonly #replies: Schemas;
  readonly #events: Schemas;
  readonly #token: string;
  readonly #url: string;
  readonly #WebSocket: WebSocketConstructor;
  readonly #resume: boolean;
  readonly #timing: Timing;
  readonly #requests: PendingRequests;
  readonly #heartbeat: Heartbeat;
  readonly #order = new EventOrder<TakenEvent>(event => this.#emit(event.type, event.data, event));
  readonly #listeners = new Map<string, Listeners<[unknown, EventMeta]>>();
  readonly #stateListeners = new Listeners<[ConnectionState]>();
  readonly #resyncListeners = new Listeners<[]>();

  #state: ConnectionState = 'idle';
  #socket: Socket | null = null;
  /** What requests are told while it is closed. */
  #why = closed;
  /** The server says why it does not take the token just before it closes. */
  #refusal: Failure | null = null;
  #attempt = 0;
  /** Somebody looks while an attempt is under way: if that fails, the next one is made at once. */
  #isAwaited = false;
  #connectedAt = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #handshake: ReturnType<typeof setTimeout> | undefined;

  constructor(replies: Schemas, events: Schemas, token: string, options: ClientOptions) {
    const timing = { ...defaultTiming, ...options.timing };
    const available = options.WebSocket ?? globalThis.WebSocket;
    if (!available)
      throw new TypeError('There is no WebSocket here: pass that of the package ws in the option WebSocket.');
    this.#replies = replies;
    this.#events = events;
    this.#token = token;
    this.#url = socketUrl(options.url);
    this.#WebSocket = available;
    this.#resume = options.resume ?? true;
    this.#timing = timing;
    this.#requests = new PendingRequests({ connection: timing.requestConnection, answer: timing.requestAnswer });
    this.#heartbeat = new Heartbeat(
      { every: timing.pingEvery, silence: timing.silence },
      () => this.#transmit('{"type":"ping"}'),
      () => this.#drop(1006, 'silence'),
    );
  }

  get state(): ConnectionState {
    return this.#state;
  }

  connect(): void {
    if (this.#state === 'idle' || this.#state === 'closed') this.#open();
  }

  close(): void {
    this.#attempt = 0;
    clearTimeout(this.#retry);
    const wasConnected = this.#state === 'connected';
    this.#letGo()?.close(1000, 'bye');
    this.#why = closed;
    this.#requests.dropAll(closed);
    this.#enter('closed');
    if (wasConnected) callSafely(this.onDisconnect, { code: 1000, reason: 'bye' });
  }

  reconnectNow(): void {
    this.#attempt = 0;
    if (this.#state === 'connected') this.#heartbeat.probe(this.#timing.silenceWhenShown);
    else if (this.#state === 'waiting') this.#open();
    else if (this.#state === 'connecting') this.#await();
  }

  onState(listener: (state: ConnectionState) => void): () => void {
    return this.#stateListeners.add(listener);
  }

  onResync(listener: () => void): () => void {
    return this.#resyncListeners.add(listener);
  }

  on(event: string, listener: (data: Checked, meta: EventMeta) => void): () => void {
    let listeners = this.#listeners.get(event);
    if (!listeners) {
      listeners = new Listeners();
      this.#listeners.set(event, listeners);
    }
    return listeners.add(listener);
  }

  send(
    resource: string,
    action: string,
    payload: object = {},
    callback?: (data: Checked, error: Failure | null) => void,
  ): Promise<Checked> {
    const asked = this.#ask(resource, action, payload);
    if (callback) {
      void asked.then(answer => {
        if (answer.ok) callSafely(callback, answer.value, null);
        else callSafely(callback, null, answer.error);
      });
    }
    const promise = asked.then(answer => {
      if (!answer.ok) throw new RequestError(answer.error);
      return answer.value;
    });
    // With a callback nobody needs to look at the promise: its rejection is already told.
    if (callback) promise.catch(() => {});
    return promise;
  }

  async #ask(resource: string, action: string, payload: object): Promise<Result<unknown>> {
    if (this.#state === 'closed') return { ok: false, error: this.#why };
    const transmit = this.#state === 'connected' ? (frame: string) => this.#transmit(frame) : null;
    const answer = await this.#requests.add(resource, { ...payload, action }, transmit);
    const schema = this.#replies.get(`${resource}.${action}`);
    return answer.ok && schema ? read(schema, answer.value) : answer;
  }

  #open(): void {
    clearTimeout(this.#retry);
    this.#isAwaited = false;
    const socket = new this.#WebSocket(this.#url);
    this.#socket = socket;
    this.#refusal = null;
    this.#enter('connecting');
    this.#limitHandshake(this.#timing.handshake);
    socket.onopen = () => socket.send(JSON.stringify({ type: 'auth', token: this.#token }));
    socket.onmessage = (event: { data: unknown }) => this.#hear(event.data);
    // The browser says nothing useful here, and a close always follows.
    socket.onerror = () => {};
    socket.onclose = (event: { code: number; reason: string }) => this.#lost(event.code, event.reason);
  }

  /** The attempt may be of another network, or of before the phone was locked, and then nothing ever answers it. */
  #await(): void {
    if (this.#isAwaited) return;
    this.#isAwaited = true;
    this.#limitHandshake(this.#timing.silenceWhenShown);
  }

  #limitHandshake(milliseconds: number): void {
    clearTimeout(this.#handshake);
    this.#handshake = setTimeout(() => this.#drop(1006, 'handshake'), milliseconds);
  }

  #hear(data: unknown): void {
    this.#heartbeat.heard();
    if (typeof data !== 'string') {
      callSafely(this.onError, { code: 'invalid_message', message: 'El mensaje no es texto.' });
      return;
    }
    const frame = readServerFrame(data);
    if (frame.ok) this.#handle(frame.value);
    else callSafely(this.onError, frame.error);
  }

  #handle(frame: ServerFrame): void {
    switch (frame.type) {
      case 'response':
        this.#requests.answered(frame.id, frame.payload);
        return;
      case 'error': {
        const told = frame.id !== null && this.#requests.failed(frame.id, frame.payload);
        if (told) return;
        if (frame.payload.code === 'unauthorized') this.#refusal = frame.payload;
        callSafely(this.onError, frame.payload);
        return;
      }
      case 'event':
        this.#heardEvent(frame);
        return;
      case 'ping':
        this.#transmit('{"type":"pong"}');
        return;
      case 'pong':
        return;
      default:
        frame satisfies never;
    }
  }

  #heardEvent(frame: Extract<ServerFrame, { type: 'event' }>): void {
    const { type, data } = frame.payload;
    if (type === 'connected') {
      const hello = read(visitEvents.connected, data);
      if (hello.ok) this.#begin(hello.value, { id: frame.id, seq: null, type });
      else callSafely(this.onError, hello.error);
    } else if (frame.seq === undefined) {
      this.#emit(type, data, { id: frame.id, seq: null, type });
    } else if (this.#resume) {
      this.#order.take({ id: frame.id, seq: frame.seq, type, data });
    } else {
      this.#emit(type, data, { id: frame.id, seq: frame.seq, type });
    }
  }

  #begin(hello: EventData<'connected'>, meta: EventMeta): void {
    clearTimeout(this.#handshake);
    this.#isAwaited = false;
    this.#connectedAt = Date.now();
    this.#heartbeat.start();
    const socket = this.#socket;
    // Each of the program's own functions may close it: nothing is told of a connection that is over.
    const isOver = () => this.#socket !== socket;
    this.#enter('connected');
    if (isOver()) return;
    const start = this.#resume ? this.#order.begin(hello.head) : 'fresh';
    if (typeof start === 'object') void this.#catchUp(start.after);
    this.#requests.flush(frame => this.#transmit(frame));
    callSafely(this.onConnect, hello);
    if (isOver()) return;
    this.#emit('connected', hello, meta);
    if (start === 'reset' && !isOver()) this.#resyncListeners.emit();
  }

  async #catchUp(after: number): Promise<void> {
    const socket = this.#socket;
    const answer = await this.#ask('events', 'resume', { after });
    // A connection that broke meanwhile resumes again, from the same place.
    if (this.#socket !== socket) return;
    this.#order.resumed();
    const reply = answer.ok ? read(visitRequests.events.resume.reply, answer.value) : answer;
    if (!reply.ok || !reply.value.complete) this.#resyncListeners.emit();
  }

  #emit(type: string, raw: unknown, meta: EventMeta): void {
    const schema = this.#events.get(type);
    const data = schema ? read(schema, raw) : { ok: true as const, value: raw };
    if (!data.ok) {
      callSafely(this.onError, data.error);
      return;
    }
    this.#listeners.get(type)?.emit(data.value, meta);
    this.#listeners.get('*')?.emit(data.value, meta);
  }

  #transmit(frame: string): void {
    try {
      this.#socket?.send(frame);
    } catch {
      // A socket that is closing: its close event tells the rest.
    }
  }

  /** Gives up a socket that no longer answers; its own close event may take minutes. */
  #drop(code: number, reason: string): void {
    const socket = this.#letGo();
    if (socket?.terminate) socket.terminate();
    else socket?.close();
    this.#lost(code, reason);
  }

  #letGo(): Socket | null {
    const socket = this.#socket;
    this.#socket = null;
    clearTimeout(this.#handshake);
    this.#heartbeat.stop();
    this.#order.interrupt();
    if (socket) {
      socket.onopen = null;
      socket.onmessage = null;
      socket.onclose = null;
    }
    return socket;
  }

  #lost(code: number, reason: string): void {
    this.#letGo();
    const wasConnected = this.#state === 'connected';
    if (wasConnected && Date.now() - this.#connectedAt >= this.#timing.stableAfter) this.#attempt = 0;
    if (code === closeCode.unauthorized) {
      this.#why = this.#refusal ?? { code: 'unauthorized', message: 'El mostrador no acepta el token.' };
      // What was sent may have been done; what was not is told why it never will be.
      this.#requests.dropSent();
      this.#requests.dropAll(this.#why);
      this.#enter('closed');
    } else {
      if (code === closeCode.tooLarge) this.#requests.dropLargest();
      this.#requests.dropSent();
      const { backoffFirst: first, backoffMost: most } = this.#timing;
      this.#retry = setTimeout(() => this.#open(), waitBefore(this.#attempt, { first, most }, Math.random()));
      this.#attempt += 1;
      this.#enter('waiting');
    }
    if (wasConnected || code === closeCode.unauthorized) callSafely(this.onDisconnect, { code, reason });
    else callSafely(this.onError, { code: 'unavailable', message: 'No se pudo conectar con el mostrador.' });
    if (this.#isAwaited && this.#state === 'waiting') this.#open();
  }

  #enter(state: ConnectionState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#stateListeners.emit(state);
  }
}
