/** One client of the native protocol, from the moment that we know who it is. */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { readClientFrame, requestIdOf, writeError, writeEvent, writeResponse } from '../../../protocol/codec.ts';
import { closeCode } from '../../../protocol/envelope.ts';
import { type Failure, fail, internal, type Result } from '../../../protocol/errors.ts';
import type { UserRole } from '../../../protocol/user.ts';
import type { Phone, Principal } from '../../core/access.ts';
import type { Context } from '../../core/action.ts';
import type { Dispatch } from '../../core/dispatch.ts';
import type { Outcome, StoredEvent } from '../../core/outcome.ts';
import type { Clock, Ids, Log } from '../../core/ports.ts';
import { type Present, viewOf } from '../../core/present.ts';
import { nativeRoom, roomsOf } from '../../core/rooms/rooms.ts';
import type { Presence } from '../../core/session/presence.ts';
import { createAllowance } from '../allowance.ts';
import { boundedSend, boundedWrite } from '../bounded-send.ts';
import type { Connection, Connections, Encode } from '../connections.ts';

export interface NativeParts {
  dispatch: Dispatch;
  connections: Connections;
  presence: Presence;
  present: Present;
  clock: Clock;
  ids: Ids;
  log: Log;
  maxMessageBytes: number;
  /** The newest `seq` there is. */
  head(): number;
  /** A phone's first connection came, or its last one went. */
  onPhone(phone: Phone, isConnected: boolean): void;
  /** A user is about to be let in; kept once this is done. Never rejects, and takes a bounded time. */
  onUser(userId: string, role: UserRole): Promise<void>;
}

export type Receive = (data: Buffer, isBinary: boolean) => void;

/** Bytes that may wait for a reader before it is cut off. */
const maxBacklog = 4 * 1024 * 1024;
/** A replay waits for the reader below this. */
const replayBacklog = 256 * 1024;
const perSecond = 100;
const burst = 200;
const maxRefused = 2_000;

/** The same function for all connections, so that an event is written once for all of them. */
const encoders = new WeakMap<Present, Encode>();
function encoderOf(present: Present): Encode {
  const known = encoders.get(present);
  if (known) return known;
  const encode: Encode = (event, view) =>
    // What others publish goes by its own name.
    writeEvent(event.type === 'published' ? { ...event, ...event.data } : { ...event, data: present(event, view) });
  encoders.set(present, encode);
  return encode;
}

