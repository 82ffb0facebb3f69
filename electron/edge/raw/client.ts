/** One raw WebSocket: it hears photos from its first moment, until its first message says that it is something else. */
import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { WebSocket } from 'ws';
import { closeCode } from '../../../protocol/envelope.ts';
import { fail } from '../../../protocol/errors.ts';
import type { Principal } from '../../core/access.ts';
import type { Log } from '../../core/ports.ts';
import { tokenRoomsOf } from '../../core/rooms/rooms.ts';
import { createAllowance } from '../allowance.ts';
import { boundedSend } from '../bounded-send.ts';
import type { Connection, Connections } from '../connections.ts';
import { isS0 } from '../dialects/s0/decode.ts';
import { type Outline, outline } from '../dialects/s0/outline.ts';
import type { S0, S0Client } from '../dialects/s0/s0.ts';
import { isVerb, type S1 } from '../dialects/s1/s1.ts';
import { guarded } from '../guarded.ts';
import type { Receive } from '../native/connection.ts';
import { openRawS1 } from './s1.ts';

/** Those who are shown every photo. */
export const s0Room = '@s0';

/** `principal` is `null` for one that came without a token from an address in LEGACY_ALLOW. */
export type RawClient = Connection & S0Client & { readonly principal: Principal | null };

interface Parts {
  connections: Connections;
  s0: S0<RawClient>;
  log: Log;
  maxS0FrameBytes: number;
  maxMessageBytes: number;
  s1: S1;
  /** Hands the socket over; gives back where its messages go from then on. */
  toNative(): Receive;
  address: string;
}

/** Photos have no limit; what is none has: an honest program is wrong now and then, or always until somebody looks. */
const mistakesPerSecond = 100;
const mistakesBurst = 2_000;

const nativeTypes: readonly unknown[] = ['request', 'auth'];
/** Of one whose token was in the handshake. */
const nativeBeats: readonly unknown[] = ['ping', 'pong'];

export function openRaw(socket: WebSocket, principal: Principal | null, parts: Parts): void {
  const { connections, s0, maxS0FrameBytes, maxMessageBytes } = parts;
  const tokenRooms = tokenRoomsOf(principal);
  const { userId = null, role = null } = principal ?? {};
  const mistakes = createAllowance(mistakesPerSecond, mistakesBurst);
  const client: RawClient = {
    about: { id: randomUUID(), userId, role, address: parts.address, protocol: 's0', since: performance.now() },
    principal,
    view: 'staff',
    encode: () => null,
    rooms: new Set([s0Room, ...tokenRooms]),
    // Room for a burst of photos behind a slow network.
    send: boundedSend(socket, 4 * maxS0FrameBytes, parts.log),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    mistaken() {
      if (!mistakes.take(performance.now())) socket.close(closeCode.flooding, 'too many bad messages');
    },
    revoke() {
      s0.refuse(fail('unauthorized', 'El token ya no es válido.', { reason: 'revoked' }).error, client);
      socket.close(closeCode.unauthorized, 'unauthorized');
    },
  };

  /** Until it is known what it is. */
  const first: Receive = (data, isBinary) => {
    const found = read(data, isBinary);
    if (found === null) return;
    if (isS0(found)) {
      receive = asS0;
      return s0.receive(found, data, client);
    }
    if (data.length > maxMessageBytes) return s0.refuse(tooLarge(maxMessageBytes), client);
    const { type } = found.fields;
    if (nativeTypes.includes(type) || (principal !== null && nativeBeats.includes(type))) {
      leave();
      receive = parts.toNative();
      return receive(data, isBinary);
    }
    if (isVerb(type)) {
      leave();
      receive = openRawS1(socket, tokenRooms, client.about, parts);
      return receive(data, isBinary);
    }
    s0.refuse(unknown, client);
  };

  const asS0: Receive = (data, isBinary) => {
    const found = read(data, isBinary);
    if (found) s0.receive(found, data, client);
  };

  /** `null` once its sender has been told why not. */
  function read(data: Buffer, isBinary: boolean): Outline | null {
    const found =
      data.length > maxS0FrameBytes ? { ok: false as const, error: tooLarge(maxS0FrameBytes) } : outline(data);
    // S0's server parsed whatever came: programs that send their JSON as bytes never noticed. It goes on as text.
    if (found.ok && (!isBinary || isUtf8(data))) return found.value;
    s0.refuse(found.ok ? binary : found.error, client);
    return null;
  }

  function leave(): void {
    connections.remove(client);
    s0.leave(client);
  }

  let receive = first;
  socket.on('error', err => parts.log.debug({ err }, 'a WebSocket failed'));
  const hear: Receive = (data, isBinary) => {
    // What arrives after we said goodbye does not count.
    if (socket.readyState === socket.OPEN) receive(data, isBinary);
  };
  socket.on('message', guarded(socket, hear, parts.log));
  socket.once('close', leave);
  connections.add(client);
}

const unknown = fail('invalid_message', 'Se espera {"idPersona", "image"} o un mensaje con un «type» conocido.').error;
const binary = fail('invalid_message', 'Los mensajes van como texto, no como datos binarios.').error;

function tooLarge(limit: number) {
  return fail('too_large', 'El mensaje es demasiado grande.', { limit_bytes: limit }).error;
}
