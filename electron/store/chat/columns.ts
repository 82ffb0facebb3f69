/** What the chat's columns hold, and what rows that others wrote have instead of our uuids. */

/** A column's time: UTC, as MySQL's DATETIME(3) shows it and SQLite keeps it. */
export function toColumn(at: number): string {
  return new Date(at).toISOString().replace('T', ' ').slice(0, 23);
}

export function fromColumn(value: unknown): number | null {
  if (value === null || value === undefined) return null;
  const at = Date.parse(`${String(value).replace(' ', 'T')}Z`);
  return Number.isNaN(at) ? 0 : at;
}

/** Rows that were there before us, or that another program adds, get a uuid made of their number. */
const adopted = { room: '00000000-0000-4000-8001-', message: '00000000-0000-4000-8002-' };

export function adoptedUuid(kind: keyof typeof adopted, number: number): string {
  return adopted[kind] + number.toString(16).padStart(12, '0');
}

/** The number in such a uuid; `null` for any other. */
export function adoptedNumber(kind: keyof typeof adopted, uuid: string): number | null {
  if (!uuid.startsWith(adopted[kind])) return null;
  const number = Number.parseInt(uuid.slice(adopted[kind].length), 16);
  return Number.isSafeInteger(number) ? number : null;
}

/** A row's number as the wire has it: digits. `null` for what is none. */
export function rowNumber(id: string): number | null {
  return /^[1-9]\d{0,14}$/.test(id) ? Number(id) : null;
}
