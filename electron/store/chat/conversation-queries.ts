/** Conversations: S3's rooms, direct ones and groups. */
import type { ConversationRow, DirectRow, GroupRow } from '../../core/chat/chat.ts';
import type { Fresh } from '../../core/chat/ports.ts';
import { integer, integerOrNull, oneOf, textOrNull } from '../columns.ts';
import type { Row } from '../driver.ts';
import { adoptedNumber, adoptedUuid } from './columns.ts';
import type { MessageQueries } from './message-queries.ts';
import { type Builder, change, first, insert, rows, type Steps } from './tables.ts';
import type { UserQueries } from './user-queries.ts';

const kind = oneOf(['directo', 'grupal'] as const);

export interface NewGroup {
  key: string | null;
  title: string | null;
  isOpen: boolean;
  members: readonly string[];
}

/** What is needed to write in a conversation. */
export interface Place {
  id: string;
  room: number;
  group: number | null;
  /** Their numbers. */
  members: number[];
}

export function conversationQueries(db: Builder, users: UserQueries, messages: MessageQueries) {
  const all = () => db.selectFrom('salas_chat as s').leftJoin('mostrador_salas as x', 'x.sala_chat_id', 's.id');

  const described = (query: ReturnType<typeof all>) =>
    query
      .leftJoin('grupos as g', 'g.id', 's.grupo_id')
      .leftJoin('mostrador_grupos as y', 'y.grupo_id', 's.grupo_id')
      .select(['s.id', 's.tipo_sala', 's.usuario_a_id', 's.usuario_b_id', 's.grupo_id', 'x.uuid', 'x.creado_en'])
      .select(['g.nombre', 'y.clave', 'y.abierto'])
      .select(room =>
        room
          .selectFrom('mensajes as m')
          .select(({ fn }) => fn.max('m.id').as('last'))
          .whereRef('m.sala_chat_id', '=', 's.id')
          .as('last'),
      );

  function byId(id: string) {
    const number = adoptedNumber('room', id);
    return number === null
      ? all().where('x.uuid', '=', id.toLowerCase())
      : all().where('s.id', '=', number).where('x.uuid', 'is', null);
  }

  const direct = (row: Row) =>
    [integerOrNull(row.usuario_a_id), integerOrNull(row.usuario_b_id)].filter(n => n !== null);

  /** By group. */
  function* membersOf(groups: number[]): Steps<Map<number, number[]>> {
    const found = new Map<number, number[]>(groups.map(group => [group, []]));
    if (groups.length === 0) return found;
    const query = db.selectFrom('miembros_grupo').select(['grupo_id', 'usuario_id']).where('grupo_id', 'in', groups);
    for (const row of yield* rows(query.orderBy('usuario_id'))) {
      found.get(integer(row.grupo_id))?.push(integer(row.usuario_id));
    }
    return found;
  }

  function* whole(found: Row[]): Steps<ConversationRow[]> {
    const groups = found.map(row => integerOrNull(row.grupo_id)).filter(group => group !== null);
    const members = yield* membersOf(groups);
    const idOf = yield* users.ids([...found.flatMap(direct), ...[...members.values()].flat()]);
    const last = found.map(row => integerOrNull(row.last)).filter(number => number !== null);
    const newest = new Map((yield* messages.byNumbers(last)).map(message => [message.id, message]));
    return found.map(row => {
      const number = integer(row.id);
      const base = {
        id: textOrNull(row.uuid) ?? adoptedUuid('room', number),
        number,
        createdAt: integerOrNull(row.creado_en) ?? 0,
        lastMessage: newest.get(String(row.last)) ?? null,
      };
      if (kind(row.tipo_sala) === 'directo') return { ...base, type: 'direct', members: direct(row).map(idOf) };
      const group = integerOrNull(row.grupo_id);
      return {
        ...base,
        type: 'group',
        members: (group === null ? [] : (members.get(group) ?? [])).map(idOf),
        title: textOrNull(row.nombre) || null,
        key: textOrNull(row.clave) ?? String(group),
        isOpen: row.abierto === 1,
      };
    });
  }

  function* get(id: string): Steps<ConversationRow | null> {
    return (yield* whole(yield* rows(described(byId(id)))))[0] ?? null;
  }

  function* ofNumber(room: number): Steps<ConversationRow | null> {
    return (yield* whole(yield* rows(described(all().where('s.id', '=', room)))))[0] ?? null;
  }

  function* place(id: string): Steps<Place | null> {
    const row = yield* first(byId(id).select(['s.id', 's.usuario_a_id', 's.usuario_b_id', 's.grupo_id', 'x.uuid']));
    if (!row) return null;
    const group = integerOrNull(row.grupo_id);
    const members = group === null ? direct(row) : ((yield* membersOf([group])).get(group) ?? []);
    const room = integer(row.id);
    return { id: textOrNull(row.uuid) ?? adoptedUuid('room', room), room, group, members };
  }

  function* open(room: RoomValues, key: string, fresh: Fresh): Steps<number> {
    const id = yield* insert(db.insertInto('salas_chat').values(room));
    const extra = { sala_chat_id: id, uuid: fresh.id, clave: key, creado_en: fresh.at };
    yield* insert(db.insertInto('mostrador_salas').values(extra));
    return id;
  }

  function* roomOfGroup(group: number, fresh: Fresh): Steps<GroupRow> {
    const query = db.selectFrom('salas_chat').select('id').where('grupo_id', '=', group).orderBy('id').limit(1);
    const row = yield* first(query);
    const values = { tipo_sala: 'grupal' as const, usuario_a_id: null, usuario_b_id: null, grupo_id: group };
    const room = row ? integer(row.id) : yield* open(values, `g:${group}`, fresh);
    const found = yield* ofNumber(room);
    if (found?.type !== 'group') throw new Error(`room ${room} is no group's`);
    return found;
  }

  function* groupNumber(key: string): Steps<number | null> {
    const known = yield* first(db.selectFrom('mostrador_grupos').select('grupo_id').where('clave', '=', key));
    if (known) return integer(known.grupo_id);
    const number = ownNumber(key);
    if (number === null) return null;
    const row = yield* first(db.selectFrom('grupos').select('id').where('id', '=', number));
    return row ? number : null;
  }

  return {
    get,
    place,

    *of(userId: string, limit: number): Steps<ConversationRow[]> {
      const user = yield* users.find(userId);
      if (user === null) return [];
      const groups = db.selectFrom('miembros_grupo').select('grupo_id').where('usuario_id', '=', user);
      const query = described(all())
        .where(({ eb, or }) =>
          or([eb('s.usuario_a_id', '=', user), eb('s.usuario_b_id', '=', user), eb('s.grupo_id', 'in', groups)]),
        )
        .orderBy('last', 'desc')
        .orderBy('s.id', 'desc');
      return yield* whole(yield* rows(query.limit(limit)));
    },

    *direct(one: string, other: string, fresh: Fresh): Steps<{ conversation: DirectRow; created: boolean }> {
      const a = yield* users.number(one);
      const b = yield* users.number(other);
      const query = db
        .selectFrom('salas_chat')
        .select('id')
        .where('tipo_sala', '=', 'directo')
        .where('usuario_a_id', 'in', [a, b])
        .where('usuario_b_id', 'in', [a, b])
        .whereRef('usuario_a_id', '<>', 'usuario_b_id');
      const row = yield* first(query.orderBy('id').limit(1));
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      const values = { tipo_sala: 'directo' as const, usuario_a_id: a, usuario_b_id: b, grupo_id: null };
      const room = row ? integer(row.id) : yield* open(values, `d:${low}:${high}`, fresh);
      const conversation = yield* ofNumber(room);
      if (conversation?.type !== 'direct') throw new Error(`room ${room} is no direct one`);
      return { conversation, created: row === null };
    },

    *group(key: string, fresh: Fresh): Steps<GroupRow | null> {
      const number = yield* groupNumber(key);
      return number === null ? null : yield* roomOfGroup(number, fresh);
    },

    *createGroup({ key, title, isOpen, members }: NewGroup, fresh: Fresh): Steps<GroupRow> {
      const known = key === null ? null : yield* groupNumber(key);
      // Somebody else was faster.
      if (known !== null) return yield* roomOfGroup(known, fresh);
      const own = key === null ? null : ownNumber(key);
      const values = { ...(own === null ? {} : { id: own }), nombre: title ?? '' };
      const made = yield* insert(db.insertInto('grupos').values(values));
      const group = own ?? made;
      const clave = own === null ? key : null;
      yield* insert(db.insertInto('mostrador_grupos').values({ grupo_id: group, clave, abierto: isOpen ? 1 : 0 }));
      for (const member of new Set(members)) {
        const usuario_id = yield* users.number(member);
        yield* insert(db.insertInto('miembros_grupo').values({ grupo_id: group, usuario_id }));
      }
      return yield* roomOfGroup(group, fresh);
    },

    *rename(id: string, title: string): Steps<void> {
      const found = yield* place(id);
      if (found?.group == null) return;
      yield* change(db.updateTable('grupos').set({ nombre: title }).where('id', '=', found.group));
    },

    *remove(id: string): Steps<void> {
      const found = yield* place(id);
      if (!found) return;
      yield* messages.removeAll(found.room);
      yield* change(db.deleteFrom('mostrador_salas').where('sala_chat_id', '=', found.room));
      yield* change(db.deleteFrom('salas_chat').where('id', '=', found.room));
      if (found.group === null) return;
      // A group that others made stays theirs.
      if ((yield* change(db.deleteFrom('mostrador_grupos').where('grupo_id', '=', found.group))) === 0) return;
      yield* change(db.deleteFrom('miembros_grupo').where('grupo_id', '=', found.group));
      yield* change(db.deleteFrom('grupos').where('id', '=', found.group));
    },

    *erase(userId: string): Steps<string[]> {
      const user = yield* users.find(userId);
      if (user === null) return [];
      const query = described(all()).where(({ eb, or }) =>
        or([eb('s.usuario_a_id', '=', user), eb('s.usuario_b_id', '=', user)]),
      );
      const found = yield* whole(yield* rows(query));
      for (const { number } of found) {
        yield* messages.removeAll(number);
        yield* change(db.deleteFrom('mostrador_salas').where('sala_chat_id', '=', number));
        yield* change(db.deleteFrom('salas_chat').where('id', '=', number));
      }
      yield* messages.erase(user);
      yield* change(db.deleteFrom('miembros_grupo').where('usuario_id', '=', user));
      yield* users.forget(userId);
      return found.map(({ id }) => id);
    },

    *addMember(id: string, userId: string): Steps<void> {
      const found = yield* place(id);
      const user = yield* users.number(userId);
      if (found?.group == null || found.members.includes(user)) return;
      yield* insert(db.insertInto('miembros_grupo').values({ grupo_id: found.group, usuario_id: user }));
    },

    *removeMember(id: string, userId: string): Steps<void> {
      const found = yield* place(id);
      const user = yield* users.find(userId);
      if (found?.group == null || user === null) return;
      const mine = db.deleteFrom('miembros_grupo').where('grupo_id', '=', found.group);
      yield* change(mine.where('usuario_id', '=', user));
    },
  };
}

interface RoomValues {
  tipo_sala: 'directo' | 'grupal';
  usuario_a_id: number | null;
  usuario_b_id: number | null;
  grupo_id: number | null;
}

/** A key in digits is the group's number itself. */
function ownNumber(key: string): number | null {
  return /^[1-9]\d{0,8}$/.test(key) ? Number(key) : null;
}
