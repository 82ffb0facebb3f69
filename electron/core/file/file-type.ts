/** What a file of the chat is, by its bytes alone. What could run something where it is opened is not taken. */
import { fail, ok, type Result } from '../../../protocol/errors.ts';
import type { FileMime } from '../../../protocol/file.ts';

const office = 'application/vnd.openxmlformats-officedocument.';
const docx = `${office}wordprocessingml.document` as const;
const xlsx = `${office}spreadsheetml.sheet` as const;
const odt = 'application/vnd.oasis.opendocument.text';

const taken = 'Se admiten PDF, JPEG, PNG, WebP, DOCX, XLSX, ODT, texto y audio (MP3, M4A, OGG, WAV).';

/**
 * Takes any bytes and never throws. For pictures it only says which they are: whether they are whole is found out elsewhere.
 * `invalid_message` with `details.reason` `unsupported_type`, `macros` or `empty`.
 */
export function fileTypeOf(bytes: Buffer): Result<FileMime> {
  if (bytes.length === 0) return fail('invalid_message', 'El archivo está vacío.', { reason: 'empty' });
  const start = bytes.toString('latin1', 0, 64);
  if (start.startsWith('%PDF-')) return ok('application/pdf');
  if (start.startsWith('\xff\xd8\xff')) return ok('image/jpeg');
  if (start.startsWith('\x89PNG\r\n\x1a\n')) return ok('image/png');
  if (start.startsWith('RIFF') && start.slice(8, 12) === 'WEBP') return ok('image/webp');
  if (start.startsWith('PK\x03\x04')) return documentIn(bytes, start);
  const sound = soundOf(bytes, start);
  if (sound) return ok(sound);
  return isText(bytes) ? ok('text/plain') : unsupported;
}

const unsupported = fail('invalid_message', `Este tipo de archivo no se admite. ${taken}`, {
  reason: 'unsupported_type',
});
const macros = fail('invalid_message', 'Los documentos con macros no se admiten. Envíelo sin ellas o como PDF.', {
  reason: 'macros',
});

/** A ZIP is a document only by what stands in it; any other ZIP may hold anything. */
function documentIn(bytes: Buffer, start: string): Result<FileMime> {
  const names = namesInZip(bytes);
  if (!names) return unsupported;
  // OpenDocument puts its type first, uncompressed, after a header of 30 bytes and the name.
  if (start.slice(30, 38) === 'mimetype') {
    const isOdt = bytes.toString('latin1', 38, 38 + odt.length + 2) === `${odt}PK`;
    if (!isOdt) return unsupported;
    return names.some(name => /^(?:Basic|Scripts)\//.test(name)) ? macros : ok(odt);
  }
  if (!names.includes('[Content_Types].xml')) return unsupported;
  const kind = names.includes('word/document.xml') ? docx : names.includes('xl/workbook.xml') ? xlsx : null;
  if (kind === null) return unsupported;
  return names.some(name => /(?:^|\/)vbaProject\.bin$/i.test(name)) ? macros : ok(kind);
}

const endLength = 22;
const entryLength = 46;

/** The names in a ZIP's directory, which stands at its end; `null` where there is no whole one. */
function namesInZip(bytes: Buffer): string[] | null {
  // A comment of up to 65,535 bytes may stand after it.
  const end = bytes.lastIndexOf('PK\x05\x06', -endLength, 'latin1');
  if (end < 0 || end < bytes.length - endLength - 65_535 || end + endLength > bytes.length) return null;
  const count = bytes.readUInt16LE(end + 10);
  let at = bytes.readUInt32LE(end + 16);
  const names: string[] = [];
  for (let entry = 0; entry < count; entry++) {
    if (at + entryLength > end || bytes.toString('latin1', at, at + 4) !== 'PK\x01\x02') return null;
    const [name, extra, comment] = [28, 30, 32].map(offset => bytes.readUInt16LE(at + offset));
    if (name === undefined || extra === undefined || comment === undefined) return null;
    names.push(bytes.toString('utf8', at + entryLength, at + entryLength + name));
    at += entryLength + name + extra + comment;
  }
  return names;
}

function soundOf(bytes: Buffer, start: string): FileMime | null {
  if (start.startsWith('OggS')) return 'audio/ogg';
  if (start.startsWith('RIFF') && start.slice(8, 12) === 'WAVE') return 'audio/wav';
  if (start.startsWith('ID3')) return 'audio/mpeg';
  if (start.slice(4, 8) === 'ftyp') return /^M4[AB] /.test(start.slice(8, 12)) ? 'audio/mp4' : null;
  const [first = 0, second = 0, third = 0] = bytes;
  if (first !== 0xff) return null;
  // ADTS says layer 0; MPEG audio one of the three others, a rate and a frequency that exist.
  if ((second & 0xf6) === 0xf0) return 'audio/aac';
  const isMpeg =
    (second & 0xe0) === 0xe0 && (second & 0x06) !== 0 && (third & 0xf0) !== 0xf0 && (third & 0x0c) !== 0x0c;
  return isMpeg ? 'audio/mpeg' : null;
}

/** UTF-8 without control characters but those that stand in texts. */
function isText(bytes: Buffer): boolean {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return false;
  }
  return !/[^\P{Cc}\t\n\f\r]/u.test(text);
}
