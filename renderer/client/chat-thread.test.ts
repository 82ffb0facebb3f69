import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Message } from '../../protocol/chat.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import { memoryOutbox, type Outbox, readOutgoing, storageOutbox } from './chat-outbox.ts';
import { ChatThread, type ThreadSnapshot } from './chat-thread.ts';
import { FakeServer, type Peer } from './fake-server.ts';
import { createWebSocketClient, type MostradorClient } from './index.ts';

const room = '00000000-0000-4000-8000-0000000000c1';
const me = 'phone-1';
const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 9, 0, second)).toISOString();

let server: FakeServer;
const ends: (() => void)[] = [];

beforeEach(async () => {
  server = await FakeServer.start();
});

afterEach(async () => {
  vi.useRealTimers();
  for (const end of ends.splice(0)) end();
  await server.stop();
});

type Receipts = [delivered: string | null, read: string | null];

/** One of the desk's, unless said otherwise. */
function message(number: number, change: Partial<Message> = {}, ...receipts: Receipts[]): Message {
  const sender_id = change.sender_id ?? 'operator';
  const others = sender_id === me ? ['operator', 'ana'] : [me];
  return {
    id: String(number),
    conversation_id: room,
    sender_id,
    type: 'texto',
    content: `message ${number}`,
    file_url: null,
    timestamp: at(number % 60),
    edited_at: null,
    client_id: randomUUID(),
    receipts: (receipts.length > 0 ? receipts : [[null, null] as Receipts]).map(([delivered_at, read_at], index) => ({
      user_id: others[index] ?? `user-${index}`,
      delivered_at,
      read_at,
    })),
    ...change,
  };
}

interface Asked {
  id: string;
  action: string;
  input: Record<string, unknown>;
}

/** The server's end of one connection: it reads one request after another. */
class Wire {
  readonly #peer: Peer;
  #seq: number;

  constructor(peer: Peer, head: number) {
    this.#peer = peer;
    this.#seq = head;
  }

  async asked(action: string): Promise<Asked> {
    const frame = await this.#peer.next();
    const { action: named, ...input } = frame.payload ?? {};
    expect(named).toBe(action);
    return { id: String(frame.id), action: String(named), input };
  }

  answer({ id }: Asked, payload: Record<string, unknown>): void {
    this.#peer.say({ type: 'response', id, payload });
  }

  refuse({ id }: Asked, code: ErrorCode, details?: Record<string, unknown>): void {
    this.#peer.say({ type: 'error', id, payload: { code, message: code, details } });
  }

  async page(messages: Message[], next: string | null = null): Promise<void> {
    this.answer(await this.asked('get_all'), { messages, next });
  }

  /** Takes the message that was asked to be made, as number `number`. */
  async takes(number: number, ...receipts: Receipts[]): Promise<Message> {
    const asked = await this.asked('create');
    const taken = message(number, { ...(asked.input.message as Partial<Message>) }, ...receipts);
    this.answer(asked, { message: taken });
    return taken;
  }

  tell(type: string, data: unknown): void {
    this.#seq += 1;
    this.#peer.say({ type: 'event', id: `evt-${this.#seq}`, seq: this.#seq, payload: { type, data } });
  }

  passing(type: string, data: unknown): void {
    this.#peer.say({ type: 'event', id: 'evt-passing', payload: { type, data } });
  }

  breaks(): void {
    this.#peer.socket.terminate();
  }
}

function open(outbox: Outbox = memoryOutbox()) {
  const client = createWebSocketClient('secret', {
    url: server.url,
    WebSocket,
    timing: { backoffFirst: 10, backoffMost: 20 },
  });
  const thread = new ChatThread({
    client,
    conversationId: room,
    me,
    outbox,
    now: () => Date.parse(at(30)),
    backoff: { first: 10, most: 20 },
  });
  const stop = thread.start();
  ends.push(() => {
    stop();
    client.close();
  });
  return { client, thread, stop };
}

