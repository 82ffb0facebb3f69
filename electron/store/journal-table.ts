import * as z from 'zod/mini';
import { type EventName, events } from '../../protocol/events.ts';
import type { StoredEvent } from '../core/outcome.ts';
import type { JournalStore } from '../core/ports.ts';
import { integer, record, text, textOrNull, texts } from './columns.ts';
import type { Driver, Row } from './driver.ts';
import { tracesIn, tracesOf } from './traces.ts';

export function journalTable(driver: Driver): JournalStore {
  const append = driver.prepare(
    'INSERT INTO journal (id, at, type, data, rooms, id_persona) VALUES (?, ?, ?, ?, ?, ?)',
  );
  // What AUTOINCREMENT remembers stays when the rows themselves are gone.
  const head = driver.prepare(`SELECT seq FROM sqlite_sequence WHERE name = 'journal'`);
  const oldest = driver.prepare('SELECT min(seq) AS seq FROM journal');
  const between = driver.prepare('SELECT * FROM journal WHERE seq > ? AND seq <= ? ORDER BY seq');
  // Picked out before anything is read: a phone that sees one event in a thousand must not cost what a desk does.
  const betweenIn = driver.prepare(
    `SELECT * FROM journal WHERE seq > ? AND seq <= ?
       AND EXISTS (SELECT 1 FROM json_each(journal.rooms) AS sent WHERE sent.value IN (SELECT value FROM json_each(?)))
     ORDER BY seq`,
  );
  const first = driver.prepare('SELECT seq, at FROM journal ORDER BY seq LIMIT 1');
  const ofType = driver.prepare('SELECT data FROM journal WHERE type = ? AND at >= ?');
  const pruneRows = driver.prepare('DELETE FROM journal WHERE seq <= ?');
  const pruneAge = driver.prepare('DELETE FROM journal WHERE at < ?');
  const purge = driver.prepare(
    `DELETE FROM journal WHERE ${tracesIn(
      'journal',
      // What programs publish is theirs to shape: there a person may stand anywhere.
      `journal.type = 'published'`,
    )} OR EXISTS (SELECT 1 FROM json_each(journal.rooms) AS sent WHERE sent.value IN (SELECT value FROM json_each(?)))`,
  );
  const headNow = () => integer(head.get()?.seq ?? 0);

  return {
    append(event) {
      const { id, at, type, data, rooms, idPersona } = event;
      return append.run(id, at, type, JSON.stringify(data), JSON.stringify(rooms), idPersona ?? null).lastInsertRowid;
    },
    head: headNow,
    oldest: () => integer(oldest.get()?.seq ?? headNow() + 1),
    between(after, to, rooms) {
      const rows = rooms ? betweenIn.all(after, to, JSON.stringify([...rooms])) : between.all(after, to);
      return rows.flatMap(toStoredEvent);
    },
    lacks({ type, about, at }) {
      const oldest = first.get();
      const reaches = oldest ? integer(oldest.seq) === 1 || integer(oldest.at) <= at : headNow() === 0;
      const fields = Object.entries(about);
      const isIt = (row: Row) => {
        const data = record(row.data);
        return fields.every(([name, value]) => data[name] === value);
      };
      return reaches && !ofType.all(type, at).some(isIt);
    },
    purge: traces => purge.run(...tracesOf(traces), JSON.stringify(traces.rooms)).changes,
    prune(keepRows, since) {
      pruneRows.run(headNow() - keepRows);
      pruneAge.run(since);
    },
  };
}

/** An event of a kind that this version does not know, or with other fields, is passed over. */
function toStoredEvent(row: Row): StoredEvent[] {
  const envelope = {
    id: text(row.id),
    seq: integer(row.seq),
    rooms: texts(row.rooms),
    idPersona: textOrNull(row.id_persona),
    type: text(row.type),
    data: record(row.data),
  };
  const known = z.safeParse(storedEvent, envelope);
  return known.success ? [known.data] : [];
}

function shape<E extends EventName>(type: E) {
  return z.object({
    id: z.string(),
    seq: z.nullable(z.int()),
    rooms: z.array(z.string()),
    idPersona: z.nullable(z.string()),
    type: z.literal(type),
    data: events[type],
  });
}

const storedEvent = z.discriminatedUnion('type', [
  shape('session_updated'),
  shape('photo_received'),
  shape('photo_updated'),
  shape('photo_reviewed'),
  shape('photo_deleted'),
  shape('person_deleted'),
  shape('published'),
  shape('activity'),
  shape('new_message'),
  shape('message_updated'),
  shape('message_deleted'),
  shape('message_delivered'),
  shape('message_read'),
  shape('conversation_created'),
  shape('conversation_updated'),
  shape('conversation_deleted'),
  shape('user_created'),
  shape('user_updated'),
  shape('user_deleted'),
  shape('settings_updated'),
]);
