/** Finds out who is on a new socket; from then on the native connection has it. (CONTRACT 4: a token, or `auth` within 5 s.) */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { readClientFrame, writeError } from '../../../protocol/codec.ts';
import { closeCode } from '../../../protocol/envelope.ts';
import { type Failure, fail } from '../../../protocol/errors.ts';
import type { Admission } from '../admissions.ts';
import type { Authenticate } from '../authenticate.ts';
import { type NativeParts, openNative, type Receive } from './connection.ts';

/** A client that has not said who it is by then is let go. */
const authWithin = 5_000;
const maxEarly = 100;

interface Message {
  data: Buffer;
  isBinary: boolean;
}

const missing = fail(
  'unauthorized',
  'Falta el token: va en la dirección, ?token=…, o en el primer mensaje, {"type":"auth","token":"…"}.',
  { reason: 'missing' },
).error;

const notNow = fail('unavailable', 'No se puede comprobar el acceso ahora mismo; inténtelo de nuevo.').error;

/** Gives back what is to be called with every message. `token` is what the handshake carried; `null`: the first message says it. */
export function greet(
  socket: WebSocket,
  wire: Duplex,
  token: string | null,
  admission: Admission,
  parts: NativeParts & { authenticate: Authenticate },
): Receive {
  /** What a client sends behind its token waits here until the token has been read. */
  const early: Message[] = [];
  let receive: Receive = (data, isBinary) => {
    clearTimeout(timer);
    const frame = isBinary ? null : readClientFrame(data.toString());
    if (!frame?.ok || frame.value.type !== 'auth') return turnAway(socket, missing);
    void identify(frame.value.token);
  };
  const timer = setTimeout(() => turnAway(socket, missing), authWithin);

  async function identify(token: string): Promise<void> {
    clearTimeout(timer);
    receive = (data, isBinary) => {
      if (early.push({ data, isBinary }) > maxEarly) socket.terminate();
    };
    try {
      const principal = await parts.authenticate(token);
      if (socket.readyState !== socket.OPEN) return;
      if (!principal.ok) return turnAway(socket, principal.error);
      admission.identified();
      const { address } = admission.client;
      receive = openNative(socket, wire, { principal: principal.value, token, address }, parts);
    } catch (err) {
      parts.log.error({ err }, 'a client could not be let in');
      return turnAway(socket, notNow);
    }
    for (const message of early) receive(message.data, message.isBinary);
  }

  socket.once('close', () => clearTimeout(timer));
  if (token !== null) void identify(token);
  return (data, isBinary) => receive(data, isBinary);
}

/** A client that is told `unauthorized` (4401) gives up; what may pass by itself it tries again. */
function turnAway(socket: WebSocket, error: Failure): void {
  socket.send(writeError(null, error));
  socket.close(error.code === 'unavailable' ? closeCode.tryLater : closeCode.unauthorized, error.code);
}
