/** Notices peers that have gone without a word: a ping every 10 s, and after 18 s of silence the socket is dropped. (CONTRACT 4; of the older ones: own.) */
import type { WebSocket } from 'ws';

const pingEvery = 10_000;
const silentFor = 18_000;
/** Often, though nothing is due so soon: a thousand that came within two seconds are pinged in eight goes, and nobody waits behind all of them. */
const lookEvery = 250;

export interface Heartbeat {
  /** Gives back how to stop watching; a socket that closes is forgotten by itself. */
  watch(socket: WebSocket): () => void;
  stop(): void;
}

export interface HeartbeatOptions {
  /** Milliseconds without a message (pings and pongs aside) until it is closed with `idleCode`; `null`: never. */
  idleFor: number | null;
  idleCode: number;
  /**
   * Whether it may be silent as long as it takes what it is sent: a program that only sends never reads, and answers no ping.
   * Where it has really gone, TCP itself finds out, in some 15 minutes by the pings that nobody acknowledges.
   */
  mayBeSilent?: boolean;
}

export function createHeartbeat({ idleFor, idleCode, mayBeSilent = false }: HeartbeatOptions): Heartbeat {
  const watched = new Map<WebSocket, { heard: number; pinged: number; spoke: number }>();

  const timer = setInterval(() => {
    const now = performance.now();
    for (const [socket, state] of watched) {
      // One that we ourselves are not reading cannot answer.
      if (socket.isPaused) state.heard = now;
      const isSilent = now - state.heard > silentFor;
      if (isSilent && (!mayBeSilent || socket.bufferedAmount > 0)) socket.terminate();
      else if (idleFor !== null && now - state.spoke > idleFor) socket.close(idleCode, 'no message for 5 minutes');
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
      const spoke = () => {
        state.heard = performance.now();
        state.spoke = state.heard;
      };
      const heard = () => {
        state.heard = performance.now();
      };
      const forget = () => {
        watched.delete(socket);
        socket.off('message', spoke).off('pong', heard).off('ping', heard).off('close', forget);
      };
      socket.on('message', spoke).on('pong', heard).on('ping', heard).once('close', forget);
      return forget;
    },
    stop: () => clearInterval(timer),
  };
}
