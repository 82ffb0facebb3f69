/**
 * S2's client, as programs of that older server call it: `createClient('usuario_1', 'cliente', token)`, over Socket.IO, in a
 * browser or in Node ≥ 20. (seeds/s2-rooms-dashboard.md, CONTRACT 4.)
 */
import { Fetch, io, WebSocket } from 'socket.io-client';
import * as z from 'zod/mini';
import { read } from '../../protocol/codec.ts';
import type { Result } from '../../protocol/errors.ts';
import { type EventData, events } from '../../protocol/events.ts';
import { waitBefore } from './backoff.ts';
import { callSafely, Listeners } from './listeners.ts';

export type S2Role = 'cliente' | 'proveedor' | 'admin' | 'operator';

/** Whom it names hears it: people, a service, a location. Everything else in it is passed on as it is. */
export interface S2Data {
  clienteId?: string | number;
  proveedorId?: string | number;
  usuarioId?: string | number;
  servicioId?: string | number;
  locationId?: string | number;
  ubicacionId?: string | number;
  [field: string]: unknown;
}

export interface S2Events {
  auth_success: { userId: string; role: string; rooms: string[] };
  auth_error: { code: string; message: string };
  /** One of the four below, or what others published: `from` is its sender, `timestamp` the server's clock. */
  event: EventData<'published'>;
  room_joined: { room: string };
  room_left: { room: string };
  error: { code: string; message: string };
}

const refusal = z.object({ code: z.string(), message: z.string() });
const room = z.object({ room: z.string() });
const heard: { [E in keyof S2Events]: (data: unknown) => Result<S2Events[E]> } = {
  auth_success: data => read(z.object({ userId: z.string(), role: z.string(), rooms: z.array(z.string()) }), data),
  auth_error: data => read(refusal, data),
  event: data => read(events.published, data),
  room_joined: data => read(room, data),
  room_left: data => read(room, data),
  error: data => read(refusal, data),
};

export interface S2Options {
  /** http(s)://host:port; default: the page's origin. */
  url?: string;
}

export interface S2Client {
  /**
   * Only to come back after `close()` or a refused sign-in: a client connects by itself right after it was made, signs in, and
   * again after each reconnection, with the rooms that were joined.
   */
  connect(): void;
  /** For good, until `connect()`; right after it was made, before it has connected at all. What was not sent yet is dropped, and the rooms are forgotten. */
  close(): void;
  /** These four wait until the client is signed in, and are sent once. */
  createReservation(data: S2Data): void;
  acceptReservation(data: S2Data): void;
  createPayment(data: S2Data): void;
  createComment(data: S2Data): void;
  joinRoom(room: string): void;
  leaveRoom(room: string): void;
  /** Answers how to stop listening. */
  on<E extends keyof S2Events>(event: E, listener: (data: S2Events[E]) => void): () => void;
  /** Signed in, with the rooms of the role. */
  onConnect: ((data: S2Events['auth_success']) => void) | null;
  onDisconnect: ((data: { reason: string }) => void) | null;
  /** A refused sign-in (the client is then closed), a refused message, a server or a Django that is away (it goes on trying). */
  onError: ((error: { code: string; message: string }) => void) | null;
}

/** Of a sign-in that nobody has refused: Django is away, or the server is at its limit. The same token may succeed later. */
const passing = ['unavailable', 'rate_limited', 'internal'];
/** Milliseconds between two attempts to sign in on a connection that stands. */
const backoff = { first: 1_000, most: 15_000 };

/**
 * Connects in a microtask: handlers that are set right after the call hear everything.
 * @param token of Django, or of `npm run mostrador -- token` where the server knows no Django.
 */
export function createClient(userId: string, role: S2Role, token: string, { url }: S2Options = {}): S2Client {
  const transports = typeof globalThis.WebSocket === 'undefined' ? [Fetch] : [WebSocket, Fetch];
  const options = { autoConnect: false, forceNew: true, transports, tryAllTransports: true };
  const socket = url === undefined ? io(options) : io(url, options);
  const listeners = new Map<string, Listeners<[unknown]>>();
  const rooms = new Set<string>();
  let waiting: (() => void)[] = [];
  let isSignedIn = false;
  let isClosed = false;
  let attempt = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;

  const client: S2Client = {
    connect,
    close() {
      isClosed = true;
      waiting = [];
      rooms.clear();
      clearTimeout(retry);
      socket.disconnect();
    },
    createReservation: data => say('reservation_created', data),
    acceptReservation: data => say('reservation_accepted', data),
    createPayment: data => say('payment_created', data),
    createComment: data => say('comment_created', data),
    joinRoom(name) {
      rooms.add(name);
      // Signing in joins all of `rooms`.
      if (isSignedIn) socket.emit('join_room', name);
      else connect();
    },
    leaveRoom(name) {
      rooms.delete(name);
      say('leave_room', name);
    },
    on(event, listener) {
      const of = listeners.get(event) ?? new Listeners<[unknown]>();
      listeners.set(event, of);
      return of.add(data => {
        const found = heard[event](data);
        if (found.ok) listener(found.value);
      });
    },
    onConnect: null,
    onDisconnect: null,
    onError: null,
  };

  /** A second request for the namespace while the first is on its way would end the connection. */
  function connect(): void {
    if (!socket.active) socket.connect();
  }

  function say(event: string, data: unknown): void {
    if (isSignedIn) return void socket.emit(event, data);
    waiting.push(() => socket.emit(event, data));
    connect();
  }

  function signIn(): void {
    clearTimeout(retry);
    if (socket.connected) socket.emit('authenticate', { token, userId, role });
    else connect();
  }

  function signInLater(): void {
    clearTimeout(retry);
    retry = setTimeout(signIn, waitBefore(attempt, backoff, Math.random()));
    attempt += 1;
  }

  function hear<E extends keyof S2Events>(event: E, then?: (data: S2Events[E]) => void): void {
    socket.on(event as string, (data: unknown) => {
      const found = heard[event](data);
      if (!found.ok) return callSafely(client.onError, found.error);
      then?.(found.value);
      listeners.get(event)?.emit(data);
    });
  }

  hear('auth_success', data => {
    isSignedIn = true;
    attempt = 0;
    for (const name of rooms) socket.emit('join_room', name);
    for (const send of waiting.splice(0)) send();
    callSafely(client.onConnect, data);
  });
  hear('auth_error', error => {
    if (passing.includes(error.code)) signInLater();
    // Asking again with the same token would get the same answer.
    else client.close();
    callSafely(client.onError, error);
  });
  hear('error', error => {
    // Until it is signed in it has asked for nothing else.
    if (!isSignedIn) signInLater();
    callSafely(client.onError, error);
  });
  hear('event');
  hear('room_joined');
  hear('room_left');

  socket.on('connect', signIn);
  socket.on('disconnect', reason => {
    const wasSignedIn = isSignedIn;
    isSignedIn = false;
    clearTimeout(retry);
    if (wasSignedIn) callSafely(client.onDisconnect, { reason });
  });
  socket.on('connect_error', ({ message }) => {
    // A connection that the server turned away is not tried again by socket.io itself.
    if (!socket.active) signInLater();
    callSafely(client.onError, { code: 'unavailable', message });
  });
  queueMicrotask(() => {
    if (!isClosed) connect();
  });
  return client;
}
