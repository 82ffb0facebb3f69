/** A slow reader is cut off at a bounded backlog, never buffered without end. (TRUST, "Rules at the edge".) */
import type { WebSocket } from 'ws';
import type { Log } from '../core/ports.ts';
import type { Frame } from './connections.ts';

/** Sends text messages on `socket` while fewer than `maxBacklog` bytes wait for its reader; past that the socket is ended. */
export function boundedSend(socket: WebSocket, maxBacklog: number, log: Log): (frame: Frame) => void {
  return frame => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > maxBacklog) {
      log.warn({ backlog: socket.bufferedAmount }, 'a reader was too slow and is cut off');
      socket.terminate();
      return;
    }
    socket.send(frame, { binary: false });
  };
}
