/** The frames of the native protocol, both ways. (CONTRACT 4.) */
import * as z from 'zod/mini';
import { type ErrorCode, httpStatus } from './errors.ts';

/** How the server closes a WebSocket. (CONTRACT 4; those under 4000 are the protocol's own.) */
export const closeCode = {
  goingAway: 1001,
  /** A frame was larger than it takes. */
  tooLarge: 1009,
  internal: 1011,
  tryLater: 1013,
  /** The token is refused, or revoked: trying again is of no use. */
  unauthorized: 4401,
  idle: 4408,
  flooding: 4429,
} as const;

const requestId = z.string().check(z.minLength(1), z.maxLength(128));

export const requestFrame = z.object({
  type: z.literal('request'),
  id: requestId,
  resource: z.string(),
  /** The action's arguments stand beside `action`; the action's own schema reads them. */
  payload: z.looseObject({ action: z.string() }),
});
export const authFrame = z.object({
  type: z.literal('auth'),
  token: z.string().check(z.minLength(1)),
});
export const pingFrame = z.object({ type: z.literal('ping') });
export const pongFrame = z.object({ type: z.literal('pong') });

export const clientFrame = z.discriminatedUnion('type', [requestFrame, authFrame, pingFrame, pongFrame]);
export type ClientFrame = z.infer<typeof clientFrame>;

const errorCode = z.enum(Object.keys(httpStatus) as [ErrorCode, ...ErrorCode[]]);

export const failure = z.object({
  code: errorCode,
  message: z.string(),
  details: z.optional(z.record(z.string(), z.unknown())),
});

export const responseFrame = z.object({
  type: z.literal('response'),
  id: requestId,
  payload: z.record(z.string(), z.unknown()),
});
/** `id` is `null` where the request's own could not be read. */
export const errorFrame = z.object({ type: z.literal('error'), id: z.nullable(requestId), payload: failure });
export const eventFrame = z.object({
  type: z.literal('event'),
  id: z.string(),
  seq: z.optional(z.int()),
  payload: z.object({ type: z.string(), data: z.unknown() }),
});

export const serverFrame = z.discriminatedUnion('type', [responseFrame, errorFrame, eventFrame, pingFrame, pongFrame]);
export type ServerFrame = z.infer<typeof serverFrame>;
/** The body of every HTTP error. */
export const errorBody = z.object({ error: failure });
