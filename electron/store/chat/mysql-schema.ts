/** Whether MySQL has the chat's tables and columns; makes the tables that are missing, and never touches one that is there. */
import type { Row } from '../driver.ts';
import setup from '../mysql/setup_database.sql?raw';

/** The columns that S3's document names, and the keys that go with them. Others may stand beside them. */
const needed: Record<string, readonly string[]> = {
  grupos: ['id', 'nombre'],
  miembros_grupo: ['grupo_id', 'usuario_id'],
  salas_chat: ['id', 'tipo_sala', 'usuario_a_id', 'usuario_b_id', 'grupo_id'],
  mensajes: ['id', 'sala_chat_id', 'remitente_id', 'tipo_mensaje', 'contenido', 'url_archivo'],
  destinatarios_mensaje: ['mensaje_id', 'destinatario_id', 'entregado_en', 'leido_en'],
  mostrador_usuarios: ['numero', 'id', 'nombre', 'rol', 'creado_en'],
  mostrador_grupos: ['grupo_id', 'clave', 'abierto'],
  mostrador_salas: ['sala_chat_id', 'uuid', 'clave', 'creado_en'],
  mostrador_mensajes: ['mensaje_id', 'remitente_id', 'uuid', 'creado_en', 'editado_en'],
};

/** The database is not as it must be: a person has to see to it. `message` names what is missing. */
export class WrongSchema extends Error {
  override name = 'WrongSchema';
}

const statements = new Map(
  setup
    .replace(/^--.*$/gm, '')
    .split(';')
    .map(sql => sql.trim())
    .flatMap(sql => {
      const table = /^CREATE TABLE IF NOT EXISTS (\w+)/.exec(sql)?.[1];
      return table === undefined ? [] : [[table, sql] as const];
    }),
);

type Query = (sql: string) => Promise<Row[]>;

/** What people write: where it is not utf8mb4 there are signs that it cannot hold. */
const written = new Set(['mensajes.contenido', 'grupos.nombre']);

/**
 * Gives the tables that cannot hold every text, with their character set.
 * @throws WrongSchema, or what the database says.
 */
export async function checkSchema(query: Query): Promise<Map<string, string>> {
  const found = new Map<string, Set<string>>();
  const narrow = new Map<string, string>();
  const listed = await query(
    'SELECT table_name AS t, column_name AS c, character_set_name AS s FROM information_schema.columns WHERE table_schema = DATABASE()',
  );
  for (const { t, c, s } of listed) {
    const column = String(c).toLowerCase();
    const columns = found.get(String(t)) ?? new Set();
    found.set(String(t), columns.add(column));
    if (written.has(`${t}.${column}`) && s !== 'utf8mb4') narrow.set(String(t), String(s));
  }
  const missing = Object.entries(needed).flatMap(([table, columns]) =>
    columns.filter(column => found.get(table)?.has(column) === false).map(column => `${table}.${column}`),
  );
  if (missing.length > 0) throw new WrongSchema(missing.join(', '));
  for (const [table, sql] of statements) if (!found.has(table)) await make(table, sql, query);
  return narrow;
}

async function make(table: string, sql: string, query: Query): Promise<void> {
  try {
    await query(sql);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code !== 'ER_TABLEACCESS_DENIED_ERROR' && code !== 'ER_DBACCESS_DENIED_ERROR') throw error;
    throw new WrongSchema(`${table} (setup_database.sql)`);
  }
}