async function wire(client: MostradorClient, head = 0): Promise<Wire> {
  client.connect();
  const peer = await server.peer();
  await peer.greet(head);
  return new Wire(peer, head);
}

/** With the newest page there. */
async function opened(messages: Message[] = [], next: string | null = null) {
  const it = open();
  const desk = await wire(it.client);
  await desk.page(messages, next);
  await until(it.thread, snapshot => snapshot.load === 'ready');
  return { ...it, desk };
}

function until(thread: ChatThread, fits: (snapshot: ThreadSnapshot) => boolean): Promise<ThreadSnapshot> {
  return new Promise(resolve => {
    const look = () => {
      if (!fits(thread.getSnapshot())) return;
      stop();
      resolve(thread.getSnapshot());
    };
    const stop = thread.subscribe(look);
    look();
  });
}

const contents = ({ messages }: ThreadSnapshot) => messages.map(({ content }) => content);
const states = ({ messages }: ThreadSnapshot) => messages.map(({ state }) => state.name);
const are =
  (...names: string[]) =>
  (snapshot: ThreadSnapshot) =>
    states(snapshot).join() === names.join();

test('[THREAD1] messages stand in order, a page at a time, the older ones on asking', async () => {
  const { thread, desk } = await opened([message(3), message(12)], '3');
  expect(thread.getSnapshot().older).toBe('some');
  const loading = thread.loadOlder();
  const asked = await desk.asked('mark_delivered');
  await desk.asked('mark_delivered');
  expect(asked.input).toEqual({ message_id: '3' });
  const older = await desk.asked('get_all');
  expect(older.input).toEqual({ conversation_id: room, before: '3' });
  desk.answer(older, { messages: [message(1), message(2)], next: null });
  await loading;
  expect(contents(thread.getSnapshot())).toEqual(['message 1', 'message 2', 'message 3', 'message 12']);
  expect(thread.getSnapshot().older).toBe('none');
});

test('[THREAD2] what is written shows at once and keeps its key from waiting until the server has it', async () => {
  const { client, thread } = open();
  const key = thread.send('Hola');
  expect(thread.getSnapshot().messages).toMatchObject([{ key, id: null, mine: true, state: { name: 'waiting' } }]);
  const desk = await wire(client);
  const create = await desk.asked('create');
  expect(states(thread.getSnapshot())).toEqual(['sending']);
  expect(create.input.message).toMatchObject({ conversation_id: room, sender_id: me, content: 'Hola', client_id: key });
  await desk.page([]);
  desk.answer(create, { message: message(4, create.input.message as Partial<Message>) });
  const { messages } = await until(thread, are('sent'));
  expect(messages).toMatchObject([{ key, id: '4', timestamp: at(4) }]);
});

test('[THREAD3] ticks: sent, delivered and read by the slowest, with how many of how many', async () => {
  const none: Receipts = [null, null];
  const own = message(5, { sender_id: me }, none, none);
  const { thread, desk } = await opened([own]);
  const tick = () => thread.getSnapshot().messages[0]?.state;
  expect(tick()).toEqual({ name: 'sent', delivered: 0, read: 0, of: 2 });
  const receipt = { message_id: '5', conversation_id: room };
  desk.tell('message_read', { ...receipt, user_id: 'operator', delivered_at: at(6), read_at: at(7) });
  await until(thread, () => JSON.stringify(tick()).includes('"read":1'));
  expect(tick()).toEqual({ name: 'sent', delivered: 1, read: 1, of: 2 });
  desk.tell('message_delivered', { ...receipt, user_id: 'ana', delivered_at: at(8), read_at: null });
  await until(thread, are('delivered'));
  desk.tell('message_read', { ...receipt, user_id: 'ana', delivered_at: at(8), read_at: at(9) });
  await until(thread, are('read'));
  // An older telling of it does not take a tick back.
  desk.tell('message_updated', { message: { ...own, content: 'edited', edited_at: at(10) } });
  await until(thread, snapshot => contents(snapshot)[0] === 'edited');
  expect(tick()).toEqual({ name: 'read', delivered: 2, read: 2, of: 2 });
});

