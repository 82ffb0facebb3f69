/** The log as a table for a spreadsheet: RFC 4180, in UTF-8 with the mark that Excel looks for. */

export function csv(rows: readonly (readonly string[])[]): Blob {
  const text = rows.map(row => `${row.map(cell).join(',')}\r\n`).join('');
  return new Blob([`\ufeff${text}`], { type: 'text/csv;charset=utf-8' });
}

/** Visitors write some of what stands in the log: no cell of theirs is taken for a formula. */
function cell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** `mostrador-actividad-2026-03-02-140355.csv`, by this machine's clock. */
export function csvName(what: string, now: Date): string {
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString();
  return `mostrador-${what}-${local.slice(0, 10)}-${local.slice(11, 19).replaceAll(':', '')}.csv`;
}
