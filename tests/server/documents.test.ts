/** `/asyncapi.json` and `/openapi.json` say what the running server does. (CONTRACT 3.) */
import { randomUUID } from 'node:crypto';
import { Parser } from '@asyncapi/parser';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Router } from 'express';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import * as z from 'zod/mini';
import { dashboardRoutes } from '../../electron/edge/http/dashboard.ts';
import { documentRoutes } from '../../electron/edge/http/documents.ts';
import { eventRoutes } from '../../electron/edge/http/events.ts';
import { fileRoutes } from '../../electron/edge/http/files.ts';
import { opsRoutes } from '../../electron/edge/http/ops.ts';
import { pageRoutes } from '../../electron/edge/http/pages.ts';
import { pairRoutes } from '../../electron/edge/http/pair.ts';
import { peopleRoutes } from '../../electron/edge/http/people.ts';
import { photoRoutes } from '../../electron/edge/http/photos.ts';
import { routes } from '../../electron/edge/http/routes.ts';
import { sessionRoutes } from '../../electron/edge/http/sessions.ts';
import { type BuiltWorker, buildWorker } from '../../electron/images/built-worker.ts';
import { read, readClientFrame, readServerFrame } from '../../protocol/codec.ts';
import { type EventName, events, passing } from '../../protocol/events.ts';
import { requests } from '../../protocol/requests.ts';
import { type Role, userRole } from '../../protocol/user.ts';
import { type AsyncDocument, asyncDocument, against as fits } from './described.ts';
import { eventExamples, requestExamples } from './examples.ts';
import { jpeg, pagesIn, startServer, type TestServer } from './running.ts';

const secret = 'a secret key for tests, 32 bytes or more';
let worker: BuiltWorker;
let server: TestServer;
let asyncapi: AsyncDocument;
let openapi: z.infer<typeof openDocument>;

const json = z.record(z.string(), z.unknown());
const route = z.looseObject({ security: z.array(json), responses: json });
const openDocument = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), route)),
  components: json,
});

beforeAll(async () => {
  worker = await buildWorker();
  server = await startServer(worker.entry, { env: { SECRET_KEY: secret } });
  asyncapi = z.parse(asyncDocument, await document('/asyncapi.json'));
  openapi = z.parse(openDocument, await document('/openapi.json'));
});
afterAll(async () => {
  await server.stop();
  worker.remove();
});

const tokenFor = (role: Role) =>
  new SignJWT({ role })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(`a ${role}`)
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(secret));

async function document(path: string): Promise<unknown> {
  const response = await server.call('GET', path, { token: null });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  return response.json();
}

const against = (message: string, value: unknown) => fits(asyncapi, 'native', message, value);

const everyRequest = Object.entries(requests).flatMap(([resource, actions]) =>
  Object.entries(actions).map(([action, shapes]) => ({ resource, action, ...shapes })),
);

const exampleOf = (resource: string, action: string) => {
  const found = Object.entries(requestExamples).find(([name]) => name === resource)?.[1];
  return Object.entries(found ?? {}).find(([name]) => name === action)?.[1];
};

test('[API1] `/asyncapi.json` is valid AsyncAPI 3.0, for everybody', async () => {
  const { document, diagnostics } = await new Parser().parse(JSON.stringify(asyncapi));
  // 0 is an error and 1 a warning; what remains is the hint that there is a newer version of the format.
  expect(diagnostics.filter(({ severity }) => severity <= 1)).toEqual([]);
  expect(document?.version()).toBe('3.0.0');
  const channels = document
    ?.channels()
    .all()
    .map(channel => channel.id());
  expect(channels).toEqual(['native', 's0', 's1', 's1_socketio', 's2', 's3']);
  expect(danglingIn(asyncapi)).toEqual([]);
});

test('[API2] `/openapi.json` is valid OpenAPI 3.1, for everybody', async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(structuredClone(openapi));
  expect({ valid, errors }).toEqual({ valid: true });
  expect(validator.version).toBe('3.1');
  expect(danglingIn(openapi)).toEqual([]);
});

