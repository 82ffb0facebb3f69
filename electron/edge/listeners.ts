/** The sockets that are listened on: one HTTP server a port, all with the same handlers and bounds. (TRUST, "HTTP".) */

import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { addressList, normalise } from './client-address.ts';

interface Parts {
  request: RequestListener;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  maxTcpPerAddress: number;
  /** Addresses that are not counted. */
  exempt: readonly string[];
}

export interface Listeners {
  /** The port that it got; `null` where it is taken or not allowed, or the host is no address of this machine. Other errors reject. */
  listen(port: number, host: string): Promise<number | null>;
  /** Takes no more connections, lets answers finish, and cuts off what is left after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

export function createListeners(parts: Parts): Listeners {
  const isExempt = addressList(parts.exempt);
  const perAddress = new Map<string, number>();
  const sockets = new Set<Socket>();
  const servers: Server[] = [];

  function admit(socket: Socket): void {
    const address = normalise(socket.remoteAddress ?? '');
    const count = (perAddress.get(address) ?? 0) + 1;
    if (count > parts.maxTcpPerAddress && !isExempt(address)) {
      socket.destroy();
      return;
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
    };
    const server = createServer(options, parts.request);
    server.headersTimeout = 5_000;
    // Photos may take long; every other request is hurried by the app itself.
    server.requestTimeout = 10 * 60_000;
    server.on('connection', admit);
    server.on('upgrade', parts.upgrade);
    server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
      if (error.code === 'ECONNRESET' || !socket.writable) return socket.destroy();
      const status = error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request';
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    });
    return server;
  }

  return {
    listen(port, host) {
      const server = make();
      return new Promise((resolve, reject) => {
        server.once('error', (error: NodeJS.ErrnoException) => {
          if (['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL', 'ENOTFOUND'].includes(error.code ?? '')) resolve(null);
          else reject(error);
        });
        server.listen({ port, host }, () => {
          servers.push(server);
          const address = server.address();
          resolve(typeof address === 'object' && address ? address.port : port);
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
