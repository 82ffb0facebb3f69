/**
 * TypeScript's declarations of the SDK, one file beside each module that is served: what is asked, answered and told is written
 * from the shapes that validate, the rest is the surface of `renderer/client` (a test compiles both against each other).
 */
import * as z from 'zod/mini';
import { httpStatus } from '../../../protocol/errors.ts';
import { events } from '../../../protocol/events.ts';
import { fileReply } from '../../../protocol/file.ts';
import { requests } from '../../../protocol/requests.ts';
import { pairRequest } from '../../../protocol/session.ts';

type Io = 'input' | 'output';
type Shape = z.core.JSONSchema._JSONSchema;

const typeOf = (schema: z.core.$ZodType, io: Io) => written(z.toJSONSchema(schema, { io }));

function written(shape: Shape): string {
  if (typeof shape === 'boolean') return 'unknown';
  if (shape.const !== undefined) return JSON.stringify(shape.const);
  if (shape.enum) return shape.enum.map(value => JSON.stringify(value)).join(' | ');
  const choices = shape.anyOf ?? shape.oneOf;
  if (choices) return choices.map(written).join(' | ');
  // Beside a type it is several patterns of one text.
  if (shape.allOf && shape.type === undefined) return shape.allOf.map(written).join(' & ');
  // What may be null is written as a list of types where that is all there is to say.
  const types: unknown = shape.type;
  if (Array.isArray(types)) return types.map(type => written({ ...shape, type })).join(' | ');
  switch (shape.type) {
    case 'integer':
      return 'number';
    case 'number':
    case 'string':
    case 'boolean':
    case 'null':
      return shape.type;
    case 'array':
      return shape.items && !Array.isArray(shape.items) ? `Array<${written(shape.items)}>` : 'unknown[]';
    case 'object':
      return fields(shape);
    default:
      return 'unknown';
  }
}

function fields({ properties = {}, required = [], additionalProperties }: z.core.JSONSchema.BaseSchema): string {
  const own = Object.entries(properties).map(
    ([name, shape]) => `${JSON.stringify(name)}${required.includes(name) ? '' : '?'}: ${written(shape)}`,
  );
  const isOpen = typeof additionalProperties === 'object';
  if (own.length === 0) return `Record<string, ${isOpen ? written(additionalProperties) : 'never'}>`;
  return `{ ${[...own, ...(isOpen ? ['[field: string]: unknown'] : [])].join('; ')} }`;
}

function table(name: string, entries: [string, string][]): string {
  return `export interface ${name} {\n${entries.map(([key, type]) => `  ${key}: ${type};\n`).join('')}}\n`;
}

/** Of `mostrador-client.js`. */
export function clientDeclarations(): string {
  const resources = Object.entries(requests).map(([resource, actions]): [string, string] => {
    const each = Object.entries(actions).map(
      ([action, { input, reply }]) =>
        `${action}: { input: ${typeOf(input, 'input')}; reply: ${typeOf(reply, 'output')} }`,
    );
    return [resource, `{\n    ${each.join(';\n    ')};\n  }`];
  });
  const told = Object.entries(events).map(([event, data]): [string, string] => [event, typeOf(data, 'output')]);
  const codes = Object.keys(httpStatus).map(code => JSON.stringify(code));
  return [
    `export type ErrorCode = ${codes.join(' | ')};`,
    table('Requests', resources),
    table('Events', told),
    `export type PairRequest = ${typeOf(pairRequest, 'input')};`,
    `export type ChatFile = ${typeOf(fileReply, 'output')}['file'];`,
    clientSurface,
  ].join('\n');
}

/** Of `mostrador-s2-client.js`. */
export function s2Declarations(): string {
  return s2Surface.replace('PUBLISHED', typeOf(events.published, 'output'));
}

