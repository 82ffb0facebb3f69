/** Programs written for S3, driven by the libraries that they use, on the whole server. (seeds/s3-chat.md, CONTRACT 5.) */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type BuiltWorker, buildWorker } from '../../electron/images/built-worker.ts';
import { type MariaDb, mariaDb, noMariaDb } from '../mariadb.ts';
import { startServer, type TestServer } from '../server/running.ts';
import { everyClient, type Listener, listen } from './socket-clients.ts';

const secret = 's'.repeat(40);
const setup = new URL('../../electron/store/mysql/setup_database.sql', import.meta.url);
const outside = { 'X-Forwarded-For': '192.168.1.77' };
const heardOf = [
  'connected',
  'direct_chat_joined',
  'group_joined',
  'group_left',
  'user_joined_group',
  'user_left_group',
  'ack',
  'receive_message',
  'delivery_confirmed',
  'read_confirmed',
  'error',
];

let worker: BuiltWorker;
beforeAll(async () => {
  worker = await buildWorker();
});
afterAll(() => worker.remove());

const open: { close(): void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

const token = (sub: string, key = secret, expires = '1h') =>
  new SignJWT({})
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(sub)
    .setExpirationTime(expires)
    .sign(new TextEncoder().encode(key));

function join(server: TestServer, user_id: string, options: object = {}, version?: string): Listener {
  const one = listen(server.url, heardOf, { transports: ['websocket'], query: { user_id }, ...options }, version);
  open.push(one);
  return one;
}

async function user(server: TestServer, id: string, options: object = {}, version?: string): Promise<Listener> {
  const one = join(server, id, options, version);
  await one.next('connected');
  return one;
}

async function directChat(one: Listener, other_user_id: string): Promise<string> {
  one.emit('join_direct_chat', { other_user_id });
  return (await one.next<{ sala_uuid: string }>('direct_chat_joined')).sala_uuid;
}

async function joinGroup(one: Listener, group_id: string): Promise<string> {
  one.emit('join_group', { group_id });
  return (await one.next<{ sala_uuid: string }>('group_joined')).sala_uuid;
}

const timestamp = '2020-01-01T00:00:00.000Z';
const text = (sala_uuid: string, sender_id: string, message: string, more: object = {}) => ({
  sala_uuid,
  message,
  sender_id,
  timestamp,
  type: 'directo',
  message_type: 'texto',
  ...more,
});

interface Ack {
  mensaje_id: string;
  mensaje_uuid: string;
}

const ids = ({ mensaje_id, mensaje_uuid }: Ack) => ({ mensaje_id, mensaje_uuid });

async function send(one: Listener, ...message: Parameters<typeof text>): Promise<Ack> {
  one.emit('send_message', text(...message));
  return one.next<Ack>('ack');
}

const settle = (...all: Listener[]) => Promise.all(all.map(one => one.settled()));

let users = 100;
/** Different people in each test. */
const someone = () => String(++users);

function flows(server: () => TestServer): void {
  test.each(everyClient)(
    '[S3C1] %s by %s: the direct chat of the document, from connecting to the read receipt',
    async (version, transport) => {
      const [a, b] = [someone(), someone()];
      const one = join(server(), a, { transports: [transport] }, version);
      const welcome = await one.next<{ sid: string }>('connected');
      expect(welcome).toEqual({ status: 'connected', user_id: a, sid: one.socket.id });
      const other = await user(server(), b, { transports: [transport] }, version);

      one.emit('join_direct_chat', { other_user_id: b });
      const joined = await one.next<{ sala_uuid: string; sala_chat_id: number }>('direct_chat_joined');
      const { sala_uuid } = joined;
      expect(joined).toEqual({
        status: 'ok',
        other_user_id: b,
        sala_chat_id: expect.any(Number),
        sala_uuid: expect.stringMatching(/^[0-9a-f-]{36}$/),
        room: `chat_${sala_uuid}`,
      });
      expect(await directChat(other, a)).toBe(sala_uuid);

      const ack = await send(one, sala_uuid, a, '¡Hola!');
      expect(ack).toMatchObject({
        status: 'sent',
        mensaje_id: expect.stringMatching(/^\d+$/),
        mensaje_uuid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      });
      const got = await other.next<{ timestamp: string }>('receive_message');
      expect(got).toEqual({
        from: a,
        message: '¡Hola!',
        type: 'directo',
        message_type: 'texto',
        timestamp: expect.any(String),
        mensaje_id: ack.mensaje_id,
        mensaje_uuid: ack.mensaje_uuid,
        sala_uuid,
      });
      expect(Math.abs(Date.now() - Date.parse(got.timestamp))).toBeLessThan(60_000);

      const mark = { mensaje_id: ack.mensaje_id, user_id: b };
      other.emit('mark_delivered', mark);
      const delivered = await other.next('delivery_confirmed');
      expect(delivered).toEqual({ ...mark, entregado_en: expect.any(String) });
      expect(await one.next('delivery_confirmed')).toEqual(delivered);
      other.emit('mark_read', mark);
      const read = await other.next('read_confirmed');
      expect(read).toEqual({ ...mark, leido_en: expect.any(String) });
      expect(await one.next('read_confirmed')).toEqual(read);
      await settle(one, other);
      expect([one.heard('receive_message'), other.heard('receive_message').length]).toEqual([[], 1]);
    },
  );

  test.each(everyClient)(
    '[S3C11] %s by %s: each of the five kinds of message, with its file where it has one, to one who is there and to one who comes later',
    async (version, transport) => {
      const [a, b] = [someone(), someone()];
      const one = await user(server(), a, { transports: [transport] }, version);
      const other = await user(server(), b, { transports: [transport] }, version);
      const sala_uuid = await directChat(one, b);
      const kinds = [
        { message_type: 'texto', message: 'Hola' },
        { message_type: 'imagen', message: '', url_archivo: 'https://archivos.example/foto.jpg' },
        { message_type: 'archivo', message: 'el contrato', url_archivo: '/media/contrato.pdf' },
        { message_type: 'audio', message: '', url_archivo: 'media/voz.ogg' },
        { message_type: 'sistema', message: 'Ana se unió', url_archivo: null },
      ];
      const sent = [];
      for (const kind of kinds) {
        const ack = await send(one, sala_uuid, a, kind.message, kind);
        expect(ack).toMatchObject({ status: 'sent', message_type: kind.message_type });
        const { url_archivo, ...rest } = kind;
        const file = url_archivo ? { url_archivo } : {};
        sent.push({
          from: a,
          type: 'directo',
          sala_uuid,
          timestamp: expect.any(String),
          ...ids(ack),
          ...rest,
          ...file,
        });
      }
      for (const expected of sent) expect(await other.next('receive_message')).toEqual(expected);
      const late = await user(server(), b, { transports: [transport] }, version);
      await directChat(late, a);
      for (const expected of sent) expect(await late.next('receive_message')).toEqual(expected);
    },
  );

  test('[S3C2] a group is made on first sight and open to join; the others hear who comes and goes, and a message by all but its sender', async () => {
    const [a, b, c] = [someone(), someone(), someone()];
    const group_id = `7${users}`;
    const [one, two, three] = [await user(server(), a), await user(server(), b), await user(server(), c)];
    one.emit('join_group', { group_id: Number(group_id) });
    const joined = await one.next<{ sala_uuid: string }>('group_joined');
    const { sala_uuid } = joined;
    expect(joined).toEqual({
      status: 'ok',
      group_id,
      sala_chat_id: expect.any(Number),
      sala_uuid,
      room: `group_${sala_uuid}`,
    });
    expect(await joinGroup(two, group_id)).toBe(sala_uuid);
    expect(await one.next('user_joined_group')).toEqual({ user_id: b, group_id, sala_uuid });
    await send(one, sala_uuid, a, 'Hola grupo!', { type: 'grupal' });
    expect(await two.next('receive_message')).toMatchObject({ from: a, type: 'grupal', sala_uuid });

    two.emit('leave_group', { group_id });
    expect(await two.next('group_left')).toEqual({ status: 'ok', group_id });
    expect(await one.next('user_left_group')).toEqual({ user_id: b, group_id, sala_uuid });
    await send(one, sala_uuid, a, 'sin b', { type: 'grupal' });
    await settle(one, two, three);
    expect(two.heard('receive_message')).toHaveLength(1);
    expect(two.heard('user_joined_group')).toEqual([]);
    expect(three.heard('receive_message')).toEqual([]);
    three.emit('leave_group', { group_id });
    await expect.poll(() => three.heard('error').at(-1)).toMatchObject({ message: expect.any(String) });
  });

  test('[S3C3] who was away gets what has not been delivered on joining, once, oldest first, with its file', async () => {
    const [a, b] = [someone(), someone()];
    const one = await user(server(), a);
    const sala_uuid = await directChat(one, b);
    const first = await send(one, sala_uuid, a, 'uno');
    await send(one, sala_uuid, a, 'dos', { message_type: 'imagen', url_archivo: 'https://x.example/f.png' });
    const late = await user(server(), b);
    await directChat(late, a);
    expect(await late.next('receive_message')).toMatchObject({ message: 'uno', mensaje_id: first.mensaje_id });
    expect(await late.next('receive_message')).toMatchObject({
      message: 'dos',
      url_archivo: 'https://x.example/f.png',
    });
    late.emit('mark_delivered', { mensaje_id: first.mensaje_id, user_id: b });
    await late.next('delivery_confirmed');
    late.close();
    const again = await user(server(), b);
    await directChat(again, a);
    await directChat(again, a);
    await settle(again);
    expect(again.heard('receive_message')).toMatchObject([{ message: 'dos' }]);
  });

  test('[S3C321] who was away for hundreds of messages gets all of them on joining, once and in order, and may mark them all at once', async () => {
    const [a, b, c, late] = [someone(), someone(), someone(), someone()];
    const group = `8${late}`;
    const away = await user(server(), late);
    const sala_uuid = await joinGroup(away, group);
    away.close();
    const writers = await Promise.all([a, b, c].map(async id => ({ id, one: await user(server(), id) })));
    await Promise.all(writers.map(({ one }) => joinGroup(one, group)));
    await Promise.all(
      writers.map(async ({ id, one }) => {
        for (let i = 0; i < 150; i++) one.emit('send_message', text(sala_uuid, id, `${id} ${i}`, { type: 'grupal' }));
        for (let i = 0; i < 150; i++) await one.next('ack');
      }),
    );
    const back = await user(server(), late);
    await joinGroup(back, group);
    const numbers: number[] = [];
    for (let i = 0; i < 450; i++) {
      numbers.push(Number((await back.next<{ mensaje_id: string }>('receive_message')).mensaje_id));
    }
    expect(numbers).toEqual([...new Set(numbers)].toSorted((x, y) => x - y));
    await joinGroup(back, group);
    const marked = numbers.slice(0, 200);
    for (const number of marked) {
      back.emit('mark_delivered', { mensaje_id: String(number), user_id: late });
      back.emit('mark_read', { mensaje_id: String(number), user_id: late });
    }
    for (const number of marked) {
      expect(await back.next('delivery_confirmed')).toMatchObject({ mensaje_id: String(number), user_id: late });
      expect(await back.next('read_confirmed')).toMatchObject({ mensaje_id: String(number), user_id: late });
    }
    expect(back.heard('error')).toEqual([]);
    await settle(back);
    expect(back.heard('receive_message')).toHaveLength(450);
  });

  test('[S3C4] bad input gets an error that says why, to its sender alone, and changes nothing', async () => {
    const [a, b, c] = [someone(), someone(), someone()];
    const [one, other, stranger] = [await user(server(), a), await user(server(), b), await user(server(), c)];
    const sala_uuid = await directChat(one, b);
    const { mensaje_id } = await send(one, sala_uuid, a, 'x');
    const bad: [string, unknown][] = [
      ['send_message', text(sala_uuid, a, 'por otro')],
      ['send_message', text(sala_uuid, c, 'no soy miembro')],
      ['send_message', text(randomUUID(), c, 'no existe')],
      ['send_message', { message: 'sin sala', sender_id: c }],
      ['send_message', text(sala_uuid, c, 'x', { message_type: 'video' })],
      ['send_message', text(sala_uuid, c, 'x', { message: { a: 1 } })],
      ['send_message', 'text'],
      ['send_message', undefined],
      ['join_direct_chat', {}],
      ['join_direct_chat', { other_user_id: c }],
      ['join_direct_chat', { other_user_id: ['1'] }],
      ['join_group', { group_id: null }],
      ['leave_group', { group_id: 'no hay' }],
      ['mark_delivered', { mensaje_id, user_id: c }],
      ['mark_read', { mensaje_id, user_id: b }],
      ['mark_read', { mensaje_id: '99999999', user_id: c }],
      ['mark_read', { mensaje_id: 'x', user_id: c }],
      ['dance', {}],
    ];
    for (const [event, data] of bad) {
      stranger.emit(event, data);
      const error = await stranger.next('error');
      expect(error, `${event} ${JSON.stringify(data)}`).toMatchObject({ message: expect.stringMatching(/.{10}/) });
    }
    await settle(one, other);
    expect(other.heard('receive_message')).toHaveLength(1);
    expect([one.heard('delivery_confirmed'), one.heard('read_confirmed')]).toEqual([[], []]);
    expect(stranger.heard('ack')).toEqual([]);
  });

  test('[S3C400] null in place of what may be left out is as if it were not there', async () => {
    const [a, b] = [someone(), someone()];
    const [one, other] = [await user(server(), a), await user(server(), b)];
    const sala_uuid = await directChat(one, b);
    const url_archivo = 'https://archivos.example/foto.jpg';
    one.emit(
      'send_message',
      text(sala_uuid, a, 'x', { type: null, message_type: null, timestamp: null, url_archivo: null }),
    );
    expect(await other.next('receive_message')).toMatchObject({ message: 'x', type: 'directo', message_type: 'texto' });
    one.emit('send_message', { sala_uuid, sender_id: a, message: null, message_type: 'imagen', url_archivo });
    expect(await other.next('receive_message')).toMatchObject({ message: '', message_type: 'imagen', url_archivo });
    one.emit('send_message', text(sala_uuid, a, 'x', { message: null }));
    await one.next('error');
    await settle(one, other);
    expect(other.heard('receive_message')).toHaveLength(2);
  });

  test('[S3C5] marks never go backwards, and each gets its answer', async () => {
    const [a, b] = [someone(), someone()];
    const [one, other] = [await user(server(), a), await user(server(), b)];
    const { mensaje_id } = await send(one, await directChat(one, b), a, 'x');
    other.emit('mark_read', { mensaje_id: Number(mensaje_id), user_id: Number(b) });
    const read = await other.next<{ leido_en: string }>('read_confirmed');
    other.emit('mark_delivered', { mensaje_id, user_id: b });
    expect(await other.next('delivery_confirmed')).toEqual({ mensaje_id, user_id: b, entregado_en: read.leido_en });
    other.emit('mark_read', { mensaje_id, user_id: b });
    expect(await other.next('read_confirmed')).toEqual(read);
    await settle(one, other);
    expect([one.heard('read_confirmed').length, other.heard('read_confirmed').length]).toEqual([1, 2]);
  });

  test('[S3C20] marks and leave_group without a field, with one of a wrong type or with another’s user_id: an error that says why, and nothing changes', async () => {
    const [a, b, c] = [someone(), someone(), someone()];
    const group_id = `8${users}`;
    const [one, other, third] = [await user(server(), a), await user(server(), b), await user(server(), c)];
    const sala_uuid = await joinGroup(one, group_id);
    for (const member of [other, third]) await joinGroup(member, group_id);
    const { mensaje_id } = await send(one, sala_uuid, a, 'x', { type: 'grupal' });
    const good = { mensaje_id, user_id: b };
    const wrong: unknown[] = [null, true, 1.5, {}, [], [mensaje_id], '', ' '];
    const marks: unknown[] = [
      { user_id: b },
      { mensaje_id },
      {},
      'text',
      7,
      null,
      undefined,
      [mensaje_id, b],
      ...wrong.flatMap(value => [
        { ...good, mensaje_id: value },
        { ...good, user_id: value },
      ]),
      // One of the group, the sender, and nobody.
      ...[c, a, '0'].map(user_id => ({ ...good, user_id })),
    ];
    const groups: unknown[] = [{}, 'text', null, undefined, [group_id], ...wrong.map(value => ({ group_id: value }))];
    const bad: [string, unknown][] = [
      ...['mark_delivered', 'mark_read'].flatMap(event => marks.map((data): [string, unknown] => [event, data])),
      ...groups.map((data): [string, unknown] => ['leave_group', data]),
    ];
    for (const [event, data] of bad) {
      other.emit(event, data);
      const error = await other.next('error');
      const what = `${event} ${JSON.stringify(data)}`;
      expect(error, what).toMatchObject({ event, message: expect.stringMatching(/.{10}/) });
      expect(['invalid_message', 'forbidden'], what).toContain(error.code);
    }
    await settle(one, other, third);
    for (const listener of [one, other, third]) {
      const told = ['delivery_confirmed', 'read_confirmed', 'user_left_group', 'group_left'];
      expect(told.flatMap(event => listener.heard(event))).toEqual([]);
    }
    other.emit('mark_read', good);
    expect(await one.next('read_confirmed')).toMatchObject(good);
  });

  test('[S3C21] the sender of a group’s message can say «x of y have read it»: one confirmation from each reader, and none of another’s to the readers', async () => {
    const [a, b, c] = [someone(), someone(), someone()];
    const [one, two, three] = [await user(server(), a), await user(server(), b), await user(server(), c)];
    const group = await readGroup(`9${users}`, [one, two, three]);
    const { mensaje_id } = await send(one, group, a, 'léanme', { type: 'grupal' });
    const count = readCount(one, mensaje_id, 2);
    expect(count()).toBe('0 of 2');
    two.emit('mark_read', { mensaje_id, user_id: b });
    await one.next('read_confirmed');
    expect(count()).toBe('1 of 2');
    // Said again it is no second reader.
    two.emit('mark_read', { mensaje_id, user_id: b });
    three.emit('mark_delivered', { mensaje_id, user_id: c });
    await three.next('delivery_confirmed');
    await settle(one, two, three);
    expect(count()).toBe('1 of 2');
    three.emit('mark_read', { mensaje_id, user_id: c });
    await one.next('read_confirmed');
    expect(count()).toBe('2 of 2');
    await settle(one, two, three);
    expect(two.heard('read_confirmed')).toMatchObject([{ user_id: b }, { user_id: b }]);
    expect(three.heard('read_confirmed')).toMatchObject([{ user_id: c }]);
  });
}

/** All in one group, which the first of them makes. */
async function readGroup(group_id: string, members: Listener[]): Promise<string> {
  let sala_uuid = '';
  for (const member of members) sala_uuid = await joinGroup(member, group_id);
  return sala_uuid;
}

/** How S3's front end counts: by the confirmations that the sender has heard. */
function readCount(sender: Listener, mensaje_id: string, others: number): () => string {
  return () => {
    const read = sender.heard('read_confirmed').filter(isOf(mensaje_id));
    return `${new Set(read.map(({ user_id }) => user_id)).size} of ${others}`;
  };
}

function isOf(mensaje_id: string) {
  return (told: unknown): told is { mensaje_id: string; user_id: string } =>
    typeof told === 'object' && told !== null && 'mensaje_id' in told && told.mensaje_id === mensaje_id;
}

describe('with SQLite', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(worker.entry, { env: { SECRET_KEY: secret, TRUSTED_PROXIES: '127.0.0.1' } });
  });
  afterAll(async () => {
    await server.isHealthy();
    expect(server.errors).toEqual([]);
    await server.stop();
  });

  flows(() => server);

  test('[S3C6] from outside LEGACY_ALLOW a token is due, and it has to be its user’s own', async () => {
    const extraHeaders = outside;
    const from = (user_id: string, auth: object) => join(server, user_id, { extraHeaders, auth });
    const good = from('ana', { token: await token('ana') });
    expect(await good.next('connected')).toMatchObject({ user_id: 'ana' });
    const inQuery = join(server, 'ana', { extraHeaders, query: { user_id: 'ana', token: await token('ana') } });
    await inQuery.next('connected');
    const refused = [
      from('ana', {}),
      from('ana', { token: await token('luis') }),
      from('ana', { token: await token('ana', 'f'.repeat(40)) }),
      from('ana', { token: await token('ana', secret, '-1s') }),
      join(server, 'ana', { auth: { token: await token('luis') } }),
      join(server, 'operator'),
      join(server, (await server.phone()).sessionId),
    ];
    for (const one of refused) {
      expect(String(await one.next('connect_error'))).toMatch(/token/i);
      expect(one.heard('connected')).toEqual([]);
    }
  });

  test('[S3C7] members hear it on whichever protocol they use; receipts come back too', async () => {
    const [a, b] = [someone(), someone()];
    const old = await user(server, a);
    const native = server.client(await token(b));
    const heard: unknown[] = [];
    native.on('new_message', message => void heard.push(message));
    await native.send('rooms', 'list', {});
    const sala_uuid = await directChat(old, b);
    const { mensaje_id } = await send(old, sala_uuid, a, 'de S3');
    await vi.waitFor(() => {
      expect(heard).toMatchObject([{ id: mensaje_id, conversation_id: sala_uuid, sender_id: a, content: 'de S3' }]);
    }, 10_000);
    await native.send('messages', 'mark_read', { message_id: mensaje_id });
    expect(await old.next('read_confirmed')).toMatchObject({ mensaje_id, user_id: b });
    const message = { conversation_id: sala_uuid, content: 'de S4', sender_id: b };
    await native.send('messages', 'create', { message });
    expect(await old.next('receive_message')).toMatchObject({ from: b, message: 'de S4', type: 'directo' });
  });

  test('[S3C8] a group made by conversations.create is for its members; one who leaves it here can come back', async () => {
    const [a, b, c] = [someone(), someone(), someone()];
    const [one, two, three] = [await user(server, a), await user(server, b), await user(server, c)];
    const native = server.client(await token(a));
    const created = await vi.waitFor(
      () => native.send('conversations', 'create', { type: 'group', members: [b], title: 'Turno' }),
      10_000,
    );
    const group_id = created.conversation.id;
    three.emit('join_group', { group_id });
    expect(await three.next('error')).toMatchObject({ code: 'forbidden' });
    const sala_uuid = await joinGroup(two, group_id);
    two.emit('leave_group', { group_id });
    await two.next('group_left');
    expect(await one.next('user_left_group')).toMatchObject({ user_id: b, sala_uuid });
    await send(one, sala_uuid, a, 'mientras tanto', { type: 'grupal' });
    await settle(two);
    expect(two.heard('receive_message')).toEqual([]);
    await joinGroup(two, group_id);
    expect(await two.next('receive_message')).toMatchObject({ message: 'mientras tanto', type: 'grupal' });
  });

  test('[S3C9] GET / says how the server is, as the document has it', async () => {
    const one = await user(server, someone());
    const got = await (await server.call('GET', '/', { token: null })).json();
    expect(got).toEqual({
      status: 'ok',
      service: 'websocket_upred',
      database: 'SQLite',
      connected_users: expect.any(Number),
    });
    one.close();
    await vi.waitFor(async () => {
      const now = await (await server.call('GET', '/', { token: null })).json();
      expect(now.connected_users).toBe(got.connected_users - 1);
    }, 10_000);
  });
});

