import { activityKind } from '../../protocol/activity.ts';
import type { ActivityRow } from '../core/activity/activity.ts';
import type { ActivityStore } from '../core/ports.ts';
import { integer, integerOrNull, oneOf, record, text, textOrNull } from './columns.ts';
import type { Driver, Row } from './driver.ts';
import { tracesIn, tracesOf } from './traces.ts';

const kind = oneOf(activityKind.options);

export function activityTable(driver: Driver): ActivityStore {
  const append = driver.prepare('INSERT INTO activity (at, kind, who, data, id_persona) VALUES (?, ?, ?, ?, ?)');
  // `json_each` takes the list of kinds as one parameter; an empty list means all.
  const wanted = `(? = '[]' OR kind IN (SELECT value FROM json_each(?)))`;
  const after = driver.prepare(`SELECT * FROM activity WHERE id > ? AND ${wanted} ORDER BY id LIMIT ?`);
  const newest = driver.prepare(`SELECT * FROM activity WHERE id < ? AND ${wanted} ORDER BY id DESC LIMIT ?`);
  const ofPersona = driver.prepare('SELECT * FROM activity WHERE id_persona = ? ORDER BY id');
  const purge = driver.prepare(
    `DELETE FROM activity WHERE ${tracesIn('activity')} OR who IN (SELECT value FROM json_each(?))`,
  );
  // One line at a time: between two of them the clock went on by more than that.
  const leap = driver.prepare(
    `SELECT at FROM activity AS line WHERE at > ? AND at <= ? AND at - ? > (
       SELECT at FROM activity WHERE id < line.id ORDER BY id DESC LIMIT 1
     ) ORDER BY id DESC LIMIT 1`,
  );
  const prune = driver.prepare('DELETE FROM activity WHERE at < ?');

  return {
    append(row) {
      const { at, idPersona, who } = row;
      return { ...row, id: append.run(at, row.kind, who, JSON.stringify(row.data), idPersona).lastInsertRowid };
    },
    list(query) {
      const kinds = JSON.stringify(query.kinds ?? []);
      if (query.after !== undefined) return after.all(query.after, kinds, kinds, query.limit).map(toActivityRow);
      const { before = Number.MAX_SAFE_INTEGER } = query;
      return newest.all(before, kinds, kinds, query.limit).map(toActivityRow).reverse();
    },
    ofPersona: idPersona => ofPersona.all(idPersona).map(toActivityRow),
    leapAt: (by, { after, until }) => integerOrNull(leap.get(after, until, by)?.at ?? null),
    purge: traces => purge.run(...tracesOf(traces), JSON.stringify(traces.ids)).changes,
    prune: before => void prune.run(before),
  };
}

function toActivityRow(row: Row): ActivityRow {
  return {
    id: integer(row.id),
    at: integer(row.at),
    kind: kind(row.kind),
    who: text(row.who),
    data: record(row.data),
    idPersona: textOrNull(row.id_persona),
  };
}
