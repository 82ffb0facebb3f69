/** Who may do what in the chat, on a real database. (CONTRACT 4.) */
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import * as z from 'zod/mini';
import { conversation, message, messagePage } from '../../../protocol/chat.ts';
import { read } from '../../../protocol/codec.ts';
import { user } from '../../../protocol/user.ts';
import { granted, noon, openDesk, verdict } from '../../../tests/desk-fixture.ts';
import { openSqlite, type SqliteStore } from '../../store/sqlite.ts';
import { operator, type Principal } from '../access.ts';
import { StoreUnavailable } from '../ports.ts';

const ana: Principal = { role: 'cliente', userId: 'ana' };
const luis: Principal = { role: 'proveedor', userId: '42' };
const eva: Principal = { role: 'user', userId: 'eva' };
const admin: Principal = { role: 'admin', userId: 'jefa' };

let desk: ReturnType<typeof openDesk>;

async function openWith(chat?: SqliteStore['chat']): Promise<void> {
  desk = openDesk(chat ? { chat } : {});
  for (const { userId, role } of [ana, luis, eva, admin, operator]) {
    if (role !== 'phone') await desk.users.seen(userId, role);
  }
  desk.published.length = 0;
}

beforeEach(() => openWith());

/** A chat that is not in the desk's own database, as one in MySQL is not. */
function elsewhere(): SqliteStore['chat'] {
  const { chat, users } = openSqlite(':memory:').chat;
  return { chat: { ...chat, here: null }, users };
}

async function shaped<S extends z.ZodMiniType>(
  schema: S,
  asked: ReturnType<typeof desk.askLater>,
): Promise<z.output<S>> {
  return granted(read<S>(schema, granted(await asked)));
}

const says = async (asked: ReturnType<typeof desk.askLater>) => verdict(await asked);

async function direct(who = ana, other = luis) {
  const asked = desk.askLater(who, 'conversations', 'create', { type: 'direct', members: [other.userId] });
  return (await shaped(z.object({ conversation }), asked)).conversation;
}

async function group(who: Principal, ...members: Principal[]) {
  const ids = members.map(({ userId }) => userId);
  const asked = desk.askLater(who, 'conversations', 'create', { type: 'group', members: ids, title: 'Turno' });
  return (await shaped(z.object({ conversation }), asked)).conversation;
}

const post = (who: Principal, conversation_id: string, more: object = {}) =>
  desk.askLater(who, 'messages', 'create', {
    message: { conversation_id, content: 'Hola', sender_id: who.userId, ...more },
  });

async function sent(who: Principal, conversation_id: string, more: object = {}) {
  return (await shaped(z.object({ message }), post(who, conversation_id, more))).message;
}

async function pairedPhone() {
  const { id, who } = desk.paired();
  await desk.openChat(id);
  const conversation_id = desk.askSession('get', { session_id: id }).conversation_id;
  if (conversation_id === null) throw new Error('the session has no conversation');
  return { who, id, conversation_id };
}

const heard = (type: string) => desk.published.filter(event => event.type === type);

