/** Times and sizes as the page's language writes them. */

export function clockTime(iso: string, lang: string): string {
  return new Intl.DateTimeFormat(lang, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(iso));
}

/** As `clockTime`, with the day where that is not today. */
export function logTime(iso: string, lang: string): string {
  const at = new Date(iso);
  if (at.toDateString() === new Date().toDateString()) return clockTime(iso, lang);
  const day = new Intl.DateTimeFormat(lang, { day: 'numeric', month: 'short' }).format(at);
  return `${day}, ${clockTime(iso, lang)}`;
}

/** Without seconds. */
export function shortTime(iso: string, lang: string): string {
  return new Intl.DateTimeFormat(lang, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(iso));
}

export function longDay(iso: string, lang: string): string {
  return new Intl.DateTimeFormat(lang, { weekday: 'long', day: 'numeric', month: 'long' }).format(new Date(iso));
}

export function dayAndTime(iso: string, lang: string): string {
  return new Intl.DateTimeFormat(lang, { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' }).format(
    new Date(iso),
  );
}

export function fileSize(bytes: number, lang: string): string {
  const [value, unit] = bytes < 1_000_000 ? [bytes / 1000, 'kilobyte'] : [bytes / 1_000_000, 'megabyte'];
  return new Intl.NumberFormat(lang, { style: 'unit', unit, maximumFractionDigits: 1 }).format(value);
}

/** `K7M9Q2` as people read it out: `K7M-9Q2`. */
export function spokenCode(code: string): string {
  return `${code.slice(0, 3)}-${code.slice(3)}`;
}
