/**
 * The chat in MySQL or MariaDB, on whichever machine. A database that is away makes calls fail, and nothing else; it is used
 * again as soon as it is back.
 */
import { createPool, type PoolConnection, type ResultSetHeader, type RowDataPacket } from 'mysql2/promise';
import type { ChatStore, UserStore } from '../../core/chat/ports.ts';
import { type Log, StoreForbids, StoreTooNarrow, StoreUnavailable } from '../../core/ports.ts';
import { createChatStore } from './chat-store.ts';
import { checkSchema, WrongSchema } from './mysql-schema.ts';
import { type Answer, mysqlBuilder, type Steps } from './tables.ts';

export interface Database {
  host: string;
  port: number;
  user: string;
  password: string;
  name: string;
}

export interface MysqlChat {
  chat: ChatStore;
  users: UserStore;
  /** Looks at the tables. @throws WrongSchema; a database that does not answer is no error, it is looked at when it does. */
  prepare(): Promise<void>;
  /** Whether it answers; asked at most every 10 s. */
  isReachable(): Promise<boolean>;
  close(): Promise<void>;
}

/** Milliseconds for a connection, for the turn at one, for one query, and for the queries that a stop finds. */
const connectWithin = 3_000;
const turnWithin = 5_000;
const answerWithin = 5_000;
const endWithin = 1_000;
const connections = 8;
const reachableFor = 10_000;
const tries = 5;

/** Somebody else was faster, or in the way: the same work sees now what the other one did. */
const again = new Set(['ER_DUP_ENTRY', 'ER_LOCK_DEADLOCK', 'ER_LOCK_WAIT_TIMEOUT']);

/** The chat's tables may be as old as the first server: three bytes a letter, or one, and a length of their own. */
const tooNarrow = new Set(['ER_TRUNCATED_WRONG_VALUE_FOR_FIELD', 'ER_DATA_TOO_LONG', 'WARN_DATA_TRUNCATED']);

const denied = new Set(['ER_TABLEACCESS_DENIED_ERROR', 'ER_COLUMNACCESS_DENIED_ERROR']);

export function openMysql(at: Database, log: Log): MysqlChat {
  const pool = createPool({
    host: at.host,
    port: at.port,
    user: at.user,
    password: at.password,
    database: at.name,
    charset: 'utf8mb4',
    connectionLimit: connections,
    queueLimit: 1_000,
    connectTimeout: connectWithin,
    // Times are UTC in the columns, and stay texts until `columns.ts` reads them.
    timezone: 'Z',
    dateStrings: true,
  });
  const ready = new WeakSet<object>();
  let isChecked = false;
  let reachable: { answer: Promise<boolean>; until: number } | null = null;

  /**
   * A connection that has begun. One that died in the pool is replaced by another. While the database hangs, each waits for no
   * longer than its own time, however many have come before: else the last of forty was told a minute later.
   */
  async function begin(): Promise<PoolConnection> {
    const until = performance.now() + turnWithin;
    for (let attempt = 0; ; attempt++) {
      const connection = await turn(until - performance.now());
      try {
        await settle(connection);
        await ask(connection, 'START TRANSACTION');
        return connection;
      } catch (error) {
        connection.destroy();
        if (attempt === connections || performance.now() > until) throw error;
      }
    }
  }

  /** The pool itself lets one wait for ever; a connection that it gives too late goes back. */
  async function turn(ms: number): Promise<PoolConnection> {
    const wanted = pool.getConnection();
    const got = await withinTime(wanted, ms);
    if (got) return got;
    wanted.then(
      late => late.release(),
      () => {},
    );
    throw new StoreUnavailable('no connection was free in time');
  }

  async function settle(connection: PoolConnection): Promise<void> {
    if (ready.has(connection.connection)) return;
    // Values are written with backslash escapes, which NO_BACKSLASH_ESCAPES would turn into holes.
    const mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION';
    await ask(connection, `SET SESSION time_zone = '+00:00', SESSION sql_mode = '${mode}'`);
    await ask(connection, 'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
    ready.add(connection.connection);
  }

  async function once<T>(work: () => Steps<T>): Promise<T> {
    const connection = await begin();
    try {
      if (!isChecked) {
        const charsets = await checkSchema(async sql => (await ask(connection, sql)).rows);
        for (const [table, charset] of charsets) {
          const sql = `ALTER TABLE ${table} CONVERT TO CHARACTER SET utf8mb4`;
          log.warn(
            { table, charset },
            `a text with an emoji or another sign that this table cannot hold is refused: ${sql}`,
          );
        }
      }
      isChecked = true;
      const steps = work();
      let step = steps.next();
      while (!step.done) step = steps.next(await ask(connection, step.value.sql, step.value.parameters));
      await ask(connection, 'COMMIT');
      connection.release();
      return step.value;
    } catch (error) {
      // What was not committed is undone by the end of its connection, whatever became of it.
      connection.destroy();
      throw error;
    }
  }

  async function run<T>(work: () => Steps<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await once(work);
      } catch (error) {
        if (error instanceof StoreUnavailable) throw error;
        const code = codeOf(error);
        if (code !== null && again.has(code) && attempt < tries) continue;
        // Errors of our own making have no code.
        if (code === null && !(error instanceof WrongSchema)) throw error;
        throw new (refusalOf(code))(code ?? String(error), { cause: error });
      }
    }
  }

  return {
    ...createChatStore(mysqlBuilder(), { read: run, write: run, within: null }),
    async prepare() {
      try {
        await run(function* () {});
        log.info({ host: at.host, database: at.name }, 'the chat is kept in MySQL');
      } catch (error) {
        const cause = error instanceof Error ? error.cause : null;
        if (cause instanceof WrongSchema) throw cause;
        log.error({ err: error, host: at.host, database: at.name }, 'the chat’s database does not answer');
      }
    },
    isReachable() {
      if (reachable && performance.now() < reachable.until) return reachable.answer;
      const answer = run(function* () {}).then(
        () => true,
        () => false,
      );
      reachable = { answer, until: performance.now() + reachableFor };
      return answer;
    },
    close: async () => void (await withinTime(pool.end(), endWithin).catch(() => undefined)),
  };
}

function refusalOf(code: string | null): typeof StoreUnavailable {
  if (code === null) return StoreUnavailable;
  if (denied.has(code)) return StoreForbids;
  return tooNarrow.has(code) ? StoreTooNarrow : StoreUnavailable;
}

/** `null` where it takes longer. */
async function withinTime<T>(work: Promise<T>, ms: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>(resolve => {
    timer = setTimeout(resolve, ms, null);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

async function ask(connection: PoolConnection, sql: string, values: readonly unknown[] = []): Promise<Answer> {
  const options = { sql, values: [...values], timeout: answerWithin };
  const [found] = await connection.query<RowDataPacket[] | ResultSetHeader>(options);
  if (Array.isArray(found)) return { rows: found, insertId: 0, changes: 0 };
  return { rows: [], insertId: found.insertId, changes: found.affectedRows };
}

/** The database's or the network's own word for what is wrong. */
function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