describe('conversations', () => {
  test('[CHAT20] a direct conversation asked for again is the same one; its members hear of it once', async () => {
    const first = await direct(ana, luis);
    expect((await direct(luis, ana)).id).toBe(first.id);
    expect(first).toMatchObject({
      type: 'direct',
      title: null,
      last_message: null,
      created_at: new Date(noon).toISOString(),
    });
    expect(heard('conversation_created').map(({ rooms }) => rooms.toSorted())).toEqual([['@user:42', '@user:ana']]);
  });

  test('[CHAT21] user_id must be the caller’s own, for the operator and an admin too', async () => {
    await direct();
    for (const who of [operator, admin, eva]) {
      expect(await says(desk.askLater(who, 'conversations', 'get_all', { user_id: 'ana' }))).toBe('forbidden');
    }
    const asked = desk.askLater(ana, 'conversations', 'get_all', { user_id: 'ana' });
    expect((await shaped(z.object({ conversations: z.array(conversation) }), asked)).conversations).toHaveLength(1);
  });

  test('[CHAT22] who is no member reads, writes and changes nothing, the operator included', async () => {
    const { id } = await group(ana, luis);
    const { id: message_id } = await sent(ana, id);
    desk.published.length = 0;
    for (const who of [eva, admin, operator]) {
      const asked = [
        desk.askLater(who, 'conversations', 'get', { conversation_id: id }),
        desk.askLater(who, 'conversations', 'update', { conversation_id: id, title: 'x' }),
        desk.askLater(who, 'conversations', 'delete', { conversation_id: id }),
        desk.askLater(who, 'conversations', 'join', { conversation_id: id }),
        desk.askLater(who, 'conversations', 'leave', { conversation_id: id }),
        desk.askLater(who, 'messages', 'get_all', { conversation_id: id }),
        desk.askLater(who, 'messages', 'get', { message_id }),
        desk.askLater(who, 'messages', 'update', { message_id, content: 'x' }),
        desk.askLater(who, 'messages', 'delete', { message_id }),
        desk.askLater(who, 'messages', 'mark_read', { message_id }),
        post(who, id),
      ];
      expect((await Promise.all(asked)).map(verdict)).toEqual(asked.map(() => 'forbidden'));
    }
    expect(desk.published).toEqual([]);
  });

  test('[CHAT23] what there is not is not_found, by its own name', async () => {
    const conversation_id = randomUUID();
    expect(await says(desk.askLater(ana, 'conversations', 'get', { conversation_id }))).toBe('not_found');
    expect(await says(post(ana, 'conv123'))).toBe('not_found');
    expect(await says(desk.askLater(ana, 'messages', 'get', { message_id: '999' }))).toBe('not_found');
    expect(await says(desk.askLater(ana, 'messages', 'mark_read', { message_id: 'x' }))).toBe('not_found');
    const stranger = { type: 'direct', members: ['nobody'] };
    expect(await says(desk.askLater(ana, 'conversations', 'create', stranger))).toBe('not_found');
  });

  test('[CHAT24] a group changes its title and its members, and they hear it; a direct one does neither', async () => {
    const { id } = await group(ana, luis, eva);
    desk.published.length = 0;
    granted(await desk.askLater(luis, 'conversations', 'update', { conversation_id: id, title: 'Noche' }));
    granted(await desk.askLater(luis, 'conversations', 'leave', { conversation_id: id }));
    expect(heard('conversation_updated').map(({ data }) => data)).toMatchObject([
      { conversation: { title: 'Noche' } },
      { conversation: { members: expect.not.arrayContaining(['42']) }, left: '42' },
    ]);
    expect(await says(post(luis, id))).toBe('forbidden');
    expect(await says(desk.askLater(luis, 'conversations', 'join', { conversation_id: id }))).toBe('forbidden');
    const pair = await direct();
    expect(await says(desk.askLater(ana, 'conversations', 'leave', { conversation_id: pair.id }))).toBe('conflict');
    expect(await says(desk.askLater(ana, 'conversations', 'update', { conversation_id: pair.id, title: 'x' }))).toBe(
      'conflict',
    );
    granted(await desk.askLater(eva, 'conversations', 'delete', { conversation_id: id }));
    expect(heard('conversation_deleted')).toMatchObject([{ data: { conversation_id: id } }]);
  });

  test('[CHAT25] a direct conversation is with exactly one other', async () => {
    for (const members of [[], ['ana'], ['42', 'eva']]) {
      expect(await says(desk.askLater(ana, 'conversations', 'create', { type: 'direct', members }))).toBe(
        'invalid_message',
      );
    }
  });
});

