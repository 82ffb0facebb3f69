/**
 * The older protocols as channels of the AsyncAPI document, made of the tables by which each dialect reads and writes. What
 * its own document leaves open stands in docs/compatibility.md.
 */
import * as z from 'zod/mini';
import * as s0 from '../dialects/s0/wire.ts';
import * as s1 from '../dialects/s1/messages.ts';
import * as s2 from '../dialects/s2/wire.ts';
import * as s3 from '../dialects/s3/wire.ts';
import type { Components, Json } from './json-schema.ts';

type Shapes = Readonly<Record<string, z.core.$ZodType>>;

interface Dialect {
  summary: string;
  /** `raw`: a message is a JSON text. `event`: it is an event of Socket.IO, by name, and its payload the event's one argument. */
  by: 'raw' | 'event';
  /** The fields of the handshake's query. */
  query?: z.core.$ZodType;
  /** What clients say, and what the server says. */
  hears: Shapes;
  says: Shapes;
}

const s1Heard = (shape: (verb: s1.Verb) => z.core.$ZodType) =>
  Object.fromEntries(s1.verbs.map(verb => [verb, shape(verb)]));

export const dialects: Record<string, Dialect> = {
  s0: {
    summary: 'S0: a photo goes to every other listener as it came. At any path but `/ws` and `/socket.io/`.',
    by: 'raw',
    ...s0,
  },
  s1: {
    summary: 'S1: sessions with a QR, as JSON. At any path but `/ws` and `/socket.io/`.',
    by: 'raw',
    hears: s1Heard(verb => z.extend(s1.input, { type: z.literal(verb) })),
    says: s1.says,
  },
  s1_socketio: { summary: 'S1 over Socket.IO.', by: 'event', hears: s1Heard(() => s1.input), says: s1.says },
  s2: { summary: 'S2: rooms and business events; nothing before `auth_success`.', by: 'event', ...s2 },
  s3: {
    summary: 'S3: the chat, for connections with a `user_id` in their query.',
    by: 'event',
    query: z.object({ user_id: s3.ownId }),
    ...s3,
  },
};

/** Where a protocol's messages come in. */
const servers = { raw: '#/servers/desk', event: '#/servers/socketio' };

/** `given` are the shapes of what clients write, `told` of what they get. */
export function describeDialects(given: Components, told: Components): { channels: Json; operations: Json } {
  const channels: Json = {};
  const operations: Json = {};
  for (const [name, { summary, by, query, hears, says }] of Object.entries(dialects)) {
    const messages: Json = {};
    const describe = (way: 'receive' | 'send', shapes: Shapes, components: Components) => {
      for (const [message, shape] of Object.entries(shapes)) {
        // S0's photo goes both ways.
        const key = message in messages ? `${message}.${way}` : message;
        const payload = components.ref(shape, `${name}.${way}.${message}`);
        messages[key] = { name: message, contentType: 'application/json', payload };
        operations[`${name}.${way}.${message}`] = {
          action: way,
          channel: { $ref: `#/channels/${name}` },
          messages: [{ $ref: `#/channels/${name}/messages/${key}` }],
        };
      }
    };
    describe('receive', hears, given);
    describe('send', says, told);
    channels[name] = {
      address: '/',
      summary,
      servers: [{ $ref: servers[by] }],
      ...(query ? { bindings: { ws: { query: z.toJSONSchema(query, { target: 'draft-7', io: 'input' }) } } } : {}),
      messages,
    };
  }
  return { channels, operations };
}
