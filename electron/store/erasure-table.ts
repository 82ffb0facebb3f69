import type { ErasureStore } from '../core/ports.ts';
import { oneOf, text, texts } from './columns.ts';
import type { Driver } from './driver.ts';

const reason = oneOf(['person', 'age'] as const);

export function erasureTable(driver: Driver): ErasureStore {
  const insert = driver.prepare('INSERT INTO erasures (id, reason, sessions, conversations) VALUES (?, ?, ?, ?)');
  const list = driver.prepare('SELECT * FROM erasures ORDER BY rowid');
  const remove = driver.prepare('DELETE FROM erasures WHERE id = ?');
  return {
    insert: row => void insert.run(row.id, row.reason, JSON.stringify(row.sessions), JSON.stringify(row.conversations)),
    list: () =>
      list.all().map(row => ({
        id: text(row.id),
        reason: reason(row.reason),
        sessions: texts(row.sessions),
        conversations: texts(row.conversations),
      })),
    remove: id => void remove.run(id),
  };
}
