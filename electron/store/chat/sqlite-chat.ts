/** The chat in this process's own database. Everything is synchronous: a transaction is over before anybody else gets a turn. */
import type { CompiledQuery } from 'kysely';
import type { Driver, Statement, Value } from '../driver.ts';
import type { Answer, Runner, Steps } from './tables.ts';

const keptStatements = 200;

export function sqliteRunner(driver: Driver): Runner {
  const statements = new Map<string, Statement>();

  function prepared(sql: string): Statement {
    const known = statements.get(sql);
    if (known) return known;
    // Lists of many lengths make many texts; those that are used come back by themselves.
    if (statements.size >= keptStatements) statements.clear();
    const statement = driver.prepare(sql);
    statements.set(sql, statement);
    return statement;
  }

  function answer({ sql, parameters, query }: CompiledQuery): Answer {
    const values = parameters.map(toValue);
    if (query.kind === 'SelectQueryNode') return { rows: prepared(sql).all(...values), insertId: 0, changes: 0 };
    const { changes, lastInsertRowid } = prepared(sql).run(...values);
    return { rows: [], insertId: lastInsertRowid, changes };
  }

  function run<T>(steps: Steps<T>): T {
    let step = steps.next();
    while (!step.done) step = steps.next(answer(step.value));
    return step.value;
  }

  return {
    read: async work => run(work()),
    write: async work => driver.transaction(() => run(work())),
    within: work => run(work()),
  };
}

function toValue(value: unknown): Value {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  throw new TypeError(`not a value of the chat's tables: ${typeof value}`);
}
