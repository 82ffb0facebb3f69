/**
 * The chat's tables, as both databases have them: S3's own names, and ours beside them (`mostrador_…`).
 * Only what compiles queries is used of kysely; what runs them is `sqlite-chat.ts` and `mysql-chat.ts`.
 */
import {
  type CompiledQuery,
  DummyDriver,
  type Generated,
  Kysely,
  MysqlAdapter,
  MysqlIntrospector,
  MysqlQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { Row } from '../driver.ts';

interface Tables {
  grupos: { id: Generated<number>; nombre: string };
  miembros_grupo: { grupo_id: number; usuario_id: number };
  salas_chat: {
    id: Generated<number>;
    tipo_sala: 'directo' | 'grupal';
    usuario_a_id: number | null;
    usuario_b_id: number | null;
    grupo_id: number | null;
  };
  mensajes: {
    id: Generated<number>;
    sala_chat_id: number;
    remitente_id: number;
    tipo_mensaje: string;
    contenido: string;
    url_archivo: string | null;
  };
  destinatarios_mensaje: {
    mensaje_id: number;
    destinatario_id: number;
    entregado_en: string | null;
    leido_en: string | null;
  };
  mostrador_usuarios: {
    numero: number;
    id: string;
    nombre: string | null;
    /** `null`: a number for an id that is no user (any more). */
    rol: string | null;
    creado_en: number | null;
  };
  mostrador_grupos: { grupo_id: number; clave: string | null; abierto: number };
  mostrador_salas: { sala_chat_id: number; uuid: string; clave: string; creado_en: number };
  mostrador_mensajes: {
    mensaje_id: number;
    remitente_id: number;
    uuid: string;
    creado_en: number;
    editado_en: number | null;
  };
}

export type Builder = Kysely<Tables>;

/** Writes MySQL's and MariaDB's SQL. */
export function mysqlBuilder(): Builder {
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new MysqlAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: db => new MysqlIntrospector(db),
      createQueryCompiler: () => new MysqlQueryCompiler(),
    },
  });
}

export function sqliteBuilder(): Builder {
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: db => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  });
}

/** What a database says to one query. */
export interface Answer {
  rows: Row[];
  /** 0 where nothing was inserted, or with a key of its own. */
  insertId: number;
  changes: number;
}

/**
 * Work of several queries: each is handed out, and its answer comes back in. So the same work runs at once on SQLite, where
 * nothing may come between the queries of one transaction, and one answer after another on a database elsewhere.
 */
export type Steps<T> = Generator<CompiledQuery, T, Answer>;

/** Runs work as one transaction. Rejects with `StoreUnavailable` where the database does not answer. */
export interface Runner {
  read<T>(work: () => Steps<T>): Promise<T>;
  /** All or nothing, and stored for good when the promise is there. Work that met another's may run again from the start. */
  write<T>(work: () => Steps<T>): Promise<T>;
  /** Runs work at once, within the transaction that is open; `null` where that cannot be. */
  within: (<T>(work: () => Steps<T>) => T) | null;
}

interface Compilable {
  compile(): CompiledQuery;
}

export function* rows(query: Compilable): Steps<Row[]> {
  return (yield query.compile()).rows;
}

export function* first(query: Compilable): Steps<Row | null> {
  return (yield query.compile()).rows[0] ?? null;
}

/** Gives back the key that the database chose. */
export function* insert(query: Compilable): Steps<number> {
  return (yield query.compile()).insertId;
}

/** Gives back how many rows it was about. */
export function* change(query: Compilable): Steps<number> {
  return (yield query.compile()).changes;
}
