/** A server for the tests of this folder: it speaks the native protocol over real sockets and says only what a test tells it to. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

type Frame = Record<string, unknown> & { id?: string; payload?: Record<string, unknown> };

/** One connection as the server sees it; frames wait until a test asks for them. */
export class Peer {
  readonly socket: WebSocket;
  readonly path: string;
  readonly #frames: Frame[] = [];
  #wake: (() => void) | null = null;

  constructor(socket: WebSocket, path: string) {
    this.socket = socket;
    this.path = path;
    socket.on('message', data => {
      this.#frames.push(JSON.parse(String(data)));
      this.#wake?.();
    });
  }

  /** The next frame that the client sent. */
  async next(): Promise<Frame> {
    for (;;) {
      const frame = this.#frames.shift();
      if (frame) return frame;
      await new Promise<void>(resolve => {
        this.#wake = resolve;
      });
    }
  }

  say(frame: unknown): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** Reads the token and greets. */
  async greet(head: number): Promise<Frame> {
    const auth = await this.next();
    const data = { user_id: 'phone-1', role: 'phone', head, now: '2026-01-01T00:00:00.000Z' };
    this.say({ type: 'event', id: 'evt-hello', payload: { type: 'connected', data } });
    return auth;
  }

  event(seq: number, type = 'note'): void {
    this.say({ type: 'event', id: `evt-${seq}`, seq, payload: { type, data: { seq } } });
  }

  async answer(payload: Record<string, unknown>): Promise<Frame> {
    const request = await this.next();
    this.say({ type: 'response', id: request.id, payload });
    return request;
  }
}

export class FakeServer {
  readonly url: string;
  readonly #server: WebSocketServer;
  readonly #peers: Peer[] = [];
  #wake: (() => void) | null = null;

  static async start(): Promise<FakeServer> {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    return new FakeServer(server);
  }

  private constructor(server: WebSocketServer) {
    const { port } = server.address() as AddressInfo;
    this.#server = server;
    this.url = `http://127.0.0.1:${port}`;
    server.on('connection', (socket, request) => {
      this.#peers.push(new Peer(socket, request.url ?? ''));
      this.#wake?.();
    });
  }

  /** The next connection that came. */
  async peer(): Promise<Peer> {
    for (;;) {
      const peer = this.#peers.shift();
      if (peer) return peer;
      await new Promise<void>(resolve => {
        this.#wake = resolve;
      });
    }
  }

  async stop(): Promise<void> {
    for (const client of this.#server.clients) client.terminate();
    await new Promise(resolve => this.#server.close(resolve));
  }
}
