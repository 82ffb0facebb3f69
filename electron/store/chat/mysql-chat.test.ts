/** The chat in a real MariaDB, which is killed and started in between. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type MariaDb, mariaDb, noMariaDb } from '../../../tests/mariadb.ts';
import { storeTrouble } from '../../core/commit.ts';
import { type Log, StoreForbids, StoreTooNarrow, StoreUnavailable } from '../../core/ports.ts';
import { chatContract } from './chat-contract.ts';
import { openMysql } from './mysql-chat.ts';
import { WrongSchema } from './mysql-schema.ts';

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

describe.skipIf(noMariaDb !== null)(`MariaDB${noMariaDb === null ? '' : `: ${noMariaDb}`}`, () => {
  let db: MariaDb;

  beforeAll(async () => {
    db = await mariaDb();
  }, 60_000);
  afterAll(() => db.remove());

  async function open(database?: Awaited<ReturnType<MariaDb['database']>>) {
    const store = openMysql(database ?? (await db.database()), silent);
    onTestFinished(() => store.close());
    await store.prepare();
    return store;
  }

  const fresh = () => ({ id: randomUUID(), at: Date.now() });
  const text = (conversationId: string, senderId: string, content: string) => ({
    conversationId,
    senderId,
    type: 'texto' as const,
    content,
    fileUrl: null,
    clientId: randomUUID(),
  });
  const theirs = ['grupos', 'miembros_grupo', 'salas_chat', 'mensajes', 'destinatarios_mensaje'];

  chatContract(() => open());

  test('[CHAT13] tables and rows that are there stay as they are, and are used', async () => {
    const database = await db.database();
    await db.sql(
      `CREATE TABLE grupos (id INT AUTO_INCREMENT PRIMARY KEY, nombre VARCHAR(80) NOT NULL, color VARCHAR(9) DEFAULT 'red');
       CREATE TABLE miembros_grupo (id INT AUTO_INCREMENT PRIMARY KEY, grupo_id INT NOT NULL, usuario_id INT NOT NULL);
       CREATE TABLE salas_chat (id INT AUTO_INCREMENT PRIMARY KEY, tipo_sala ENUM('directo','grupal') NOT NULL,
         usuario_a_id INT, usuario_b_id INT, grupo_id INT);
       CREATE TABLE mensajes (id INT AUTO_INCREMENT PRIMARY KEY, sala_chat_id INT NOT NULL, remitente_id INT NOT NULL,
         tipo_mensaje ENUM('texto','imagen','archivo','audio','sistema') NOT NULL, contenido TEXT, url_archivo VARCHAR(255),
         creado_en TIMESTAMP DEFAULT CURRENT_TIMESTAMP);
       CREATE TABLE destinatarios_mensaje (id INT AUTO_INCREMENT PRIMARY KEY, mensaje_id INT NOT NULL, destinatario_id INT NOT NULL,
         entregado_en DATETIME NULL, leido_en DATETIME NULL);
       INSERT INTO grupos (id, nombre) VALUES (5, 'Guardia');
       INSERT INTO miembros_grupo (grupo_id, usuario_id) VALUES (5, 11), (5, 12);
       INSERT INTO salas_chat (id, tipo_sala, usuario_a_id, usuario_b_id) VALUES (40, 'directo', 12, 11);
       INSERT INTO mensajes (id, sala_chat_id, remitente_id, tipo_mensaje, contenido) VALUES (900, 40, 12, 'texto', 'de antes');
       INSERT INTO destinatarios_mensaje (mensaje_id, destinatario_id) VALUES (900, 11)`,
      database.name,
    );
    const shapes = async () => {
      const shown = [];
      for (const table of theirs) shown.push(...(await db.sql(`SHOW COLUMNS FROM ${table}`, database.name)));
      return shown;
    };
    const before = await shapes();

    const { chat } = await open(database);
    const { conversation, created } = await chat.direct('11', '12', fresh());
    expect({ created, number: conversation.number }).toEqual({ created: false, number: 40 });
    expect(conversation.lastMessage).toMatchObject({ id: '900', senderId: '12', content: 'de antes' });
    expect(await chat.conversation(conversation.id)).toEqual(conversation);
    expect((await chat.undelivered(conversation.id, '11', 10)).map(({ id }) => id)).toEqual(['900']);
    const posted = await chat.post(text(conversation.id, '11', 'de ahora'), Date.now());
    expect(Number(posted.ok && posted.message.id)).toBeGreaterThan(900);
    const noon = Date.parse('2026-03-02T12:00:00.000Z');
    expect((await chat.mark('900', '11', 'read', noon))?.receipt.readAt).toBe(noon);
    const guard = await chat.group('5', fresh());
    expect(guard).toMatchObject({ title: 'Guardia', isOpen: false, key: '5' });
    expect(guard?.members.toSorted()).toEqual(['11', '12']);

    expect(await shapes()).toEqual(before);
    const rows = await db.sql('SELECT * FROM mensajes WHERE id = 900', database.name);
    expect(rows).toMatchObject([{ contenido: 'de antes', remitente_id: 12 }]);
    const times = await db.sql(
      'SELECT entregado_en, leido_en FROM destinatarios_mensaje WHERE mensaje_id = 900',
      database.name,
    );
    expect(times).toEqual([{ entregado_en: '2026-03-02 12:00:00', leido_en: '2026-03-02 12:00:00' }]);
  });

  test('[CHAT14] a listed column that is missing ends the start with its name, and nothing was made', async () => {
    const database = await db.database();
    await db.sql('CREATE TABLE mensajes (id INT PRIMARY KEY, sala_chat_id INT, remitente_id INT)', database.name);
    const names = 'mensajes.tipo_mensaje, mensajes.contenido, mensajes.url_archivo';
    await expect(open(database)).rejects.toThrow(new WrongSchema(names));
    expect(await db.sql('SHOW TABLES', database.name)).toHaveLength(1);
  });

  test('[CHAT15] without the right to make tables it asks for setup_database.sql, and then needs no more than its rows', async () => {
    const database = await db.database();
    const poor = { ...database, user: `poor_${database.name}`, password: 'p w' };
    await db.sql(
      `CREATE USER ${poor.user}@'%' IDENTIFIED BY 'p w';
       GRANT SELECT, INSERT, UPDATE, DELETE ON ${database.name}.* TO ${poor.user}@'%'`,
    );
    await expect(open(poor)).rejects.toThrow(/setup_database\.sql/);
    await open(database);
    const { chat } = await open(poor);
    expect((await chat.direct('1', '2', fresh())).created).toBe(true);
  });

  test('[CHAT450] a text that older tables cannot hold is told apart from a database that is away, and the log names them', async () => {
    const database = await db.database();
    await (await open(database)).close();
    await db.sql(
      'ALTER TABLE mensajes MODIFY contenido VARCHAR(20) CHARACTER SET utf8mb3; ALTER TABLE grupos CONVERT TO CHARACTER SET latin1',
      database.name,
    );
    const warned: unknown[] = [];
    const { chat, prepare, close } = openMysql(database, { ...silent, warn: facts => void warned.push(facts) });
    onTestFinished(close);
    await prepare();
    expect(warned).toEqual([
      { table: 'grupos', charset: 'latin1' },
      { table: 'mensajes', charset: 'utf8mb3' },
    ]);
    const { conversation } = await chat.direct('1', '2', fresh());
    await expect(chat.post(text(conversation.id, '1', 'hola 😀'), 1)).rejects.toThrow(StoreTooNarrow);
    await expect(chat.post(text(conversation.id, '1', 'a'.repeat(21)), 1)).rejects.toThrow(StoreTooNarrow);
    await chat.post(text(conversation.id, '1', 'mañana'), 1);
    expect((await chat.history(conversation.id, { limit: 9 })).map(({ content }) => content)).toEqual(['mañana']);
    // Not to be tried again: it would be for ever.
    expect(storeTrouble(new StoreTooNarrow('x')).error.code).toBe('invalid_message');
  });

  test('[CHAT320] what the database gives no right to do is told apart from a database that is away', async () => {
    const database = await db.database();
    const { chat, users } = await open(database);
    const [one, two] = ['1', '2'];
    const reader = { ...database, user: `reader_${database.name}`, password: 'p' };
    await db.sql(
      `CREATE USER ${reader.user}@'%' IDENTIFIED BY 'p'; GRANT SELECT, INSERT, UPDATE ON ${database.name}.* TO ${reader.user}@'%'`,
    );
    for (const id of [one, two]) await users.seen({ id, name: null, role: 'user', createdAt: 1 });
    const theirs = await open(reader);
    const group = await theirs.chat.createGroup({ key: '7', title: 'G', isOpen: true, members: [one, two] }, fresh());
    await expect(theirs.chat.removeMember(group.id, two)).rejects.toThrow(StoreForbids);
    expect((await chat.conversation(group.id))?.members).toEqual([one, two]);
    await chat.removeMember(group.id, two);
    expect((await chat.conversation(group.id))?.members).toEqual([one]);
  });

  test('[CHAT16] while the database is away nothing is taken; back again it goes on, with all that was taken', async () => {
    const { chat } = await open();
    const { conversation } = await chat.direct('1', '2', fresh());
    const taken: string[] = [];
    const send = async (content: string) => {
      try {
        if (await chat.post(text(conversation.id, '1', content), Date.now())) taken.push(content);
      } catch (error) {
        expect(error).toBeInstanceOf(StoreUnavailable);
      }
    };
    const streaming = Promise.all(Array.from({ length: 200 }, (_, n) => send(`m${n}`)));
    await send('in the middle');
    await db.kill();
    await streaming;
    const before = taken.length;
    await expect(chat.post(text(conversation.id, '1', 'lost'), Date.now())).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(chat.conversation(conversation.id)).rejects.toBeInstanceOf(StoreUnavailable);
    await db.start();
    await send('after it');
    expect(taken.length).toBe(before + 1);
    const kept = new Set((await chat.history(conversation.id, { limit: 500 })).map(({ content }) => content));
    expect(taken.filter(content => !kept.has(content))).toEqual([]);
    expect(kept.has('lost')).toBe(false);
  }, 60_000);

  test('[DASH44] whether the database answers is asked of the database, once for whoever asks within ten seconds', async () => {
    const database = await db.database();
    const [early, late] = [await open(database), await open(database)];
    expect(await early.isReachable()).toBe(true);
    await db.kill();
    expect(await late.isReachable()).toBe(false);
    expect(await early.isReachable()).toBe(true);
    await db.start();
    const again = await open(database);
    expect(await again.isReachable()).toBe(true);
  });

  test('[CHAT17] a database that is away at the start is no reason not to start', async () => {
    const database = await db.database();
    await db.kill();
    const { chat } = await open(database);
    await expect(chat.direct('1', '2', fresh())).rejects.toBeInstanceOf(StoreUnavailable);
    await db.start();
    expect((await chat.direct('1', '2', fresh())).created).toBe(true);
  }, 60_000);
});
