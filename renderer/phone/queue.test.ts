import { createHash } from 'node:crypto';
import { afterEach, expect, test, vi } from 'vitest';
import { type ErrorCode, type Failure, fail, ok, type Result } from '../../protocol/errors.ts';
import type { ChatFile } from '../../protocol/file.ts';
import type { Photo } from '../../protocol/photo.ts';
import type { FileUpload, Upload } from '../client/index.ts';
import { uuid } from '../client/random.ts';
import { memoryShelf, type PhotoShelf } from './photo-shelf.ts';
import type { PreparedPhoto } from './prepare-photo.ts';
import { type Phase, UploadQueue } from './queue.ts';

const queues: UploadQueue[] = [];
afterEach(async () => {
  for (const queue of queues.splice(0)) await queue.erase();
});

type Answer = (upload: Upload) => Promise<Result<Photo>> | Result<Photo>;

/** A server of one function; what it was sent is kept by session. */
function desk(answer: Answer = upload => ok(received(upload))) {
  const uploads: { sessionId: string; upload: Upload }[] = [];
  const files: { sessionId: string; upload: FileUpload }[] = [];
  const sent: Photo[] = [];
  const filed: { file: ChatFile; chat: boolean }[] = [];
  const fileAnswer = (upload: FileUpload): Result<ChatFile> => ok(filedAs(upload));
  const refused: string[] = [];
  const closed = new Set<string>();
  function open(shelf: PhotoShelf = memoryShelf(), backoff = { first: 4, most: 8 }) {
    let time = 0;
    const queue = new UploadQueue({
      shelf,
      hashOf,
      uploaderOf: sessionId =>
        closed.has(sessionId)
          ? null
          : {
              uploadPhoto: async upload => {
                uploads.push({ sessionId, upload });
                return answer(upload);
              },
              uploadFile: async upload => {
                files.push({ sessionId, upload });
                return fileAnswer(upload);
              },
            },
      onSent: photo => void sent.push(photo),
      onFileSent: (file, { chat }) => void filed.push({ file, chat }),
      onRefused: sessionId => {
        refused.push(sessionId);
        closed.add(sessionId);
        void queue.dropSession(sessionId);
      },
      now: () => {
        time += 1;
        return time;
      },
      newId: uuid,
      backoff,
    });
    queues.push(queue);
    return { queue, shelf };
  }
  return { open, uploads, files, filed, sent, refused, closed };
}

function photoOf(text: string, type: PreparedPhoto['type'] = 'image/jpeg'): PreparedPhoto {
  return { bytes: bytesOf(text), type, hint: null, small: null, original: null };
}

function received(upload: Upload): Photo {
  return {
    id: upload.id,
    idPersona: null,
    session_id: 's1',
    mime: 'image/jpeg',
    width: 1,
    height: 1,
    bytes: upload.blob.size,
    sha256: upload.sha256 ?? '',
    stored_sha256: null,
    status: 'received',
    reason: null,
    shot: upload.shot ?? null,
    received_at: '2026-01-01T00:00:00.000Z',
    urls: { full: '/full', thumb: '/thumb' },
  };
}

function filedAs({ id, conversationId, name, blob, sha256 = '' }: FileUpload): ChatFile {
  const url = `/api/files/${id}`;
  const created_at = '2026-01-01T00:00:00.000Z';
  return {
    id,
    conversation_id: conversationId,
    name,
    mime: 'application/pdf',
    bytes: blob.size,
    sha256,
    created_at,
    url,
  };
}

const hashOf = async (bytes: Blob) =>
  createHash('sha256')
    .update(Buffer.from(await bytes.arrayBuffer()))
    .digest('hex');

const bytesOf = (text: string): ArrayBuffer => new Uint8Array(Buffer.from(text)).buffer;

function phases(queue: UploadQueue): Phase['name'][] {
  return queue.getSnapshot().map(photo => photo.phase.name);
}

/** Until the queue looks like `wanted`. */
function until(queue: UploadQueue, wanted: (queue: UploadQueue) => boolean): Promise<void> {
  return new Promise(resolve => {
    if (wanted(queue)) return resolve();
    const stop = queue.subscribe(() => {
      if (!wanted(queue)) return;
      stop();
      resolve();
    });
  });
}
const empty = (queue: UploadQueue) => queue.getSnapshot().length === 0;

