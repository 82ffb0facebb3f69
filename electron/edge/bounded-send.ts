/** A slow reader is cut off at a bounded backlog, never buffered without end. (TRUST, "Rules at the edge".) */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Log } from '../core/ports.ts';
import type { Frame } from './connections.ts';

/** Sends text messages on `socket` while fewer than `maxBacklog` bytes wait for its reader; past that the socket is ended. */
export function boundedSend(socket: WebSocket, maxBacklog: number, log: Log): (frame: Frame) => void {
  return frame => {
    if (mayGetMore(socket, socket.bufferedAmount, maxBacklog, log)) socket.send(frame, { binary: false });
  };
}

/**
 * The same for whole WebSocket frames. `wire` is what `socket` stands on, which must not compress: then `ws` writes there at
 * once as well, and the order is kept.
 */
export function boundedWrite(socket: WebSocket, wire: Duplex, maxBacklog: number, log: Log): (whole: Buffer) => void {
  return whole => {
    if (mayGetMore(socket, wire.writableLength, maxBacklog, log)) wire.write(whole);
  };
}

function mayGetMore(socket: WebSocket, backlog: number, maxBacklog: number, log: Log): boolean {
  if (socket.readyState !== socket.OPEN) return false;
  if (backlog <= maxBacklog) return true;
  log.warn({ backlog }, 'a reader was too slow and is cut off');
  socket.terminate();
  return false;
}
