/**
 * How anything expected goes wrong, on every protocol. A failure is a value with one of twelve codes;
 * an exception is a bug. (CONTRACT 4, "Error codes".)
 */
export const httpStatus = {
  invalid_message: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  unknown_resource: 404,
  unknown_action: 404,
  conflict: 409,
  expired: 410,
  too_large: 413,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
} as const;

export type ErrorCode = keyof typeof httpStatus;

/** The first code of a status; `undefined` for a status that none has. */
export function codeOf(status: number): ErrorCode | undefined {
  const codes = Object.keys(httpStatus) as ErrorCode[];
  return codes.find(code => httpStatus[code] === status);
}

/** `message` is a sentence for a person (Spanish, as the older servers'); programs read `code` and `details`. */
export interface Failure {
  code: ErrorCode;
  message: string;
  details?: Record<string, unknown>;
}

export type Result<T> = { ok: true; value: T } | { ok: false; error: Failure };

export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function fail(
  code: ErrorCode,
  message: string,
  details?: Record<string, unknown>,
): { ok: false; error: Failure } {
  return { ok: false, error: details ? { code, message, details } : { code, message } };
}

/** A bug, wherever it showed. */
export const internal = fail('internal', 'Algo falló en el servidor; ya quedó anotado.');
