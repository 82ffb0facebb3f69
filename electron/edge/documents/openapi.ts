/** The HTTP routes as OpenAPI 3.1, made of the table of routes and of the shapes that validate. */
import type * as z from 'zod/mini';
import { errorBody } from '../../../protocol/envelope.ts';
import { type ErrorCode, httpStatus } from '../../../protocol/errors.ts';
import type { Route } from '../http/routes.ts';
import { type Components, createComponents, type Json } from './json-schema.ts';
import { shared } from './shared.ts';

export function openApi(version: string, routes: readonly Route[]): Json {
  const given = createComponents('input', 'draft-2020-12');
  const told = createComponents('output', 'draft-2020-12');
  for (const [name, schema] of Object.entries(shared)) told.ref(schema, name);
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operation(route, given, told) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Mostrador', version, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [
      {
        url: 'http://{address}',
        variables: { address: { default: '127.0.0.1:8080', description: "The desk's address on the local network." } },
      },
    ],
    paths,
    components: {
      schemas: { ...given.schemas(), ...told.schemas() },
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    },
  };
}

function operation(route: Route, given: Components, told: Components): Json {
  const { method, path, summary, who, orLocal, body } = route;
  const name = `${method} ${path}`.replace(/\W+/g, '_').replace(/_$/, '');
  const token = { token: [] };
  const answers = Object.entries(route.answers).map(([status, shape]) => [
    status,
    { description: status === '201' ? 'Made.' : 'Done.', content: content(shape, told, `${name}.reply`) },
  ]);
  return {
    operationId: name,
    summary,
    ...(who === null ? {} : { 'x-roles': who }),
    security: who === null ? [] : orLocal ? [{}, token] : [token],
    parameters: parameters(route, given, name),
    ...(body ? { requestBody: { required: true, content: content(body, given, `${name}.body`) } } : {}),
    responses: { ...Object.fromEntries(answers), ...failures(route, told) },
  };
}

function content(shape: z.ZodMiniType | readonly string[], components: Components, name: string): Json {
  if (!isTypes(shape)) return { 'application/json': { schema: components.ref(shape, name) } };
  return Object.fromEntries(shape.map(type => [type, {}]));
}

function isTypes(shape: z.ZodMiniType | readonly string[]): shape is readonly string[] {
  return Array.isArray(shape);
}

function parameters({ path, query, headers }: Route, given: Components, operation: string): Json[] {
  const named = (place: string, shapes: Record<string, z.core.$ZodType>) =>
    Object.entries(shapes).map(([name, shape]) => ({
      name,
      in: place,
      schema: given.ref(shape, `${operation}.${name}`),
    }));
  return [
    ...[...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
      name,
      in: 'path',
      required: true,
      schema: { type: 'string', ...(name === 'uuid' ? { format: 'uuid' } : {}) },
    })),
    ...named('query', query?.shape ?? {}),
    ...named('header', headers?.shape ?? {}),
  ];
}

/** Several codes can share a status. */
function failures({ who, fails = [] }: Route, told: Components): Json {
  const codes: readonly ErrorCode[] = [...(who === null ? [] : (['unauthorized', 'forbidden'] as const)), ...fails];
  const schema = told.ref(errorBody, 'Error');
  return Object.fromEntries(
    [...new Set(codes.map(code => httpStatus[code]))].map(status => [
      status,
      {
        description: codes.filter(code => httpStatus[code] === status).join(', '),
        content: { 'application/json': { schema } },
      },
    ]),
  );
}