/** `wire` is what `socket` stands on; `token` is what it came in with. */
export function openNative(
  socket: WebSocket,
  wire: Duplex,
  { principal, token, address }: { principal: Principal; token: string; address: string },
  parts: NativeParts,
): Receive {
  const { dispatch, connections, presence, clock, ids } = parts;
  const head = parts.head();
  const allowance = createAllowance(perSecond, burst);
  let refused = 0;
  let isReplaying = false;
  let isAsking = false;
  let isRevoked = false;

  const { userId, role } = principal;
  const connection: Connection = {
    about: { id: ids.uuid(), userId, role, address, protocol: 'native', since: performance.now() },
    view: viewOf(principal),
    encode: encoderOf(parts.present),
    rooms: new Set(principal.role === 'phone' ? roomsOf(principal) : [...roomsOf(principal), nativeRoom]),
    send: boundedSend(socket, maxBacklog, parts.log),
    write: boundedWrite(socket, wire, maxBacklog, parts.log),
    revoke() {
      isRevoked = true;
      if (!isAsking) sayGoodbye();
    },
  };
  const context: Context = {
    principal,
    connection: {
      head,
      rooms: connection.rooms,
      isReplaying: () => isReplaying,
      join: room => connections.join(connection, room),
      leave: room => connections.leave(connection, room),
    },
  };

  function answer(text: string): void {
    const frame = readClientFrame(text);
    if (!frame.ok) return refuse(requestIdOf(text), frame.error);
    switch (frame.value.type) {
      case 'ping':
        return connection.send('{"type":"pong"}');
      case 'pong':
        return;
      case 'auth':
        // In the address and as the first message: said twice it is still the same.
        if (frame.value.token === token) return;
        return refuse(null, fail('invalid_message', 'Esta conexión ya está autenticada.').error);
      case 'request': {
        const { id, resource, payload } = frame.value;
        if (principal.role === 'phone') presence.touch(principal.sessionId);
        isAsking = true;
        const dispatched = dispatch(context, { resource, payload });
        isAsking = false;
        // Those that have to wait are overtaken by those that have not: the ids tell them apart.
        if (dispatched instanceof Promise) void dispatched.then(result => respond(id, result));
        else respond(id, dispatched);
        // A phone that ends its session hears first that it is done.
        if (isRevoked) sayGoodbye();
        return;
      }
      default:
        frame.value satisfies never;
    }
  }

  function sayGoodbye(): void {
    const { error } = principal.role === 'phone' ? sessionOver : tokenRevoked;
    connection.send(writeError(null, error));
    socket.close(closeCode.unauthorized, error.code);
  }

  function respond(id: string, result: Result<Outcome<unknown>>): void {
    if (!result.ok) return refuse(id, result.error);
    const { reply, replay } = result.value;
    if (!replay) return connection.send(writeResponse(id, reply));
    isReplaying = true;
    void replayTo(replay)
      .then(
        () => connection.send(writeResponse(id, reply)),
        err => {
          parts.log.error({ err }, 'a replay failed');
          refuse(id, internal.error);
        },
      )
      .finally(() => {
        isReplaying = false;
      });
  }

  function refuse(id: string | null, error: Failure): void {
    connection.send(writeError(id, error));
  }

  /** As ordinary frames; a long one goes at the reader's pace. */
  async function replayTo(events: readonly StoredEvent[]): Promise<void> {
    for (const event of events) {
      while (socket.bufferedAmount > replayBacklog && socket.readyState === socket.OPEN) {
        await new Promise(resolve => setTimeout(resolve, 10));
      }
      const frame = connection.encode(event, connection.view);
      if (frame) connection.send(frame);
    }
  }

  const receive: Receive = (data, isBinary) => {
    // What arrives after we said goodbye does not count: a phone whose token is gone could go on acting until it answers.
    if (socket.readyState !== socket.OPEN) return;
    if (!allowance.take(performance.now())) {
      refused += 1;
      if (refused > maxRefused) return socket.close(closeCode.flooding, 'too many messages');
      const id = data.length <= parts.maxMessageBytes && !isBinary ? requestIdOf(data.toString()) : null;
      return refuse(id, fail('rate_limited', 'Demasiados mensajes por segundo; espere un momento.').error);
    }
    if (data.length > parts.maxMessageBytes) {
      const details = { limit_bytes: parts.maxMessageBytes };
      refuse(null, fail('too_large', 'El mensaje es demasiado grande.', details).error);
      return socket.close(closeCode.tooLarge, 'too large');
    }
    if (isBinary)
      return refuse(null, fail('invalid_message', 'Los mensajes van como texto, no como datos binarios.').error);
    answer(data.toString());
  };

  socket.once('close', () => {
    connections.remove(connection);
    if (principal.role === 'phone' && presence.left(principal)) parts.onPhone(principal, false);
  });

  const now = new Date(clock.now()).toISOString();
  const data = { user_id: principal.userId, role: principal.role, head, now };
  connection.send(writeEvent({ id: `evt-${ids.uuid()}`, seq: null, type: 'connected', data }));
  connections.add(connection);
  if (principal.role === 'phone' && presence.arrived(principal)) parts.onPhone(principal, true);
  return receive;
}

const sessionOver = fail('expired', 'La sesión terminó para este teléfono.', { reason: 'session' });
const tokenRevoked = fail('unauthorized', 'El token fue revocado.', { reason: 'revoked' });
