/** Socket.IO's own clients, of each major version that programs still use, by polling and by WebSocket. */
import { createRequire } from 'node:module';
import { io as v4 } from 'socket.io-client';

/** What of a client is used here; all three versions have it. */
interface OldSocket {
  id?: string;
  connected: boolean;
  on(event: string, listener: (data: unknown) => void): unknown;
  /** Not in version 2. */
  onAny?(listener: (event: string, data: unknown) => void): unknown;
  off(event: string, listener: (data: unknown) => void): unknown;
  emit(event: string, ...data: unknown[]): unknown;
  close(): unknown;
}

type Connect = (url: string, options: Record<string, unknown>) => OldSocket;

// Version 2 has no types, and version 3 hides its own.
const require = createRequire(import.meta.url);
const v3: Connect = require('socket.io-client-3');
const v2: Connect = require('socket.io-client-2');

const versions: Record<string, Connect> = { 'version 4': v4, 'version 3': v3, 'version 2': v2 };
const transports = ['polling', 'websocket'] as const;
export const everyClient = Object.keys(versions).flatMap(version =>
  transports.map(transport => [version, transport] as const),
);

export interface Listener {
  socket: OldSocket;
  /** All that it has heard under this name so far. */
  heard(event: string): unknown[];
  /** Everything that it has heard so far, whatever its name, as texts; not with version 2. */
  all: string[];
  /** Resolves when what was said to it before is there, where an unknown event gets an `error`. */
  settled(): Promise<void>;
  /** The next one not yet taken. */
  next<T = Record<string, unknown>>(event: string): Promise<T>;
  emit(event: string, ...data: unknown[]): void;
  close(): void;
}

/** @param events those that will be asked for; `connect`, `disconnect` and `connect_error` always. */
export function listen(
  url: string,
  events: readonly string[],
  options: Record<string, unknown> = {},
  version = 'version 4',
): Listener {
  const connect = versions[version];
  if (!connect) throw new Error(`no client of ${version}`);
  const socket = connect(url, { forceNew: true, multiplex: false, reconnection: false, ...options });
  const kept = new Map<string, unknown[]>();
  const taken = new Map<string, number>();
  const waiters = new Set<() => void>();
  const all: string[] = [];
  socket.onAny?.((event, data) => void all.push(`${event} ${JSON.stringify(data)}`));
  let probes = 0;
  for (const event of ['connect', 'disconnect', 'connect_error', ...events]) {
    kept.set(event, []);
    socket.on(event, data => {
      kept.get(event)?.push(data);
      for (const wake of waiters) wake();
    });
  }
  const of = (event: string) => {
    const found = kept.get(event);
    if (!found) throw new Error(`nobody listens to ${event}`);
    return found;
  };
  return {
    socket,
    heard: of,
    all,
    settled: () =>
      new Promise(resolve => {
        const probe = `settled-${++probes}`;
        const look = (error: unknown) => {
          if (!JSON.stringify(error).includes(`"${probe}"`)) return;
          socket.off('error', look);
          resolve();
        };
        socket.on('error', look);
        socket.emit(probe);
      }),
    next: <T>(event: string) =>
      new Promise<T>(resolve => {
        const at = taken.get(event) ?? 0;
        taken.set(event, at + 1);
        const wake = () => {
          if (of(event).length <= at) return;
          waiters.delete(wake);
          resolve(of(event)[at] as T);
        };
        waiters.add(wake);
        wake();
      }),
    emit: (event, ...data) => void socket.emit(event, ...data),
    close: () => void socket.close(),
  };
}
