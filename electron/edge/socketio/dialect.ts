/**
 * What an older protocol that comes over Socket.IO has to be, and what it is given: a peer that says events and hears
 * them by name, and a seat among our connections, from which it asks as somebody and hears what that one's rooms hear.
 */

import * as z from 'zod/mini';
import type { ClientProtocol } from '../../../protocol/dashboard.ts';
import { failure } from '../../../protocol/envelope.ts';
import type { Failure, Result } from '../../../protocol/errors.ts';
import type { UserRole } from '../../../protocol/user.ts';

export interface Caller {
  userId: string;
  role: UserRole;
  /** Of a token that can be revoked. */
  tokenId?: string;
}

export interface Handshake {
  /** `user_id` of the query. */
  userId: string | null;
  /** Who its token (`auth.token`, query or Bearer) says it is; `null` where it brought none. */
  caller: Result<Caller> | null;
  address: string;
  /** May come without a token where an older protocol had none (LEGACY_ALLOW). */
  isLegacy: boolean;
}

interface Said {
  event: string;
  data: unknown;
}

/** Whatever of a table of events and their data is said. */
export type Saying<T extends Record<string, z.ZodMiniType>> = {
  [E in keyof T & string]: { event: E; data: z.infer<T[E]> };
}[keyof T & string];

/** An event of ours on its way to a peer, with the data that staff sees. */
export interface Heard {
  id: string;
  seq: number | null;
  type: string;
  data: unknown;
  /** The rooms that it was sent to. */
  rooms: readonly string[];
}

/** A dialect's words for an event; `null` where it has none. Passed in once for all peers, it runs once an event. */
export type Word = (heard: Heard) => Said | null;

/** A place among our connections. A peer may have several, one a dialect that it speaks. */
export interface Seat {
  readonly caller: Caller;
  readonly rooms: ReadonlySet<string>;
  ask(resource: string, action: string, input?: object): Promise<Result<unknown>>;
  /** Rooms of ours, that nobody joins by asking. */
  enter(room: string): void;
  exit(room: string): void;
  leave(): void;
}

export interface Peer {
  /** Socket.IO's name for the connection. */
  readonly sid: string;
  readonly handshake: Handshake;
  say(event: string, data: unknown): void;
  /** Once it has read what was said; whether it is still there. For who has much to say. */
  drained(): Promise<boolean>;
  /** As many more events are welcome from it beyond its rate: it answers what it was given, however much that was. */
  expect(events: number): void;
  /** Keeps a user; to be waited for before it is told that it is in. Those whom `greet` let in are kept already. */
  keep(caller: Caller): Promise<void>;
  /** @param protocol which of them it speaks.
   * @param rooms those it is in from the start; without them, what the caller's role gives. */
  sit(protocol: ClientProtocol, caller: Caller, word: Word, rooms?: readonly string[]): Seat;
  /** After what was said has gone out. */
  close(): void;
}

/** How one peer is listened to. */
export interface Ears {
  /** By the event's name. The next event waits for the promise; one that rejects is a bug. */
  hear: Readonly<Record<string, (data: unknown) => Promise<void> | void>>;
  closed?(): void;
}

export interface SocketDialect {
  takes(handshake: Handshake): boolean;
  /** Who is let in with the handshake alone; `null`: nobody yet. A failure turns the peer away (`connect_error`). */
  greet(handshake: Handshake): Result<Caller | null>;
  open(peer: Peer): Ears;
}

/** What went wrong: S3's and S1's `error` in one, with the event that it is about. */
export const errorSaid = z.extend(failure, { type: z.literal('error'), event: z.optional(z.string()) });

export function errorOf(failure: Failure, event?: string): Saying<{ error: typeof errorSaid }> {
  const { code, message, details } = failure;
  const more = { ...(event === undefined ? {} : { event }), ...(details === undefined ? {} : { details }) };
  return { event: 'error', data: { type: 'error', code, message, ...more } };
}
