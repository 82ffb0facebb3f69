import type { PairingStore } from '../core/ports.ts';
import { integer, integerOrNull, oneOf, text, textOrNull } from './columns.ts';
import type { Driver } from './driver.ts';

const kind = oneOf(['token', 'code'] as const);

export function pairingTable(driver: Driver): PairingStore {
  const insert = driver.prepare(
    'INSERT INTO pairing (hash, session_id, kind, expires_at, used_at, claim_hash) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const update = driver.prepare('UPDATE pairing SET expires_at = ?, used_at = ?, claim_hash = ? WHERE hash = ?');
  const byHash = driver.prepare('SELECT * FROM pairing WHERE hash = ?');
  const revoke = driver.prepare('UPDATE pairing SET used_at = ? WHERE session_id = ? AND used_at IS NULL');
  const prune = driver.prepare('DELETE FROM pairing WHERE expires_at < ?');

  return {
    insert: row => void insert.run(row.hash, row.sessionId, row.kind, row.expiresAt, row.usedAt, row.claimHash),
    update: row => void update.run(row.expiresAt, row.usedAt, row.claimHash, row.hash),
    byHash(hash) {
      const row = byHash.get(hash);
      if (!row) return null;
      return {
        hash: text(row.hash),
        sessionId: text(row.session_id),
        kind: kind(row.kind),
        expiresAt: integer(row.expires_at),
        usedAt: integerOrNull(row.used_at),
        claimHash: textOrNull(row.claim_hash),
      };
    },
    revoke: (sessionId, now) => void revoke.run(now, sessionId),
    prune: before => void prune.run(before),
  };
}
