import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { type BuiltWorker, buildWorker } from '../../electron/images/built-worker.ts';
import { startServer, type TestServer } from '../../tests/server/running.ts';
import { storageDraft } from './chat-draft.ts';
import { storageOutbox } from './chat-outbox.ts';
import { DeskChats } from './desk-chats.ts';
import type { Input } from './index.ts';

let worker: BuiltWorker;
let server: TestServer;
beforeAll(async () => {
  worker = await buildWorker();
  server = await startServer(worker.entry);
});
afterAll(async () => {
  await server.stop();
  await worker.remove();
});

/** A visitor's phone and its conversation. */
async function visitor() {
  const phone = await server.phone({ idPersona: `DNI-${randomUUID().slice(0, 8)}` });
  const client = server.client(phone.token);
  const conversation: string = await vi.waitFor(async () => {
    const { session } = await client.send('sessions', 'get', { session_id: phone.sessionId });
    if (session.conversation_id === null) throw new Error('no conversation yet');
    return session.conversation_id;
  });
  const say = async (content: string) => {
    const message: Input<'messages', 'create'>['message'] = {
      conversation_id: conversation,
      sender_id: phone.sessionId,
      content,
    };
    return (await client.send('messages', 'create', { message })).message;
  };
  return { client, conversation, say };
}

function desk(): DeskChats {
  const client = server.client();
  const chats = new DeskChats({ client, upload: () => Promise.reject(new Error('nothing is sent here')) });
  onTestFinished(chats.start());
  return chats;
}

const unreadOf = (chats: DeskChats, id: string) => chats.getSnapshot().unread.get(id) ?? 0;

test('[DCHAT14] what is unread is known without opening anything: from before, from now, and without what was deleted', async () => {
  const { conversation, client, say } = await visitor();
  const { id } = await say('uno');
  await say('dos');
  const chats = desk();
  await vi.waitFor(() => expect(unreadOf(chats, conversation)).toBe(2));
  await say('tres');
  await vi.waitFor(() => expect(unreadOf(chats, conversation)).toBe(3));
  expect(chats.getSnapshot().conversations[0]?.last_message?.content).toBe('tres');
  await client.send('messages', 'delete', { message_id: id });
  await vi.waitFor(() => expect(unreadOf(chats, conversation)).toBe(2));
});

test('[DCHAT14] read at one desk it is read at the other', async () => {
  const { conversation, say } = await visitor();
  await say('uno');
  const [here, there] = [desk(), desk()];
  await vi.waitFor(() => expect([here, there].map(one => unreadOf(one, conversation))).toEqual([1, 1]));
  here.open(conversation)?.thread.look(true);
  await vi.waitFor(() => expect([here, there].map(one => unreadOf(one, conversation))).toEqual([0, 0]));
});

test('[DCHAT14] a group that is made appears, and one that is left goes', async () => {
  const chats = desk();
  await vi.waitFor(() => expect(chats.getSnapshot().load).toBe('ready'));
  const { id } = await chats.createGroup('Turno', []);
  const titles = () =>
    chats
      .getSnapshot()
      .conversations.filter(one => one.id === id)
      .map(({ title }) => title);
  expect(titles()).toEqual(['Turno']);
  await chats.leave(id);
  expect(titles()).toEqual([]);
});

test('[DCHAT15] a conversation that goes takes along what was begun to be written in it, and what was not sent', async () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => void kept.set(key, text),
    removeItem: (key: string) => void kept.delete(key),
  };
  const client = server.client();
  const chats = new DeskChats({
    client,
    upload: () => Promise.reject(new Error('nothing is sent here')),
    outboxOf: id => storageOutbox(storage, `chat.${id}`),
    draftOf: id => storageDraft(storage, `draft.${id}`),
  });
  onTestFinished(chats.start());
  await vi.waitFor(() => expect(chats.getSnapshot().load).toBe('ready'));
  const { id } = await chats.createGroup('Turno', []);
  const opened = chats.open(id);
  if (!opened) throw new Error('not open');
  opened.draft.text = 'Le falta';
  expect(storageDraft(storage, `draft.${id}`).text).toBe('Le falta');
  kept.set(`chat.${id}`, '[]');
  await client.send('conversations', 'delete', { conversation_id: id });
  await vi.waitFor(() => expect([...kept]).toEqual([]));
});
