/**
 * An upgrade to what is not spoken here, which HTTP says to pass over: Java's own client and curl offer h2c with every
 * request. Node hands every upgrade to whoever takes WebSockets, and goes on with none.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

/** Of one hop, and of no use without the upgrade. */
const offers = new Set(['connection', 'upgrade', 'http2-settings']);

export function isWebSocket(request: IncomingMessage): boolean {
  return request.headers.upgrade?.toLowerCase() === 'websocket';
}

/**
 * The server reads the request once more, without the offer. `head` is what has come of its body. Not for one that is
 * sent before the answer to the one before it: no client that makes offers does that.
 */
export function readAgain(server: Server, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const lines = [`${request.method} ${request.url} HTTP/${request.httpVersion}`];
  const { rawHeaders } = request;
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    if (!offers.has(rawHeaders[at]?.toLowerCase() ?? '')) lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`);
  }
  if (/\bclose\b/i.test(request.headers.connection ?? '')) lines.push('Connection: close');
  // Header bytes are read as Latin-1, and so written back as they came.
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}
