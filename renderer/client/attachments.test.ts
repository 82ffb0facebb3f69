import { expect, test } from 'vitest';
import { fail, ok, type Result } from '../../protocol/errors.ts';
import type { ChatFile } from '../../protocol/file.ts';
import { Attachments } from './attachments.ts';
import type { Said } from './chat-thread.ts';
import type { FileUpload } from './index.ts';

/** A server that answers when the test says so. */
function opened() {
  const said: Said[] = [];
  const uploads: { upload: FileUpload; answer: (result: Result<ChatFile>) => void }[] = [];
  const attachments = new Attachments({
    conversationId: 'one',
    upload: upload => new Promise(answer => uploads.push({ upload, answer })),
    say: message => void said.push(message),
  });
  const states = () => attachments.getSnapshot().map(({ name, state }) => `${name} ${state.name}`);
  return { attachments, said, uploads, states };
}

const file = (name: string) => new File(['…'], name);
const kept = (upload: FileUpload, mime: ChatFile['mime'] = 'application/pdf') =>
  ok({
    id: upload.id,
    conversation_id: 'one',
    name: upload.name,
    mime,
    bytes: 3,
    sha256: 'a'.repeat(64),
    created_at: '2026-03-02T12:00:00.000Z',
    url: `/api/files/${upload.id}`,
  });
/** After what is already settled has been heard of. */
const heard = () => new Promise<void>(resolve => setImmediate(resolve));

test('[DCHAT13] files go out one after the other, and each is said once, by one id for file and message', async () => {
  const { attachments, said, uploads, states } = opened();
  attachments.add([file('a.pdf'), file('b.png')]);
  expect(states()).toEqual(['a.pdf sending', 'b.png waiting']);
  const [first] = uploads;
  first?.upload.onProgress?.(2, 3);
  expect(attachments.getSnapshot()[0]?.state).toEqual({ name: 'sending', sent: 2 });
  if (first) first.answer(kept(first.upload));
  await heard();
  expect(states()).toEqual(['b.png sending']);
  const [, second] = uploads;
  if (second) second.answer(kept(second.upload, 'image/png'));
  await heard();
  expect(states()).toEqual([]);
  expect(said).toEqual(
    uploads.map(({ upload }, n) => ({
      type: n === 0 ? 'archivo' : 'imagen',
      content: upload.name,
      file_url: `/api/files/${upload.id}`,
      client_id: upload.id,
    })),
  );
});

test('[DCHAT13] one that failed waits for the person, under the same id, and holds up no other', async () => {
  const { attachments, said, uploads, states } = opened();
  attachments.add([file('a.exe'), file('b.pdf')]);
  uploads[0]?.answer(fail('invalid_message', 'Este tipo de archivo no se admite.'));
  await heard();
  expect(states()).toEqual(['a.exe failed', 'b.pdf sending']);
  attachments.retry(uploads[0]?.upload.id ?? '');
  expect(states()).toEqual(['a.exe waiting', 'b.pdf sending']);
  if (uploads[1]) uploads[1].answer(kept(uploads[1].upload));
  await heard();
  expect(uploads[2]?.upload.id).toBe(uploads[0]?.upload.id);
  expect(said.map(({ content }) => content)).toEqual(['b.pdf']);
});

test('[DCHAT13] one that is cancelled on its way is stopped, never said, and the next goes on', async () => {
  const { attachments, said, uploads, states } = opened();
  attachments.add([file('a.pdf'), file('b.pdf')]);
  const [first] = uploads;
  attachments.cancel(first?.upload.id ?? '');
  expect(first?.upload.signal?.aborted).toBe(true);
  if (first) first.answer(kept(first.upload));
  await heard();
  expect([states(), said]).toEqual([['b.pdf sending'], []]);
});
