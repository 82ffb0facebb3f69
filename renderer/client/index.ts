/** The SDK: one import for pages and programs, in a browser or in Node ≥ 20. (CONTRACT 4.) */
import { events } from '../../protocol/events.ts';
import { requests } from '../../protocol/requests.ts';
import { clientsFor } from './websocket-client.ts';

export type { ErrorCode, Failure, Result } from '../../protocol/errors.ts';
export type { EventData, EventName } from '../../protocol/events.ts';
export type { ChatFile } from '../../protocol/file.ts';
export type { Photo } from '../../protocol/photo.ts';
export type { Action, Input, Reply, Resource } from '../../protocol/requests.ts';
export type { PairReply, PairRequest, Session } from '../../protocol/session.ts';
export { createHttpClient, type FileUpload, type HttpClient, type Upload } from './http-client.ts';
export { RequestError } from './request-error.ts';
export type { WebSocketConstructor } from './socket.ts';
export type { ClientOptions, ConnectionState, EventMeta, MostradorClient, Timing } from './types.ts';

/** Speaks the native protocol. `token` goes out as the first message, never in an address. Call `connect()` to begin. */
export const createWebSocketClient = clientsFor(requests, events);
