/**
 * The native protocol's endpoint: JSON over a WebSocket at `/ws`. (CONTRACT 4.) It takes the handshake and finds out who is
 * there; from then on a `NativeConnection` has the socket, and `heartbeat.ts` watches over all of them.
 */
import type { IncomingMessage } from 'node:http';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import { readClientFrame, writeError } from '../../../protocol/codec.ts';
import { type Failure, fail } from '../../../protocol/errors.ts';
import { type Authenticate, bearer } from '../authenticate.ts';
import type { Admission, Endpoint } from '../upgrades.ts';
import { closeCode, type NativeParts, openNative, type Receive } from './connection.ts';
import { createHeartbeat } from './heartbeat.ts';

export interface NativeEndpoint extends Endpoint {
  /** Says goodbye to everybody (1001). */
  stop(): void;
}

/** A client that has not said who it is by then is let go. */
const authWithin = 5_000;
const maxEarly = 100;

interface Message {
  data: Buffer;
  isBinary: boolean;
}

export function createNativeEndpoint(parts: NativeParts & { authenticate: Authenticate }): NativeEndpoint {
  const { authenticate, log } = parts;
  const heartbeat = createHeartbeat();
  const options: ServerOptions & { maxPendingAutoPongs: number } = {
    noServer: true,
    clientTracking: true,
    perMessageDeflate: false,
    // Larger than what is accepted, so that there is a word about what is too large; beyond it `ws` itself closes (1009).
    maxPayload: Math.max(1024 * 1024, 2 * parts.maxMessageBytes),
    maxFragments: 16,
    maxBufferedChunks: 256,
    maxPendingAutoPongs: 4,
  };
  const server = new WebSocketServer(options);

  server.on('connection', (socket: WebSocket, request: IncomingMessage, admission: Admission) => {
    const missing = fail('unauthorized', 'El primer mensaje debe ser {"type":"auth","token"}.', {
      reason: 'missing',
    }).error;
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
      const principal = await authenticate(token).catch(err => {
        log.error({ err }, 'a token could not be checked');
        return fail('unavailable', 'No se puede comprobar el acceso ahora mismo; inténtelo de nuevo.');
      });
      if (socket.readyState !== socket.OPEN) return;
      if (!principal.ok) return turnAway(socket, principal.error);
      admission.identified();
      receive = openNative(socket, principal.value, parts);
      for (const message of early) receive(message.data, message.isBinary);
    }

    socket.on('error', err => log.debug({ err }, 'a WebSocket failed'));
    socket.on('message', (data: Buffer, isBinary: boolean) => receive(data, isBinary));
    socket.once('close', () => {
      clearTimeout(timer);
      admission.released();
    });
    heartbeat.watch(socket);
    const token = tokenOf(request);
    if (token !== null) void identify(token);
  });

  return {
    takes: path => path === '/ws' || path === '/ws/',
    upgrade(request, socket, head, admission) {
      // A handshake that `ws` refuses never becomes a connection: then the place is free again here.
      socket.once('close', admission.released);
      server.handleUpgrade(request, socket, head, connection =>
        server.emit('connection', connection, request, admission),
      );
    },
    stop() {
      heartbeat.stop();
      for (const socket of server.clients) socket.close(closeCode.goingAway, 'the server stops');
      server.close();
    },
  };
}

/** A client that is told `unauthorized` (4401) gives up; what may pass by itself it tries again. */
function turnAway(socket: WebSocket, error: Failure): void {
  socket.send(writeError(null, error));
  socket.close(error.code === 'unavailable' ? closeCode.tryLater : closeCode.unauthorized, error.code);
}

function tokenOf(request: IncomingMessage): string | null {
  const query = new URL(request.url ?? '/', 'http://localhost').searchParams.get('token');
  return query ?? bearer(request.headers.authorization);
}
