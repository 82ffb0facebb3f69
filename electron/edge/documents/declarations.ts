/**
 * TypeScript's declarations of the SDK, one file beside each module that is served: what is asked, answered and told is written
 * from the shapes that validate, the rest is copied from the sources' own text (a test compiles both against each other).
 */
import * as z from 'zod/mini';
import { httpStatus } from '../../../protocol/errors.ts';
import errorTypes from '../../../protocol/errors.ts?raw';
import { events } from '../../../protocol/events.ts';
import { fileReply } from '../../../protocol/file.ts';
import { requests } from '../../../protocol/requests.ts';
import { pairReply, pairRequest } from '../../../protocol/session.ts';
import httpTypes from '../../../renderer/client/http-client.ts?raw';
import s2Types from '../../../renderer/client/s2.ts?raw';
import socketTypes from '../../../renderer/client/socket.ts?raw';
import clientTypes from '../../../renderer/client/types.ts?raw';

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

/**
 * The types at the top level of a source, with their comments; without those that are made of a schema or a table, which a
 * program elsewhere has not. The formatter ends an interface with the first `}` at the beginning of a line.
 */
function typesIn(source: string): string {
  const declared = /^(?:\/\*\*(?:(?!\*\/).)*\*\/\n)?(?:export )?(?:interface .*?^\}|type [^\n]*;)\n/gms;
  const found = source.match(declared) ?? [];
  return found.filter(text => !/\bz\.|\btypeof\b/.test(text)).join('\n');
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
    `export type PairReply = ${typeOf(pairReply, 'output')};`,
    `export type ChatFile = ${typeOf(fileReply, 'output')}['file'];`,
    shorthands,
    ...[errorTypes, socketTypes, clientTypes, httpTypes].map(typesIn),
    'export declare function createWebSocketClient(token: string, options?: ClientOptions): MostradorClient;',
    'export declare function createHttpClient(options?: { url?: string; token?: string }): HttpClient;\n',
  ].join('\n');
}

/** Of `mostrador-s2-client.js`. */
export function s2Declarations(): string {
  return [
    `type EventData<E extends 'published'> = { published: ${typeOf(events.published, 'output')} }[E];\n`,
    typesIn(s2Types),
    'export declare function createClient(userId: string, role: S2Role, token: string, options?: S2Options): S2Client;\n',
  ].join('\n');
}

/** What the sources make of their tables' own types, made of those above. */
const shorthands = `
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
`;