test('[THREAD4] what is written without a connection goes out later, in order, one after the other', async () => {
  const { client, thread } = open();
  for (const text of ['one', 'two', 'three']) thread.send(text);
  const desk = await wire(client);
  const first = await desk.asked('create');
  await desk.page([]);
  expect(states(thread.getSnapshot())).toEqual(['sending', 'waiting', 'waiting']);
  desk.answer(first, { message: message(1, first.input.message as Partial<Message>) });
  await desk.takes(2);
  await desk.takes(3);
  expect(contents(await until(thread, are('sent', 'sent', 'sent')))).toEqual(['one', 'two', 'three']);
});

test('[THREAD5] a lost answer, or a reload before it, sends the same message again and shows it once', async () => {
  const outbox = memoryOutbox();
  const before = open(outbox);
  const key = before.thread.send('Hola');
  const desk = await wire(before.client);
  const taken = message(1, (await desk.asked('create')).input.message as Partial<Message>);
  await desk.asked('get_all');
  desk.breaks();
  const peer = await server.peer();
  await peer.greet(0);
  const again = new Wire(peer, 0);
  expect((await again.asked('create')).input.message).toMatchObject({ client_id: key });
  before.stop();
  before.client.close();

  const { client, thread } = open(outbox);
  await until(thread, are('waiting'));
  const third = await wire(client);
  const create = await third.asked('create');
  expect(create.input.message).toMatchObject({ client_id: key, content: 'Hola' });
  await third.page([taken]);
  expect((await until(thread, are('sent'))).messages).toMatchObject([{ key, id: '1' }]);
  third.answer(create, { message: taken });
  third.tell('new_message', message(2));
  expect(contents(await until(thread, ({ messages }) => messages.length === 2))).toEqual(['Hola', 'message 2']);
  expect(await outbox.load()).toEqual([]);
});

test('[THREAD6] one that the server refuses waits for the person with the reason, also after a reload; those behind it go on', async () => {
  const outbox = memoryOutbox();
  const { client, thread, stop } = open(outbox);
  const key = thread.send('too long');
  thread.send('short');
  const desk = await wire(client);
  const create = await desk.asked('create');
  await desk.page([]);
  desk.refuse(create, 'too_large', { limit_chars: 5 });
  await desk.takes(1);
  const { messages } = await until(thread, are('sent', 'failed'));
  expect(messages[1]?.state).toMatchObject({ failure: { code: 'too_large', details: { limit_chars: 5 } } });
  await vi.waitFor(async () => expect(await outbox.load()).toMatchObject([{ failure: { code: 'too_large' } }]));
  stop();
  client.close();

  const after = open(outbox);
  await until(after.thread, are('failed'));
  const wired = await wire(after.client);
  await wired.page([]);
  after.thread.retry(key);
  wired.refuse(await wired.asked('create'), 'too_large');
  await until(after.thread, are('failed'));
  after.thread.discard(key);
  expect(after.thread.getSnapshot().messages).toEqual([]);
  await vi.waitFor(async () => expect(await outbox.load()).toEqual([]));
});

test('[THREAD7] too many in a minute: it says so and goes out by itself after the wait', async () => {
  const { thread, desk } = await opened();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const key = thread.send('one');
  thread.send('two');
  desk.refuse(await desk.asked('create'), 'rate_limited', { retry_after_s: 7 });
  const limited = (snapshot: ThreadSnapshot) => {
    const state = snapshot.messages[0]?.state;
    return state?.name === 'waiting' && state.failure?.code === 'rate_limited';
  };
  await until(thread, limited);
  vi.advanceTimersByTime(6_999);
  expect(states(thread.getSnapshot())).toEqual(['waiting', 'waiting']);
  vi.advanceTimersByTime(1);
  expect((await desk.takes(1)).client_id).toBe(key);
  await desk.takes(2);
  await until(thread, are('sent', 'sent'));
});

