/** Keeps tokens and persons out of the log: whatever is about to be written passes through here first (TRUST, "Rules at the edge"). */
import { constants } from 'node:os';
import { httpStatus } from '../protocol/errors.ts';

const secretKeys = new Set([
  'token',
  'phonetoken',
  'operatortoken',
  'accesstoken',
  'authorization',
  'proxyauthorization',
  'cookie',
  'setcookie',
  'claim',
  'code',
  'shortcode',
  'password',
  'wifipassword',
  'pin',
  'settingspin',
  'secret',
  'secretkey',
  'idpersona',
  'operatorurl',
]);

const hidden = '[redacted]';
const deepest = 8;

/** A copy of `value` without secrets, at most `deepest` levels of it. Never throws, not even for a cycle. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= deepest) return '[deeper]';
  if (value instanceof Error) return redactError(value, depth);
  if (value instanceof Date) return value;
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.slice(0, 100).map(item => redact(item, depth + 1));
  if (value instanceof URL) return redactText(value.href);
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) copy[key] = redactEntry(key, item, depth + 1);
  return copy;
}

function redactEntry(key: string, item: unknown, depth: number): unknown {
  const plain = key.replace(/[_-]/g, '').toLowerCase();
  if (!secretKeys.has(plain)) return redact(item, depth);
  if (item === null || item === undefined || item === '') return item;
  return plain === 'code' && isErrorCode(item) ? item : hidden;
}

/** Error codes (ENOSPC, not_found, close code 1006) share their key with the six characters of a pairing code. */
function isErrorCode(item: unknown): boolean {
  if (typeof item !== 'string') return typeof item === 'number';
  return item in constants.errno || Object.hasOwn(httpStatus, item) || /^[A-Z\d]+_[A-Z\d_]+$/.test(item);
}

function redactError(error: Error, depth: number): Record<string, unknown> {
  const plain: Record<string, unknown> = { type: error.name, message: redactText(error.message) };
  if (error.stack) plain.stack = redactText(error.stack);
  if (error.cause !== undefined) plain.cause = redact(error.cause, depth + 1);
  for (const [key, item] of Object.entries(error)) plain[key] = redactEntry(key, item, depth + 1);
  return plain;
}

/** Also takes tokens out of addresses and headers that stand inside a sentence. */
export function redactText(text: string): string {
  return text
    .replace(/(\/J\/)[^\s/?#"']+/gi, `$1${hidden}`)
    .replace(/([?&#](?:token|phone_token|operatorToken|auth|claim|code|idPersona|user_id)=)[^\s&#"']*/gi, `$1${hidden}`)
    .replace(/\b(Bearer|Token|Basic) +[\w.~+/=-]{8,}/gi, `$1 ${hidden}`)
    .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, hidden);
}
