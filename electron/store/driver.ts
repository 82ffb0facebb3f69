/**
 * SQLite behind a guard. libsql ends the whole process on a parameter of a type that it does not know, and accepts a wrong
 * number of parameters in silence: both are caught here. Nothing else imports `libsql`.
 */
import { statSync } from 'node:fs';
import Database from 'libsql';
import { StoreGone, StoreUnavailable } from '../core/ports.ts';

export type Value = string | number | bigint | boolean | Date | Uint8Array | null | undefined;
export type Row = Record<string, unknown>;

export interface Statement {
  run(...values: Value[]): { changes: number; lastInsertRowid: number };
  get(...values: Value[]): Row | null;
  all(...values: Value[]): Row[];
}

export interface Driver {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  /** `BEGIN IMMEDIATE` … `COMMIT`; a throw rolls back. Not to be nested. */
  transaction<T>(work: () => T): T;
  /** Whether it is open, and its file still where it was opened: SQLite goes on writing into one that was moved or deleted. */
  isThere(): boolean;
  close(): void;
}

/**
 * `busyMs`: how long to wait for another process's lock. Everything waits with it, and this server is alone with its database
 * but for somebody's backup program: so it is short, and what could not be written is `unavailable`.
 */
export function openDriver(path: string, busyMs = 200): Driver {
  const db = guard(() => new Database(path, { timeout: busyMs }));

  const identity = () =>
    path === ':memory:' ? null : (statSync(path, { bigint: true, throwIfNoEntry: false })?.ino ?? null);
  const opened = identity();
  let closed = false;

  const driver: Driver = {
    exec: sql => guard(() => void db.exec(sql)),

    prepare(sql) {
      const statement = guard(() => db.prepare(sql));
      const expected = (sql.match(/\?/g) ?? []).length;
      const convert = (values: Value[]) => {
        if (values.length !== expected) throw new TypeError(`${values.length} values for ${expected} places: ${sql}`);
        return values.map(toParameter);
      };
      return {
        run(...values) {
          const parameters = convert(values);
          const { changes, lastInsertRowid } = guard(() => statement.run(parameters));
          return { changes: Number(changes), lastInsertRowid: Number(lastInsertRowid) };
        },
        get(...values) {
          const parameters = convert(values);
          const [first] = toRows(guard(() => statement.all(parameters)));
          return first ?? null;
        },
        all(...values) {
          const parameters = convert(values);
          return toRows(guard(() => statement.all(parameters)));
        },
      };
    },

    isThere: () => !closed && identity() === opened,

    transaction(work) {
      // Else it would be acknowledged, and gone with the next start. It costs a hundredth of the commit.
      if (!driver.isThere()) throw new StoreGone(`${path} is not there any more`);
      driver.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        driver.exec('COMMIT');
        return result;
      } catch (error) {
        // SQLite itself rolls back on some errors (a full disk); a second time is then an error of no interest.
        if (db.inTransaction) driver.exec('ROLLBACK');
        throw error;
      }
    },

    close() {
      closed = true;
      db.close();
    },
  };
  return driver;
}

function toParameter(value: unknown): string | number | bigint | Buffer | null {
  if (value === null || value === undefined) return null;
  // libsql would keep what stands before a NUL, and nobody would notice.
  if (typeof value === 'string' && !value.includes('\0')) return value;
  if (typeof value === 'bigint' && BigInt.asIntN(64, value) === value) return value;
  if (typeof value === 'number' && !Number.isNaN(value)) return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value);
  throw new TypeError(`not a database value: ${Object.prototype.toString.call(value)}`);
}

function toRows(found: unknown): Row[] {
  return Array.isArray(found) ? found : [];
}

/** Errors of the world outside, as opposed to ours. */
const outside = /^SQLITE_(FULL|IOERR|BUSY|LOCKED|READONLY|CANTOPEN|CORRUPT|NOTADB)/;

function guard<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (outside.test(code)) throw new StoreUnavailable(code, { cause: error });
    throw error;
  }
}