describe('messages', () => {
  test('[CHAT26] new_message is flat, goes to the members alone, and stands in the journal before the reply', async () => {
    const { id } = await group(ana, luis, eva);
    desk.published.length = 0;
    const got = await sent(ana, id, { content: 'Hola', type: 'imagen', file_url: '/uploads/x.png' });
    const [event, ...more] = desk.published;
    expect(more.map(({ type }) => type)).toEqual(['activity']);
    expect(event?.rooms.toSorted()).toEqual(['@user:42', '@user:ana', '@user:eva']);
    expect(event).toMatchObject({
      type: 'new_message',
      seq: desk.store.journal.head() - 1,
      data: { ...got, conversation_type: 'group' },
    });
    expect(got).toMatchObject({ conversation_id: id, sender_id: 'ana', content: 'Hola', file_url: '/uploads/x.png' });
    expect(got.timestamp).toBe(new Date(noon).toISOString());
    expect(got.id).toMatch(/^\d+$/);
    const kept = desk.store.journal.between(0, desk.store.journal.head());
    expect(kept.findLast(({ type }) => type === 'new_message')?.data).toEqual(event?.data);
  });

  test('[CHAT27] nobody writes as another: sender_id is the caller’s', async () => {
    const { id } = await direct();
    for (const who of [ana, operator, admin]) {
      expect(await says(post(who, id, { sender_id: '42' }))).toBe('forbidden');
    }
  });

  test('[CHAT28] sent again with its client_id it is the same message, told once; with other words it is a conflict', async () => {
    const { id } = await direct();
    const client_id = randomUUID();
    desk.published.length = 0;
    const first = await sent(ana, id, { client_id });
    expect(await sent(ana, id, { client_id })).toEqual(first);
    expect(first.client_id).toBe(client_id);
    expect(heard('new_message')).toHaveLength(1);
    expect(await says(post(ana, id, { client_id, content: 'Otra' }))).toBe('conflict');
  });

  test.each(['here', 'elsewhere'])(
    '[CHAT44] kept %s, and refused by the journal: told once when it is asked for again, and no more after that',
    async where => {
      if (where === 'elsewhere') await openWith(elsewhere());
      const { id } = await direct();
      const { transaction } = desk.store;
      const refuseOnce = () => {
        desk.store.transaction = () => {
          desk.store.transaction = transaction;
          throw new StoreUnavailable('SQLITE_FULL');
        };
      };
      desk.published.length = 0;
      const client_id = randomUUID();
      refuseOnce();
      expect(await says(post(ana, id, { client_id }))).toBe('unavailable store');
      expect(heard('new_message')).toEqual([]);
      // In the desk's own database a message and its event are one commit; in another it is there by now.
      const page = read(messagePage, granted(await desk.askLater(ana, 'messages', 'get_all', { conversation_id: id })));
      expect(page.ok && page.value.messages).toHaveLength(where === 'here' ? 0 : 1);
      const message = await sent(ana, id, { client_id });
      await sent(ana, id, { client_id });
      expect(heard('new_message')).toMatchObject([{ data: { id: message.id, client_id } }]);

      const markRead = () => desk.askLater(luis, 'messages', 'mark_read', { message_id: message.id });
      refuseOnce();
      expect(await says(markRead())).toBe('unavailable store');
      for (let count = 0; count < 2; count++) granted(await markRead());
      granted(await desk.askLater(luis, 'messages', 'mark_delivered', { message_id: message.id }));
      expect(heard('message_read')).toMatchObject([{ data: { message_id: message.id, user_id: '42' } }]);
      expect(heard('message_delivered')).toEqual([]);
    },
  );

  test('[CHAT29] only the sender edits and deletes', async () => {
    const { id } = await direct();
    const { id: message_id } = await sent(ana, id);
    expect(await says(desk.askLater(luis, 'messages', 'update', { message_id, content: 'x' }))).toBe('forbidden');
    expect(await says(desk.askLater(luis, 'messages', 'delete', { message_id }))).toBe('forbidden');
    granted(await desk.askLater(ana, 'messages', 'update', { message_id, content: 'Adiós' }));
    expect(heard('message_updated')).toMatchObject([
      { data: { message: { content: 'Adiós', edited_at: new Date(noon).toISOString() } } },
    ]);
    granted(await desk.askLater(ana, 'messages', 'delete', { message_id }));
    expect(heard('message_deleted').map(({ data }) => data)).toEqual([{ message_id }]);
    expect(await says(desk.askLater(ana, 'messages', 'get', { message_id }))).toBe('not_found');
  });

  test('[CHAT30] a receipt goes to the sender and its reader, once; none for a message that one did not get', async () => {
    const { id } = await group(ana, luis, eva);
    const { id: message_id } = await sent(ana, id);
    for (const action of ['mark_delivered', 'mark_read', 'mark_read', 'mark_delivered']) {
      granted(await desk.askLater(luis, 'messages', action, { message_id }));
    }
    expect(heard('message_delivered').map(({ rooms }) => rooms)).toEqual([['@user:ana', '@user:42']]);
    const at = new Date(noon).toISOString();
    expect(heard('message_read').map(({ data }) => data)).toEqual([
      { message_id, conversation_id: id, user_id: '42', delivered_at: at, read_at: at },
    ]);
    expect(await says(desk.askLater(ana, 'messages', 'mark_read', { message_id }))).toBe('forbidden');
    const asked = desk.askLater(ana, 'messages', 'get', { message_id });
    const { receipts } = (await shaped(z.object({ message }), asked)).message;
    expect([receipts.filter(({ read_at }) => read_at !== null).length, receipts.length]).toEqual([1, 2]);
  });

  test('[CHAT31] history: each page oldest first, `next` leads to the older one', async () => {
    const { id } = await direct();
    for (let n = 0; n < 5; n++) await sent(ana, id, { content: `${n}` });
    const page = (before?: string | null) =>
      shaped(
        messagePage,
        desk.askLater(luis, 'messages', 'get_all', { conversation_id: id, limit: 2, ...(before ? { before } : {}) }),
      );
    const pages = [];
    let next: string | null | undefined;
    do {
      const one = await page(next);
      pages.push(one.messages.map(({ content }) => content));
      ({ next } = one);
    } while (next !== null);
    expect(pages).toEqual([['3', '4'], ['1', '2'], ['0']]);
  });

  test('[CHAT400] what kind a message is may be said in English; it goes out in S3’s words', async () => {
    const { id } = await direct();
    for (const [said, kept] of [
      ['text', 'texto'],
      ['image', 'imagen'],
      ['file', 'archivo'],
      ['audio', 'audio'],
      ['system', 'sistema'],
    ]) {
      const made = await shaped(
        z.object({ message }),
        post(ana, id, { type: said, file_url: 'https://crm.example/1' }),
      );
      expect(made.message.type).toBe(kept);
      expect(heard('new_message').at(-1)).toMatchObject({ data: { type: kept } });
    }
  });

  test('[CHAT32] too long, empty, of an unknown type, or with a link that runs something: refused, and nothing is told', async () => {
    const { id } = await direct();
    desk.published.length = 0;
    expect(await says(post(ana, id, { content: '👩'.repeat(2_001) }))).toBe('too_large');
    expect(await says(post(ana, id, { content: '👩'.repeat(2_000) }))).toBe('ok');
    for (const bad of [
      { content: ' ' },
      { content: 7 },
      { type: 'video' },
      { file_url: 'javascript:alert(1)' },
      { file_url: ' JavaScript:alert(1)' },
      { file_url: 'data:text/html,x' },
      { content: 'a\0b' },
      { client_id: 'no uuid' },
      { conversation_id: undefined },
    ]) {
      expect(await says(post(ana, id, bad)), JSON.stringify(bad)).toBe('invalid_message');
    }
    expect(heard('new_message')).toHaveLength(1);
  });
});

