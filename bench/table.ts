export interface Row {
  what: string;
  value: number;
  unit: string;
  /** What it may be at the most; `null` for what stands there to be compared with. */
  limit: number | null;
}

/** A Markdown table, so that it can be pasted. */
export function table(rows: readonly Row[]): string {
  const show = (value: number, unit: string) => `${value >= 100 ? Math.round(value) : value.toFixed(1)} ${unit}`;
  const cells = rows.map(({ what, value, unit, limit }) => [
    what,
    show(value, unit),
    limit === null ? '' : `≤ ${limit} ${unit}`,
    limit === null ? 'for comparison' : value <= limit ? 'ok' : 'MISSED',
  ]);
  const all = [['What', 'Measured', 'Figure', ''], ...cells];
  const widths = [0, 1, 2, 3].map(column => Math.max(3, ...all.map(row => row[column]?.length ?? 0)));
  const line = (row: string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(all[0] ?? []), line(widths.map(width => '-'.repeat(width))), ...cells.map(line)].join('\n');
}

/** The value below which the share `q` (0 to 1) of all lies. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
}
