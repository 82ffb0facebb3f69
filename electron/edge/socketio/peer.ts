/** One client over Socket.IO: what it says goes to its dialects one event after another, what it hears goes out bounded. */
import type { Socket } from 'socket.io';
import type { ClientProtocol } from '../../../protocol/dashboard.ts';
import { fail, internal, ok, type Result } from '../../../protocol/errors.ts';
import type { Context } from '../../core/action.ts';
import { type Dispatch, replyOf } from '../../core/dispatch.ts';
import type { StoredEvent } from '../../core/outcome.ts';
import type { Log } from '../../core/ports.ts';
import { type Present, viewOf } from '../../core/present.ts';
import { roomsOf, tokenRoomsOf } from '../../core/rooms/rooms.ts';
import { createAllowance } from '../allowance.ts';
import type { Connection, Connections, Encode } from '../connections.ts';
import {
  type Caller,
  type Ears,
  errorOf,
  type Handshake,
  type Peer,
  type Seat,
  type SocketDialect,
  type Word,
} from './dialect.ts';
import { packet, Refusal, tooMany } from './frames.ts';

export interface PeerParts {
  dispatch: Dispatch;
  connections: Connections;
  present: Present;
  log: Log;
  /** The newest `seq` there is. */
  head(): number;
  /** A user is about to be let in; kept once this is done. Never rejects, and takes a bounded time. */
  onUser(userId: string, role: Caller['role']): Promise<void>;
}

/** Bytes that may wait for a reader before it is cut off. */
const maxBacklog = 4 * 1024 * 1024;
/** Bytes of which nobody needs to wait for the end. */
const littleBacklog = 64 * 1024;
/** One that has not said who it is for so long, in milliseconds, may be let go. */
const idleAfter = 5 * 60_000;

export interface OpenPeer {
  isIdle(): boolean;
  close(): void;
}

/** Events a second, and at once. */
const perSecond = 100;
const burst = 200;
/** Events that may wait for the one before them, which may wait for Django. */
const maxWaiting = 250;
/** After so many that were too many the peer is let go. */
const maxRefused = 2_000;

/** One encoder a word, so that an event is written once for all peers that share it. */
const encoders = new WeakMap<Word, Encode>();
function encoderOf(word: Word, present: Present): Encode {
  const known = encoders.get(word);
  if (known) return known;
  const encode: Encode = (event: StoredEvent, view) => {
    const { id, seq, type, rooms } = event;
    const said = word({ id, seq, type, rooms, data: present(event, view) });
    return said && packet(said.event, said.data);
  };
  encoders.set(word, encode);
  return encode;
}