test('[PHONE1] a chosen photo waits as a draft and goes out only when the person says so, with its hash and shot', async () => {
  const { open, uploads, sent } = desk();
  const { queue, shelf } = open();
  const id = await queue.addDraft('s1', photoOf('front'), 'DNI anverso');
  expect(phases(queue)).toEqual(['draft']);
  expect(uploads).toEqual([]);
  await queue.send('s1');
  await until(queue, empty);
  expect(uploads).toHaveLength(1);
  expect(uploads[0]?.upload).toMatchObject({
    id,
    shot: 'DNI anverso',
    sha256: createHash('sha256').update('front').digest('hex'),
  });
  expect(uploads[0]?.upload.blob.type).toBe('image/jpeg');
  expect(await uploads[0]?.upload.blob.text()).toBe('front');
  expect(sent.map(photo => photo.id)).toEqual([id]);
  expect(await shelf.all()).toEqual([]);
});

test('[PHONE2] what was not sent yet survives a reload, under the same id', async () => {
  const down = desk(() => fail('unavailable', 'No hay red.'));
  const before = down.open();
  const first = await before.queue.addDraft('s1', photoOf('one', 'image/png'), null);
  await before.queue.send('s1');
  await until(before.queue, queue => phases(queue).includes('waiting'));
  const draft = await before.queue.addDraft('s1', photoOf('two'), null);

  const up = desk();
  const after = up.open(before.shelf);
  await after.queue.load();
  await until(after.queue, queue => queue.getSnapshot().length === 1);
  expect(up.uploads.map(({ upload }) => upload.id)).toEqual([first]);
  expect(after.queue.getSnapshot()).toMatchObject([{ id: draft, phase: { name: 'draft' } }]);
});

test('[PHONE3] what can heal is tried again by itself until it is there', async () => {
  const troubles: ErrorCode[] = ['unavailable', 'internal', 'unavailable'];
  const { open, uploads } = desk(upload => {
    const code = troubles.shift();
    return code ? fail(code, 'Ahora no.') : ok(received(upload));
  });
  const { queue } = open();
  await queue.addDraft('s1', photoOf('x'), null);
  await queue.send('s1');
  await until(queue, empty);
  expect(uploads).toHaveLength(4);
  expect(new Set(uploads.map(({ upload }) => upload.id)).size).toBe(1);
});

test('[PHONE4] a photo damaged on its way is sent again; one that the desk refuses waits for the person', async () => {
  const refusals: Failure[] = [
    { code: 'invalid_message', message: 'Llegó dañada.', details: { reason: 'hash' } },
    { code: 'invalid_message', message: 'No es una foto.' },
  ];
  const { open, uploads } = desk(upload => {
    const error = refusals.shift();
    return error ? { ok: false, error } : ok(received(upload));
  });
  const { queue, shelf } = open();
  const id = await queue.addDraft('s1', photoOf('x'), null);
  await queue.send('s1');
  await until(queue, it => phases(it).includes('failed'));
  expect(uploads).toHaveLength(2);
  expect(queue.getSnapshot()[0]?.phase).toMatchObject({ failure: { message: 'No es una foto.' } });
  queue.wake();
  expect(uploads).toHaveLength(2);

  // Still failed, and still told so, after a reload.
  const again = desk().open(shelf);
  await again.queue.load();
  expect(phases(again.queue)).toEqual(['failed']);

  await queue.retry(id);
  await until(queue, empty);
  expect(uploads).toHaveLength(3);
});

test('[PHONE5] photos go only to the session they were taken for, and are dropped once it is over', async () => {
  const down = desk(() => fail('unavailable', 'No hay red.'));
  const before = down.open();
  for (const session of ['old', 'new', 'gone']) {
    await before.queue.addDraft(session, photoOf(session), null);
    await before.queue.send(session);
  }

  const up = desk(async upload =>
    (await upload.blob.text()) === 'old' ? fail('expired', 'Terminó.') : ok(received(upload)),
  );
  up.closed.add('gone');
  expect(await before.shelf.all()).toHaveLength(3);
  const { queue, shelf } = up.open(before.shelf);
  await queue.load();
  await until(queue, empty);
  expect(up.uploads.map(({ sessionId }) => sessionId).sort()).toEqual(['new', 'old']);
  for (const { sessionId, upload } of up.uploads) expect(await upload.blob.text()).toBe(sessionId);
  expect(up.refused).toEqual(['old']);
  expect(up.sent).toHaveLength(1);
  expect(await shelf.all()).toEqual([]);
});

