/**
 * The one place where a WebSocket handshake is taken or refused: name, origin, number of connections, then the endpoint
 * whose path it is. Every protocol that comes over WebSockets is one endpoint in its list.
 */
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ErrorCode, httpStatus } from '../../protocol/errors.ts';
import type { Admission, Admit } from './admissions.ts';
import type { Origins } from './origins.ts';
import { pathOf } from './request-url.ts';

export interface Endpoint {
  /** `path` is without the query, in lower case. */
  takes(path: string): boolean;
  /** Has the socket from here on; calls `identified` when it knows who it is. Its place is given back when the socket closes. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, from: Admission): void;
}

export function createUpgrades(parts: {
  origins: Origins;
  admit: Admit;
  endpoints: readonly Endpoint[];
}): (request: IncomingMessage, socket: Duplex, head: Buffer) => void {
  const { origins, admit, endpoints } = parts;

  return (request, socket, head) => {
    socket.on('error', destroy);
    const { host, origin } = request.headers;
    if (!origins.hostAllowed(host))
      return refuse(socket, 421, 'invalid_message', 'Este servidor no atiende ese nombre.');
    if (origin !== undefined && !origins.originAllowed(origin, host)) {
      return refuse(socket, 403, 'forbidden', 'Esa página no puede conectarse a este servidor.');
    }
    if (!isHandshake(request)) {
      return refuse(socket, 400, 'invalid_message', 'Eso no es una conexión WebSocket de la versión 13.');
    }
    const endpoint = endpoints.find(candidate => candidate.takes(pathOf(request)));
    if (!endpoint) return refuse(socket, 404, 'not_found', 'Aquí no hay un WebSocket.');
    void letIn(request, socket, head, endpoint);
  };

  async function letIn(request: IncomingMessage, socket: Duplex, head: Buffer, endpoint: Endpoint): Promise<void> {
    const admission = await admit(request);
    if (!admission.ok) return refuse(socket, 429, admission.error.code, admission.error.message);
    const { released } = admission.value;
    if (socket.destroyed) return released();
    socket.once('close', released);
    endpoint.upgrade(request, socket, head, admission.value);
  }
}

/** What `ws` would refuse as well, with a page of its own. */
function isHandshake({ method, headers }: IncomingMessage): boolean {
  const version = Number(headers['sec-websocket-version']);
  const key = headers['sec-websocket-key'] ?? '';
  return method === 'GET' && /^[+/0-9A-Za-z]{22}==$/.test(key) && (version === 13 || version === 8);
}

/** Not a closure: as long as the socket lives one would keep its request, headers and all. */
function destroy(this: Duplex): void {
  this.destroy();
}

/** How long one that was refused has to hang up, in milliseconds. */
const goodbyeWithin = 5_000;

/** Answers, then closes gracefully: the other side gets to read why. One that does not hang up itself is cut off. */
export function refuse(socket: Duplex, status: number, code: ErrorCode, message: string): void {
  const body = JSON.stringify({ error: { code, message } });
  const headers = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? String(httpStatus[code])}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${headers.join('\r\n')}\r\n\r\n${body}`);
  const timer = setTimeout(() => socket.destroy(), goodbyeWithin);
  socket.once('close', () => clearTimeout(timer));
}
