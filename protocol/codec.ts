/** `unknown` in, typed out: the only place where a frame or a body becomes something to rely on. */
import * as z from 'zod/mini';
import { type ClientFrame, clientFrame, errorBody, requestFrame, type ServerFrame, serverFrame } from './envelope.ts';
import { type Failure, fail, ok, type Result } from './errors.ts';

/** Reads `value` by `schema`; a failure names each field that is wrong in `details.issues`, ten at most. */
export function read<S extends z.ZodMiniType>(schema: S, value: unknown): Result<z.output<S>> {
  const parsed = z.safeParse(schema, value);
  return parsed.success ? ok(parsed.data) : failureOf(parsed.error);
}

function failureOf(error: z.core.$ZodError): Result<never> {
  const issues = error.issues.slice(0, 10).map(issue => ({ path: issue.path.join('.'), message: issue.message }));
  const first = issues[0];
  const where = first?.path ? `«${first.path}»: ` : '';
  return fail('invalid_message', `Datos no válidos: ${where}${first?.message ?? 'no se pueden leer'}`, { issues });
}

/**
 * What a program asks for. `null` in place of what may be left out counts as left out: many a program's types know no other
 * way to say so (Python's `Optional[str] = None`). Where `null` itself means something it is kept.
 */
export function readInput<S extends z.ZodMiniType>(schema: S, value: unknown): Result<z.output<S>> {
  const parsed = z.safeParse(schema, value);
  if (parsed.success) return ok(parsed.data);
  const bare = parsed.error.issues.reduce((left: unknown, { path }) => withoutNull(left, path), value);
  const again = z.safeParse(schema, bare);
  return again.success ? ok(again.data) : failureOf(parsed.error);
}

/** `value` as it is, but for the field at `path` where that is `null`. */
function withoutNull(value: unknown, [name, ...further]: readonly PropertyKey[]): unknown {
  if (name === undefined || typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const kept: [string, unknown][] = [];
  for (const [key, field] of Object.entries(value)) {
    if (key !== name) kept.push([key, field]);
    else if (field !== null) kept.push([key, withoutNull(field, further)]);
  }
  return Object.fromEntries(kept);
}

export function readJson(text: string): Result<unknown> {
  try {
    return ok(JSON.parse(text));
  } catch {
    return fail('invalid_message', 'El mensaje no es JSON.');
  }
}

/** A frame from a client; `requestIdOf` finds whom a failure is to be told. */
export function readClientFrame(text: string): Result<ClientFrame> {
  const json = readJson(text);
  return json.ok ? read(clientFrame, json.value) : json;
}

export function readServerFrame(text: string): Result<ServerFrame> {
  const json = readJson(text);
  return json.ok ? read(serverFrame, json.value) : json;
}

/** The `id` of a frame that could not be read as a whole, so that its sender can tell which one failed; else `null`. */
export function requestIdOf(text: string): string | null {
  const json = readJson(text);
  if (!json.ok) return null;
  const found = z.safeParse(z.object({ id: requestFrame.shape.id }), json.value);
  return found.success ? found.data.id : null;
}

/** What an HTTP error says; `null` for a body that is none of ours. */
export function readErrorBody(value: unknown): Failure | null {
  const parsed = z.safeParse(errorBody, value);
  return parsed.success ? parsed.data.error : null;
}

export function writeResponse(id: string, payload: unknown): string {
  return JSON.stringify({ type: 'response', id, payload });
}

export function writeError(id: string | null, error: Failure): string {
  return JSON.stringify({ type: 'error', id, payload: error });
}

export function writeEvent(event: { id: string; seq: number | null; type: string; data: unknown }): string {
  const { id, seq, type, data } = event;
  return JSON.stringify({ type: 'event', id, ...(seq === null ? {} : { seq }), payload: { type, data } });
}