test('[THREAD8] a database that is away is no failure: it is tried again', async () => {
  const { thread, desk } = await opened();
  thread.send('Hola');
  desk.refuse(await desk.asked('create'), 'unavailable');
  desk.refuse(await desk.asked('create'), 'internal');
  await desk.takes(1);
  await until(thread, are('sent'));
});

test('[THREAD9] what comes is told as delivered, and as read once somebody looks', async () => {
  const { thread, desk } = await opened([message(1, {}, [at(1), at(2)])]);
  expect(thread.getSnapshot().unread).toBe(0);
  desk.tell('new_message', message(2));
  const delivered = await desk.asked('mark_delivered');
  expect(delivered.input).toEqual({ message_id: '2' });
  desk.answer(delivered, { message: message(2, {}, [at(3), null]) });
  await until(thread, ({ unread }) => unread === 1);
  thread.look(true);
  expect(thread.getSnapshot().unread).toBe(0);
  const read = await desk.asked('mark_read');
  expect(read.input).toEqual({ message_id: '2' });
  desk.answer(read, { message: message(2, {}, [at(3), at(4)]) });
  desk.tell('new_message', message(3));
  expect((await desk.asked('mark_read')).input).toEqual({ message_id: '3' });
  expect(thread.getSnapshot().unread).toBe(0);
  thread.look(false);
  desk.tell('new_message', message(4));
  await desk.asked('mark_delivered');
  expect(thread.getSnapshot().unread).toBe(1);
});

test('[THREAD10] what was seen while the connection was away is told when it is back', async () => {
  const { thread, desk, client } = await opened([message(1, {}, [at(1), null])]);
  desk.breaks();
  await vi.waitFor(() => expect(client.state).not.toBe('connected'));
  thread.look(true);
  const peer = await server.peer();
  await peer.greet(0);
  expect((await new Wire(peer, 0).asked('mark_read')).input).toEqual({ message_id: '1' });
});

test('[THREAD11] another window of the same user takes the unread away', async () => {
  const { thread, desk } = await opened([message(1, {}, [at(1), null])]);
  expect(thread.getSnapshot().unread).toBe(1);
  const receipt = { message_id: '1', conversation_id: room, user_id: me, delivered_at: at(1), read_at: at(2) };
  desk.tell('message_read', receipt);
  await until(thread, ({ unread }) => unread === 0);
});

test('[THREAD12] others who write are shown until their message or for six seconds; the person’s own writing is told every three', async () => {
  const { thread, desk } = await opened();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  for (const user_id of ['operator', 'ana', me]) desk.passing('typing', { conversation_id: room, user_id });
  desk.passing('typing', { conversation_id: randomUUID(), user_id: 'eva' });
  await until(thread, ({ typing }) => typing.length === 2);
  desk.tell('new_message', message(1));
  await until(thread, ({ typing }) => typing.join() === 'ana');
  await desk.asked('mark_delivered');
  vi.advanceTimersByTime(6_000);
  expect(thread.getSnapshot().typing).toEqual([]);
  for (let key = 0; key < 5; key++) thread.typing();
  expect((await desk.asked('typing')).input).toEqual({ conversation_id: room });
  thread.send('Hola');
  await desk.asked('create');
});

test('[THREAD13] edits and deletions show, of others and of one’s own', async () => {
  const { thread, desk } = await opened([message(1, { sender_id: me }), message(2, {}, [at(2), at(2)])]);
  desk.tell('message_updated', { message: message(2, { content: 'better', edited_at: at(9) }, [at(2), at(2)]) });
  expect((await until(thread, snapshot => contents(snapshot)[1] === 'better')).messages[1]?.edited).toBe(true);
  const edited = thread.edit('1', 'mine');
  const update = await desk.asked('update');
  expect(update.input).toEqual({ message_id: '1', content: 'mine' });
  desk.answer(update, { message: message(1, { sender_id: me, content: 'mine', edited_at: at(10) }) });
  await edited;
  expect(contents(thread.getSnapshot())).toEqual(['mine', 'better']);
  desk.tell('message_deleted', { message_id: '2' });
  await until(thread, ({ messages }) => messages.length === 1);
  const removed = thread.remove('1');
  desk.refuse(await desk.asked('delete'), 'forbidden');
  await expect(removed).rejects.toMatchObject({ code: 'forbidden' });
  expect(contents(thread.getSnapshot())).toEqual(['mine']);
});

