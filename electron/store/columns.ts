/** Reads a column as what it must be; anything else means that the database is not ours, and throws. */

export function text(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new TypeError(`expected text in the database, found ${typeof value}`);
}

export function integer(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw new TypeError(`expected an integer in the database, found ${String(value)}`);
}

function orNull<T>(read: (value: unknown) => T): (value: unknown) => T | null {
  return value => (value === null || value === undefined ? null : read(value));
}

export const textOrNull = orNull(text);
export const integerOrNull = orNull(integer);

export function texts(value: unknown): string[] {
  const list: unknown = JSON.parse(text(value));
  if (!Array.isArray(list)) throw new TypeError('expected a list in the database');
  return list.map(text);
}

export function record(value: unknown): Record<string, unknown> {
  const found: unknown = JSON.parse(text(value));
  if (typeof found !== 'object' || found === null || Array.isArray(found)) throw new TypeError('expected an object');
  return { ...found };
}

export function oneOf<T extends string>(allowed: readonly T[]): (value: unknown) => T {
  return value => {
    const found = allowed.find(item => item === value);
    if (found === undefined) throw new TypeError(`unknown value in the database: ${String(value)}`);
    return found;
  };
}
