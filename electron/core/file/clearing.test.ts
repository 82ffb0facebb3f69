import { expect, test } from 'vitest';
import { fail, ok } from '../../../protocol/errors.ts';
import { openDesk, uuidFrom } from '../../../tests/desk-fixture.ts';
import type { ChatFiles } from '../ports.ts';
import { clearFiles, discardFilesOf, fileRetention } from './clearing.ts';

const day = 24 * 60 * 60 * 1_000;

test('[FILES17] old files go, and only those; what the disk refuses is tried again', async () => {
  const desk = openDesk();
  const { store } = desk;
  const clock = { now: desk.now };
  const add = (name: string, conversationId: string, age: number) => {
    const id = uuidFrom(name);
    const facts = { name: 'a.txt', mime: 'text/plain' as const, bytes: 1, sha256: 'a'.repeat(64) };
    store.files.insert({ ...facts, id, conversationId, owner: 'ana', createdAt: desk.now() - age, deletedAt: null });
    return id;
  };
  const old = add('old', 'one', 31 * day);
  const young = add('young', 'one', 29 * day);
  const other = add('other', 'two', 0);

  const lines = fileRetention(30, { store, clock });
  expect(lines).toEqual([{ kind: 'file_retention', who: 'server', data: { files: 1, days: 30 } }]);
  expect(fileRetention(30, { store, clock })).toEqual([]);
  expect(store.files.ofConversation('one').map(({ id }) => id)).toEqual([young]);
  expect(store.files.ofSender('ana', 'one')).toEqual({ count: 1, bytes: 1 });

  let broken = true;
  const gone: string[] = [];
  const files: Pick<ChatFiles, 'remove'> = {
    async remove(id) {
      if (broken) return fail('unavailable', 'EIO');
      gone.push(id);
      return ok(undefined);
    },
  };
  await clearFiles(store, files, desk.commit);
  expect(store.files.has(old)).toBe(true);
  broken = false;
  discardFilesOf('two', { files: store.files, clock });
  await clearFiles(store, files, desk.commit);
  expect(gone.toSorted()).toEqual([old, other].toSorted());
  expect([old, young, other].map(id => store.files.has(id))).toEqual([false, true, false]);
});
