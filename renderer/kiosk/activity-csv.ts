import { csvTable } from '../../protocol/csv.ts';
import { localIso } from '../ui/format.ts';

/** The log as a table for a spreadsheet. */
export function csv(rows: readonly (readonly string[])[]): Blob {
  return new Blob([csvTable(rows)], { type: 'text/csv;charset=utf-8' });
}

/** `mostrador-actividad-2026-03-02-140355.csv`, by this machine's clock. */
export function csvName(what: string, now: Date): string {
  const local = localIso(now);
  return `mostrador-${what}-${local.slice(0, 10)}-${local.slice(11, 19).replaceAll(':', '')}.csv`;
}
