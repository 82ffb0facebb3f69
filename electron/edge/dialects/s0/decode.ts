/** S0's one message, `{idPersona, image}`: what it says, or why it says nothing. (CONTRACT 5, S0.) */
import { read, readJson } from '../../../../protocol/codec.ts';
import { fail, ok, type Result } from '../../../../protocol/errors.ts';
import { idPersona } from '../../../../protocol/primitives.ts';
import type { Outline } from './outline.ts';

export interface Shown {
  idPersona: string;
  /** The picture's own bytes: not looked at, they may be anything. */
  picture: Buffer;
}

/** Whether it means to be an S0 message, well made or not. */
export function isS0({ fields }: Outline): boolean {
  return 'idPersona' in fields || 'image' in fields;
}

export function decode(found: Outline, frame: Buffer): Result<Shown> {
  const person = personOf(found.fields.idPersona);
  if (!person.ok) return person;
  const text = textOf(found, frame);
  if (text === null) return bad('image', 'Falta «image»: la foto en base64.');
  const picture = bytesOf(text);
  return picture ? ok({ idPersona: person.value, picture }) : bad('image', 'La imagen no está en base64 válido.');
}

function personOf(value: unknown): Result<string> {
  if (value === undefined) return bad('idPersona', 'Falta «idPersona».');
  if (typeof value === 'number') {
    // Larger ones have already lost digits: the photo would be filed under somebody else.
    if (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER) {
      return bad('idPersona', 'Un «idPersona» tan grande debe ir como texto.');
    }
    return ok(String(value));
  }
  const found = read(idPersona, value);
  return found.ok ? found : bad('idPersona', '«idPersona» debe ser un texto de 1 a 64 caracteres o un número.');
}

/** The image's text; `null` where there is none. Some writers escape the slash or the plus sign, or break it into lines. */
function textOf(found: Outline, frame: Buffer): string | null {
  const { image } = found.fields;
  const span = found.spanOf(image);
  if (span === null) return typeof image === 'string' && image !== '' ? unbroken(image) : null;
  const bytes = frame.subarray(span.start, span.end);
  if (!bytes.includes(0x5c)) return bytes.toString('latin1');
  const read = readJson(`"${bytes.toString()}"`);
  return read.ok && typeof read.value === 'string' ? unbroken(read.value) : null;
}

function unbroken(text: string): string {
  return text.replace(/[\r\n]/g, '');
}

const prefix = /^data:[\w.+-]+\/[\w.+-]+(?:;[\w.-]+=[\w.-]+)*;base64,/i;

/** Decoding passes over what is no base64, so that what comes out is too short then. */
function bytesOf(text: string): Buffer | null {
  const start = prefix.exec(text.slice(0, 200))?.[0].length ?? 0;
  const base64 = text.slice(start);
  if (base64.length === 0 || base64.length % 4 !== 0 || base64.includes('-') || base64.includes('_')) return null;
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  const bytes = Buffer.from(base64, 'base64');
  return bytes.length === (base64.length / 4) * 3 - padding ? bytes : null;
}

function bad(field: string, message: string): ReturnType<typeof fail> {
  return fail('invalid_message', message, { field });
}
