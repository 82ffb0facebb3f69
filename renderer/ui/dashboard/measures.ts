/** Sizes, ages and times as the dashboard writes them. */
import type { TFunction } from 'i18next';

/** `12 MB`, `1,4 GB`; of bytes. */
export function diskSize(bytes: number, lang: string): string {
  const units = ['kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
  const power = Math.min(units.length, Math.max(1, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const value = bytes / 1_000 ** power;
  const maximumFractionDigits = value < 10 ? 1 : 0;
  const unit = units[power - 1] ?? 'kilobyte';
  // A number and its unit stay on one line.
  return new Intl.NumberFormat(lang, { style: 'unit', unit, maximumFractionDigits })
    .format(value)
    .replace(/ /g, '\u00a0');
}

/** `40 s`, `12 min`, `3 h 20 min`, `2 d 4 h`; of whole seconds. */
export function age(seconds: number, t: TFunction): string {
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (seconds < 60) return t('dashboard.ageSeconds', { count: seconds });
  if (minutes < 60) return t('dashboard.ageMinutes', { count: minutes });
  if (hours < 24) return t('dashboard.ageHours', { hours, minutes: minutes % 60 });
  return t('dashboard.ageDays', { days: Math.floor(hours / 24), hours: hours % 24 });
}

/** When a bucket of the charts begins; with the day where the span is longer than one. In seconds since 1970. */
export function bucketTime(at: number, stepS: number, lang: string): string {
  const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const day = stepS >= 1_800 ? ({ weekday: 'short', day: 'numeric' } as const) : {};
  return new Intl.DateTimeFormat(lang, { ...day, ...time }).format(new Date(at * 1_000));
}
