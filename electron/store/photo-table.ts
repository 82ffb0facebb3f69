import { photoMime, photoStatus } from '../../protocol/photo.ts';
import type { PhotoRow } from '../core/photo/photo.ts';
import type { NewPhoto, PhotoStore } from '../core/ports.ts';
import { integer, integerOrNull, oneOf, text, textOrNull } from './columns.ts';
import type { Driver, Row, Value } from './driver.ts';

const mime = oneOf(photoMime.options);
const status = oneOf(photoStatus.options);

export function photoTable(driver: Driver): PhotoStore {
  const insert = driver.prepare(
    `INSERT INTO photos (id_persona, session_id, mime, width, height, bytes, sha256, stored_sha256, status, reason, shot,
       received_at, deleted_at, relayed, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = driver.prepare(
    `UPDATE photos SET id_persona = ?, session_id = ?, mime = ?, width = ?, height = ?, bytes = ?, sha256 = ?,
       stored_sha256 = ?, status = ?, reason = ?, shot = ?, received_at = ?, deleted_at = ?, relayed = ? WHERE id = ?`,
  );
  // The same person's same bytes, earlier: looked up in an index each time, so that it can never be out of date.
  const select = `SELECT *, (SELECT first.id FROM photos AS first
      WHERE first.id_persona = photos.id_persona AND first.sha256 = photos.sha256 AND first.deleted_at IS NULL
        AND first.n < photos.n AND photos.deleted_at IS NULL
      ORDER BY first.n LIMIT 1) AS duplicate_of FROM photos`;
  const get = driver.prepare(`${select} WHERE id = ?`);
  const has = driver.prepare('SELECT 1 FROM photos WHERE id = ?');
  const order = 'deleted_at IS NULL AND n < ? ORDER BY n DESC LIMIT ?';
  const all = driver.prepare(`${select} WHERE ${order}`);
  const ofPersona = driver.prepare(`${select} WHERE id_persona = ? AND ${order}`);
  const inSession = driver.prepare(`${select} WHERE session_id = ? AND ${order}`);
  const ofBoth = driver.prepare(`${select} WHERE id_persona = ? AND session_id = ? AND ${order}`);
  const sum = 'SELECT count(*) AS many, coalesce(sum(bytes), 0) AS bytes FROM photos WHERE deleted_at IS NULL';
  const sessionSum = driver.prepare(`${sum} AND session_id = ?`);
  const totalSum = driver.prepare(sum);
  const unfinished = driver.prepare(
    `${select} WHERE stored_sha256 IS NULL AND status <> 'quarantined' AND deleted_at IS NULL ORDER BY n`,
  );
  const ofNobody = driver.prepare(
    `${select} WHERE id_persona IS NULL AND stored_sha256 IS NOT NULL AND deleted_at IS NULL ORDER BY n`,
  );
  const receivedBefore = driver.prepare(`${select} WHERE received_at < ? AND deleted_at IS NULL ORDER BY n`);
  const deleted = driver.prepare(`${select} WHERE deleted_at <= ? ORDER BY n`);
  const ofPerson = driver.prepare(`${select} WHERE id_persona = ? ORDER BY n`);
  const same = driver.prepare(
    `${select} WHERE id_persona = ? AND sha256 = ? AND id <> ? AND deleted_at IS NULL ORDER BY n`,
  );
  const deletedOf = driver.prepare(`${select} WHERE session_id = ? AND deleted_at IS NOT NULL`);
  const seal = driver.prepare('UPDATE photos SET deleted_at = 0 WHERE deleted_at IS NOT NULL');
  const remove = driver.prepare('DELETE FROM photos WHERE id = ? AND deleted_at IS NOT NULL');
  const totals = (row: Row | null) => ({ count: integer(row?.many), bytes: integer(row?.bytes) });

  return {
    insert(row) {
      insert.run(...columns(row), row.id);
      return toPhotoRow(get.get(row.id) ?? {});
    },
    update: row => void update.run(...columns(row), row.id),
    get(id) {
      const row = get.get(id);
      return row ? toPhotoRow(row) : null;
    },
    has: id => has.get(id) !== null,
    list({ idPersona, sessionId, before = Number.MAX_SAFE_INTEGER, limit }) {
      if (idPersona !== undefined && sessionId !== undefined) {
        return ofBoth.all(idPersona, sessionId, before, limit).map(toPhotoRow);
      }
      if (idPersona !== undefined) return ofPersona.all(idPersona, before, limit).map(toPhotoRow);
      if (sessionId !== undefined) return inSession.all(sessionId, before, limit).map(toPhotoRow);
      return all.all(before, limit).map(toPhotoRow);
    },
    ofSession: sessionId => totals(sessionSum.get(sessionId)),
    totals: () => totals(totalSum.get()),
    unfinished: () => unfinished.all().map(toPhotoRow),
    ofNobody: () => ofNobody.all().map(toPhotoRow),
    receivedBefore: time => receivedBefore.all(time).map(toPhotoRow),
    ofPersona: idPersona => ofPerson.all(idPersona).map(toPhotoRow),
    same: ({ idPersona, sha256, id }) => same.all(idPersona, sha256, id).map(toPhotoRow),
    deleted: (until = Number.MAX_SAFE_INTEGER) => deleted.all(until).map(toPhotoRow),
    deletedOf: sessionId => deletedOf.all(sessionId).map(toPhotoRow),
    sealDeleted: () => void seal.run(),
    remove: id => void remove.run(id),
  };
}

function columns(row: NewPhoto): Value[] {
  const facts = [row.mime, row.width, row.height, row.bytes, row.sha256, row.storedSha256];
  const times = [row.receivedAt, row.deletedAt, row.relayed];
  return [row.idPersona, row.sessionId, ...facts, row.status, row.reason, row.shot, ...times];
}

function toPhotoRow(row: Row): PhotoRow {
  return {
    n: integer(row.n),
    id: text(row.id),
    idPersona: textOrNull(row.id_persona),
    sessionId: textOrNull(row.session_id),
    mime: mime(row.mime),
    width: integer(row.width),
    height: integer(row.height),
    bytes: integer(row.bytes),
    sha256: text(row.sha256),
    storedSha256: textOrNull(row.stored_sha256),
    status: status(row.status),
    reason: textOrNull(row.reason),
    shot: textOrNull(row.shot),
    receivedAt: integer(row.received_at),
    deletedAt: integerOrNull(row.deleted_at),
    duplicateOf: textOrNull(row.duplicate_of),
    relayed: integer(row.relayed) === 1,
  };
}