const clientSurface = `
export interface Failure {
  code: ErrorCode;
  message: string;
  details?: Record<string, unknown>;
}
export type Result<T> = { ok: true; value: T } | { ok: false; error: Failure };
export declare class RequestError extends Error implements Failure {
  constructor(failure: Failure);
  readonly code: ErrorCode;
  readonly details?: Record<string, unknown>;
}

export type Resource = keyof Requests;
export type Action<R extends Resource> = keyof Requests[R] & string;
type Spec<R extends Resource, A extends Action<R>> = Requests[R][A] extends { input: unknown; reply: unknown } ? Requests[R][A] : never;
export type Input<R extends Resource, A extends Action<R>> = Spec<R, A>['input'];
export type Reply<R extends Resource, A extends Action<R>> = Spec<R, A>['reply'];
export type EventName = keyof Events;
export type EventData<E extends EventName> = Events[E];
export type Session = Reply<'sessions', 'get'>['session'];
export type Photo = Reply<'photos', 'get'>['photo'];
export interface PairReply {
  session: Session;
  phone_token: string;
}

/** The part of a WebSocket that the client uses: the browser's and the \`ws\` package's both fit. */
export interface Socket {
  send(text: string): void;
  close(code?: number, reason?: string): void;
  terminate?(): void;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
}
export type WebSocketConstructor = new (url: string) => Socket;

export type ConnectionState = 'idle' | 'connecting' | 'connected' | 'waiting' | 'closed';

/** Milliseconds; the defaults suit a phone on a Wi-Fi. */
export interface Timing {
  /** The first wait before reconnecting, and the longest one. */
  backoffFirst: number;
  backoffMost: number;
  /** How long a connection must have lasted for the waits to start over. */
  stableAfter: number;
  /** From opening a socket to the server's \`connected\`. */
  handshake: number;
  pingEvery: number;
  silence: number;
  /** The same after \`reconnectNow\`, when a person is looking. */
  silenceWhenShown: number;
  /** How long a request waits for a connection, and then for its answer. */
  requestConnection: number;
  requestAnswer: number;
}

export interface ClientOptions {
  /** http(s) or ws(s), with or without /ws; default: the page's origin. */
  url?: string;
  /** Node 20 has none: pass that of \`ws\`. */
  WebSocket?: WebSocketConstructor;
  /** Catch up with missed events after a reconnection. Default: true. */
  resume?: boolean;
  timing?: Partial<Timing>;
}

/** \`seq\` is \`null\` for the passing events, which are not kept. */
export interface EventMeta {
  id: string;
  seq: number | null;
  type: string;
}

export interface MostradorClient {
  connect(): void;
  /** For good; requests that wait fail with \`unavailable\`. */
  close(): void;
  /** The page is shown again, or the network is back: do not wait for the next attempt. */
  reconnectNow(): void;
  readonly state: ConnectionState;
  onState(listener: (state: ConnectionState) => void): () => void;
  onConnect: ((data: EventData<'connected'>) => void) | null;
  onDisconnect: ((data: { code: number; reason: string }) => void) | null;
  /** What belongs to no request: a refused token, a failed attempt, a frame that cannot be read. */
  onError: ((error: Failure) => void) | null;
  /** Rejects with a RequestError; with a callback the failure goes to it, and the promise may be ignored. */
  send<R extends Resource, A extends Action<R>>(
    resource: R,
    action: A,
    payload: Input<R, A>,
    callback?: (data: Reply<R, A> | null, error: Failure | null) => void,
  ): Promise<Reply<R, A>>;
  send(
    resource: string,
    action: string,
    payload?: Record<string, unknown>,
    callback?: (data: Record<string, unknown> | null, error: Failure | null) => void,
  ): Promise<Record<string, unknown>>;
  /** Answers how to stop listening. \`'*'\` hears every event. */
  on<E extends EventName>(event: E, listener: (data: EventData<E>, meta: EventMeta) => void): () => void;
  on(event: string, listener: (data: unknown, meta: EventMeta) => void): () => void;
  /** Events were missed for good: fetch anew whatever is shown. */
  onResync(listener: () => void): () => void;
}
export declare function createWebSocketClient(token: string, options?: ClientOptions): MostradorClient;

interface Sent {
  /** UUID of the sender's own making: the same one again never makes a second one. */
  id: string;
  blob: Blob;
  /** Lower-case hexadecimal, of \`blob\`. */
  sha256?: string;
  /** Bytes. */
  onProgress?: (sent: number, total: number) => void;
  signal?: AbortSignal;
}
export interface Upload extends Sent {
  shot?: string | null;
  /** From an integration only. */
  idPersona?: string;
}
/** A file for a conversation that the sender is a member of. */
export interface FileUpload extends Sent {
  conversationId: string;
  name: string;
}
export interface HttpClient {
  pair(body: PairRequest): Promise<Result<PairReply>>;
  /** \`ok\` only once the photo is safe on the server's disk. */
  uploadPhoto(upload: Upload): Promise<Result<Photo>>;
  /** \`ok\` only once the file is safe on the server's disk; a message that names its \`url\` is still to be sent. */
  uploadFile(upload: FileUpload): Promise<Result<ChatFile>>;
  /** Bytes of what stands under that path; \`null\` where nobody says. */
  sizeOf(path: string): Promise<number | null>;
  /** A path such as \`photo.urls.thumb\`, fetched with the token. */
  fetchBlob(path: string, signal?: AbortSignal): Promise<Result<Blob>>;
  /** Everything of one person, as a ZIP. \`expected\` is an estimate. */
  exportPerson(
    idPersona: string,
    options: { onReceived?: (received: number, expected: number | null) => void; signal?: AbortSignal },
  ): Promise<Result<Blob>>;
}
export declare function createHttpClient(options?: { url?: string; token?: string }): HttpClient;
`;

const s2Surface = `export type S2Role = 'cliente' | 'proveedor' | 'admin' | 'operator';

/** Whom it names hears it: people, a service, a location. Everything else in it is passed on as it is. */
export interface S2Data {
  clienteId?: string | number;
  proveedorId?: string | number;
  usuarioId?: string | number;
  servicioId?: string | number;
  locationId?: string | number;
  ubicacionId?: string | number;
  [field: string]: unknown;
}

export interface S2Events {
  auth_success: { userId: string; role: string; rooms: string[] };
  auth_error: { code: string; message: string };
  event: PUBLISHED;
  room_joined: { room: string };
  room_left: { room: string };
  error: { code: string; message: string };
}

export interface S2Options {
  /** http(s)://host:port; default: the page's origin. */
  url?: string;
}

export interface S2Client {
  connect(): void;
  /** For good, until \`connect()\`: what was not sent yet is dropped, and the rooms are forgotten. */
  close(): void;
  createReservation(data: S2Data): void;
  acceptReservation(data: S2Data): void;
  createPayment(data: S2Data): void;
  createComment(data: S2Data): void;
  joinRoom(room: string): void;
  leaveRoom(room: string): void;
  /** Answers how to stop listening. */
  on<E extends keyof S2Events>(event: E, listener: (data: S2Events[E]) => void): () => void;
  onConnect: ((data: S2Events['auth_success']) => void) | null;
  onDisconnect: ((data: { reason: string }) => void) | null;
  onError: ((error: { code: string; message: string }) => void) | null;
}
export declare function createClient(userId: string, role: S2Role, token: string, options?: S2Options): S2Client;
`;
