/** Times and sizes as the page's language writes them. */

type Write = (iso: string, lang: string) => string;

/** One format a language, kept: making it costs a hundred times as much as using it, and lists write a time in every row. */
function writer(options: Intl.DateTimeFormatOptions): Write {
  const formats = new Map<string, Intl.DateTimeFormat>();
  return (iso, lang) => {
    const format = formats.get(lang) ?? new Intl.DateTimeFormat(lang, options);
    formats.set(lang, format);
    return format.format(new Date(iso));
  };
}

export const clockTime = writer({ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
/** Without seconds. */
export const shortTime = writer({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
export const longDay = writer({ weekday: 'long', day: 'numeric', month: 'long' });
export const dayAndTime = writer({ dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' });
const shortDay = writer({ day: 'numeric', month: 'short' });

/** As `clockTime`, with the day where that is not today. */
export function logTime(iso: string, lang: string): string {
  const isToday = new Date(iso).toDateString() === new Date().toDateString();
  return isToday ? clockTime(iso, lang) : `${shortDay(iso, lang)}, ${clockTime(iso, lang)}`;
}

/** `2026-03-02T14:03:55.123+01:00`, by this machine's clock: for tables, which are sorted and read beside the screen. */
export function localIso(at: Date): string {
  const ahead = -at.getTimezoneOffset();
  const local = new Date(at.getTime() + ahead * 60_000).toISOString().slice(0, -1);
  const offset = new Date(Math.abs(ahead) * 60_000).toISOString().slice(11, 16);
  return `${local}${ahead < 0 ? '-' : '+'}${offset}`;
}

export function fileSize(bytes: number, lang: string): string {
  const [value, unit] = bytes < 1_000_000 ? [bytes / 1000, 'kilobyte'] : [bytes / 1_000_000, 'megabyte'];
  return new Intl.NumberFormat(lang, { style: 'unit', unit, maximumFractionDigits: 1 }).format(value);
}

/** `K7M9Q2` as people read it out: `K7M-9Q2`. */
export function spokenCode(code: string): string {
  return `${code.slice(0, 3)}-${code.slice(3)}`;
}
