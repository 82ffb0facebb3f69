/**
 * The native protocol's endpoint: JSON over a WebSocket at `/ws`. (CONTRACT 4.) It takes the handshake, `greet.ts` finds out
 * who is there; from then on a `NativeConnection` has the socket, and `heartbeat.ts` watches over all of them.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import { closeCode } from '../../../protocol/envelope.ts';
import type { Admission } from '../admissions.ts';
import type { Authenticate } from '../authenticate.ts';
import { guarded } from '../guarded.ts';
import { createHeartbeat } from '../heartbeat.ts';
import type { Endpoint } from '../upgrades.ts';
import type { NativeParts, Receive } from './connection.ts';
import { greet, letIn, settle } from './greet.ts';

export interface NativeEndpoint extends Endpoint {
  /**
   * Takes over a socket whose handshake was another endpoint's, which goes on owning its `message`, `error` and `close`:
   * it passes every message on. `wire` is what it stands on.
   */
  take(socket: WebSocket, wire: Duplex, admission: Admission): Receive;
  /** Says goodbye to everybody (1001). */
  stop(): void;
}

export function createNativeEndpoint(parts: NativeParts & { authenticate: Authenticate }): NativeEndpoint {
  const { log } = parts;
  const heartbeat = createHeartbeat({ idleFor: 5 * 60_000, idleCode: closeCode.idle });
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

  function take(socket: WebSocket, wire: Duplex, admission: Admission): Receive {
    heartbeat.watch(socket);
    return greet(socket, wire, admission, parts);
  }

  // Made once, and not in the handshake: as long as the socket lives it would keep that one's request, headers and all.
  const failed = (err: Error) => log.debug({ err }, 'a WebSocket failed');

  function shake(request: IncomingMessage, wire: Duplex, head: Buffer, open: (socket: WebSocket) => Receive): void {
    server.handleUpgrade(request, wire, head, socket => {
      socket.on('error', failed);
      socket.on('message', guarded(socket, open(socket), log));
    });
  }

  return {
    takes: path => path === '/ws' || path === '/ws/',
    take,
    upgrade(request, wire, head, admission) {
      const { presented } = admission;
      if (!presented) return shake(request, wire, head, socket => take(socket, wire, admission));
      // Before the handshake is answered: whose socket is open can be found by everybody, and needs no queue of its own.
      void settle(presented, parts).then(settled =>
        shake(request, wire, head, socket => {
          heartbeat.watch(socket);
          return letIn(socket, wire, settled, admission, parts);
        }),
      );
    },
    stop() {
      heartbeat.stop();
      for (const socket of server.clients) socket.close(closeCode.goingAway, 'the server stops');
      server.close();
    },
  };
}