test('[PHONE14] when a new visit begins, what the person never said to send for another is dropped', async () => {
  const { open, uploads } = desk(() => fail('unavailable', 'No hay red.'));
  const { queue, shelf } = open();
  const going = await queue.addDraft('old', photoOf('confirmed'), null);
  await queue.send('old');
  await queue.addDraft('old', photoOf('never confirmed'), null);
  const mine = await queue.addDraft('new', photoOf('mine'), null);
  await queue.dropAbandoned('new');
  expect(queue.getSnapshot().map(({ id }) => id)).toEqual([going, mine]);
  expect((await shelf.all()).map(({ id }) => id)).toEqual([going, mine]);
  await vi.waitFor(() => expect(new Set(uploads.map(({ upload }) => upload.id))).toEqual(new Set([going])));
});

test('[PHONE6] wake tries at once what waits for its turn', async () => {
  let isUp = false;
  const { open } = desk(upload =>
    isUp ? ok(received(upload)) : fail('rate_limited', 'Espere.', { retry_after_s: 60 }),
  );
  const { queue } = open();
  await queue.addDraft('s1', photoOf('x'), null);
  await queue.send('s1');
  await until(queue, it => phases(it).includes('waiting'));
  isUp = true;
  queue.wake();
  await until(queue, empty);
});

test('[PHONE6] what is on its way when it wakes, and fails, is tried once more at once and then waits', async () => {
  const answers: (() => void)[] = [];
  const { open, uploads } = desk(async () => {
    await new Promise<void>(resolve => answers.push(resolve));
    return fail('unavailable', 'No hay red.');
  });
  const { queue } = open(memoryShelf(), { first: 60_000, most: 60_000 });
  await queue.addDraft('s1', photoOf('x'), null);
  await queue.send('s1');
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  queue.wake();
  answers[0]?.();
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  answers[1]?.();
  await until(queue, it => phases(it).includes('waiting'));
  expect(uploads).toHaveLength(2);
});

test('[PHONE7] two at a time, and one that keeps failing does not stand in the way of the others', async () => {
  let atOnce = 0;
  let most = 0;
  const { open, sent } = desk(async upload => {
    atOnce += 1;
    most = Math.max(most, atOnce);
    await new Promise(resolve => setImmediate(resolve));
    atOnce -= 1;
    return (await upload.blob.text()) === 'poison' ? fail('internal', 'Fallo.') : ok(received(upload));
  });
  const { queue } = open();
  await queue.addDraft('s1', photoOf('poison'), null);
  for (let i = 0; i < 5; i += 1) await queue.addDraft('s1', photoOf(`photo ${i}`), null);
  await queue.send('s1');
  await until(queue, it => it.getSnapshot().length === 1);
  expect(sent).toHaveLength(5);
  expect(most).toBe(2);
});

test('[PHONE8] a photo that is removed while it is sent is aborted and forgotten', async () => {
  let signal: AbortSignal | undefined;
  const { open, sent } = desk(upload => {
    signal = upload.signal;
    return new Promise(resolve => {
      upload.signal?.addEventListener('abort', () => resolve(fail('unavailable', 'Cancelado.', { aborted: true })));
    });
  });
  const { queue, shelf } = open();
  const id = await queue.addDraft('s1', photoOf('x'), null);
  await queue.send('s1');
  await vi.waitFor(() => expect(signal?.aborted).toBe(false));
  await queue.remove(id);
  expect(signal?.aborted).toBe(true);
  expect(queue.getSnapshot()).toEqual([]);
  expect(await shelf.all()).toEqual([]);
  expect(sent).toEqual([]);
});

test('[PHONE9] a shelf that cannot keep anything does not stop a photo from being sent', async () => {
  const { open, sent } = desk();
  const { queue } = open({ ...memoryShelf(), put: () => Promise.reject(new Error('the disk is full')) });
  await queue.addDraft('s1', photoOf('x'), null);
  await queue.send('s1');
  await until(queue, empty);
  expect(sent).toHaveLength(1);
});

test('[PHONE455] a database that is lost while photos wait holds none of them up, nor the end of the visit', async () => {
  const { open, sent } = desk();
  const lost = () => Promise.reject(new Error('Connection to Indexed Database server lost'));
  const { queue } = open({
    ...memoryShelf(),
    durable: Promise.resolve(true),
    all: lost,
    put: lost,
    remove: lost,
    clear: lost,
  });
  await queue.load();
  for (const text of ['one', 'two', 'three', 'four', 'five']) await queue.addDraft('s1', photoOf(text), null);
  await queue.send('s1');
  await until(queue, empty);
  expect(sent).toHaveLength(5);
  const id = await queue.addDraft('s1', photoOf('six'), null);
  await queue.remove(id);
  await queue.addDraft('s1', photoOf('seven'), null);
  await queue.erase();
  expect(empty(queue)).toBe(true);
});

