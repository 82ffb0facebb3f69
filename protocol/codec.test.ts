/** `unknown` in, typed out, and never an exception. (STYLE, "Types tell the story".) */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type * as z from 'zod/mini';
import { hears as s2 } from '../electron/edge/dialects/s2/wire.ts';
import {
  read,
  readClientFrame,
  readErrorBody,
  readInput,
  readServerFrame,
  requestIdOf,
  writeError,
  writeEvent,
  writeResponse,
} from './codec.ts';
import { fail, httpStatus } from './errors.ts';
import { idPersona, limit, sha256, timestamp, uuid } from './primitives.ts';
import { requests } from './requests.ts';
import { pairRequest } from './session.ts';

const request = { type: 'request', id: 'r1', resource: 'photos', payload: { action: 'list', limit: 3 } };

describe('frames', () => {
  test('[WIRE1] the four frames of a client are read, with whatever stands beside `action`', () => {
    for (const frame of [request, { type: 'auth', token: 't' }, { type: 'ping' }, { type: 'pong' }]) {
      expect(readClientFrame(JSON.stringify(frame))).toEqual({ ok: true, value: frame });
    }
  });

  test('[WIRE2] every malformed frame is `invalid_message`', () => {
    const bad = [
      '',
      '{',
      'null',
      '[]',
      '"request"',
      '7',
      '{}',
      '{"type":"shout"}',
      '{"type":"__proto__"}',
      '{"type":["request"]}',
      '{"type":"auth"}',
      '{"type":"auth","token":""}',
      JSON.stringify({ ...request, id: undefined }),
      JSON.stringify({ ...request, id: '' }),
      JSON.stringify({ ...request, id: 7 }),
      JSON.stringify({ ...request, id: 'x'.repeat(129) }),
      JSON.stringify({ ...request, resource: null }),
      JSON.stringify({ ...request, payload: null }),
      JSON.stringify({ ...request, payload: [] }),
      JSON.stringify({ ...request, payload: {} }),
      JSON.stringify({ ...request, payload: { action: {} } }),
      `${'['.repeat(30_000)}${']'.repeat(30_000)}`,
    ];
    for (const text of bad) {
      const result = readClientFrame(text);
      expect(result.ok ? 'ok' : result.error.code, text.slice(0, 60)).toBe('invalid_message');
    }
  });

  test('[WIRE3] a bad frame is answered by the id that it came with, where that can be read', () => {
    expect(requestIdOf('{"type":"request","id":"r9"}')).toBe('r9');
    for (const text of ['{"id":7}', '{"id":""}', '{', '[]', 'null', JSON.stringify({ id: 'x'.repeat(129) })]) {
      expect(requestIdOf(text)).toBeNull();
    }
  });

  test('[WIRE4] no text makes a reader throw', () => {
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      fc.jsonValue().map(value => JSON.stringify({ ...request, payload: value })),
    );
    fc.assert(
      fc.property(text, given => {
        readClientFrame(given);
        readServerFrame(given);
        requestIdOf(given);
      }),
      { numRuns: 3_000 },
    );
  });

  test('[WIRE5] no value makes the schema of a request throw, and a failure names ten fields at most', () => {
    const schemas = [
      ...Object.values(requests)
        .flatMap(actions => Object.values(actions))
        .map(spec => spec.input),
      pairRequest,
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...schemas),
        fc.anything({ withBigInt: true, withNullPrototype: true }),
        (schema, value) => {
          const result = readInput(schema, value);
          const issues = result.ok ? [] : result.error.details?.issues;
          return Array.isArray(issues) && issues.length <= 10;
        },
      ),
      { numRuns: 3_000 },
    );
  });

  test('[WIRE400] null where something may be left out counts as left out; where it means something it is kept', () => {
    const asked = (schema: z.ZodMiniType, value: unknown) => readInput(schema, value);
    const nobody = asked(requests.sessions.create.input, { idPersona: null, label: null, shots: null });
    expect(nobody).toEqual({ ok: true, value: {} });
    const message = { conversation_id: 'c', content: 'x', sender_id: 's', type: null, file_url: null, client_id: null };
    const { type: _type, client_id: _client, ...rest } = message;
    expect(asked(requests.messages.create.input, { message })).toEqual({
      ok: true,
      value: { message: { ...rest, type: 'texto' } },
    });
    // What is sent on as it came keeps its nulls.
    const event = { type: 'x', data: { a: null }, room: null };
    expect(asked(requests.events.publish.input, event)).toEqual({ ok: true, value: { type: 'x', data: { a: null } } });
    expect(asked(requests.display.show.input, { session_id: null })).toEqual({ ok: true, value: { session_id: null } });

    // What is due is still due, and the answer says what was wrong with what came.
    for (const [schema, value] of [
      [requests.sessions.assign.input, { session_id: 's', idPersona: null }],
      [requests.conversations.create.input, { type: 'direct', members: [null], title: null }],
      [requests.sessions.create.input, null],
    ] as const) {
      expect(asked(schema, value)).toEqual(read(schema, value));
    }
  });

  test('[WIRE401] what is wrong with a field is said in Spanish, as every answer is', () => {
    const claim = 'c';
    for (const [schema, value] of [
      [pairRequest, { claim }],
      [idPersona, 'a\u0007'],
      [sha256, 'A'],
      [requests.activity.list.input, { after: 'x' }],
      [requests.messages.get_all.input, { conversation_id: 'c', before: 'x' }],
      [requests.photos.list.input, { before: 'x' }],
      [requests.events.publish.input, { type: 'a b' }],
      [requests.messages.update.input, { message_id: '1', content: '\0' }],
      [
        requests.messages.create.input,
        { message: { conversation_id: 'c', content: '', sender_id: 's', file_url: 'js:x' } },
      ],
      [requests.users.get.input, { user_id: ' ana' }],
      [s2.authenticate, { token: 't', userId: 'a b', role: 'cliente' }],
    ] as const) {
      const found = readInput<z.ZodMiniType>(schema, value);
      const said = found.ok ? 'nothing' : found.error.message;
      expect(said).toMatch(/^Datos no válidos: («[\w.]+»: )?(debe|no admite|hace falta) /);
    }
  });

  test('[WIRE6] names of every JavaScript object change nothing but their own field', () => {
    const text =
      '{"type":"request","id":"1","resource":"__proto__","payload":{"action":"list","__proto__":{"idPersona":"x"}}}';
    const frame = readClientFrame(text);
    if (!frame.ok || frame.value.type !== 'request') throw new Error('it is a request');
    expect(Object.getPrototypeOf(frame.value.payload)).toBe(Object.prototype);
    expect(frame.value.payload.idPersona).toBeUndefined();
    const input = read(requests.photos.list.input, frame.value.payload);
    expect(input).toEqual({ ok: true, value: {} });
    expect(Reflect.get({}, 'idPersona')).toBeUndefined();
  });

  test('[WIRE7] what the server writes its own clients can read', () => {
    const frames = [
      writeResponse('r1', { photos: [] }),
      writeEvent({ id: 'evt-1', seq: 3, type: 'photo_deleted', data: {} }),
      writeEvent({ id: 'evt-1', seq: null, type: 'connected', data: {} }),
      ...Object.keys(httpStatus).map(code => {
        const failure = fail('internal', 'x', { reason: 'y' }).error;
        return writeError(null, { ...failure, code: code as keyof typeof httpStatus });
      }),
    ];
    expect(frames.map(text => readServerFrame(text).ok)).toEqual(frames.map(() => true));
    expect(frames[2]).not.toContain('seq');
    expect(readErrorBody({ error: { code: 'expired', message: 'm' } })).toEqual({ code: 'expired', message: 'm' });
    for (const body of [null, 'x', {}, { error: { code: 'teapot', message: 'm' } }])
      expect(readErrorBody(body)).toBeNull();
  });
});