/** References that lead nowhere; the validators do not follow them. */
function danglingIn(root: unknown): string[] {
  const found = new Set<string>();
  const targets = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('$ref' in value && typeof value.$ref === 'string') found.add(value.$ref);
    for (const inner of Object.values(value)) targets(inner);
  };
  targets(root);
  expect(found.size).toBeGreaterThan(5);
  const leads = (ref: string) =>
    ref
      .slice(2)
      .split('/')
      .reduce<unknown>(
        (at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key.replaceAll('~1', '/')) : undefined),
        root,
      ) !== undefined;
  return [...found].filter(ref => !ref.startsWith('#/') || !leads(ref));
}

test('[API3] an example of every request fits its description, is read by the server, and its answer fits too', async () => {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws?token=${server.token}`);
  const answers = new Map<string, (text: string) => void>();
  socket.on('message', data => {
    const frame = readServerFrame(data.toString());
    if (frame.ok && (frame.value.type === 'response' || frame.value.type === 'error')) {
      answers.get(frame.value.id ?? '')?.(data.toString());
    }
  });
  await new Promise(resolve => socket.once('open', resolve));
  const outcomes: Record<string, string> = {};
  for (const { resource, action, input } of everyRequest) {
    const name = `${resource}.${action}`;
    const example = exampleOf(resource, action);
    expect(example, `an example of ${name}`).toBeDefined();
    const frame = { type: 'request', id: name, resource, payload: { ...example, action } };
    expect(against(`${name}.request`, frame), name).toEqual([]);
    const decoded = readClientFrame(JSON.stringify(frame));
    expect(decoded, name).toEqual({ ok: true, value: frame });
    expect(read(input, decoded.ok && 'payload' in decoded.value && decoded.value.payload).ok, name).toBe(true);
    const answer = new Promise<string>(resolve => answers.set(name, resolve));
    socket.send(JSON.stringify(frame));
    const told = JSON.parse(await answer);
    expect(against(told.type === 'response' ? `${name}.response` : 'error', told), name).toEqual([]);
    outcomes[name] = told.type === 'response' ? 'ok' : told.payload.code;
  }
  socket.close();
  const unread = ['invalid_message', 'unknown_resource', 'unknown_action', 'internal', 'forbidden'];
  // What only a phone may ask is refused to the operator.
  const isOthers = (name: string) => asyncapi.operations[name]?.['x-roles']?.includes('operator') === false;
  // The examples name things that are not there; the ones of others' conversations are not the operator's to see.
  expect(Object.entries(outcomes).filter(([name, outcome]) => unread.includes(outcome) !== isOthers(name))).toEqual([]);
  expect(Object.values(outcomes).filter(outcome => outcome === 'ok').length).toBeGreaterThan(15);
});

test('[API4] a request without what it needs, or with another action, does not fit its description', () => {
  for (const { resource, action, input } of everyRequest) {
    const name = `${resource}.${action}`;
    const frame = { type: 'request', id: name, resource, payload: { ...exampleOf(resource, action), action } };
    expect(against(`${name}.request`, { ...frame, payload: { ...frame.payload, action: 'other' } })).not.toEqual([]);
    expect(against(`${name}.request`, { ...frame, resource: 'other' })).not.toEqual([]);
    const bare = { ...frame, payload: { action } };
    expect(against(`${name}.request`, bare).length === 0, name).toBe(read(input, {}).ok);
  }
});

test('[API5] an example of every event fits its description and is read', () => {
  for (const name of Object.keys(events) as EventName[]) {
    const data: unknown = eventExamples[name];
    expect(data, `an example of ${name}`).toBeDefined();
    const shape: z.ZodMiniType = events[name];
    expect(read(shape, data), name).toEqual({ ok: true, value: data });
    const frame = { type: 'event', id: 'evt-1', payload: { type: name, data } };
    const numbered = passing.has(name) ? frame : { ...frame, seq: 7 };
    expect(readServerFrame(JSON.stringify(numbered)).ok, name).toBe(true);
    expect(against(`event.${name}`, numbered), name).toEqual([]);
    if (!passing.has(name)) expect(against(`event.${name}`, frame), name).not.toEqual([]);
    if (name !== 'published') {
      expect(against(`event.${name}`, { ...numbered, payload: { type: name, data: {} } }), name).not.toEqual([]);
    }
  }
});

test('[API6] the other frames of a client are described, and read', () => {
  for (const frame of [{ type: 'auth', token: 't' }, { type: 'ping' }, { type: 'pong' }]) {
    expect(against(frame.type, frame)).toEqual([]);
    expect(readClientFrame(JSON.stringify(frame))).toEqual({ ok: true, value: frame });
  }
});

test('[API7] every operation names the roles that may ask for it', () => {
  for (const { resource, action } of everyRequest) {
    expect(asyncapi.operations[`${resource}.${action}`]?.['x-roles']?.length, `${resource}.${action}`).toBeGreaterThan(
      0,
    );
  }
  expect(asyncapi.operations['activity.list']?.['x-roles']).toEqual(['operator', 'admin']);
});

/** As Express has them. */
function routesOf(routers: readonly Router[]): string[] {
  const layers = routers.flatMap(router => router.stack.flatMap(layer => layer.route ?? []));
  return layers.flatMap(layer => {
    const methods = new Set(layer.stack.map(handler => handler.method));
    const paths: readonly string[] = [layer.path].flat();
    return paths.flatMap(path => [...methods].map(method => `${method} ${path}`));
  });
}

test('[API8] every route of the server is described but the pages, and every described one is there', () => {
  const callers = { only: () => () => {}, onlyOrLocal: () => () => {} };
  const limits = { codeFailuresPerAddress: 1, codeFailuresInAll: 1 };
  const parts = { callers, limits, facts: {}, distDir: pagesIn(server.dataDir) } as never;
  const routers = [
    opsRoutes,
    pageRoutes,
    pairRoutes,
    sessionRoutes,
    eventRoutes,
    dashboardRoutes,
    peopleRoutes,
    photoRoutes,
    fileRoutes,
  ];
  const found = routesOf([...routers.map(make => make(parts)), documentRoutes('0.0.0', {})]);
  const pages = ['/kiosk', '/display', '/J', '/J/:token', '/favicon.ico'].map(path => `get ${path}`);
  const described = routes.map(({ method, path }) => `${method} ${path}`);
  expect(found.filter(route => !pages.includes(route)).sort()).toEqual([...described].sort());
  const inDocument = Object.entries(openapi.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map(method => `${method} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
  );
  expect(inDocument.sort()).toEqual([...described].sort());
});

