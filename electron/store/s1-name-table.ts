import type { S1NameStore } from '../core/ports.ts';
import { text } from './columns.ts';
import type { Driver } from './driver.ts';

export function s1NameTable(driver: Driver): S1NameStore {
  const all = driver.prepare('SELECT name, session_id FROM s1_names ORDER BY rowid');
  const keep = driver.prepare(
    'INSERT INTO s1_names (name, session_id) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET session_id = excluded.session_id',
  );
  const drop = driver.prepare('DELETE FROM s1_names WHERE name = ?');

  return {
    all: () => all.all().map(row => ({ name: text(row.name), sessionId: text(row.session_id) })),
    keep: (name, sessionId) => void keep.run(name, sessionId),
    drop: name => void drop.run(name),
  };
}
