/** The name under which a file is offered to be saved: the sender's, without anything that could mislead or leave a folder. */
import type { FileMime } from '../../../protocol/file.ts';

/** The first one is put at the end of a name that has none of them. */
const endings: Record<FileMime, readonly string[]> = {
  'application/pdf': ['pdf'],
  'application/vnd.oasis.opendocument.text': ['odt'],
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': ['xlsx'],
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': ['docx'],
  'audio/aac': ['aac'],
  'audio/mp4': ['m4a', 'm4b'],
  'audio/mpeg': ['mp3'],
  'audio/ogg': ['ogg', 'oga', 'opus'],
  'audio/wav': ['wav'],
  'image/jpeg': ['jpg', 'jpeg'],
  'image/png': ['png'],
  'image/webp': ['webp'],
  'text/plain': ['txt', 'csv', 'md', 'log'],
};

/** Of the part before the ending, in characters. */
const most = 100;
/** Names that Windows keeps for devices, whatever the ending. */
const devices = /^(?:con|prn|aux|nul|com\d|lpt\d)$/i;

/**
 * Without folders, control characters and marks that turn the direction of writing, at most 105 characters, with an ending that
 * says what the bytes are: `../x.exe` of a PDF becomes `x.exe.pdf`.
 */
export function cleanFileName(given: string, mime: FileMime): string {
  const last = given.normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const plain = last
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu, '')
    .replaceAll(/[<>:"|?*]/g, '_')
    .replaceAll(/\s+/gu, ' ');
  const known = endings[mime];
  const ending = /\.([^.]+)$/.exec(plain)?.[1]?.toLowerCase();
  const fits = ending !== undefined && known.includes(ending);
  const stem = (fits ? plain.slice(0, -ending.length - 1) : plain).replaceAll(/^[. ]+|[. ]+$/g, '');
  const short = [...stem].slice(0, most).join('').trimEnd();
  const name = short === '' ? 'archivo' : devices.test(short) ? `_${short}` : short;
  return `${name}.${fits ? ending : known[0]}`;
}