test('[THREAD14] what is heard while a page is on its way is not lost to it', async () => {
  const { client, thread } = open();
  const desk = await wire(client);
  const asked = await desk.asked('get_all');
  desk.tell('new_message', message(2, {}, [at(2), at(2)]));
  desk.tell('message_deleted', { message_id: '1' });
  await until(thread, ({ messages }) => messages.length === 1);
  desk.answer(asked, { messages: [message(1, {}, [at(1), at(1)])], next: null });
  expect(contents(await until(thread, ({ load }) => load === 'ready'))).toEqual(['message 2']);
});

test('[THREAD15] when events were missed for good the newest page takes the place of what was shown', async () => {
  const { client, thread, desk } = await opened([message(1, { sender_id: me }), message(2, { sender_id: me })]);
  desk.breaks();
  await vi.waitFor(() => expect(client.state).not.toBe('connected'));
  const peer = await server.peer();
  await peer.greet(9);
  const again = new Wire(peer, 9);
  const resume = await again.asked('resume');
  again.answer(resume, { from: 0, to: 9, count: 0, complete: false });
  await again.page([message(2, { sender_id: me }), message(8, { sender_id: me })], '2');
  const { messages, older } = await until(thread, snapshot => snapshot.messages.some(({ id }) => id === '8'));
  expect(messages.map(({ id }) => id)).toEqual(['2', '8']);
  expect(older).toBe('some');
});

test('[THREAD16] a first page that cannot be had is told, and asked for again', async () => {
  const { client, thread } = open();
  const desk = await wire(client);
  desk.refuse(await desk.asked('get_all'), 'unavailable');
  await until(thread, ({ load }) => load === 'failed');
  void thread.reload();
  await desk.page([message(1, { sender_id: me })]);
  await until(thread, ({ load, messages }) => load === 'ready' && messages.length === 1);
});

test('[THREAD17] another conversation’s messages stay out, and an untouched message stays the same object', async () => {
  const { thread, desk } = await opened([message(1, { sender_id: me })]);
  const [first] = thread.getSnapshot().messages;
  desk.tell('new_message', message(2, { conversation_id: randomUUID() }));
  desk.tell('new_message', message(3, { sender_id: me }));
  const { messages } = await until(thread, snapshot => snapshot.messages.length === 2);
  expect(messages.map(({ id }) => id)).toEqual(['1', '3']);
  expect(messages[0]).toBe(first);
});

test('[THREAD18] an outbox that cannot be read or written keeps nothing from being sent', async () => {
  const broken: Outbox = { load: () => Promise.reject(new Error()), save: () => Promise.reject(new Error()) };
  const { client, thread } = open(broken);
  thread.send('Hola');
  const desk = await wire(client);
  const create = await desk.asked('create');
  await desk.page([]);
  desk.answer(create, { message: message(1, create.input.message as Partial<Message>) });
  await until(thread, are('sent'));
});

test('[THREAD19] a kept outbox is read with care: what is not ours is left out, and nothing is kept of nothing', async () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => void kept.set(key, text),
    removeItem: (key: string) => void kept.delete(key),
  };
  const outbox = storageOutbox(storage, 'chat');
  const one = { client_id: randomUUID(), type: 'texto' as const, content: 'x', file_url: null, at: 5, failure: null };
  await outbox.save([one]);
  expect(await outbox.load()).toEqual([one]);
  expect(readOutgoing([one, { ...one, client_id: 'no' }, { ...one, file_url: 'javascript:x' }, 7])).toEqual([one]);
  expect(readOutgoing('nothing')).toEqual([]);
  await outbox.save([]);
  expect(kept.size).toBe(0);
});
