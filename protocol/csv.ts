/** A table for spreadsheets, as the desk saves its log and as a person's export holds it: RFC 4180, in UTF-8 with the mark that Excel looks for. */
export function csvTable(rows: readonly (readonly string[])[]): string {
  return `\ufeff${rows.map(row => `${row.map(cell).join(',')}\r\n`).join('')}`;
}

/**
 * Visitors write some of what stands in the log: no cell is taken for a formula, nor what a spreadsheet makes a cell of: where
 * numbers have a comma, as in Spanish, it divides at `;`.
 */
function cell(value: string): string {
  const safe = value.replaceAll(/(^|[;\t\r\n])(?=[=+\-@\t\r])/g, "$1'");
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
