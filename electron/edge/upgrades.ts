/**
 * The one place where a WebSocket handshake is taken or refused: name, origin, number of connections, then the endpoint
 * whose path it is. Every protocol that comes over WebSockets is one endpoint in its list.
 */
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ErrorCode, httpStatus } from '../../protocol/errors.ts';
import type { ClientAddress, ReadAddress } from './client-address.ts';
import type { Origins } from './origins.ts';

export interface Endpoint {
  /** `path` is without the query, in lower case. */
  takes(path: string): boolean;
  /** Has the socket from here on; calls `released` once when it is done with it, and `identified` when it knows who it is. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, from: Admission): void;
}

export interface Admission {
  client: ClientAddress;
  identified(): void;
  released(): void;
}

export function createUpgrades(parts: {
  origins: Origins;
  readAddress: ReadAddress;
  maxPerAddress: number;
  /** Those who have not said yet who they are. */
  maxUnidentified: number;
  endpoints: readonly Endpoint[];
}): (request: IncomingMessage, socket: Duplex, head: Buffer) => void {
  const { origins, readAddress, maxPerAddress, maxUnidentified, endpoints } = parts;
  const open = createCounter();
  const unidentified = createCounter();

  return (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const { host, origin } = request.headers;
    const path = (request.url ?? '/').split('?')[0]?.toLowerCase() ?? '/';
    if (!origins.hostAllowed(host))
      return refuse(socket, 421, 'invalid_message', 'Este servidor no atiende ese nombre.');
    if (origin !== undefined && !origins.originAllowed(origin, host)) {
      return refuse(socket, 403, 'forbidden', 'Esa página no puede conectarse a este servidor.');
    }
    const endpoint = endpoints.find(candidate => candidate.takes(path));
    if (!endpoint) return refuse(socket, 404, 'not_found', 'Aquí no hay un WebSocket.');
    const client = readAddress(request);
    const { address, isLegacy } = client;
    if (!isLegacy && (open.of(address) >= maxPerAddress || unidentified.of(address) >= maxUnidentified)) {
      return refuse(socket, 429, 'rate_limited', 'Demasiadas conexiones desde esta dirección.');
    }
    open.add(address, 1);
    unidentified.add(address, 1);
    const known = once(() => unidentified.add(address, -1));
    const released = once(() => {
      known();
      open.add(address, -1);
    });
    endpoint.upgrade(request, socket, head, { client, identified: known, released });
  };
}

/** Answers, then closes gracefully: the other side gets to read why. */
export function refuse(socket: Duplex, status: number, code: ErrorCode, message: string): void {
  const body = JSON.stringify({ error: { code, message } });
  const headers = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? String(httpStatus[code])}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${headers.join('\r\n')}\r\n\r\n${body}`);
}

function createCounter() {
  const counts = new Map<string, number>();
  return {
    of: (key: string) => counts.get(key) ?? 0,
    add(key: string, change: number) {
      const next = (counts.get(key) ?? 0) + change;
      if (next > 0) counts.set(key, next);
      else counts.delete(key);
    },
  };
}

function once(action: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    action();
  };
}
