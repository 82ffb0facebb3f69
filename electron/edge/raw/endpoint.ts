/**
 * Raw WebSockets at any path that is not another endpoint's: S0, S1's JSON, and native clients that were told another path.
 * Whoever may come in without a word hears photos from its first moment (S0's front ends only listen); its first message says
 * what it is. (CONTRACT 5.)
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import { closeCode } from '../../../protocol/envelope.ts';
import type { Role } from '../../../protocol/user.ts';
import type { Principal } from '../../core/access.ts';
import type { Log } from '../../core/ports.ts';
import type { Admission } from '../admissions.ts';
import type { Connections } from '../connections.ts';
import { createS0 } from '../dialects/s0/s0.ts';
import type { S1 } from '../dialects/s1/s1.ts';
import { createHeartbeat } from '../heartbeat.ts';
import type { NativeEndpoint } from '../native/endpoint.ts';
import { type Endpoint, refuse } from '../upgrades.ts';
import { openRaw, type RawClient, s0Room } from './client.ts';
import { type RawPhotoParts, rawPhotos } from './photos.ts';

export interface RawParts extends RawPhotoParts {
  /** Photos of before the start that S0 is not done with. */
  left: readonly { id: string; relayed: boolean }[];
  connections: Connections;
  native: NativeEndpoint;
  s1: S1;
  log: Log;
  maxS0FrameBytes: number;
  maxMessageBytes: number;
}

export interface RawEndpoint extends Endpoint {
  /** Says goodbye to everybody (1001). What they have sent and is still to be stored gets this long, in milliseconds. */
  stop(graceMs: number): Promise<void>;
}

/** Tokens that hear all photos; any other belongs to a native client. */
const listeners: readonly Role[] = ['operator', 'integration'];

export function createRawEndpoint(parts: RawParts): RawEndpoint {
  const { connections, native, maxS0FrameBytes } = parts;
  const heartbeat = createHeartbeat({ idleFor: null, idleCode: closeCode.idle, mayBeSilent: true });
  const options: ServerOptions & { maxPendingAutoPongs: number } = {
    noServer: true,
    clientTracking: true,
    perMessageDeflate: false,
    // Larger than what is accepted, so that there is a word about what is too large; beyond it `ws` itself closes (1009).
    maxPayload: maxS0FrameBytes + 8 * 1024 * 1024,
    // A photo over Wi-Fi comes in pieces of about 1,400 bytes, and some clients cut it into fragments of 8 KB.
    maxFragments: 4_096,
    maxBufferedChunks: 32_768,
    maxPendingAutoPongs: 4,
  };
  const server = new WebSocketServer(options);
  const s0 = createS0<RawClient>({
    ...rawPhotos(parts),
    left: parts.left,
    relay: (frame, except) => connections.relay(s0Room, frame, except),
  });
  const stopListening = connections.listen(s0.hear);

  function open(request: IncomingMessage, socket: Duplex, head: Buffer, admission: Admission, who: Principal | null) {
    admission.identified();
    server.handleUpgrade(request, socket, head, (client: WebSocket) => {
      const unwatch = heartbeat.watch(client);
      openRaw(client, who, {
        ...parts,
        address: admission.client.address,
        s0,
        toNative() {
          unwatch();
          return native.take(client, socket, admission);
        },
      });
    });
  }

  return {
    takes: path => !native.takes(path) && path !== '/socket.io' && !path.startsWith('/socket.io/'),

    upgrade(request, socket, head, admission) {
      const { presented } = admission;
      if (!presented) {
        if (admission.client.isLegacy) return open(request, socket, head, admission, null);
        // It may still say who it is by its first message, as a native client does, and nothing else.
        return native.upgrade(request, socket, head, admission);
      }
      const { found } = presented;
      if (found.ok && !listeners.includes(found.value.role)) return native.upgrade(request, socket, head, admission);
      if (found.ok) return open(request, socket, head, admission, found.value);
      const { code, message } = found.error;
      refuse(socket, code === 'unavailable' ? 503 : 401, code, message);
    },

    async stop(graceMs) {
      heartbeat.stop();
      for (const socket of server.clients) socket.close(closeCode.goingAway, 'the server stops');
      server.close();
      await Promise.race([s0.drained(), setTimeout(graceMs, undefined, { ref: false })]);
      stopListening();
    },
  };
}
