/** The sockets that are listened on: one HTTP server a port, all with the same handlers and bounds. (TRUST, "HTTP".) */

import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { Log } from '../core/ports.ts';
import { tooManyConnections } from './admissions.ts';
import { addressList, normalise } from './client-address.ts';
import { tooSlow } from './http/answer.ts';
import { isWebSocket, readAgain } from './other-upgrade.ts';
import { refuse } from './upgrades.ts';

interface Parts {
  request: RequestListener;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  log: Log;
  maxTcpPerAddress: number;
  /** Addresses that are not counted. */
  exempt: readonly string[];
}

/** `port`: taken or not allowed. `host`: no address of this machine, whatever the port; `code` is the system's. */
type Listening = { ok: true; port: number } | { ok: false; reason: 'port' | 'host'; code: string };

export interface Listeners {
  /** The port that it got. Errors that are neither the port's nor the host's reject. */
  listen(port: number, host: string): Promise<Listening>;
  /** Takes no more connections, lets answers finish, and cuts off what is left after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

type Refusal = [status: number, code: ErrorCode, message: string];

/** What no request was made of, by Node's name for it. */
const unreadable: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: [431, 'too_large', 'Las cabeceras son demasiado grandes.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, tooSlow.code, tooSlow.message],
};
/** How long one that is too many is waited for, in milliseconds. */
const excessWithin = 1_000;
const noHttp: Refusal = [400, 'invalid_message', 'La petición no se puede leer.'];

const portErrors = new Set(['EADDRINUSE', 'EACCES']);
/** The last ones: a name that nobody can look up now, a family that is switched off, a link-local address without its interface. */
const hostErrors = new Set(['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EAFNOSUPPORT', 'EINVAL']);

export function createListeners(parts: Parts): Listeners {
  const isExempt = addressList(parts.exempt);
  const perAddress = new Map<string, number>();
  const sockets = new Set<Socket>();
  /** Over what its address may hold: told so when it asks for something. */
  const excess = new WeakSet<Duplex>();
  const servers: Server[] = [];

  function admit(socket: Socket): void {
    // One whose request is read again is here already.
    if (sockets.has(socket)) return;
    const address = normalise(socket.remoteAddress ?? '');
    const count = (perAddress.get(address) ?? 0) + 1;
    if (!isExempt(address)) {
      // As many again may hear why they are too many; whoever goes on after that is not waited for.
      if (count > 2 * parts.maxTcpPerAddress) return void socket.destroy();
      if (count > parts.maxTcpPerAddress) {
        excess.add(socket);
        const timer = setTimeout(() => socket.destroy(), excessWithin);
        socket.once('close', () => clearTimeout(timer));
      }
    }
    perAddress.set(address, count);
    sockets.add(socket);
    socket.once('close', () => {
      sockets.delete(socket);
      const left = (perAddress.get(address) ?? 1) - 1;
      if (left > 0) perAddress.set(address, left);
      else perAddress.delete(address);
    });
  }

  function make(): Server {
    const options = {
      maxHeaderSize: 8 * 1024,
      keepAliveTimeout: 5_000,
      connectionsCheckingInterval: 2_000,
      noDelay: true,
      // A request without a Host is the app's to refuse, in its own words.
      requireHostHeader: false,
    };
    const server = createServer(options, (request, response) => {
      if (!excess.has(request.socket)) return parts.request(request, response);
      const headers = { 'Content-Type': 'application/json; charset=utf-8', Connection: 'close' };
      response.writeHead(429, headers).end(JSON.stringify({ error: tooManyConnections.error }));
    });
    server.headersTimeout = 5_000;
    // Photos may take long; every other request is hurried by the app itself.
    server.requestTimeout = 10 * 60_000;
    server.on('connection', admit);
    // One that Node leaves out, a body's length say, would be missing where a request is read again.
    server.maxHeadersCount = 0;
    const answers = new WeakMap<Duplex, ServerResponse>();
    server.on('request', (request, response) => answers.set(request.socket, response));
    server.on('upgrade', (request, socket, head) => {
      try {
        if (excess.has(socket)) refuse(socket, 429, tooManyConnections.error.code, tooManyConnections.error.message);
        else if (isWebSocket(request)) parts.upgrade(request, socket, head);
        else readAgain(server, { request, socket: request.socket, head, before: answers.get(socket) });
      } catch (err) {
        // A bug: without this it would end the program, and everybody's connections.
        parts.log.error({ err }, 'a handshake led to a bug');
        socket.destroy();
      }
    });
    server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
      if (error.code === 'ECONNRESET' || !socket.writable) return socket.destroy();
      const [status, code, message] = unreadable[error.code ?? ''] ?? noHttp;
      refuse(socket, status, code, message);
    });
    return server;
  }

  return {
    listen(port, host) {
      const server = make();
      return new Promise((resolve, reject) => {
        server.once('error', (error: NodeJS.ErrnoException) => {
          const code = error.code ?? '';
          if (portErrors.has(code)) resolve({ ok: false, reason: 'port', code });
          else if (hostErrors.has(code)) resolve({ ok: false, reason: 'host', code });
          else reject(error);
        });
        server.listen({ port, host }, () => {
          servers.push(server);
          const address = server.address();
          resolve({ ok: true, port: typeof address === 'object' && address ? address.port : port });
        });
      });
    },

    async close(graceMs) {
      const closed = servers.map(server => new Promise<void>(resolve => server.close(() => resolve())));
      for (const server of servers) server.closeIdleConnections();
      const timer = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, graceMs);
      await Promise.all(closed);
      clearTimeout(timer);
    },
  };
}
