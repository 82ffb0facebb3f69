/** Finds out who is on a new socket; from then on the native connection has it. (CONTRACT 4: a token, or `auth` within 5 s.) */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { readClientFrame, writeError } from '../../../protocol/codec.ts';
import { closeCode } from '../../../protocol/envelope.ts';
import { type Failure, fail } from '../../../protocol/errors.ts';
import type { Admission } from '../admissions.ts';
import { type Authenticate, look, notNow, type Presented } from '../authenticate.ts';
import { guarded } from '../guarded.ts';
import { type NativeParts, openNative, type Receive } from './connection.ts';

/** A client that has not said who it is by then is let go. */
const authWithin = 5_000;

type GreetParts = NativeParts & { authenticate: Authenticate };

const missing = fail(
  'unauthorized',
  'Falta el token: va en la dirección, ?token=…, o en el primer mensaje, {"type":"auth","token":"…"}.',
  { reason: 'missing' },
).error;

/** A token's bearer, once it is kept if it is a user: the first thing that it asks, or is asked for, finds it. Never rejects. */
export async function settle({ token, found }: Presented, parts: GreetParts): Promise<Presented> {
  if (!found.ok || found.value.role === 'phone') return { token, found };
  await parts.onUser(found.value.userId, found.value.role);
  // It may have been revoked meanwhile.
  return look(token, parts);
}

/** Lets one in of whom it is known who it is, or turns it away. Gives back what is to be called with every message. */
export function letIn(
  socket: WebSocket,
  wire: Duplex,
  { token, found }: Presented,
  admission: Admission,
  parts: GreetParts,
): Receive {
  try {
    if (found.ok) {
      admission.identified();
      const { address } = admission.client;
      return openNative(socket, wire, { principal: found.value, token, address }, parts);
    }
    turnAway(socket, found.error);
  } catch (err) {
    parts.log.error({ err }, 'a client could not be let in');
    turnAway(socket, notNow.error);
  }
  return () => {};
}

/** The same for one who has yet to be looked at: by what the handshake carried, else its first message says it. */
export function greet(socket: WebSocket, wire: Duplex, admission: Admission, parts: GreetParts): Receive {
  let receive: Receive = (data, isBinary) => {
    clearTimeout(timer);
    const frame = isBinary ? null : readClientFrame(data.toString());
    if (!frame?.ok || frame.value.type !== 'auth') return turnAway(socket, missing);
    void identify(frame.value.token);
  };
  const timer = setTimeout(() => turnAway(socket, missing), authWithin);

  async function identify(token: string): Promise<void> {
    clearTimeout(timer);
    // What a client sends behind its token waits with the sender, but for what has been read with it: that is bounded by one
    // read of the socket, and waits here.
    const early: Parameters<Receive>[] = [];
    receive = (...message) => void early.push(message);
    socket.pause();
    const settled = await settle(await look(token, parts), parts);
    socket.resume();
    if (socket.readyState !== socket.OPEN) return;
    receive = guarded(socket, letIn(socket, wire, settled, admission, parts), parts.log);
    for (const message of early) receive(...message);
  }

  socket.once('close', () => clearTimeout(timer));
  if (admission.presented) void identify(admission.presented.token);
  return (data, isBinary) => receive(data, isBinary);
}

/** A client that is told `unauthorized` (4401) gives up; what may pass by itself it tries again. */
function turnAway(socket: WebSocket, error: Failure): void {
  socket.send(writeError(null, error));
  socket.close(error.code === 'unavailable' ? closeCode.tryLater : closeCode.unauthorized, error.code);
}