describe('a phone', () => {
  test('[FAULT11] comes in while the database cannot be read: its conversation waits for the next time', async () => {
    const { id } = desk.paired();
    vi.spyOn(desk.store.sessions, 'get').mockImplementationOnce(() => {
      throw new StoreUnavailable('SQLITE_IOERR');
    });
    await desk.openChat(id);
    expect(desk.askSession('get', { session_id: id }).conversation_id).toBeNull();
    await desk.openChat(id);
    expect(desk.askSession('get', { session_id: id }).conversation_id).not.toBeNull();
  });

  test('[CHAT33] has one conversation with the desk, which both are told of', async () => {
    const { id, conversation_id, who } = await pairedPhone();
    await desk.openChat(id);
    expect(desk.askSession('get', { session_id: id }).conversation_id).toBe(conversation_id);
    expect(heard('conversation_created')).toMatchObject([
      { rooms: expect.arrayContaining([`@user:${id}`, '@user:operator']), idPersona: 'DNI-123456' },
    ]);
    await sent(who, conversation_id);
    await sent(operator, conversation_id, { content: 'Buenas' });
    expect(heard('new_message').map(({ data, idPersona }) => ({ data, idPersona }))).toMatchObject([
      { data: { sender_id: id }, idPersona: 'DNI-123456' },
      { data: { sender_id: 'operator' }, idPersona: 'DNI-123456' },
    ]);
    expect(JSON.stringify(heard('new_message').map(event => desk.present(event, 'phone')))).not.toContain('DNI');
  });

  test('[CHAT34] sees its own conversation and nothing else: no other one, no users', async () => {
    const { who, conversation_id } = await pairedPhone();
    const other = await pairedPhone();
    const { id: message_id } = await sent(other.who, other.conversation_id);
    const asked = [
      desk.askLater(who, 'conversations', 'get', { conversation_id: other.conversation_id }),
      desk.askLater(who, 'messages', 'get_all', { conversation_id: other.conversation_id }),
      desk.askLater(who, 'messages', 'get', { message_id }),
      desk.askLater(who, 'messages', 'mark_read', { message_id }),
      post(who, other.conversation_id),
    ];
    expect((await Promise.all(asked)).map(verdict)).toEqual(asked.map(() => 'not_found'));
    const closed: [string, string, object][] = [
      ['conversations', 'get_all', { user_id: other.who.userId }],
      ['conversations', 'create', { type: 'direct', members: ['ana'] }],
      ['conversations', 'update', { conversation_id, title: 'x' }],
      ['conversations', 'delete', { conversation_id }],
      ['conversations', 'join', { conversation_id }],
      ['conversations', 'leave', { conversation_id }],
      ['users', 'get_all', {}],
      ['users', 'get', { user_id: 'ana' }],
      ['users', 'create', { name: 'x' }],
      ['users', 'update', { user_id: who.userId, name: 'x' }],
      ['users', 'delete', { user_id: 'ana' }],
    ];
    for (const [resource, action, input] of closed) {
      expect(await says(desk.askLater(who, resource, action, input)), `${resource} ${action}`).toBe('forbidden');
    }
    expect(await says(desk.askLater(who, 'conversations', 'get', { conversation_id }))).toBe('ok');
    expect(await desk.askLater(who, 'conversations', 'get_all', { user_id: who.userId })).toMatchObject({
      value: { conversations: [{ id: conversation_id }] },
    });
    expect(await says(post(who, conversation_id, { type: 'sistema' }))).toBe('forbidden');
  });

  test('[CHAT35] its right to write ends with its session or when another phone takes its place, and the conversation cannot be deleted before', async () => {
    const { who, id, conversation_id } = await pairedPhone();
    const { id: message_id } = await sent(who, conversation_id);
    expect(await says(desk.askLater(operator, 'conversations', 'delete', { conversation_id }))).toBe('conflict');
    desk.askSession('renew', { session_id: id });
    expect(await says(post(who, conversation_id))).toBe('expired session');
    desk.askSession('end', { session_id: id });
    expect(await says(post(who, conversation_id))).toBe('expired session');
    expect(await says(desk.askLater(who, 'messages', 'update', { message_id, content: 'x' }))).toBe('expired session');
    expect(await says(desk.askLater(who, 'messages', 'delete', { message_id }))).toBe('expired session');
    expect(await says(desk.askLater(operator, 'conversations', 'delete', { conversation_id }))).toBe('ok');
  });

  test('[THREAD20] who is writing is told to the other members alone, kept nowhere, and by nobody who may not write', async () => {
    const { who, id, conversation_id } = await pairedPhone();
    const { id: turn } = await group(ana, luis, eva);
    const head = desk.store.journal.head();
    desk.published.length = 0;
    expect(await says(desk.askLater(who, 'messages', 'typing', { conversation_id }))).toBe('ok');
    expect(await says(desk.askLater(ana, 'messages', 'typing', { conversation_id: turn }))).toBe('ok');
    expect(desk.published.map(({ type, data, rooms, seq }) => ({ type, data, rooms: rooms.toSorted(), seq }))).toEqual([
      { type: 'typing', data: { conversation_id, user_id: id }, rooms: ['@user:operator'], seq: null },
      { type: 'typing', data: { conversation_id: turn, user_id: 'ana' }, rooms: ['@user:42', '@user:eva'], seq: null },
    ]);
    expect(desk.store.journal.head()).toBe(head);
    desk.published.length = 0;
    expect(await says(desk.askLater(who, 'messages', 'typing', { conversation_id: turn }))).toBe('not_found');
    expect(await says(desk.askLater(admin, 'messages', 'typing', { conversation_id }))).toBe('forbidden');
    desk.askSession('end', { session_id: id });
    desk.published.length = 0;
    expect(await says(desk.askLater(who, 'messages', 'typing', { conversation_id }))).toBe('expired session');
    expect(desk.published).toEqual([]);
  });

  test('[CHAT36] writes CHAT_PER_MINUTE times in any minute and is then told how long to wait; the desk is not held up', async () => {
    const { who, conversation_id } = await pairedPhone();
    for (let n = 0; n < 30; n++) expect(await says(post(who, conversation_id))).toBe('ok');
    const refused = await post(who, conversation_id);
    expect(refused).toMatchObject({ ok: false, error: { code: 'rate_limited', details: { retry_after_s: 60 } } });
    for (let n = 0; n < 40; n++) expect(await says(post(operator, conversation_id))).toBe('ok');
    desk.pass(60_000);
    expect(await says(post(who, conversation_id))).toBe('ok');
  });
});