test('[PHONE456] what there was no room for is told as not kept, until it is sent or there is room', async () => {
  let isFull = false;
  let isThere = false;
  const { open } = desk(upload => (isThere ? ok(received(upload)) : fail('unavailable', 'Sin red.')));
  const shelf = { ...memoryShelf(), durable: Promise.resolve(true) };
  const { queue } = open({ ...shelf, put: photo => (isFull ? Promise.reject(new Error('full')) : shelf.put(photo)) });
  await queue.addDraft('s1', photoOf('kept'), null);
  expect(queue.durable).toBe(true);
  isFull = true;
  const second = await queue.addDraft('s1', photoOf('not kept'), null);
  expect(queue.durable).toBe(false);
  isFull = false;
  await queue.nameShot(second, 'Anverso');
  expect(queue.durable).toBe(true);
  isFull = true;
  await queue.send('s1');
  expect(queue.durable).toBe(false);
  isThere = true;
  queue.wake();
  await until(queue, empty);
  expect(queue.durable).toBe(true);
});

test('[PCHAT10] a photo or a file chosen in the chat goes at once, with its name and hash, and is forgotten once its message is kept', async () => {
  const { open, uploads, files, filed } = desk();
  const { queue, shelf } = open();
  await queue.addForChat('s1', bytesOf('photo'), 'image/jpeg');
  await queue.addForChat('s1', bytesOf('%PDF-'), 'application/pdf', { conversationId: 'c1', name: 'Acta.pdf' });
  await until(queue, empty);
  expect(uploads).toMatchObject([{ sessionId: 's1', upload: { shot: null } }]);
  const sha256 = createHash('sha256').update('%PDF-').digest('hex');
  expect(files).toMatchObject([{ sessionId: 's1', upload: { conversationId: 'c1', name: 'Acta.pdf', sha256 } }]);
  expect(filed).toMatchObject([{ file: { name: 'Acta.pdf' }, chat: true }]);
  await expect.poll(() => shelf.all()).toEqual([]);
});

test('[PCHAT11] a reload before the message of a sent photo is kept sends the photo again, under the same id', async () => {
  const shelf = memoryShelf();
  let told = 0;
  const photos: string[] = [];
  const open = (onSent: () => Promise<void>) => {
    const uploadPhoto = async (upload: Upload) => {
      photos.push(upload.id);
      return ok(received(upload));
    };
    const uploadFile = async (upload: FileUpload) => ok(filedAs(upload));
    const queue = new UploadQueue({
      shelf,
      hashOf,
      uploaderOf: () => ({ uploadPhoto, uploadFile }),
      onSent: () => {
        told += 1;
        return onSent();
      },
      onFileSent: () => {},
      onRefused: () => {},
      now: () => 1,
      newId: uuid,
    });
    queues.push(queue);
    return queue;
  };
  const before = open(() => new Promise(() => {}));
  await before.addForChat('s1', bytesOf('photo'), 'image/jpeg');
  await until(before, () => told === 1);
  expect(await shelf.all()).toHaveLength(1);
  const after = open(async () => {});
  await after.load();
  await until(after, () => told === 2);
  await expect.poll(() => shelf.all()).toEqual([]);
  expect(photos[1]).toBe(photos[0]);
});

test('[PHONE454] what somebody else answers at the desk’s address ends no visit and loses no photo: it is tried again', async () => {
  const elsewhere: Failure[] = [
    { code: 'unauthorized', message: 'Router.', details: { status: 401, foreign: true } },
    { code: 'not_found', message: 'Router.', details: { status: 404, foreign: true } },
    { code: 'invalid_message', message: 'Portal.', details: { foreign: true } },
    { code: 'expired', message: 'Portal.', details: { status: 410, foreign: true } },
  ];
  const it = desk(upload => {
    const error = elsewhere.shift();
    return error ? { ok: false, error } : ok(received(upload));
  });
  const { queue } = it.open();
  await queue.addDraft('s1', photoOf('photo'), null);
  await queue.send('s1');
  await until(queue, empty);
  expect(it.refused).toEqual([]);
  expect(it.uploads).toHaveLength(5);
  // A proxy that lets nothing so large through does so the next time too: that one waits for the person.
  elsewhere.push({ code: 'too_large', message: 'Proxy.', details: { status: 413, foreign: true } });
  await queue.addDraft('s1', photoOf('photo'), null);
  await queue.send('s1');
  await until(queue, queue => phases(queue)[0] === 'failed');
});