export function openPeer(
  socket: Socket,
  handshake: Handshake,
  dialects: readonly SocketDialect[],
  parts: PeerParts & { identified(): void },
): OpenPeer {
  const { connections, dispatch, log } = parts;
  const { conn } = socket;
  const seats = new Set<Seat>();
  const head = parts.head();
  let backlog = 0;
  let isOpen = true;
  const whenDrained = new Set<() => void>();

  function send(frame: string): void {
    if (!isOpen) return;
    if (backlog > maxBacklog) {
      log.warn({ sid: socket.id, backlog }, 'a reader was too slow and is cut off');
      return end(true);
    }
    const size = Buffer.byteLength(frame);
    backlog += size;
    conn.write(frame, undefined, () => {
      backlog -= size;
      if (backlog < littleBacklog) wake();
    });
  }

  function wake(): void {
    for (const resolve of whenDrained) resolve();
    whenDrained.clear();
  }

  async function drained(): Promise<boolean> {
    if (isOpen && backlog >= littleBacklog) await new Promise<void>(resolve => whenDrained.add(resolve));
    return isOpen;
  }

  /** @param now without waiting for what is on its way. */
  function end(now: boolean): void {
    isOpen = false;
    wake();
    conn.close(now);
  }

  function say(event: string, data: unknown): void {
    send(packet(event, data));
  }

  function refuse(error: ReturnType<typeof fail>['error'], event?: string): void {
    const said = errorOf(error, event);
    say(said.event, said.data);
  }

  function sit(protocol: ClientProtocol, caller: Caller, word: Word, rooms?: readonly string[]): Seat {
    const { address } = handshake;
    const { userId, role } = caller;
    const connection: Connection = {
      about: { id: `${socket.id} ${protocol}`, userId, role, address, protocol, since: performance.now() },
      view: viewOf(caller),
      encode: encoderOf(word, parts.present),
      rooms: new Set(rooms ? [...rooms, ...tokenRoomsOf(caller)] : roomsOf(caller)),
      send,
      revoke() {
        refuse(fail('unauthorized', 'El token ya no es válido.', { reason: 'revoked' }).error);
        end(false);
      },
    };
    const context: Context = {
      principal: caller,
      connection: {
        head,
        rooms: connection.rooms,
        isReplaying: () => false,
        join: room => connections.join(connection, room),
        leave: room => connections.leave(connection, room),
      },
    };
    const seat: Seat = {
      caller,
      rooms: connection.rooms,
      ask: async (resource, action, input = {}): Promise<Result<unknown>> =>
        isOpen ? replyOf(await dispatch(context, { resource, payload: { ...input, action } })) : gone,
      enter: room => connections.join(connection, room),
      exit: room => connections.leave(connection, room),
      leave() {
        seats.delete(seat);
        connections.remove(connection);
      },
    };
    if (isOpen) {
      seats.add(seat);
      connections.add(connection);
      parts.identified();
    }
    return seat;
  }

  let welcome = 0;
  const expect = (events: number) => {
    welcome += events;
  };
  const keep = ({ userId, role }: Caller) => parts.onUser(userId, role);
  const peer: Peer = { sid: socket.id, handshake, say, drained, expect, keep, sit, close: () => end(false) };
  const opened: Ears[] = dialects.map(dialect => dialect.open(peer));
  const handlers = new Map(opened.flatMap(({ hear }) => Object.entries(hear)));

  const allowance = createAllowance(perSecond, burst);
  let refused = 0;
  let waiting = 0;
  let turn = Promise.resolve();

  /** What came of the rate: counted as usual, welcome beyond it, or (`null`) too many, which the sender is told. */
  function admitted(event?: string): 'counted' | 'welcome' | null {
    if (waiting < maxWaiting && allowance.take(performance.now())) return 'counted';
    if (welcome > 0) {
      welcome -= 1;
      return 'welcome';
    }
    refused += 1;
    refuse(tooMany, event);
    if (refused > maxRefused) end(false);
    return null;
  }

  /** @param acknowledge the sender's callback, where it gave one. It is called without a word, as the older servers did:
   * answers are events, and what came of this one has gone out before. */
  function take(event: string, data: unknown, acknowledge: () => void): void {
    const admission = admitted(event);
    if (admission === null) return;
    const handle = handlers.get(event);
    if (!handle) {
      const details = { known: [...handlers.keys()] };
      return refuse(fail('unknown_action', `No existe el evento «${event.slice(0, 64)}».`, details).error, event);
    }
    const counts = admission === 'counted';
    if (counts) waiting += 1;
    turn = turn.then(async () => {
      try {
        if (isOpen) await handle(data);
      } catch (err) {
        log.error({ err, event }, 'a handler failed');
        refuse(internal.error, event);
      } finally {
        if (counts) waiting -= 1;
        if (isOpen) acknowledge();
      }
    });
  }

  socket.onAny((event: unknown, ...said: unknown[]) => {
    if (!isOpen) return;
    if (event instanceof Refusal) {
      if (admitted() === null) return;
      refuse(event.error);
      if (event.isFinal) end(false);
    } else if (typeof event === 'string') {
      const last = said.at(-1);
      const callback = typeof last === 'function' ? last : null;
      const [data] = callback ? said.slice(0, -1) : said;
      take(event, data, () => callback?.());
    } else refuse(fail('invalid_message', 'El nombre de un evento es un texto.').error);
  });
  // A client may send an event of this name; without a listener Node would take it for a failure of ours.
  socket.on('error', () => undefined);
  socket.once('disconnect', () => {
    isOpen = false;
    wake();
    for (const seat of [...seats]) seat.leave();
    for (const ears of opened) ears.closed?.();
  });
  const since = performance.now();
  return { isIdle: () => seats.size === 0 && performance.now() - since > idleAfter, close: () => end(false) };
}

const gone = fail('unavailable', 'La conexión ya se cerró.');

interface Greeted {
  dialects: readonly SocketDialect[];
  /** Who is let in already. */
  caller: Caller | null;
}

/** Whether one of the dialects takes it, and the first that has something against it. */
export function greet(handshake: Handshake, all: readonly SocketDialect[]): Result<Greeted> {
  const dialects = all.filter(dialect => dialect.takes(handshake));
  if (dialects.length === 0) return fail('invalid_message', 'Este servidor no atiende ese protocolo.');
  let caller: Caller | null = null;
  for (const dialect of dialects) {
    const greeted = dialect.greet(handshake);
    if (!greeted.ok) return greeted;
    caller ??= greeted.value;
  }
  return ok({ dialects, caller });
}
