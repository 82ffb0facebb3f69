import type { TokenStore } from '../core/ports.ts';
import { integer, integerOrNull, text } from './columns.ts';
import type { Driver, Row } from './driver.ts';

export function tokenTable(driver: Driver): TokenStore {
  const insert = driver.prepare(
    'INSERT INTO tokens (id, sub, role, issued_at, expires_at, revoked_at) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const get = driver.prepare('SELECT * FROM tokens WHERE id = ?');
  const list = driver.prepare('SELECT * FROM tokens ORDER BY issued_at, id');
  const revoke = driver.prepare('UPDATE tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL');
  const revokedSince = driver.prepare('SELECT id FROM tokens WHERE revoked_at >= ?');
  const prune = driver.prepare('DELETE FROM tokens WHERE expires_at < ?');

  return {
    insert: row => void insert.run(row.id, row.sub, row.role, row.issuedAt, row.expiresAt, row.revokedAt),
    get(id) {
      const row = get.get(id);
      return row ? toTokenRow(row) : null;
    },
    list: () => list.all().map(toTokenRow),
    revoke: (id, now) => void revoke.run(now, id),
    revokedSince: time => revokedSince.all(time).map(row => text(row.id)),
    prune: before => void prune.run(before),
  };
}

function toTokenRow(row: Row) {
  return {
    id: text(row.id),
    sub: text(row.sub),
    role: text(row.role),
    issuedAt: integer(row.issued_at),
    expiresAt: integer(row.expires_at),
    revokedAt: integerOrNull(row.revoked_at),
  };
}
