/** The dashboard's figures: one row a minute with its counters, one a visit with the time of each of its steps. */
import { type Counts, counters, type Step, steps } from '../core/dashboard/counters.ts';
import type { FigureStore } from '../core/ports.ts';
import { minute } from '../core/time.ts';
import { integer } from './columns.ts';
import type { Driver, Row, Statement } from './driver.ts';

export function figureTable(driver: Driver): FigureStore {
  const add = driver.prepare(
    `INSERT INTO minutes (minute, ${counters.join(', ')}) VALUES (?${', ?'.repeat(counters.length)})
     ON CONFLICT (minute) DO UPDATE SET ${counters.map(name => `${name} = ${name} + excluded.${name}`).join(', ')}`,
  );
  const sums = counters.map(name => `coalesce(sum(${name}), 0) AS ${name}`).join(', ');
  const total = driver.prepare(`SELECT ${sums} FROM minutes WHERE minute >= ? AND minute <= ?`);
  const series = driver.prepare(
    `SELECT CAST((minute - ?) / ? AS INTEGER) AS bucket, ${sums} FROM minutes WHERE minute >= ? AND minute < ? GROUP BY bucket`,
  );

  // A session that is not there (any more) is nobody's visit.
  const reach = (step: Step) =>
    driver.prepare(
      `INSERT INTO visits (session_id, ${step}_at, last_at) SELECT id, ?, ? FROM sessions WHERE id = ?
       ON CONFLICT (session_id) DO UPDATE SET ${step}_at = excluded.${step}_at, last_at = max(last_at, excluded.last_at)
       WHERE ${step}_at IS NULL`,
    );
  const reached: Record<Step, Statement> = {
    shown: reach('shown'),
    scanned: reach('scanned'),
    paired: reach('paired'),
    photo: reach('photo'),
    accepted: reach('accepted'),
  };
  const newPhone = driver.prepare('UPDATE visits SET phone_came = 0 WHERE session_id = ?');
  const phoneCame = driver.prepare('UPDATE visits SET phone_came = 1 WHERE session_id = ? AND phone_came = 0');

  // Whoever came to a later step has been through the earlier ones: a code typed by hand is as good as a scan.
  const came = (step: Step) => {
    const later = steps.slice(steps.indexOf(step)).map(name => `${name}_at`);
    return `count(coalesce(${[...later, 'NULL'].join(', ')})) AS ${step}`;
  };
  const funnel = driver.prepare(
    `SELECT count(*) AS shown, ${steps.slice(1).map(came).join(', ')} FROM visits WHERE last_at >= ? AND last_at <= ?`,
  );
  const median = driver.prepare(
    `SELECT CAST(round(avg(took)) AS INTEGER) AS took FROM (
       SELECT took, row_number() OVER (ORDER BY took) AS place, count(*) OVER () AS many FROM (
         SELECT photo_at - coalesce(scanned_at, paired_at) AS took FROM visits WHERE photo_at >= ? AND photo_at <= ?
       ) WHERE took >= 0
     ) WHERE place IN ((many + 1) / 2, (many + 2) / 2)`,
  );
  const live = driver.prepare('SELECT status, count(*) AS many FROM sessions WHERE ended_at IS NULL GROUP BY status');
  const pruneMinutes = driver.prepare('DELETE FROM minutes WHERE minute < ?');
  const pruneVisits = driver.prepare('DELETE FROM visits WHERE last_at < ?');

  return {
    add: (at, counts) => void add.run(toMinute(at), ...counters.map(name => counts[name] ?? 0)),
    reached: (sessionId, step, at) => void reached[step].run(at, at, sessionId),
    newPhone: sessionId => void newPhone.run(sessionId),
    phoneCame: sessionId => phoneCame.run(sessionId).changes === 0,
    total: (from, to) => toCounts(total.get(toMinute(from), toMinute(to))),
    series(from, stepMinutes, buckets) {
      const first = toMinute(from);
      const rows = series.all(first, stepMinutes, first, first + stepMinutes * buckets);
      const byBucket = new Map(rows.map(row => [integer(row.bucket), row]));
      return Array.from({ length: buckets }, (_, bucket) => toCounts(byBucket.get(bucket) ?? null));
    },
    funnel: (from, to) => toFunnel(funnel.get(from, to)),
    medianScanToPhoto(from, to) {
      const took = median.get(from, to)?.took;
      return took === null || took === undefined ? null : integer(took);
    },
    live() {
      const rows = live.all();
      const all = rows.reduce((sum, row) => sum + integer(row.many), 0);
      const paired = many(rows.find(({ status }) => status === 'authenticated') ?? null, 'many');
      return { paired, waiting: all - paired };
    },
    prune(before) {
      pruneMinutes.run(toMinute(before));
      pruneVisits.run(before);
    },
  };
}

function toMinute(at: number): number {
  return Math.floor(at / minute);
}

function many(row: Row | null, name: string): number {
  return integer(row?.[name] ?? 0);
}

function toCounts(row: Row | null): Counts {
  return {
    sessions: many(row, 'sessions'),
    photos: many(row, 'photos'),
    events: many(row, 'events'),
    messages: many(row, 'messages'),
    refused: many(row, 'refused'),
    quarantined: many(row, 'quarantined'),
    broken_off: many(row, 'broken_off'),
    reconnects: many(row, 'reconnects'),
  };
}

function toFunnel(row: Row | null): Record<Step, number> {
  return {
    shown: many(row, 'shown'),
    scanned: many(row, 'scanned'),
    paired: many(row, 'paired'),
    photo: many(row, 'photo'),
    accepted: many(row, 'accepted'),
  };
}
