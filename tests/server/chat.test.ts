/** The chat over the native protocol on the real server, with SQLite and with MariaDB. (CONTRACT 4.) */
import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type BuiltWorker, buildWorker } from '../../electron/images/built-worker.ts';
import { type EventData, type EventName, type MostradorClient, RequestError } from '../../renderer/client/index.ts';
import { type MariaDb, mariaDb, noMariaDb } from '../mariadb.ts';
import { startServer, type TestServer } from './running.ts';

const secret = 'a secret key for tests, 32 bytes or more';
let worker: BuiltWorker;
beforeAll(async () => {
  worker = await buildWorker();
});
afterAll(() => worker.remove());

const token = (sub: string, role: string) =>
  new SignJWT({ role })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(sub)
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(secret));

/** All that a client hears of one event, as it comes. */
function ear<E extends EventName>(client: MostradorClient, event: E): EventData<E>[] {
  const heard: EventData<E>[] = [];
  client.on(event, data => void heard.push(data));
  return heard;
}

async function codeOf(asked: Promise<unknown>): Promise<string> {
  return asked.then(
    () => 'ok',
    (error: unknown) => (error instanceof RequestError ? error.code : String(error)),
  );
}

async function start(env: Record<string, string> = {}): Promise<TestServer> {
  const server = await startServer(worker.entry, { env: { SECRET_KEY: secret, ...env } });
  onTestFinished(() => server.stop());
  return server;
}

/** A user that is kept, since others have heard of it. */
async function user(server: TestServer, id: string, role = 'user'): Promise<MostradorClient> {
  const client = server.client(await token(id, role));
  await vi.waitFor(async () => {
    expect(await codeOf(client.send('users', 'get', { user_id: id }))).toBe('ok');
  }, 10_000);
  return client;
}

describe('with SQLite', () => {
  test('[CHAT40] [THREAD20] a phone and the desk write to each other; a third user hears nothing of it', async () => {
    const server = await start();
    const desk = server.client();
    const sessions = ear(desk, 'session_updated');
    const atDesk = ear(desk, 'new_message');
    const stranger = await user(server, 'eva', 'admin');
    const overheard = ear(stranger, 'new_message');
    const phone = await server.phone({ idPersona: 'DNI-77' });
    const client = server.client(phone.token);
    const atPhone = ear(client, 'new_message');
    const conversation_id = await vi.waitFor(() => {
      const found = sessions.at(-1)?.session.conversation_id;
      if (!found) throw new Error('no conversation yet');
      return found;
    }, 10_000);
    const write = (who: MostradorClient, sender_id: string, content: string) =>
      who.send('messages', 'create', { message: { conversation_id, content, sender_id } });
    const { message } = await write(client, phone.sessionId, 'Hola');
    await write(desk, 'operator', 'Buenos días');
    await vi.waitFor(() => {
      expect(atDesk.map(({ content }) => content)).toEqual(['Hola', 'Buenos días']);
      expect(atPhone.map(({ content }) => content)).toEqual(['Hola', 'Buenos días']);
    }, 10_000);
    await desk.send('messages', 'mark_read', { message_id: message.id });
    const writing = [ear(desk, 'typing'), ear(client, 'typing'), ear(stranger, 'typing')];
    await client.send('messages', 'typing', { conversation_id });
    await expect.poll(() => writing).toEqual([[{ conversation_id, user_id: phone.sessionId }], [], []]);
    expect(JSON.stringify(atPhone)).not.toContain('DNI-77');
    expect(await codeOf(write(stranger, 'eva', 'x'))).toBe('forbidden');
    expect(overheard).toEqual([]);
    await server.isHealthy();
  });

  test('[CHAT41] who was away hears what was written meanwhile, once and in order', async () => {
    const server = await start();
    const ana = await user(server, 'ana');
    const luis = await user(server, 'luis');
    const { conversation } = await ana.send('conversations', 'create', { type: 'direct', members: ['luis'] });
    const write = (content: string) =>
      ana.send('messages', 'create', { message: { conversation_id: conversation.id, content, sender_id: 'ana' } });
    const heard = ear(luis, 'new_message');
    await write('0');
    await expect.poll(() => heard).toHaveLength(1);
    luis.close();
    await Promise.all(Array.from({ length: 20 }, (_, n) => write(`${n + 1}`)));
    const { messages } = await ana.send('messages', 'get_all', { conversation_id: conversation.id });
    luis.connect();
    await expect.poll(() => heard).toHaveLength(21);
    expect(heard.map(({ id }) => id)).toEqual(messages.map(({ id }) => id));
  });

  test('[USER4] presence: the first connection and the last one are told, none between; phones are no users', async () => {
    const server = await start();
    const ana = await user(server, 'ana');
    const heard = ear(ana, 'presence');
    const first = await user(server, 'luis');
    const second = await user(server, 'luis');
    first.close();
    const phone = await server.phone();
    server.client(phone.token);
    expect((await ana.send('users', 'get', { user_id: 'luis' })).user.online).toBe(true);
    second.close();
    await vi.waitFor(() => {
      expect(heard.filter(({ user_id }) => user_id === 'luis').map(({ online }) => online)).toEqual([true, false]);
    }, 10_000);
    expect(heard.map(({ user_id }) => user_id)).not.toContain(phone.sessionId);
    expect(await (await server.call('GET', '/', { token: null })).json()).toMatchObject({
      status: 'ok',
      database: 'SQLite',
      connected_users: 1,
    });
  });
});

