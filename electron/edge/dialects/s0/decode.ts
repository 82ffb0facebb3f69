/** S0's one message, `{idPersona, image}`: what it says, or why it says nothing. (CONTRACT 5, S0.) */
import { read, readJson } from '../../../../protocol/codec.ts';
import { fail, ok, type Result } from '../../../../protocol/errors.ts';
import type { Outline } from './outline.ts';
import { hears } from './wire.ts';

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
  const found = read(hears.photo.shape.idPersona, value);
  if (found.ok) return ok(String(found.value));
  if (typeof value === 'number') return bad('idPersona', 'Un «idPersona» tan grande debe ir como texto.');
  return bad('idPersona', '«idPersona» debe ser un texto de 1 a 64 caracteres o un número.');
}

/** The image's text, where it lies if it can be; `null` where there is none. Some writers escape the slash, or break it into lines. */
function textOf(found: Outline, frame: Buffer): Buffer | null {
  const { image } = found.fields;
  const span = found.spanOf(image);
  if (span === null) return typeof image === 'string' && image !== '' ? unbroken(image) : null;
  const bytes = frame.subarray(span.start, span.end);
  if (!bytes.includes(0x5c)) return bytes;
  const read = readJson(`"${bytes.toString()}"`);
  return read.ok && typeof read.value === 'string' ? unbroken(read.value) : null;
}

function unbroken(text: string): Buffer {
  return Buffer.from(text.replace(/[\r\n]/g, ''));
}

/** As browsers take it: without a type, with `image/*`, with spaces where somebody's hand put them. */
const prefix = /^data:(?:[\w.+-]+\/[\w.+*-]+)?(?:; *[\w.-]+=[\w.-]+)*; *base64, */i;
const equals = 0x3d;
/** Whole groups of four, and little enough that the piece of text needs no pages of its own from the system. */
const piece = 32 * 1_024;

/**
 * What the base64 stands for; `null` where it is none. Node's decoder passes over what does not belong there, so that what
 * comes out is too short then; of the two alphabets only the usual one is taken.
 */
function bytesOf(text: Buffer): Buffer | null {
  const start = prefix.exec(text.toString('latin1', 0, 200))?.[0].length ?? 0;
  const length = text.length - start;
  if (length === 0 || length % 4 !== 0 || text.includes('-', start) || text.includes('_', start)) return null;
  const padding = text.at(-1) !== equals ? 0 : text.at(-2) === equals ? 2 : 1;
  const bytes = Buffer.allocUnsafeSlow((length / 4) * 3 - padding);
  let written = 0;
  for (let from = start; from < text.length; from += piece) {
    written += bytes.write(text.toString('latin1', from, from + piece), written, 'base64');
  }
  return written === bytes.length ? bytes : null;
}

function bad(field: string, message: string): ReturnType<typeof fail> {
  return fail('invalid_message', message, { field });
}