describe('users', () => {
  const one = z.object({ user });

  test('[USER2] a user is kept at first sight, with the role of the token, and the others hear it once', async () => {
    desk.published.length = 0;
    await desk.users.seen('nora', 'proveedor');
    await desk.users.seen('nora', 'admin');
    expect(heard('user_created').map(({ data, rooms }) => ({ data, rooms }))).toMatchObject([
      { data: { user: { id: 'nora', name: 'nora', role: 'proveedor', online: false } }, rooms: ['@users'] },
    ]);
    desk.online.add('nora');
    expect((await shaped(one, desk.askLater(eva, 'users', 'get', { user_id: 'nora' }))).user.online).toBe(true);
  });

  test('[USER401] nobody waits for a database that hangs for more than a second, and but the first for none, until it answers', async () => {
    const waits: (() => void)[] = [];
    let answers = () => {};
    const chat = elsewhere();
    const { get } = chat.users;
    chat.users.get = id =>
      new Promise(resolve => {
        answers = () => void get(id).then(resolve);
      });
    desk = openDesk({
      chat,
      after(ms, then) {
        expect(ms).toBe(1_000);
        waits.push(then);
        return () => void waits.splice(waits.indexOf(then), 1);
      },
    });
    const first = desk.users.seen('nora', 'user');
    expect(waits).toHaveLength(1);
    waits[0]?.();
    await first;
    await desk.users.seen('rosa', 'user');
    expect(waits).toHaveLength(1);
    answers();
    await vi.waitFor(() => expect(heard('user_created')).toHaveLength(1));
    const next = desk.users.seen('sol', 'user');
    expect(waits).toHaveLength(2);
    answers();
    await next;
    expect(heard('user_created')).toHaveLength(2);
  });

  test('[USER400] a new user’s id may stand in `id` as well as in `user_id`', async () => {
    for (const [said, id] of [
      [{ id: 'rosa' }, 'rosa'],
      [{ id: 'other', user_id: 'sol' }, 'sol'],
    ] as const) {
      const made = await shaped(one, desk.askLater(admin, 'users', 'create', { ...said, name: 'X' }));
      expect(made.user.id).toBe(id);
    }
    expect(await says(desk.askLater(admin, 'users', 'create', { id: ' ', name: 'X' }))).toBe('invalid_message');
  });

  test('[USER3] admin and operator make, change and delete users; everybody may change the own name, not the role', async () => {
    expect(await says(desk.askLater(eva, 'users', 'create', { name: 'X' }))).toBe('forbidden');
    const made = await shaped(
      one,
      desk.askLater(admin, 'users', 'create', { user_id: 'rosa', name: 'Rosa', role: 'cliente' }),
    );
    expect(made.user).toMatchObject({ id: 'rosa', name: 'Rosa', role: 'cliente' });
    expect(await says(desk.askLater(admin, 'users', 'create', { user_id: 'rosa', name: 'R' }))).toBe('conflict');
    expect(await says(desk.askLater(eva, 'users', 'update', { user_id: 'rosa', name: 'x' }))).toBe('forbidden');
    expect(await says(desk.askLater(eva, 'users', 'update', { user_id: 'eva', role: 'admin' }))).toBe('forbidden');
    expect((await shaped(one, desk.askLater(eva, 'users', 'update', { user_id: 'eva', name: 'Eva' }))).user.name).toBe(
      'Eva',
    );
    for (const [who, role] of [
      [admin, 'proveedor'],
      [operator, 'admin'],
    ] as const) {
      const changed = await shaped(one, desk.askLater(who, 'users', 'update', { user_id: 'rosa', name: role, role }));
      expect(changed.user).toMatchObject({ id: 'rosa', name: role, role });
      expect(desk.published.at(-1)).toMatchObject({ type: 'user_updated', data: { user: { id: 'rosa', role } } });
    }
    expect(await says(desk.askLater(eva, 'users', 'delete', { user_id: 'rosa' }))).toBe('forbidden');
    expect(await says(desk.askLater(operator, 'users', 'delete', { user_id: 'rosa' }))).toBe('ok');
    expect(await says(desk.askLater(operator, 'users', 'delete', { user_id: 'rosa' }))).toBe('not_found');
    expect(await says(desk.askLater(operator, 'users', 'update', { user_id: 'rosa', name: 'x' }))).toBe('not_found');
    expect(desk.published.map(({ type }) => type)).toEqual([
      'user_created',
      ...Array(3).fill('user_updated'),
      'user_deleted',
    ]);
  });
});
