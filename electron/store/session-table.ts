import { sessionStatus } from '../../protocol/session.ts';
import type { SessionStore } from '../core/ports.ts';
import { isLive, type SessionRow } from '../core/session/session.ts';
import { integer, oneOf, text, textOrNull, texts } from './columns.ts';
import type { Driver, Row, Value } from './driver.ts';

const status = oneOf(sessionStatus.options);

export function sessionTable(driver: Driver): SessionStore {
  const insert = driver.prepare(
    `INSERT INTO sessions (id, id_persona, label, shots, status, emoji, color, conversation_id, generation, token_generation,
       token_issued_at, code_generation, code_issued_at, device, phone_token_hash, created_at, ended_at, consent_version, consent_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = driver.prepare(
    `UPDATE sessions SET id_persona = ?, label = ?, shots = ?, status = ?, emoji = ?, color = ?, conversation_id = ?,
       generation = ?, token_generation = ?, token_issued_at = ?, code_generation = ?, code_issued_at = ?, device = ?,
       phone_token_hash = ?, created_at = ?, ended_at = ?, consent_version = ?, consent_at = ? WHERE id = ?`,
  );
  const get = driver.prepare('SELECT * FROM sessions WHERE id = ?');
  const byPhone = driver.prepare('SELECT * FROM sessions WHERE phone_token_hash = ?');
  const live = driver.prepare('SELECT * FROM sessions WHERE ended_at IS NULL ORDER BY created_at');
  const recent = driver.prepare(
    'SELECT * FROM sessions WHERE ended_at IS NULL OR ended_at >= ? ORDER BY created_at DESC, rowid DESC LIMIT ?',
  );
  const count = driver.prepare('SELECT status, count(*) AS many FROM sessions GROUP BY status');
  const ofPersona = driver.prepare('SELECT * FROM sessions WHERE id_persona = ? ORDER BY created_at');
  const remove = driver.prepare('DELETE FROM sessions WHERE id = ?');
  const over = driver.prepare(
    'SELECT id FROM sessions WHERE ended_at < ? AND id NOT IN (SELECT session_id FROM photos WHERE session_id IS NOT NULL)',
  );
  const one = (row: Row | null) => (row ? toSessionRow(row) : null);

  return {
    insert: row => void insert.run(row.id, ...columns(row)),
    update: row => void update.run(...columns(row), row.id),
    get: id => one(get.get(id)),
    byPhone: hash => one(byPhone.get(hash)),
    live: () => live.all().map(toSessionRow).filter(isLive),
    recent: (endedSince, limit) => recent.all(endedSince, limit).map(toSessionRow),
    count: () => Object.fromEntries(count.all().map(row => [text(row.status), integer(row.many)])),
    ofPersona: idPersona => ofPersona.all(idPersona).map(toSessionRow),
    remove: id => void remove.run(id),
    prune(before) {
      const ids = over.all(before).map(row => text(row.id));
      for (const id of ids) remove.run(id);
      return ids;
    },
  };
}

/** All columns but the id, in the order of both statements. */
function columns(row: SessionRow): Value[] {
  const token = row.status === 'qr_ready' ? row.token : null;
  const code = row.status === 'qr_ready' ? row.code : null;
  return [
    row.idPersona,
    row.label,
    JSON.stringify(row.shots),
    row.status,
    row.emoji,
    row.color,
    row.conversationId,
    row.generation,
    token?.generation,
    token?.issuedAt,
    code?.generation,
    code?.issuedAt,
    'device' in row ? row.device : null,
    'phoneTokenHash' in row ? row.phoneTokenHash : null,
    row.createdAt,
    row.status === 'disconnected' ? row.endedAt : null,
    row.consent?.version,
    row.consent?.at,
  ];
}

function toSessionRow(row: Row): SessionRow {
  const base = {
    id: text(row.id),
    idPersona: textOrNull(row.id_persona),
    label: textOrNull(row.label),
    shots: texts(row.shots),
    emoji: text(row.emoji),
    color: text(row.color),
    conversationId: textOrNull(row.conversation_id),
    createdAt: integer(row.created_at),
    consent: row.consent_at === null ? null : { version: text(row.consent_version), at: integer(row.consent_at) },
    generation: integer(row.generation),
  };
  const state = status(row.status);
  switch (state) {
    case 'pending':
      return { ...base, status: state };
    case 'qr_ready':
      return {
        ...base,
        status: state,
        token: { generation: integer(row.token_generation), issuedAt: integer(row.token_issued_at) },
        code: { generation: integer(row.code_generation), issuedAt: integer(row.code_issued_at) },
      };
    case 'authenticated':
      return { ...base, status: state, device: text(row.device), phoneTokenHash: text(row.phone_token_hash) };
    case 'disconnected':
      return {
        ...base,
        status: state,
        device: textOrNull(row.device),
        phoneTokenHash: textOrNull(row.phone_token_hash),
        endedAt: integer(row.ended_at),
      };
    default:
      return state satisfies never;
  }
}
