/** A bug stays where it shows: what a message led to ends the connection that it came by, and no other. (TRUST, promises.) */
import type { WebSocket } from 'ws';
import { closeCode } from '../../protocol/envelope.ts';
import type { Log } from '../core/ports.ts';
import type { Receive } from './native/connection.ts';

export function guarded(socket: WebSocket, receive: Receive, log: Log): Receive {
  return (data, isBinary) => {
    try {
      receive(data, isBinary);
    } catch (err) {
      log.error({ err }, 'a message led to a bug');
      socket.close(closeCode.internal, 'internal');
    }
  };
}
