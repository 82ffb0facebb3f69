/** The client's surface, as programs see it. */
import type { Failure } from '../../protocol/errors.ts';
import type { EventData, EventName } from '../../protocol/events.ts';
import type { Action, Input, Reply, Resource } from '../../protocol/requests.ts';
import type { WebSocketConstructor } from './socket.ts';

/** `waiting` is between two attempts; `closed` is for good (`close()`, or a token that is refused) until `connect()`. */
export type ConnectionState = 'idle' | 'connecting' | 'connected' | 'waiting' | 'closed';

/** Milliseconds; the defaults suit a phone on a Wi-Fi. */
export interface Timing {
  /** The first wait before reconnecting, and the longest one. */
  backoffFirst: number;
  backoffMost: number;
  /** How long a connection must have lasted for the waits to start over. */
  stableAfter: number;
  /** From opening a socket to the server's `connected`. */
  handshake: number;
  pingEvery: number;
  silence: number;
  /** The same after `reconnectNow`, when a person is looking. */
  silenceWhenShown: number;
  /** How long a request waits for a connection, and then for its answer. */
  requestConnection: number;
  requestAnswer: number;
}

export interface ClientOptions {
  /** http(s) or ws(s), with or without /ws; default: the page's origin. */
  url?: string;
  /** Node 20 has none: pass that of `ws`. */
  WebSocket?: WebSocketConstructor;
  /** Catch up with missed events after a reconnection. Default: true. */
  resume?: boolean;
  timing?: Partial<Timing>;
}

/** `seq` is `null` for the passing events, which are not kept. */
export interface EventMeta {
  id: string;
  seq: number | null;
  type: string;
}

export interface MostradorClient {
  connect(): void;
  /** For good; requests that wait fail with `unavailable`. */
  close(): void;
  /** The page is shown again, or the network is back: do not wait for the next attempt, and check a connection that looks fine, or an attempt under way. */
  reconnectNow(): void;
  readonly state: ConnectionState;
  onState(listener: (state: ConnectionState) => void): () => void;
  onConnect: ((data: EventData<'connected'>) => void) | null;
  onDisconnect: ((data: { code: number; reason: string }) => void) | null;
  /** What belongs to no request: a refused token, a failed attempt, a frame that cannot be read. */
  onError: ((error: Failure) => void) | null;
  /**
   * Waits up to 15 s for a connection and 30 s for the answer. Rejects with a RequestError; with a callback the failure goes to
   * it, and the promise may be ignored.
   */
  send<R extends Resource, A extends Action<R>>(
    resource: R,
    action: A,
    payload: Input<R, A>,
    callback?: (data: Reply<R, A> | null, error: Failure | null) => void,
  ): Promise<Reply<R, A>>;
  send(
    resource: string,
    action: string,
    payload?: Record<string, unknown>,
    callback?: (data: Record<string, unknown> | null, error: Failure | null) => void,
  ): Promise<Record<string, unknown>>;
  /** Answers how to stop listening. `'*'` hears every event. */
  on<E extends EventName>(event: E, listener: (data: EventData<E>, meta: EventMeta) => void): () => void;
  on(event: string, listener: (data: unknown, meta: EventMeta) => void): () => void;
  /** Events were missed for good: fetch anew whatever is shown. */
  onResync(listener: () => void): () => void;
}
