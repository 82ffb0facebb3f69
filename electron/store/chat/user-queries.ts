/** Users, and the numbers that S3's tables know them by. */
import { type UserRole, userRole } from '../../../protocol/user.ts';
import type { UserRow } from '../../core/users/user.ts';
import { integer, oneOf, text, textOrNull } from '../columns.ts';
import type { Row } from '../driver.ts';
import { type Builder, change, first, insert, rows, type Steps } from './tables.ts';

/** A user id of up to nine digits is its own number; any other gets one from here on. */
const firstGiven = 1_000_000_000;
const role = oneOf<UserRole>(userRole.options);

export type UserQueries = ReturnType<typeof userQueries>;

export function userQueries(db: Builder) {
  /** `null`: nobody has ever had that id. */
  function* find(id: string): Steps<number | null> {
    if (/^[1-9]\d{0,8}$/.test(id)) return Number(id);
    const row = yield* first(db.selectFrom('mostrador_usuarios').select('numero').where('id', '=', id));
    return row ? integer(row.numero) : null;
  }

  function* next(): Steps<number> {
    const query = db
      .selectFrom('mostrador_usuarios')
      .select(({ fn }) => fn.max('numero').as('last'))
      .where('numero', '>=', firstGiven);
    const last = (yield* first(query))?.last;
    return typeof last === 'number' ? last + 1 : firstGiven;
  }

  return {
    find,

    /** The number of an id, given out now if need be. */
    *number(id: string): Steps<number> {
      const known = yield* find(id);
      if (known !== null) return known;
      const numero = yield* next();
      yield* insert(
        db.insertInto('mostrador_usuarios').values({ numero, id, nombre: null, rol: null, creado_en: null }),
      );
      return numero;
    },

    /** The ids of these numbers. One that was given by others is its id in digits. */
    *ids(numbers: Iterable<number>): Steps<(number: number) => string> {
      const given = [...new Set(numbers)].filter(number => number >= firstGiven);
      const known = new Map<number, string>();
      if (given.length > 0) {
        const query = db.selectFrom('mostrador_usuarios').select(['numero', 'id']).where('numero', 'in', given);
        for (const row of yield* rows(query)) known.set(integer(row.numero), text(row.id));
      }
      return number => known.get(number) ?? String(number);
    },

    *all(limit: number): Steps<UserRow[]> {
      const query = db.selectFrom('mostrador_usuarios').selectAll().where('rol', 'is not', null).orderBy('id');
      return (yield* rows(query.limit(limit))).map(toUserRow);
    },

    *get(id: string): Steps<UserRow | null> {
      const query = db.selectFrom('mostrador_usuarios').selectAll().where('id', '=', id).where('rol', 'is not', null);
      const row = yield* first(query);
      return row ? toUserRow(row) : null;
    },

    *seen({ id, name, role: rol, createdAt }: UserRow): Steps<boolean> {
      const row = yield* first(db.selectFrom('mostrador_usuarios').select('rol').where('id', '=', id));
      const values = { nombre: name, rol, creado_en: createdAt };
      if (!row) {
        const numero = (yield* find(id)) ?? (yield* next());
        yield* insert(db.insertInto('mostrador_usuarios').values({ numero, id, ...values }));
        return true;
      }
      if (row.rol !== null) return false;
      yield* change(db.updateTable('mostrador_usuarios').set(values).where('id', '=', id));
      return true;
    },

    *update(id: string, { name, role: rol }: { name?: string | undefined; role?: UserRole | undefined }) {
      const values = { ...(name === undefined ? {} : { nombre: name }), ...(rol === undefined ? {} : { rol }) };
      const mine = db.updateTable('mostrador_usuarios').where('id', '=', id).where('rol', 'is not', null);
      if (Object.keys(values).length > 0) yield* change(mine.set(values));
    },

    /** The number goes too. */
    *forget(id: string): Steps<void> {
      yield* change(db.deleteFrom('mostrador_usuarios').where('id', '=', id));
    },

    /** The number stays: what the user wrote needs it. */
    *remove(id: string): Steps<boolean> {
      const mine = db.updateTable('mostrador_usuarios').where('id', '=', id).where('rol', 'is not', null);
      return (yield* change(mine.set({ rol: null, nombre: null, creado_en: null }))) > 0;
    },
  };
}

function toUserRow(row: Row): UserRow {
  return { id: text(row.id), name: textOrNull(row.nombre), role: role(row.rol), createdAt: integer(row.creado_en) };
}
