/** What every chat store has to do, as tests: run on each of them. */
import { randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import type { ChatStore, NewMessage, UserStore } from '../../core/chat/ports.ts';

export interface ChatStores {
  chat: ChatStore;
  users: UserStore;
}

const noon = Date.parse('2026-03-02T12:00:00.123Z');

/** `open` gives an empty store; asked again, another one. */
export function chatContract(open: () => Promise<ChatStores>): void {
  let chat: ChatStore;
  let users: UserStore;

  beforeEach(async () => {
    ({ chat, users } = await open());
  });

  const fresh = () => ({ id: randomUUID(), at: noon });
  const text = (conversationId: string, senderId: string, content = 'Hola 👋'): NewMessage => ({
    conversationId,
    senderId,
    type: 'texto',
    content,
    fileUrl: null,
    clientId: randomUUID(),
  });

  async function sent(message: NewMessage, at = noon) {
    const posted = await chat.post(message, at);
    if (!posted.ok) throw new Error('the message was not taken');
    return posted.message;
  }

  const group = (members: string[], key: string | null = null, isOpen = false) =>
    chat.createGroup({ key, title: 'Turno', isOpen, members }, fresh());

  test('[CHAT1] two users have one direct conversation, whoever asks, also both at once', async () => {
    const asked = await Promise.all([
      chat.direct('123', 'ana', fresh()),
      chat.direct('ana', '123', fresh()),
      chat.direct('123', 'ana', fresh()),
    ]);
    expect(new Set(asked.map(({ conversation }) => conversation.id)).size).toBe(1);
    expect(asked.filter(({ created }) => created)).toHaveLength(1);
    const [first] = asked;
    expect(first?.conversation).toMatchObject({ type: 'direct', createdAt: noon, lastMessage: null });
    expect(first?.conversation.members.toSorted()).toEqual(['123', 'ana']);
    const other = await chat.direct('123', 'Ana', fresh());
    expect(other.created).toBe(true);
  });

  test('[CHAT2] a message keeps what was sent, byte for byte, with a receipt for each other member', async () => {
    const room = await group(['1', 'ana', 'b-7']);
    const message = {
      ...text(room.id, 'ana', 'ñ \'); DROP TABLE mensajes; -- \\ " 👩‍👩‍👧 \n'),
      fileUrl: 'https://h/x.png',
    };
    const got = await sent(message, noon + 5);
    expect(got).toMatchObject({ ...message, at: noon + 5, editedAt: null });
    expect(got.receipts.toSorted((a, b) => a.userId.localeCompare(b.userId))).toEqual([
      { userId: '1', deliveredAt: null, readAt: null },
      { userId: 'b-7', deliveredAt: null, readAt: null },
    ]);
    expect(await chat.message(got.id)).toEqual(got);
    expect((await chat.conversation(room.id))?.lastMessage).toEqual(got);
  });

  test('[CHAT3] the same client_id of the same sender is the same message; of another sender it is another', async () => {
    const { conversation } = await chat.direct('1', '2', fresh());
    const message = text(conversation.id, '1');
    const all = await Promise.all([chat.post(message, noon), chat.post(message, noon), chat.post(message, noon)]);
    expect(new Set(all.map(posted => posted.ok && posted.message.id)).size).toBe(1);
    expect(all.filter(posted => posted.ok && posted.created)).toHaveLength(1);
    const other = await chat.post({ ...message, senderId: '2' }, noon);
    expect(other).toMatchObject({ ok: true, created: true, type: 'direct' });
    expect(other.ok && other.members.toSorted()).toEqual(['1', '2']);
    expect(await chat.history(conversation.id, { limit: 10 })).toHaveLength(2);
  });

  test('[CHAT4] nobody but a member writes', async () => {
    const { conversation } = await chat.direct('1', '2', fresh());
    expect(await chat.post(text(conversation.id, '3'), noon)).toEqual({ ok: false, why: 'no_member' });
    expect(await chat.post(text(randomUUID(), '1'), noon)).toEqual({ ok: false, why: 'no_conversation' });
    expect(await chat.history(conversation.id, { limit: 10 })).toEqual([]);
  });

  test('[CHAT5] history comes in pages, each oldest first, none missing and none twice', async () => {
    const { conversation } = await chat.direct('1', '2', fresh());
    const other = await chat.direct('1', '3', fresh());
    for (let n = 0; n < 7; n++) {
      await sent(text(conversation.id, '1', `${n}`), noon + n);
      await sent(text(other.conversation.id, '1', 'elsewhere'), noon + n);
    }
    const newest = await chat.history(conversation.id, { limit: 3 });
    expect(newest.map(({ content }) => content)).toEqual(['4', '5', '6']);
    const older = await chat.history(conversation.id, { limit: 9, before: Number(newest[0]?.id) });
    expect(older.map(({ content }) => content)).toEqual(['0', '1', '2', '3']);
  });

  test('[CHAT6] receipts never go backwards, and nothing is read before it is delivered', async () => {
    const room = await group(['1', '2', '3']);
    const { id } = await sent(text(room.id, '1'));
    const read = await chat.mark(id, '2', 'read', noon + 1_000);
    expect(read).toMatchObject({
      changed: true,
      receipt: { userId: '2', deliveredAt: noon + 1_000, readAt: noon + 1_000 },
    });
    const late = await chat.mark(id, '2', 'delivered', noon + 9_000);
    expect(late).toMatchObject({ changed: false, receipt: { deliveredAt: noon + 1_000, readAt: noon + 1_000 } });
    expect(await chat.mark(id, '2', 'read', noon + 9_000)).toMatchObject({ changed: false });
    await chat.mark(id, '3', 'delivered', noon + 5_000);
    const back = await chat.mark(id, '3', 'read', noon + 2_000);
    expect(back?.receipt).toEqual({ userId: '3', deliveredAt: noon + 5_000, readAt: noon + 5_000 });
    const receipts = (await chat.message(id))?.receipts ?? [];
    expect(receipts.filter(({ readAt }) => readAt !== null)).toHaveLength(2);
  });

  test('[CHAT7] a mark for a message that was not meant for this user is none', async () => {
    const { conversation } = await chat.direct('1', '2', fresh());
    const { id } = await sent(text(conversation.id, '1'));
    expect(await chat.mark(id, '1', 'read', noon)).toBeNull();
    expect(await chat.mark(id, '3', 'read', noon)).toBeNull();
    expect(await chat.mark('999999', '2', 'read', noon)).toBeNull();
    expect((await chat.message(id))?.receipts).toEqual([{ userId: '2', deliveredAt: null, readAt: null }]);
  });

  test('[CHAT8] what was not delivered waits for whom it was meant', async () => {
    const room = await group(['1', '2', '3']);
    const one = await sent(text(room.id, '1', 'a'));
    const two = await sent(text(room.id, '1', 'b'));
    await chat.mark(one.id, '2', 'delivered', noon);
    const waiting = async (who: string) => (await chat.undelivered(room.id, who, 10)).map(({ id }) => id);
    expect(await waiting('2')).toEqual([two.id]);
    expect(await waiting('3')).toEqual([one.id, two.id]);
    expect(await waiting('1')).toEqual([]);
    expect(await waiting('nobody')).toEqual([]);
    expect(await chat.undelivered(room.id, '3', 1)).toMatchObject([{ id: one.id }]);
    expect(await chat.undelivered(room.id, '3', 1, one.id)).toMatchObject([{ id: two.id }]);
    expect(await chat.undelivered(room.id, '3', 1, two.id)).toEqual([]);
  });

  test('[CHAT9] members come and go; who comes later is owed nothing from before', async () => {
    const room = await group(['1', '2']);
    await sent(text(room.id, '1', 'before'));
    await Promise.all([chat.addMember(room.id, 'late'), chat.addMember(room.id, 'late')]);
    expect((await chat.conversation(room.id))?.members.toSorted()).toEqual(['1', '2', 'late']);
    expect(await chat.undelivered(room.id, 'late', 10)).toEqual([]);
    await chat.removeMember(room.id, 'late');
    expect(await chat.post(text(room.id, 'late'), noon)).toEqual({ ok: false, why: 'no_member' });
    expect((await chat.conversation(room.id))?.members.toSorted()).toEqual(['1', '2']);
  });

  test('[CHAT10] a group is found by its key: digits are its own number, a name is kept', async () => {
    expect(await chat.group('789', fresh())).toBeNull();
    const asked = await Promise.all([group(['1'], '789', true), group(['1'], '789', true)]);
    expect(new Set(asked.map(({ id }) => id)).size).toBe(1);
    expect(await chat.group('789', fresh())).toMatchObject({ id: asked[0]?.id, key: '789', isOpen: true });
    const named = await group(['1'], 'equipo ñ', true);
    expect(await chat.group('equipo ñ', fresh())).toMatchObject({ id: named.id, key: 'equipo ñ' });
    const own = await group(['1']);
    expect(await chat.group(own.key, fresh())).toMatchObject({ id: own.id, isOpen: false, title: 'Turno' });
  });

  test('[CHAT11] an edited message says so, a deleted one is gone with its receipts, a removed conversation with all', async () => {
    const room = await group(['1', '2']);
    const { id } = await sent(text(room.id, '1', 'one'));
    expect(await chat.edit(id, 'two', noon + 9)).toMatchObject({ content: 'two', editedAt: noon + 9 });
    const gone = await sent(text(room.id, '1'));
    expect([await chat.removeMessage(gone.id), await chat.removeMessage(gone.id)]).toEqual([true, false]);
    expect(await chat.undelivered(room.id, '2', 10)).toHaveLength(1);
    await chat.rename(room.id, 'Otro');
    expect(await chat.conversation(room.id)).toMatchObject({ title: 'Otro' });
    await chat.remove(room.id);
    expect([await chat.conversation(room.id), await chat.message(id)]).toEqual([null, null]);
    expect(await chat.conversationsOf('1', 10)).toEqual([]);
  });

  test('[CHAT12] a user has those conversations that it is a member of, the one last written in first', async () => {
    const first = await chat.direct('1', '2', fresh());
    const second = await group(['1', '3']);
    await chat.direct('2', '3', fresh());
    await sent(text(second.id, '3'));
    const last = await sent(text(first.conversation.id, '2'));
    const mine = await chat.conversationsOf('1', 10);
    expect(mine.map(({ id }) => id)).toEqual([first.conversation.id, second.id]);
    expect(mine[0]?.lastMessage).toEqual(last);
    expect(await chat.conversationsOf('unknown', 10)).toEqual([]);
  });

  test('[USER1] a user is kept once, changes, and is gone when removed, while what it wrote stays', async () => {
    const ana = { id: 'ana', name: null, role: 'cliente' as const, createdAt: noon };
    // Either may be first.
    expect((await Promise.all([users.seen(ana), users.seen(ana)])).toSorted()).toEqual([false, true]);
    expect(await users.seen({ ...ana, id: '7' })).toBe(true);
    expect((await users.all(10)).map(({ id }) => id)).toEqual(['7', 'ana']);
    expect(await users.update('ana', { name: 'Ana Ñ', role: 'admin' })).toEqual({
      ...ana,
      name: 'Ana Ñ',
      role: 'admin',
    });
    expect(await users.update('nobody', { name: 'x' })).toBeNull();
    const { conversation } = await chat.direct('ana', 'not seen', fresh());
    const { id } = await sent(text(conversation.id, 'ana'));
    expect(await users.get('not seen')).toBeNull();
    expect([await users.remove('ana'), await users.remove('ana'), await users.get('ana')]).toEqual([true, false, null]);
    expect(await chat.message(id)).toMatchObject({ senderId: 'ana' });
    expect(await users.seen(ana)).toBe(true);
    expect(await chat.message(id)).toMatchObject({ senderId: 'ana' });
  });

  test('[ERASE12] an erased user leaves no conversation, message, receipt or name; what is others’ stays', async () => {
    const { conversation } = await chat.direct('s-gone', 'operator', fresh());
    const mine = await sent(text(conversation.id, 's-gone', 'mine'));
    const answer = await sent(text(conversation.id, 'operator', 'answer'));
    const room = await group(['s-gone', 'ana', 'b-7']);
    const said = await sent(text(room.id, 's-gone', 'said'));
    const heard = await sent(text(room.id, 'ana', 'heard'));
    const other = await chat.direct('s-stays', 'operator', fresh());
    const theirs = await sent(text(other.conversation.id, 's-stays', 'theirs'));
    expect(await chat.erase('s-gone')).toEqual([conversation.id]);
    expect(await chat.conversation(conversation.id)).toBeNull();
    for (const { id } of [mine, answer, said]) expect(await chat.message(id)).toBeNull();
    expect((await chat.message(heard.id))?.receipts.map(({ userId }) => userId)).toEqual(['b-7']);
    expect((await chat.conversation(room.id))?.members.toSorted()).toEqual(['ana', 'b-7']);
    expect((await chat.message(theirs.id))?.content).toBe('theirs');
    expect(await chat.erase('s-gone')).toEqual([]);
    expect(await chat.erase('nobody')).toEqual([]);
  });
}
