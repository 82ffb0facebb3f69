/**
 * The native protocol as AsyncAPI 3.0, made of the tables that validate: `requests`, `events` and the frames around them; and,
 * beside it, the older protocols.
 */
import {
  authFrame,
  errorFrame,
  eventFrame,
  pingFrame,
  pongFrame,
  requestFrame,
  responseFrame,
} from '../../../protocol/envelope.ts';
import { events, passing } from '../../../protocol/events.ts';
import { requests } from '../../../protocol/requests.ts';
import type { Role } from '../../../protocol/user.ts';
import { describeDialects } from './dialects.ts';
import { createComponents, type Json } from './json-schema.ts';
import { shared } from './shared.ts';

/** Who may ask for what: the table that `dispatch` goes by. */
export type Permissions = Record<string, Record<string, { who: readonly Role[] }>>;

const channel = '#/channels/native';
const inChannel = (name: string) => ({ $ref: `${channel}/messages/${name}` });

export function asyncApi(version: string, permissions: Permissions): Json {
  const given = createComponents('input', 'draft-7');
  const told = createComponents('output', 'draft-7');
  for (const [name, schema] of Object.entries(shared)) told.ref(schema, name);
  const messages: Json = {};
  const operations: Json = {};
  const message = (name: string, payload: Json, more: Json = {}) => {
    messages[name] = { name, contentType: 'application/json', payload, ...more };
    return inChannel(name);
  };
  const operation = (name: string, action: 'receive' | 'send', more: Json) => {
    operations[name] = { action, channel: { $ref: channel }, ...more };
  };
  const correlated = { correlationId: { $ref: '#/components/correlationIds/request' } };

  const refused = message('error', told.ref(errorFrame, 'ErrorFrame'), correlated);
  const pong = message('pong', given.ref(pongFrame, 'PongFrame'));
  operation('auth', 'receive', {
    summary: 'The first message of a connection whose handshake carried no token, within 5 s.',
    messages: [message('auth', given.ref(authFrame, 'AuthFrame'))],
  });
  operation('ping', 'receive', {
    summary: 'Keeps a connection open: one that sends nothing for 5 minutes is closed with 4408.',
    messages: [message('ping', given.ref(pingFrame, 'PingFrame'))],
    reply: { channel: { $ref: channel }, messages: [pong] },
  });
  operation('pong', 'receive', { messages: [pong] });
  operation('error', 'send', { summary: 'To a frame that could not be read, its id is null.', messages: [refused] });

  for (const [resource, actions] of Object.entries(requests)) {
    for (const [action, { input, reply }] of Object.entries(actions)) {
      const name = `${resource}.${action}`;
      const payload = allOf(given.ref(requestFrame, 'RequestFrame'), {
        resource: { const: resource },
        payload: allOf(given.ref(input, `${name}.input`), { action: { const: action } }),
      });
      const answer = allOf(told.ref(responseFrame, 'ResponseFrame'), { payload: told.ref(reply, `${name}.reply`) });
      operation(name, 'receive', {
        tags: [{ name: resource }],
        'x-roles': permissions[resource]?.[action]?.who ?? [],
        messages: [message(`${name}.request`, payload, correlated)],
        reply: {
          channel: { $ref: channel },
          messages: [message(`${name}.response`, answer, correlated), refused],
        },
      });
    }
  }

  for (const [type, data] of Object.entries(events)) {
    const frame = told.ref(eventFrame, 'EventFrame');
    const isPublished = type === 'published';
    const own = isPublished ? {} : { payload: object({ type: { const: type }, data: told.ref(data, `${type}.data`) }) };
    const payload = passing.has(type) ? allOf(frame, own) : allOf(frame, own, ['seq']);
    const summary = isPublished ? { summary: 'What somebody published: it goes by its own type.' } : {};
    operation(`event.${type}`, 'send', { messages: [message(`event.${type}`, payload, summary)] });
  }

  const older = describeDialects(given, told);
  const address = { default: '127.0.0.1:8080', description: "The desk's address on the local network." };
  const [bearer, query, first, auth] = ['bearer', 'query', 'first_message', 'handshake'].map(name => ({
    $ref: `#/components/securitySchemes/${name}`,
  }));

  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Mostrador',
      version,
      license: { name: 'MIT' },
      description:
        'JSON over WebSocket. Every answer carries the id of its request; `seq` counts the events of one journal for all connections.',
    },
    defaultContentType: 'application/json',
    servers: {
      desk: {
        host: '{address}',
        protocol: 'ws',
        description: 'From an address of `LEGACY_ALLOW`, S0 and S1 need no token.',
        variables: { address },
        security: [bearer, query, first],
      },
      socketio: {
        host: '{address}',
        pathname: '/socket.io/',
        protocol: 'socketio',
        description:
          'Clients of Socket.IO 2, 3 and 4, by polling and by WebSocket. From an address of `LEGACY_ALLOW`, S1 and S3 need no token; S2 signs in by `authenticate`.',
        variables: { address },
        security: [bearer, query, auth],
      },
    },
    channels: {
      native: { address: '/ws', servers: [{ $ref: '#/servers/desk' }], messages },
      ...older.channels,
    },
    operations: { ...operations, ...older.operations },
    components: {
      schemas: { ...given.schemas(), ...told.schemas() },
      correlationIds: { request: { location: '$message.payload#/id' } },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        query: { type: 'httpApiKey', in: 'query', name: 'token' },
        handshake: { type: 'userPassword', description: "No password: the token comes as Socket.IO's `auth.token`." },
        first_message: { type: 'userPassword', description: 'No password: the token comes as the message `auth`.' },
      },
    },
  };
}

function object(properties: Json, required = Object.keys(properties)): Json {
  return { type: 'object', properties, required };
}

/** The frame, with these of its fields said more exactly, and `more` of them present. */
function allOf(frame: Json, properties: Json, more: readonly string[] = []): Json {
  return { allOf: [frame, object(properties, [...Object.keys(properties), ...more])] };
}
