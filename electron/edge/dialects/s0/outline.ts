/**
 * Reads a large JSON object without turning its long texts into strings: they are cut out, what is left is parsed as usual,
 * and each long text is known by where it lies. A photo in base64 is so found without being copied. (STACK, "Relay".)
 */
import { fail, ok, type Result } from '../../../../protocol/errors.ts';

/** A text of the frame, as it stands between its quotes. */
interface Span {
  start: number;
  end: number;
}

export interface Outline {
  fields: Record<string, unknown>;
  /** Where `value` lies in the frame, when it is one of the long texts. */
  spanOf(value: unknown): Span | null;
}

/** Texts of this many bytes and more are cut out. */
const long = 1_024;
/** Quotes in one frame: far more than an honest one has, few enough that looking at each costs nothing. */
const maxQuotes = 4_096;
const maxRest = 64 * 1_024;

const quote = 0x22;
const backslash = 0x5c;

export function outline(frame: Buffer): Result<Outline> {
  const spans: Span[] = [];
  const pieces: string[] = [];
  let kept = 0;
  let rest = 0;
  const keep = (to: number) => {
    rest += to - kept;
    if (rest <= maxRest) pieces.push(frame.toString('utf8', kept, to));
    kept = to;
  };

  let quotes = 0;
  for (let open = frame.indexOf(quote); open >= 0; ) {
    let close = frame.indexOf(quote, open + 1);
    while (close >= 0 && isEscaped(frame, close) && ++quotes <= maxQuotes) close = frame.indexOf(quote, close + 1);
    if (close < 0) return notJson;
    if (++quotes > maxQuotes) return tooIntricate;
    if (close - open > long) {
      keep(open + 1);
      // As long as the shortest text that is cut out: no text that was left in can be mistaken for it.
      pieces.push(String(spans.length).padStart(long, '0'));
      spans.push({ start: open + 1, end: close });
      kept = close;
    }
    open = frame.indexOf(quote, close + 1);
  }
  keep(frame.length);
  if (rest > maxRest) return tooIntricate;

  const fields = parse(pieces.join(''));
  if (fields === null) return notJson;
  return ok({
    fields,
    spanOf: value => (typeof value === 'string' && value.length >= long ? (spans[Number(value)] ?? null) : null),
  });
}

function isEscaped(frame: Buffer, at: number): boolean {
  let before = at - 1;
  while (frame[before] === backslash) before -= 1;
  return (at - before) % 2 === 0;
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

const notJson = fail('invalid_message', 'El mensaje no es un objeto JSON.', { reason: 'json' });
const tooIntricate = fail('invalid_message', 'El mensaje tiene demasiado además de la imagen.', { reason: 'json' });