test('[API9] who may ask is as it is described, for every route and role', async () => {
  const tokens = new Map<Role, string>([['phone', (await server.phone()).token]]);
  for (const role of userRole.options) tokens.set(role, await tokenFor(role));
  for (const { method, path, who } of routes) {
    const at = path.replace(/:\w+/g, randomUUID());
    // A page's request: being on this machine does not count.
    const headers = { 'Sec-Fetch-Site': 'same-origin' };
    const status = async (token: string | null) => {
      const response = await server.call(method.toUpperCase(), at, { token, headers });
      await response.arrayBuffer();
      return response.status;
    };
    const bare = await status(null);
    if (who === null) {
      expect([401, 403], `${method} ${path}`).not.toContain(bare);
      continue;
    }
    expect(bare, `${method} ${path}`).toBe(401);
    for (const [role, token] of tokens) {
      const isRefused = (await status(token)) === 403;
      expect(isRefused, `${method} ${path} as ${role}`).toBe(!who.includes(role));
    }
  }
});

test('[API10] what the server answers has a described status, type and shape', async () => {
  const seen = new Set<string>();
  async function ask(method: string, path: string, at: string, init: RequestInit & { token?: string | null } = {}) {
    const response = await server.call(method, at, init);
    const described = openapi.paths[path]?.[method.toLowerCase()]?.responses[response.status];
    const told = z.parse(
      z.object({ content: z.record(z.string(), z.object({ schema: z.optional(json) })) }),
      described,
    );
    const type = response.headers.get('content-type')?.split(';')[0] ?? '';
    expect(Object.keys(told.content), `${method} ${at}`).toContain(type);
    seen.add(`${method.toLowerCase()} ${path} ${response.status}`);
    if (type !== 'application/json') return void (await response.arrayBuffer());
    const body: unknown = await response.json();
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const validate = ajv.compile({ components: openapi.components, ...told.content[type]?.schema });
    expect(validate(body) ? [] : validate.errors, `${method} ${at}`).toEqual([]);
    return body;
  }
  const asJson = (body: unknown) => ({
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json' },
  });

  const made = await ask('POST', '/api/sessions', '/api/sessions', asJson({ idPersona: 'DNI-9' }));
  const { session } = z.parse(requests.sessions.create.reply, made);
  await ask('GET', '/api/sessions/{id}', `/api/sessions/${session.id}`);
  await ask('GET', '/api/sessions/{id}/qr.svg', `/api/sessions/${session.id}/qr.svg`);
  await ask('GET', '/api/sessions/{id}/qr.png', `/api/sessions/${session.id}/qr.png`);
  const pairing = { code: session.qr?.code, claim: randomUUID() };
  await ask('POST', '/api/pair', '/api/pair', { ...asJson(pairing), token: null });
  await ask('POST', '/api/pair', '/api/pair', { ...asJson({}), token: null });
  const id = randomUUID();
  const photo = { body: new Uint8Array(await jpeg()) };
  const at = `/api/photos/${id}?idPersona=DNI-9&shot=Rostro`;
  await ask('PUT', '/api/photos/{uuid}', at, photo);
  await ask('PUT', '/api/photos/{uuid}', at, photo);
  await ask('PUT', '/api/photos/{uuid}', at, { body: new Uint8Array(await jpeg()) });
  await ask('GET', '/api/photos/{uuid}', `/api/photos/${id}`);
  await ask('GET', '/api/photos/{uuid}/thumb', `/api/photos/${id}/thumb`);
  await ask('GET', '/api/photos', '/api/photos?limit=5');
  await ask('GET', '/api/people/{idPersona}/export', '/api/people/DNI-9/export');
  await ask('DELETE', '/api/photos/{uuid}', `/api/photos/${id}`);
  await ask('GET', '/api/photos/{uuid}', `/api/photos/${id}`);
  const asUser = server.client();
  const { conversation } = await asUser.send('conversations', 'create', { type: 'group', members: [] });
  const file = { body: new TextEncoder().encode('Horario: de 9 a 14') };
  const filed = `/api/files/${id}?conversation_id=${conversation.id}&name=horario.txt`;
  await ask('PUT', '/api/files/{uuid}', filed, file);
  await ask('PUT', '/api/files/{uuid}', filed, file);
  await ask('PUT', '/api/files/{uuid}', `/api/files/${id}`, file);
  await ask('GET', '/api/files/{uuid}', `/api/files/${id}`);
  await ask('GET', '/api/files/{uuid}', `/api/files/${randomUUID()}`);
  await ask('DELETE', '/api/sessions/{id}', `/api/sessions/${session.id}`);
  await ask('POST', '/api/events', '/api/events', asJson({ type: 'turno_llamado', data: { numero: 7 } }));
  for (const { method, path } of routes) {
    const given = [...seen].some(told => told.startsWith(`${method} ${path.replace(/:(\w+)/g, '{$1}')} `));
    if (!given) await ask(method.toUpperCase(), path, path);
  }
  const good = [...seen].filter(told => / 20[01]$/.test(told)).map(told => told.replace(/ \d+$/, ''));
  const promised = routes.map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
  expect(new Set(good)).toEqual(new Set(promised));
});
