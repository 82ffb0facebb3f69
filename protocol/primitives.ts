/** The small parts that several wire shapes share. */
import * as z from 'zod/mini';

/** ISO 8601 in UTC. */
export const timestamp = z.iso.datetime();
export const uuid = z.uuid();
const noControl = z.regex(/^\P{Cc}*$/u, 'no admite caracteres de control');
export const id = z.string().check(z.minLength(1), z.maxLength(64), noControl);

/** What a desk calls a visitor: 1 to 64 characters, none of them a control character. (CONTRACT 6.) */
export const idPersona = z.string().check(z.trim(), z.minLength(1), z.maxLength(64), noControl);

/** One line that a person typed: a label, a reason, the name of a shot. */
export const line = z.string().check(z.trim(), z.minLength(1), z.maxLength(200), noControl);

/** 64 lower-case hexadecimal characters. */
export const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/, 'debe ser un SHA-256 en hexadecimal y minúsculas'));

/** How many rows a list gives: 1 to 200. */
export const limit = z.int().check(z.minimum(1), z.maximum(200));

/** What everything that is read by people is written in. */
export const lang = z.enum(['es', 'en']);
export type Lang = z.infer<typeof lang>;