describe.skipIf(noMariaDb !== null)(`with MariaDB${noMariaDb === null ? '' : `: ${noMariaDb}`}`, () => {
  let db: MariaDb;
  let server: TestServer;
  beforeAll(async () => {
    db = await mariaDb();
    const { port, name } = await db.database();
    server = await startServer(worker.entry, {
      env: { SECRET_KEY: secret, DB_HOST: '127.0.0.1', DB_PORT: String(port), DB_USER: 'root', DB_NAME: name },
    });
  });
  afterAll(async () => {
    await server.stop();
    await db.remove();
  });

  flows(() => server);

  test('[S3C320] with no more than the rights that the document names, one who leaves a group hears nothing and can come back', async () => {
    const { port, name } = await db.database();
    await db.sql(readFileSync(setup, 'utf8'), name);
    await db.sql(
      `CREATE USER upred@'%' IDENTIFIED BY 'tu_password_aqui'; GRANT INSERT, UPDATE, SELECT ON ${name}.* TO upred@'%'`,
    );
    const database = { DB_HOST: '127.0.0.1', DB_PORT: String(port), DB_USER: 'upred', DB_NAME: name };
    const poor = await startServer(worker.entry, {
      env: { SECRET_KEY: secret, DB_PASSWORD: 'tu_password_aqui', ...database },
    });
    onTestFinished(() => poor.stop());
    const [a, b] = [someone(), someone()];
    const [one, two] = [await user(poor, a), await user(poor, b)];
    const sala_uuid = await joinGroup(one, '789');
    expect(await joinGroup(two, '789')).toBe(sala_uuid);
    const { mensaje_id } = await send(one, sala_uuid, a, 'Hola grupo!', { type: 'grupal' });
    two.emit('mark_read', { mensaje_id, user_id: b });
    expect(await one.next('read_confirmed')).toMatchObject({ mensaje_id, user_id: b });
    two.emit('leave_group', { group_id: '789' });
    expect(await two.next('group_left')).toEqual({ status: 'ok', group_id: '789' });
    expect(await one.next('user_left_group')).toEqual({ user_id: b, group_id: '789', sala_uuid });
    await send(one, sala_uuid, a, 'sin ti', { type: 'grupal' });
    await settle(two);
    expect(two.heard('receive_message')).toHaveLength(1);
    expect(await joinGroup(two, '789')).toBe(sala_uuid);
    await settle(two);
    expect(two.heard('receive_message').at(-1)).toMatchObject({ message: 'sin ti' });
    expect(two.heard('error').filter(error => !JSON.stringify(error).includes('settled'))).toEqual([]);
  });

  test('[S3C10] a database that is killed: a clear error and no ack; back again, what was acked is delivered', async () => {
    const [a, b] = [someone(), someone()];
    const one = await user(server, a);
    const sala_uuid = await directChat(one, b);
    await send(one, sala_uuid, a, 'antes');
    await db.kill();
    one.emit('send_message', text(sala_uuid, a, 'sin base'));
    expect(await one.next('error')).toMatchObject({ code: 'unavailable', message: expect.any(String) });
    const other = await user(server, b);
    other.emit('join_direct_chat', { other_user_id: a });
    expect(await other.next('error')).toMatchObject({ code: 'unavailable' });
    await db.start();
    await send(one, sala_uuid, a, 'después');
    await directChat(other, a);
    await settle(other);
    const got = other.heard('receive_message');
    expect(got.map(message => JSON.stringify(message).match(/antes|sin base|después/)?.[0]).toSorted()).toEqual([
      'antes',
      'después',
    ]);
  });

  test('[S3C10] marks over a database that is killed: refused while it is away, and then the sender can count who has read', async () => {
    const [a, b, c] = [someone(), someone(), someone()];
    const [one, two, three] = [await user(server, a), await user(server, b), await user(server, c)];
    const group = await readGroup(`9${users}`, [one, two, three]);
    const { mensaje_id } = await send(one, group, a, 'léanme', { type: 'grupal' });
    const count = readCount(one, mensaje_id, 2);
    two.emit('mark_read', { mensaje_id, user_id: b });
    await one.next('read_confirmed');
    await db.kill();
    for (const event of ['mark_delivered', 'mark_read']) {
      three.emit(event, { mensaje_id, user_id: c });
      expect(await three.next('error')).toMatchObject({ code: 'unavailable', event });
    }
    await settle(one);
    expect(count()).toBe('1 of 2');
    await db.start();
    three.emit('mark_read', { mensaje_id, user_id: c });
    const last = await one.next<{ leido_en: string }>('read_confirmed');
    expect(last).toMatchObject({ mensaje_id, user_id: c, leido_en: expect.any(String) });
    expect(await three.next('read_confirmed')).toEqual(last);
    expect(count()).toBe('2 of 2');
    // The database says the same as what was told.
    const native = server.client(await token(a));
    const { message } = await native.send('messages', 'get', { message_id: mensaje_id });
    expect(message.receipts.filter(({ read_at }) => read_at !== null)).toHaveLength(2);
  });
});
