import { fileMime } from '../../protocol/file.ts';
import type { FileRow } from '../core/file/file.ts';
import type { FileStore } from '../core/ports.ts';
import { integer, integerOrNull, oneOf, text } from './columns.ts';
import type { Driver, Row } from './driver.ts';

const mime = oneOf(fileMime.options);

export function fileTable(driver: Driver): FileStore {
  const insert = driver.prepare(
    `INSERT INTO files (id, conversation_id, owner, name, mime, bytes, sha256, created_at, deleted_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const get = driver.prepare('SELECT * FROM files WHERE id = ?');
  const has = driver.prepare('SELECT 1 FROM files WHERE id = ?');
  const ofConversation = driver.prepare(
    'SELECT * FROM files WHERE conversation_id = ? AND deleted_at IS NULL ORDER BY created_at, id',
  );
  const ofSender = driver.prepare(
    `SELECT count(*) AS many, coalesce(sum(bytes), 0) AS bytes FROM files
       WHERE conversation_id = ? AND owner = ? AND deleted_at IS NULL`,
  );
  const createdBefore = driver.prepare('SELECT * FROM files WHERE created_at < ? AND deleted_at IS NULL');
  const discard = driver.prepare('UPDATE files SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL');
  const discarded = driver.prepare('SELECT * FROM files WHERE deleted_at IS NOT NULL');
  const remove = driver.prepare('DELETE FROM files WHERE id = ? AND deleted_at IS NOT NULL');

  return {
    insert({ id, conversationId, owner, name, mime, bytes, sha256, createdAt, deletedAt }) {
      insert.run(id, conversationId, owner, name, mime, bytes, sha256, createdAt, deletedAt);
    },
    get(id) {
      const row = get.get(id);
      return row ? toFileRow(row) : null;
    },
    has: id => has.get(id) !== null,
    ofConversation: id => ofConversation.all(id).map(toFileRow),
    ofSender(owner, conversationId) {
      const row = ofSender.get(conversationId, owner);
      return { count: integer(row?.many), bytes: integer(row?.bytes) };
    },
    createdBefore: time => createdBefore.all(time).map(toFileRow),
    discard: (id, at) => void discard.run(at, id),
    discarded: () => discarded.all().map(toFileRow),
    remove: id => void remove.run(id),
  };
}

function toFileRow(row: Row): FileRow {
  return {
    id: text(row.id),
    conversationId: text(row.conversation_id),
    owner: text(row.owner),
    name: text(row.name),
    mime: mime(row.mime),
    bytes: integer(row.bytes),
    sha256: text(row.sha256),
    createdAt: integer(row.created_at),
    deletedAt: integerOrNull(row.deleted_at),
  };
}
