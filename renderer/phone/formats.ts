import type { Words } from './words.ts';

const day = 24 * 60 * 60 * 1_000;

/** Today and yesterday by name. */
export function dayOf(timestamp: string, words: Words, now = Date.now()): string {
  const date = new Date(timestamp);
  if (date.toDateString() === new Date(now).toDateString()) return words.chat.today;
  if (date.toDateString() === new Date(now - day).toDateString()) return words.chat.yesterday;
  return new Intl.DateTimeFormat(localeOf(words), { day: 'numeric', month: 'long', year: 'numeric' }).format(date);
}

/** As the person's browser writes times, in the language of the page. Some name a language as no formatter takes it: `en-US@posix`. */
function localeOf(words: Words): string {
  const isOne = (language: string) => language.startsWith(words.locale) && /^[a-z\d-]+$/i.test(language);
  return navigator.languages.find(isOne) ?? words.locale;
}

export function timeOf(timestamp: string, words: Words): string {
  return new Intl.DateTimeFormat(localeOf(words), { hour: '2-digit', minute: '2-digit' }).format(new Date(timestamp));
}

/** In the unit that suits it: 812 kB, 1.4 MB. The unit is written here, since Safari before 14.1 throws where it is asked for one. */
export function sizeIn(bytes: number, words: Words): string {
  const isLarge = bytes >= 1_000_000;
  const value = isLarge ? bytes / 1_000_000 : Math.max(1, bytes / 1_000);
  const number = new Intl.NumberFormat(localeOf(words), { maximumFractionDigits: isLarge ? 1 : 0 }).format(value);
  return `${number} ${isLarge ? 'MB' : 'kB'}`;
}