describe('the small parts', () => {
  const accepts = (schema: Parameters<typeof read>[0], value: unknown) => read(schema, value).ok;

  test('[WIRE8] an idPersona has 1 to 64 characters, is trimmed, and holds no control character', () => {
    expect(read(idPersona, '  DNI 1  ')).toEqual({ ok: true, value: 'DNI 1' });
    for (const good of ['1', 'x'.repeat(64), 'José Ñ-9/2']) expect(accepts(idPersona, good)).toBe(true);
    for (const bad of ['', '   ', 'x'.repeat(65), 'a\nb', 'a\0', 'a\u007fb', 7, null])
      expect(accepts(idPersona, bad)).toBe(false);
  });

  test('[WIRE9] ids, hashes, dates and limits are what they must be', () => {
    for (const bad of ['', 'x', '../../etc/passwd', 'ABCDEF00-0000-4000-8000-00000000000g'])
      expect(accepts(uuid, bad)).toBe(false);
    for (const bad of ['A'.repeat(64), 'a'.repeat(63), 'g'.repeat(64)]) expect(accepts(sha256, bad)).toBe(false);
    for (const bad of ['2026-01-01', '2026-01-01T00:00:00+01:00', 'now']) expect(accepts(timestamp, bad)).toBe(false);
    for (const bad of [0, 201, 1.5, '10']) expect(accepts(limit, bad)).toBe(false);
    expect(accepts(limit, 200) && accepts(timestamp, new Date(0).toISOString())).toBe(true);
  });

  test('[WIRE10] pairing needs exactly one of token and code, and a claim of 1 to 128 characters', () => {
    const claim = 'c';
    expect(accepts(pairRequest, { token: 't', claim })).toBe(true);
    expect(accepts(pairRequest, { code: 't', claim: 'c'.repeat(128) })).toBe(true);
    const badClaims = ['', 'c'.repeat(129), 7, null].map(bad => ({ token: 't', claim: bad }));
    for (const bad of [{ claim }, { token: 't', code: 'c', claim }, { token: 't' }, ...badClaims]) {
      expect(accepts(pairRequest, bad)).toBe(false);
    }
  });
});
