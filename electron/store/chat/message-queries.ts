/** Messages and what became of them. */
import { type MessageType, messageType } from '../../../protocol/chat.ts';
import type { MessageRow, ReceiptRow } from '../../core/chat/chat.ts';
import type { Marked, NewMessage } from '../../core/chat/ports.ts';
import { integer, integerOrNull, oneOf, textOrNull } from '../columns.ts';
import type { Row } from '../driver.ts';
import { adoptedUuid, fromColumn, rowNumber, toColumn } from './columns.ts';
import { type Builder, change, first, insert, rows, type Steps } from './tables.ts';
import type { UserQueries } from './user-queries.ts';

const type = oneOf<MessageType>(messageType.options);

/** The conversation that a message is written in, and by whom: one of its members. */
interface Into {
  id: string;
  room: number;
  /** All of them, the sender too. */
  members: readonly number[];
  sender: number;
  idOf(member: number): string;
}

export type MessageQueries = ReturnType<typeof messageQueries>;

export function messageQueries(db: Builder, users: UserQueries) {
  const select = () =>
    db
      .selectFrom('mensajes as m')
      .leftJoin('mostrador_mensajes as x', 'x.mensaje_id', 'm.id')
      .leftJoin('mostrador_salas as s', 's.sala_chat_id', 'm.sala_chat_id')
      .select(['m.id', 'm.sala_chat_id', 'm.remitente_id', 'm.tipo_mensaje', 'm.contenido', 'm.url_archivo'])
      .select(['x.uuid', 'x.creado_en', 'x.editado_en', 's.uuid as sala_uuid']);

  /** With their receipts, in the same order. */
  function* whole(found: Row[]): Steps<MessageRow[]> {
    if (found.length === 0) return [];
    const ids = found.map(row => integer(row.id));
    const query = db.selectFrom('destinatarios_mensaje').selectAll().where('mensaje_id', 'in', ids);
    const receipts = yield* rows(query.orderBy('destinatario_id'));
    const people = [...found.map(row => row.remitente_id), ...receipts.map(row => row.destinatario_id)];
    const idOf = yield* users.ids(people.map(integer));
    const byMessage = new Map<number, ReceiptRow[]>(ids.map(id => [id, []]));
    for (const row of receipts) {
      byMessage.get(integer(row.mensaje_id))?.push({
        userId: idOf(integer(row.destinatario_id)),
        deliveredAt: fromColumn(row.entregado_en) ?? fromColumn(row.leido_en),
        readAt: fromColumn(row.leido_en),
      });
    }
    return found.map(row => {
      const number = integer(row.id);
      return {
        id: String(number),
        conversationId: textOrNull(row.sala_uuid) ?? adoptedUuid('room', integer(row.sala_chat_id)),
        senderId: idOf(integer(row.remitente_id)),
        type: type(row.tipo_mensaje),
        content: textOrNull(row.contenido) ?? '',
        fileUrl: textOrNull(row.url_archivo),
        at: integerOrNull(row.creado_en) ?? 0,
        editedAt: integerOrNull(row.editado_en),
        clientId: textOrNull(row.uuid) ?? adoptedUuid('message', number),
        receipts: byMessage.get(number) ?? [],
      };
    });
  }

  function* byNumbers(numbers: number[]): Steps<MessageRow[]> {
    return numbers.length > 0 ? yield* whole(yield* rows(select().where('m.id', 'in', numbers))) : [];
  }

  function* get(id: string): Steps<MessageRow | null> {
    const number = rowNumber(id);
    return number === null ? null : ((yield* byNumbers([number]))[0] ?? null);
  }

  return {
    get,
    byNumbers,

    *history(room: number, { before, limit }: { before?: number | undefined; limit: number }): Steps<MessageRow[]> {
      const all = select().where('m.sala_chat_id', '=', room);
      const older = before === undefined ? all : all.where('m.id', '<', before);
      return (yield* whole(yield* rows(older.orderBy('m.id', 'desc').limit(limit)))).reverse();
    },

    *undelivered(room: number, userId: string, limit: number, after = '0'): Steps<MessageRow[]> {
      const user = yield* users.find(userId);
      if (user === null) return [];
      const query = select()
        .innerJoin('destinatarios_mensaje as d', 'd.mensaje_id', 'm.id')
        .where('m.sala_chat_id', '=', room)
        .where('m.id', '>', rowNumber(after) ?? 0)
        .where('d.destinatario_id', '=', user)
        .where('d.entregado_en', 'is', null)
        .where('d.leido_en', 'is', null);
      return yield* whole(yield* rows(query.orderBy('m.id').limit(limit)));
    },

    *post(into: Into, message: NewMessage, at: number): Steps<{ message: MessageRow; created: boolean }> {
      const { room, sender, idOf } = into;
      const mine = db.selectFrom('mostrador_mensajes').select('mensaje_id').where('remitente_id', '=', sender);
      const known = yield* first(mine.where('uuid', '=', message.clientId));
      const before = known && (yield* get(String(integer(known.mensaje_id))));
      if (before) return { message: before, created: false };
      const id = yield* insert(
        db.insertInto('mensajes').values({
          sala_chat_id: room,
          remitente_id: sender,
          tipo_mensaje: message.type,
          contenido: message.content,
          url_archivo: message.fileUrl,
        }),
      );
      const extra = { mensaje_id: id, remitente_id: sender, uuid: message.clientId, creado_en: at, editado_en: null };
      yield* insert(db.insertInto('mostrador_mensajes').values(extra));
      const others = into.members.filter(member => member !== sender);
      if (others.length > 0) {
        const receipts = others.map(member => ({
          mensaje_id: id,
          destinatario_id: member,
          entregado_en: null,
          leido_en: null,
        }));
        yield* insert(db.insertInto('destinatarios_mensaje').values(receipts));
      }
      // What `get` would read now, without asking the database for what it has just been told.
      const receipts = others.map(member => ({ userId: idOf(member), deliveredAt: null, readAt: null }));
      const stored = { ...message, id: String(id), conversationId: into.id, at, editedAt: null, receipts };
      return { message: stored, created: true };
    },

    *edit(id: string, content: string, at: number): Steps<MessageRow | null> {
      const number = rowNumber(id);
      if (number === null) return null;
      yield* change(db.updateTable('mensajes').set({ contenido: content }).where('id', '=', number));
      yield* change(db.updateTable('mostrador_mensajes').set({ editado_en: at }).where('mensaje_id', '=', number));
      return yield* get(id);
    },

    *remove(id: string): Steps<boolean> {
      const number = rowNumber(id);
      if (number === null) return false;
      yield* change(db.deleteFrom('destinatarios_mensaje').where('mensaje_id', '=', number));
      yield* change(db.deleteFrom('mostrador_mensajes').where('mensaje_id', '=', number));
      return (yield* change(db.deleteFrom('mensajes').where('id', '=', number))) > 0;
    },

    *removeAll(room: number): Steps<void> {
      const ids = db.selectFrom('mensajes').select('id').where('sala_chat_id', '=', room);
      yield* change(db.deleteFrom('destinatarios_mensaje').where('mensaje_id', 'in', ids));
      yield* change(db.deleteFrom('mostrador_mensajes').where('mensaje_id', 'in', ids));
      yield* change(db.deleteFrom('mensajes').where('sala_chat_id', '=', room));
    },

    /** What this user wrote in groups, and the receipts of what was written to them. */
    *erase(user: number): Steps<void> {
      const mine = db.selectFrom('mensajes').select('id').where('remitente_id', '=', user);
      yield* change(db.deleteFrom('destinatarios_mensaje').where('mensaje_id', 'in', mine));
      yield* change(db.deleteFrom('destinatarios_mensaje').where('destinatario_id', '=', user));
      yield* change(db.deleteFrom('mostrador_mensajes').where('remitente_id', '=', user));
      yield* change(db.deleteFrom('mensajes').where('remitente_id', '=', user));
    },

    *mark(id: string, userId: string, as: 'delivered' | 'read', at: number): Steps<Marked | null> {
      const before = yield* get(id);
      const had = before?.receipts.find(receipt => receipt.userId === userId);
      const user = yield* users.find(userId);
      if (!before || !had || user === null) return null;
      const deliveredAt = had.deliveredAt ?? at;
      const mine = db
        .updateTable('destinatarios_mensaje')
        .where('mensaje_id', '=', Number(id))
        .where('destinatario_id', '=', user);
      // Only where there is nothing yet: of two marks at once the first one stays.
      yield* change(mine.set({ entregado_en: toColumn(deliveredAt) }).where('entregado_en', 'is', null));
      if (as === 'read') {
        // A clock that was set back must not say that it was read before it came.
        const readAt = toColumn(Math.max(at, deliveredAt));
        yield* change(mine.set({ leido_en: readAt }).where('leido_en', 'is', null));
      }
      const message = yield* get(id);
      const receipt = message?.receipts.find(({ userId: whose }) => whose === userId);
      if (!message || !receipt) return null;
      return { message, receipt, changed: (as === 'read' ? had.readAt : had.deliveredAt) === null };
    },
  };
}
