/** Notices peers that have gone without a word: a ping every 10 s, and after 18 s of silence the socket is dropped. (CONTRACT 4.) */
import type { WebSocket } from 'ws';
import { closeCode } from './connection.ts';

const pingEvery = 10_000;
const silentFor = 18_000;
/** No message of its own, pings and pongs aside. */
const idleFor = 5 * 60_000;
const lookEvery = 2_000;

export interface Heartbeat {
  watch(socket: WebSocket): void;
  stop(): void;
}

export function createHeartbeat(): Heartbeat {
  const watched = new Map<WebSocket, { heard: number; pinged: number; spoke: number }>();

  const timer = setInterval(() => {
    const now = performance.now();
    for (const [socket, state] of watched) {
      if (now - state.heard > silentFor) socket.terminate();
      else if (now - state.spoke > idleFor) socket.close(closeCode.idle, 'no message for 5 minutes');
      else if (now - state.pinged >= pingEvery) {
        state.pinged = now;
        socket.ping();
      }
    }
  }, lookEvery);
  timer.unref();

  return {
    watch(socket) {
      const now = performance.now();
      const state = { heard: now, pinged: now, spoke: now };
      watched.set(socket, state);
      socket.on('message', () => {
        state.heard = performance.now();
        state.spoke = state.heard;
      });
      socket.on('pong', () => {
        state.heard = performance.now();
      });
      socket.on('ping', () => {
        state.heard = performance.now();
      });
      socket.once('close', () => watched.delete(socket));
    },
    stop: () => clearInterval(timer),
  };
}
