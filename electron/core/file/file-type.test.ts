import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { cleanFileName } from './file-name.ts';
import { fileTypeOf } from './file-type.ts';

const text = (words: string) => new TextEncoder().encode(words);
const zip = (names: readonly string[]) =>
  Buffer.from(zipSync(Object.fromEntries(names.map(name => [name, text('<x/>')]))));
const odt = (...names: string[]) =>
  Buffer.from(
    zipSync({
      mimetype: [text('application/vnd.oasis.opendocument.text'), { level: 0 }],
      ...Object.fromEntries(names.map(name => [name, text('<x/>')])),
    }),
  );
const office = 'application/vnd.openxmlformats-officedocument';

function typeOf(bytes: Buffer): string {
  const found = fileTypeOf(bytes);
  return found.ok ? found.value : String(found.error.details?.reason);
}

describe('types', () => {
  test.each([
    ['a PDF', Buffer.from('%PDF-1.7\n…'), 'application/pdf'],
    ['a text', Buffer.from('Señor, aquí está:\r\n\tuno\n'), 'text/plain'],
    ['a page, as the text that it is', Buffer.from('<script>alert(1)</script>'), 'text/plain'],
    ['a Word document', zip(['[Content_Types].xml', 'word/document.xml']), `${office}.wordprocessingml.document`],
    ['a sheet', zip(['[Content_Types].xml', 'xl/workbook.xml']), `${office}.spreadsheetml.sheet`],
    ['an OpenDocument text', odt('content.xml'), 'application/vnd.oasis.opendocument.text'],
    ['OGG', Buffer.from('OggS\0\x02'), 'audio/ogg'],
    ['WAV', Buffer.from('RIFF\x24\0\0\0WAVEfmt '), 'audio/wav'],
    ['MP3 with a tag', Buffer.from('ID3\x04\0'), 'audio/mpeg'],
    ['MP3', Buffer.from([0xff, 0xfb, 0x90, 0x64, 0]), 'audio/mpeg'],
    ['AAC', Buffer.from([0xff, 0xf1, 0x50, 0x80, 0]), 'audio/aac'],
    ['M4A', Buffer.from('\0\0\0\x20ftypM4A \0\0'), 'audio/mp4'],
  ])('[FILES1] %s is known by its bytes', (_what, bytes, mime) => {
    expect(typeOf(bytes)).toBe(mime);
  });

  const docx = zip(['[Content_Types].xml', 'word/document.xml']);
  test.each([
    ['nothing', Buffer.alloc(0), 'empty'],
    ['a program', Buffer.from('MZ\x90\0\x03\0'), 'unsupported_type'],
    ['a ZIP of anything', zip(['setup.exe']), 'unsupported_type'],
    ['half a ZIP', docx.subarray(0, docx.length - 30), 'unsupported_type'],
    [
      'a ZIP whose directory lies',
      Buffer.concat([docx.subarray(0, -6), Buffer.from([255, 255, 255, 255, 0, 0])]),
      'unsupported_type',
    ],
    ['a Word document with macros', zip(['[Content_Types].xml', 'word/document.xml', 'word/vbaProject.bin']), 'macros'],
    ['an OpenDocument text with macros', odt('content.xml', 'Basic/Standard/Module1.xml'), 'macros'],
    ['a film', Buffer.from('\0\0\0\x20ftypisom\0\0'), 'unsupported_type'],
    ['GIF', Buffer.from('GIF89a\x01\0'), 'unsupported_type'],
    ['text in another encoding', Buffer.from('Se\xf1or', 'latin1'), 'unsupported_type'],
    ['text with a NUL', Buffer.from('a\0b'), 'unsupported_type'],
    ['text with an escape', Buffer.from('\x1b]0;x\x07'), 'unsupported_type'],
  ])('[FILES2] %s is not taken, and the reason says so', (_what, bytes, reason) => {
    expect(typeOf(bytes)).toBe(reason);
  });
});

describe('names', () => {
  test.each([
    ['contrato.pdf', 'application/pdf', 'contrato.pdf'],
    ['Informe Año.PDF', 'application/pdf', 'Informe Año.pdf'],
    ['../../etc/passwd', 'text/plain', 'passwd.txt'],
    ['C:\\Users\\ana\\nota.txt', 'text/plain', 'nota.txt'],
    ['factura.pdf.exe', 'application/pdf', 'factura.pdf.exe.pdf'],
    ['página.html', 'text/plain', 'página.html.txt'],
    ['a\u202egpj.exe', 'image/jpeg', 'agpj.exe.jpg'],
    ['a\r\nSet-Cookie: x.txt', 'text/plain', 'aSet-Cookie_ x.txt'],
    ['con.txt', 'text/plain', '_con.txt'],
    ['..', 'text/plain', 'archivo.txt'],
    ['/', 'application/pdf', 'archivo.pdf'],
    ['.txt', 'text/plain', 'archivo.txt'],
    [`${'ñ'.repeat(300)}.pdf`, 'application/pdf', `${'ñ'.repeat(100)}.pdf`],
  ] as const)('[FILES3] %j of %s is offered as %j', (given, mime, name) => {
    expect(cleanFileName(given, mime)).toBe(name);
  });
});
