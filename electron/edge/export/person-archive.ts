/** What the export of one person holds: pictures, chat with its files, log, and a manifest with the hash of each. */
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { toActivity } from '../../core/activity/activity.ts';
import { type MessageRow, toMessage } from '../../core/chat/chat.ts';
import type { ChatStore } from '../../core/chat/ports.ts';
import { cleanFileName } from '../../core/file/file-name.ts';
import type { Darkroom } from '../../core/photo/darkroom.ts';
import { isWorkedOn, type PhotoRow, toPhoto } from '../../core/photo/photo.ts';
import type { ChatFiles, PhotoFiles, Store } from '../../core/ports.ts';
import type { SessionRow } from '../../core/session/session.ts';
import { type Entry, measured } from './archive.ts';
import { activityCsv, chatText, type Talk } from './readable.ts';

export interface ArchiveParts {
  store: Store;
  chat: ChatStore;
  darkroom: Darkroom;
  files: PhotoFiles;
  attachments: ChatFiles;
  version: string;
}

/** A photo that is still being worked on is waited for, in milliseconds. */
const waitForWork = 10_000;
const pageSize = 200;

/** How many bytes there are to come, more or less: for a progress bar. */
export function expectedBytes(
  idPersona: string,
  { store }: Pick<ArchiveParts, 'store'>,
  talks: readonly Talk[],
): number {
  const photos = store.photos.list({ idPersona, limit: Number.MAX_SAFE_INTEGER });
  const files = talks.flatMap(({ conversationId }) => store.files.ofConversation(conversationId));
  return [...photos, ...files].reduce((sum, { bytes }) => sum + bytes, 0);
}

/** The conversations of a person's sessions, each with all its messages, oldest first. */
export async function talksOf(
  idPersona: string,
  { store, chat }: Pick<ArchiveParts, 'store' | 'chat'>,
): Promise<Talk[]> {
  const talks: Talk[] = [];
  for (const { id: sessionId } of store.sessions.ofPersona(idPersona)) {
    for (const { id } of await chat.conversationsOf(sessionId, pageSize)) {
      const messages: MessageRow[] = [];
      for (let before: number | undefined; ; ) {
        const page = await chat.history(id, { before, limit: pageSize });
        messages.unshift(...page);
        before = Number(page[0]?.id);
        if (page.length < pageSize) break;
      }
      talks.push({ conversationId: id, sessionId, messages });
    }
  }
  return talks;
}

/** `madeAt` in milliseconds. The manifest comes last: it says what the others turned out to be. */
export async function* personEntries(
  idPersona: string,
  talks: readonly Talk[],
  madeAt: number,
  parts: ArchiveParts,
): AsyncGenerator<Entry> {
  const { store, files, attachments } = parts;
  const at = new Date(madeAt);
  const names = new Set<string>();
  const contents: { name: string; bytes: number; sha256: string }[] = [];
  const photos: object[] = [];

  async function* picture(name: string, when: number, stream: Readable): AsyncGenerator<Entry> {
    const { stream: content, facts } = measured(stream);
    yield { name, at: new Date(when), content, compress: false };
    contents.push({ name, ...facts() });
  }
  function* text(name: string, words: string): Generator<Entry> {
    const content = Buffer.from(words);
    contents.push({ name, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') });
    yield { name, at, content, compress: true };
  }

  for (const row of store.photos.ofPersona(idPersona)) {
    if (row.deletedAt !== null) continue;
    const { why, row: now } = await ready(row, parts);
    const file = why === null ? await files.open(row.id, 'full') : null;
    const name = file?.ok ? unused(photoName(now), names) : null;
    if (file?.ok && name !== null) yield* picture(name, row.receivedAt, file.value.stream);
    const { urls: _urls, ...facts } = toPhoto(now);
    photos.push({ ...facts, file: name, ...(name === null ? { left_out: why ?? 'unreadable' } : {}) });
  }
  const shared: object[] = [];
  for (const { conversationId } of talks) {
    for (const row of store.files.ofConversation(conversationId)) {
      const file = await attachments.open(row.id, 'full');
      const name = file.ok ? unused(`attachments/${cleanFileName(row.name, row.mime)}`, names) : null;
      if (file.ok && name !== null) yield* picture(name, row.createdAt, file.value.stream);
      shared.push({ id: row.id, conversation_id: conversationId, sender_id: row.owner, mime: row.mime, file: name });
    }
  }
  const chat = talks.map(({ conversationId, sessionId, messages }) => ({
    conversation_id: conversationId,
    session_id: sessionId,
    messages: messages.map(toMessage),
  }));
  yield* text('chat.json', JSON.stringify(chat, null, 2));
  yield* text('chat.txt', chatText(talks, idPersona));
  yield* text('log.csv', activityCsv(store.activity.ofPersona(idPersona).map(toActivity)));
  const manifest = {
    idPersona,
    made_at: at.toISOString(),
    mostrador: parts.version,
    files: contents,
    photos,
    attachments: shared,
    sessions: store.sessions.ofPersona(idPersona).map(sessionFacts),
  };
  yield { name: 'manifest.json', at, content: Buffer.from(JSON.stringify(manifest, null, 2)), compress: true };
}

/** A photo that cannot be given says why. */
async function ready(row: PhotoRow, { store, darkroom }: ArchiveParts): Promise<{ why: string | null; row: PhotoRow }> {
  if (!isWorkedOn(row)) await darkroom.wait(row.id, 'full', waitForWork);
  const now = store.photos.get(row.id) ?? row;
  if (now.status === 'quarantined') return { why: 'quarantined', row: now };
  return { why: isWorkedOn(now) ? null : 'working', row: now };
}

/** `photos/2026-03-02_12-00-05_DNI-anverso.jpg`, by this machine's clock. */
function photoName({ receivedAt, shot, mime }: PhotoRow): string {
  const at = new Date(receivedAt - new Date(receivedAt).getTimezoneOffset() * 60_000).toISOString();
  const when = at.slice(0, 19).replace('T', '_').replaceAll(':', '-');
  const what = (shot ?? '')
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 60);
  return `photos/${when}${what && `_${what}`}.${mime === 'image/png' ? 'png' : 'jpg'}`;
}

/** The name, or with a number where there is one like it, whatever its case. */
function unused(name: string, names: Set<string>): string {
  const [, stem = name, ending = ''] = /^(.*)(\.[^.]+)$/.exec(name) ?? [];
  let found = name;
  for (let n = 2; names.has(found.toLowerCase()); n++) found = `${stem}_${n}${ending}`;
  names.add(found.toLowerCase());
  return found;
}

function sessionFacts(row: SessionRow): object {
  const { id, label, status, shots, createdAt } = row;
  const ended = row.status === 'disconnected' ? new Date(row.endedAt).toISOString() : null;
  const device = 'device' in row ? row.device : null;
  return { id, label, status, shots, device, created_at: new Date(createdAt).toISOString(), ended_at: ended };
}
