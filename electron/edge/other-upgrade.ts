/**
 * An upgrade to what is not spoken here, which HTTP says to pass over: Java's own client and curl offer h2c with every
 * request. Node hands every upgrade to whoever takes WebSockets, and goes on with none.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Of one hop, and of no use without the upgrade. */
const offers = new Set(['connection', 'upgrade', 'http2-settings']);

export function isWebSocket(request: IncomingMessage): boolean {
  return request.headers.upgrade?.toLowerCase() === 'websocket';
}

export interface Offer {
  request: IncomingMessage;
  socket: Socket;
  /** What has come of its body. */
  head: Buffer;
  /** The answer to the request before it on the same socket, which may still be under way. */
  before: ServerResponse | undefined;
}

/** The server reads the request once more, without the offer. */
export function readAgain(server: Server, { request, socket, head, before }: Offer): void {
  // Header bytes are read as Latin-1, and so written back as they came.
  const again = Buffer.concat([Buffer.from(withoutOffer(request), 'latin1'), head]);
  // Nobody else listens to the socket until it is read again, and an error that nobody hears ends the program.
  socket.on('error', passOver);
  const read = () => {
    // One that failed says so after the answer has closed.
    if (socket.destroyed || socket.readableEnded) return socket.destroy();
    socket.off('error', passOver);
    // The answer before it has set the time for which a socket without a request is kept.
    socket.setTimeout(0);
    socket.unshift(again);
    server.emit('connection', socket);
  };
  if (before && !before.closed) before.once('close', read);
  else read();
}

function passOver(): void {}

function withoutOffer({ method, url, httpVersion, rawHeaders, headers }: IncomingMessage): string {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    if (!offers.has(rawHeaders[at]?.toLowerCase() ?? '')) lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`);
  }
  if (/\bclose\b/i.test(headers.connection ?? '')) lines.push('Connection: close');
  return `${lines.join('\r\n')}\r\n\r\n`;
}