describe.skipIf(noMariaDb !== null)(`with MariaDB${noMariaDb === null ? '' : `: ${noMariaDb}`}`, () => {
  let db: MariaDb;
  beforeAll(async () => {
    db = await mariaDb();
  });
  afterAll(() => db.remove());

  async function settings() {
    const { port, name } = await db.database();
    return { DB_HOST: '127.0.0.1', DB_PORT: String(port), DB_USER: 'root', DB_NAME: name };
  }

  test('[CHAT42] a MariaDB that is killed in the middle: writing says unavailable, photos go on, and then the chat too', async () => {
    const server = await start(await settings());
    const ana = await user(server, 'ana');
    const luis = await user(server, 'luis');
    const heard = ear(luis, 'new_message');
    const { conversation } = await ana.send('conversations', 'create', { type: 'direct', members: ['luis'] });
    const acked: string[] = [];
    const write = async (content: string) => {
      const message = { conversation_id: conversation.id, content, sender_id: 'ana', client_id: randomUUID() };
      const code = await codeOf(ana.send('messages', 'create', { message }));
      if (code === 'ok') acked.push(content);
      return code;
    };
    expect(await write('before')).toBe('ok');
    const streaming = Promise.all(Array.from({ length: 60 }, (_, n) => write(`m${n}`)));
    await db.kill();
    for (const code of await streaming) expect(['ok', 'unavailable']).toContain(code);
    expect(await write('away')).toBe('unavailable');
    expect(await codeOf(luis.send('conversations', 'get', { conversation_id: conversation.id }))).toBe('unavailable');
    await server.isHealthy();
    await db.start();
    expect(await write('after')).toBe('ok');
    const { messages } = await luis.send('messages', 'get_all', { conversation_id: conversation.id, limit: 200 });
    const kept = messages.map(({ content }) => content);
    expect(acked.filter(content => !kept.includes(content))).toEqual([]);
    expect(kept).not.toContain('away');
    await expect.poll(() => heard.map(({ content }) => content)).toEqual(expect.arrayContaining(acked));
    expect(await (await server.call('GET', '/', { token: null })).json()).toMatchObject({ database: 'MySQL' });
  });

  test('[CHAT43] a column that is missing in MySQL ends the start with its name', async () => {
    const env = await settings();
    await db.sql('CREATE TABLE salas_chat (id INT PRIMARY KEY, tipo_sala VARCHAR(9), grupo_id INT)', env.DB_NAME);
    await expect(startServer(worker.entry, { env })).rejects.toThrow(
      `${env.DB_NAME}.salas_chat.usuario_a_id, salas_chat.usuario_b_id`,
    );
  });
});
