/** A WebSocket client that remembers what it got, so that a test can wait for it. */
import { WebSocket } from 'ws';

export interface Peer {
  socket: WebSocket;
  /** All text messages so far, oldest first. */
  heard: string[];
  send(message: unknown): void;
  /** The next message not yet taken, in order. */
  next(): Promise<string>;
  /** The first message, among those not yet taken and those to come, that is like this. */
  find(like: (message: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
  closed: Promise<number>;
  /** Resolves when the server has read all that was sent so far. */
  settled(): Promise<void>;
  close(): void;
}

/** Rejects with the handshake's status where the server refuses. */
export function connect(url: string, headers: Record<string, string> = {}): Promise<Peer> {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), { headers });
  const heard: string[] = [];
  let taken = 0;
  const waiters = new Set<() => void>();
  socket.on('message', data => {
    heard.push(String(data));
    for (const wake of waiters) wake();
  });
  const closed = new Promise<number>(resolve => socket.once('close', resolve));

  function wait<T>(look: () => T | null): Promise<T> {
    return new Promise(resolve => {
      const wake = () => {
        const found = look();
        if (found === null) return;
        waiters.delete(wake);
        resolve(found);
      };
      waiters.add(wake);
      wake();
    });
  }

  const peer: Peer = {
    socket,
    heard,
    closed,
    send: message =>
      socket.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message)),
    next: () => wait(() => (taken < heard.length ? (heard[taken++] ?? null) : null)),
    find: like =>
      wait(() => {
        for (let at = taken; at < heard.length; at++) {
          const message: Record<string, unknown> = JSON.parse(heard[at] ?? '{}');
          if (!like(message)) continue;
          taken = at + 1;
          return message;
        }
        return null;
      }),
    settled: () =>
      new Promise(resolve => {
        socket.once('pong', () => resolve());
        socket.ping();
      }),
    close: () => socket.close(),
  };
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(peer));
    socket.once('unexpected-response', (_request, response) => {
      reject(new Error(`refused ${response.statusCode}`));
      socket.terminate();
    });
    socket.once('error', reject);
  });
}
