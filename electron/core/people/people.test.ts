/** Who there is, and that everything of one of them goes. (Issue 4; TRUST "Privacy".) */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { read } from '../../../protocol/codec.ts';
import { ok } from '../../../protocol/errors.ts';
import { peoplePage, personDeleted } from '../../../protocol/people.ts';
import { requests } from '../../../protocol/requests.ts';
import { type Desk, granted, openDesk, uuidFrom, verdict } from '../../../tests/desk-fixture.ts';
import { operator, type Principal } from '../access.ts';
import { StoreUnavailable } from '../ports.ts';
import { pruneSessions } from './erase.ts';

const photoReply = requests.photos.get.reply;
const integration: Principal = { role: 'integration', userId: 'crm' };
const client: Principal = { role: 'cliente', userId: '7' };
const admin: Principal = { role: 'admin', userId: 'ana' };

function people(desk: Desk, query: object = {}) {
  return granted(read(peoplePage, granted(desk.ask(operator, 'people', 'list', query))));
}

async function erase(desk: Desk, idPersona: string, who: Principal = operator) {
  const answer = granted(await desk.askLater(who, 'people', 'delete', { idPersona }));
  return granted(read(personDeleted, answer));
}

describe('who there is', () => {
  test('[PEOPLE1] persons by photos and sessions, last active first, with counts, page by page without a gap', () => {
    const desk = openDesk();
    for (const idPersona of ['A', 'B', 'C', 'D', 'E']) {
      desk.jump(1_000);
      desk.photo({ idPersona });
    }
    const live = desk.paired({ idPersona: 'F' });
    const { id } = desk.photo({ idPersona: 'A', sessionId: live.id });
    granted(desk.ask(operator, 'photos', 'review', { photo_id: id, verdict: 'accepted' }));
    desk.photo({ idPersona: null });
    const first = people(desk, { limit: 4 });
    const second = people(desk, { limit: 4, before: first.next });
    expect(first.people.map(one => one.idPersona)).toEqual(['A', 'E', 'F', 'D']);
    expect(second.people.map(one => one.idPersona)).toEqual(['C', 'B']);
    expect(second.next).toBeNull();
    expect(first.people[0]).toEqual({
      idPersona: 'A',
      photos: { received: 1, accepted: 1, rejected: 0, quarantined: 0 },
      last_activity: new Date(desk.now()).toISOString(),
      live: false,
    });
    expect(first.people[2]).toMatchObject({ live: true, photos: { received: 0 } });
    granted(desk.ask(operator, 'sessions', 'end', { session_id: live.id }));
    granted(desk.ask(operator, 'photos', 'delete', { photo_id: id }));
    expect(people(desk, { query: 'f' }).people[0]).toMatchObject({ live: false });
    expect(people(desk, { query: 'a' }).people[0]?.photos).toMatchObject({ received: 1, accepted: 0 });
    expect(verdict(desk.ask(operator, 'people', 'list', { before: 'yesterday' }))).toBe('invalid_message');
  });

  test('[PEOPLE2] any part of the idPersona finds it, in any case; no sign stands for others', () => {
    const desk = openDesk();
    for (const idPersona of ['ÑANDÚ-12', 'a%b_c', 'a*b?c', 'x[1]^z', 'DNI-123456']) desk.photo({ idPersona });
    const found = (query: string) => people(desk, { query }).people.map(one => one.idPersona);
    expect(found('ñandú')).toEqual(['ÑANDÚ-12']);
    expect(found(' 345 ')).toEqual(['DNI-123456']);
    expect(found('dni')).toEqual(['DNI-123456']);
    expect(found('%')).toEqual(['a%b_c']);
    expect(found('_')).toEqual(['a%b_c']);
    expect(found('*')).toEqual(['a*b?c']);
    expect(found('?')).toEqual(['a*b?c']);
    expect(found('[1]^Z')).toEqual(['x[1]^z']);
    expect(found('[')).toEqual(['x[1]^z']);
    expect(found('nobody')).toEqual([]);
    expect(found('')).toHaveLength(5);
  });

  test('[PEOPLE3] only operator and admin list and delete; phones, integrations and users may not', async () => {
    const desk = openDesk();
    const { who } = desk.paired({ idPersona: 'A' });
    for (const principal of [who, integration, client]) {
      expect(verdict(desk.ask(principal, 'people', 'list'))).toBe('forbidden');
      expect(verdict(await desk.askLater(principal, 'people', 'delete', { idPersona: 'A' }))).toBe('forbidden');
    }
    expect(verdict(desk.ask(admin, 'people', 'list'))).toBe('ok');
    expect(desk.store.sessions.ofPersona('A')).toHaveLength(1);
  });

  test('[PEOPLE4] a photo with the bytes of an earlier one of the same person names it; a phone is not told', () => {
    const desk = openDesk();
    const session = desk.paired({ idPersona: 'A' });
    const [first, second, other] = [
      desk.photo({ idPersona: 'A' }),
      desk.photo({ idPersona: 'A', sessionId: session.id }),
      desk.photo({ idPersona: 'B' }),
    ];
    for (const row of [first, second, other]) desk.store.photos.update({ ...row, sha256: 'e'.repeat(64) });
    const told = (of: Principal, photo_id: string) =>
      granted(read(photoReply, granted(desk.ask(of, 'photos', 'get', { photo_id })))).photo.duplicate_of;
    expect([first, second, other].map(({ id }) => told(operator, id))).toEqual([null, first.id, null]);
    expect(told(session.who, second.id)).toBeNull();
    // What it repeats goes, comes back, and becomes somebody else's: everybody hears it.
    const last = () => desk.published.filter(({ type }) => type === 'photo_updated').at(-1)?.data;
    granted(desk.ask(operator, 'photos', 'delete', { photo_id: first.id }));
    expect(last()).toMatchObject({ photo: { id: second.id, duplicate_of: null } });
    granted(desk.ask(operator, 'photos', 'restore', { photo_id: first.id }));
    expect(last()).toMatchObject({ photo: { id: second.id, duplicate_of: first.id } });
    granted(desk.ask(operator, 'photos', 'move', { photo_id: first.id, idPersona: 'B' }));
    expect(told(operator, second.id)).toBeNull();
    expect(told(operator, other.id)).toBe(first.id);
  });

  test('[PEOPLE5] a look at a photo is logged with who looked, once a minute for each photo and viewer', () => {
    const desk = openDesk();
    const [one, two] = [desk.photo({ idPersona: 'A' }), desk.photo({ idPersona: 'A' })];
    const look = (who: Principal, photo_id: string) => granted(desk.ask(who, 'photos', 'viewed', { photo_id }));
    const lines = () => desk.store.activity.list({ limit: 50, kinds: ['photo_viewed'] });
    look(operator, one.id);
    look(operator, one.id);
    look(admin, one.id);
    look(operator, two.id);
    expect(lines().map(({ who, data }) => [who, data.photo_id])).toEqual([
      ['operator', one.id],
      ['ana', one.id],
      ['operator', two.id],
    ]);
    desk.jump(59_999);
    look(operator, one.id);
    expect(lines()).toHaveLength(3);
    desk.jump(1);
    look(operator, one.id);
    expect(lines()).toHaveLength(4);
    expect(verdict(desk.ask(client, 'photos', 'viewed', { photo_id: one.id }))).toBe('forbidden');
    expect(verdict(desk.ask(operator, 'photos', 'viewed', { photo_id: uuidFrom('none') }))).toBe('not_found');
  });
});

describe('taking a deletion back', () => {
  test('[PEOPLE6] within 10 s a deleted photo comes back as it was, told to desk and phone; later it does not', async () => {
    const desk = openDesk();
    const { id: sessionId, who } = desk.paired({ idPersona: 'A' });
    const photo_id = desk.photo({ idPersona: 'A', sessionId }).id;
    const before = desk.store.photos.get(photo_id);
    const restore = (by: Principal = operator) => verdict(desk.ask(by, 'photos', 'restore', { photo_id }));
    expect(restore()).toBe('not_found');
    granted(desk.ask(operator, 'photos', 'delete', { photo_id }));
    expect(verdict(desk.ask(operator, 'photos', 'get', { photo_id }))).toBe('not_found');
    expect(restore(who)).toBe('forbidden');
    desk.jump(9_999);
    await desk.darkroom.clear(desk.now() - 10_000);
    desk.published.length = 0;
    expect(restore()).toBe('ok');
    expect(desk.store.photos.get(photo_id)).toEqual(before);
    expect(desk.published[0]).toMatchObject({ type: 'photo_updated', rooms: ['@desk', `@session:${sessionId}`] });
    expect(desk.store.activity.list({ limit: 1 })[0]).toMatchObject({ kind: 'photo_restored', who: 'operator' });
    expect(restore()).toBe('not_found');
    granted(desk.ask(operator, 'photos', 'delete', { photo_id }));
    desk.jump(10_000);
    expect(restore()).toBe('expired');
    await desk.darkroom.clear(desk.now() - 10_000);
    expect(desk.store.photos.has(photo_id)).toBe(false);
  });

  test('[PEOPLE7] a restart ends the time for taking back', () => {
    const desk = openDesk();
    const photo_id = desk.photo({ idPersona: 'A' }).id;
    granted(desk.ask(operator, 'photos', 'delete', { photo_id }));
    desk.store.photos.sealDeleted();
    expect(verdict(desk.ask(operator, 'photos', 'restore', { photo_id }))).toBe('expired');
  });
});

describe('deleting a person', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'erase-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** In which files of the database, its journal included, these words stand. */
  const standsIn = (words: string) =>
    readdirSync(folder).filter(name => readFileSync(join(folder, name)).includes(words));

  async function visited(desk: Desk, idPersona: string) {
    const { id: sessionId, who, token } = desk.paired({ idPersona, label: `${idPersona} en caja` });
    await desk.openChat(sessionId);
    const conversation = desk.store.sessions.get(sessionId)?.conversationId ?? '';
    const message = { conversation_id: conversation, content: `Soy ${idPersona}`, sender_id: sessionId };
    granted(await desk.askLater(who, 'messages', 'create', { message }));
    const photo = desk.photo({ idPersona, sessionId });
    granted(desk.ask(operator, 'photos', 'review', { photo_id: photo.id, verdict: 'rejected', reason: 'borrosa' }));
    return { sessionId, who, token, conversation, photo };
  }

  test('[ERASE1] everything of the person goes, the files of the database included, and one line without the name stays', async () => {
    const desk = openDesk({ path: join(folder, 'desk.db') });
    const gone = await visited(desk, 'GONE-4711');
    const stays = await visited(desk, 'STAYS-1');
    // Known under another name for a while, and a photo that went from one to the other.
    granted(desk.ask(operator, 'sessions', 'assign', { session_id: gone.sessionId, idPersona: 'WRONG' }));
    granted(desk.ask(operator, 'sessions', 'assign', { session_id: gone.sessionId, idPersona: 'GONE-4711' }));
    granted(desk.ask(operator, 'photos', 'move', { photo_id: gone.photo.id, idPersona: 'STAYS-1' }));
    const again = desk.photo({ idPersona: 'GONE-4711', sessionId: gone.sessionId });
    granted(desk.ask(operator, 'photos', 'delete', { photo_id: desk.photo({ idPersona: 'GONE-4711' }).id }));
    granted(desk.ask(operator, 'events', 'publish', { type: 'turno', data: { persona: ['GONE-4711'] } }));
    expect(standsIn('GONE-4711')).not.toEqual([]);
    desk.published.length = 0;

    const reply = await erase(desk, 'GONE-4711', admin);
    expect(reply).toEqual({ ref: desk.refOf('GONE-4711'), photos: 2, sessions: 1, complete: true });
    expect(standsIn('GONE-4711')).toEqual([]);
    expect(standsIn(again.id)).toEqual([]);
    const { store } = desk;
    const lines = store.activity.list({ limit: 200 });
    expect(lines.filter(({ kind }) => kind === 'person_deleted')).toMatchObject([
      { who: 'ana', data: { ref: reply.ref, photos: 2, sessions: 1 }, idPersona: null },
    ]);
    // The other one has lost nothing, and the photo that was given to them is theirs.
    expect(store.photos.get(gone.photo.id)).toMatchObject({ idPersona: 'STAYS-1', sessionId: null });
    expect(store.photos.get(stays.photo.id)).toMatchObject({ idPersona: 'STAYS-1', sessionId: stays.sessionId });
    const history = await desk.kept.chat.history(stays.conversation, { limit: 10 });
    expect(history.map(({ content }) => content)).toEqual(['Soy STAYS-1']);
    expect(people(desk).people.map(({ idPersona }) => idPersona)).toEqual(['STAYS-1']);
    expect(store.erasures.list()).toEqual([]);
  });

  test('[ERASE2] its phone hears the end and its token is dead; desks hear each photo go and what to fetch anew', async () => {
    const desk = openDesk();
    const { sessionId, token, photo } = await visited(desk, 'A');
    desk.published.length = 0;
    const { ref } = await erase(desk, 'A');
    expect(desk.revoked).toEqual([sessionId]);
    expect(desk.store.sessions.byPhone(desk.credentials.hash(token))).toBeNull();
    const told = desk.published.map(({ type, seq, data }) => ({ type, kept: seq !== null, data }));
    expect(told).toMatchObject([
      { type: 'session_updated', kept: false, data: { session: { id: sessionId, status: 'disconnected' } } },
      { type: 'photo_deleted', kept: false, data: { photo_id: photo.id } },
      { type: 'person_deleted', kept: true, data: { ref } },
      { type: 'activity', kept: true },
      { type: 'conversation_deleted', kept: false },
    ]);
    const kept = desk.store.journal.between(0, desk.store.journal.head());
    expect(kept.map(({ type }) => type)).toEqual(['person_deleted', 'activity']);
  });

  test('[ERASE3] while the chat’s database is away the person is gone for everybody, and the chat follows later', async () => {
    const away = openDesk();
    let isAway = false;
    const chat = {
      ...away.kept.chat,
      erase: async (userId: string) => {
        if (isAway) throw new StoreUnavailable('away');
        return away.kept.chat.erase(userId);
      },
    };
    const desk = openDesk({ chat: { ...away.kept, chat } });
    const { conversation } = await visited(desk, 'A');
    isAway = true;
    expect(await erase(desk, 'A')).toMatchObject({ complete: false });
    expect(people(desk).people).toEqual([]);
    expect(desk.store.erasures.list()).toHaveLength(1);
    expect(JSON.stringify(desk.store.erasures.list())).not.toContain('"A"');
    isAway = false;
    expect(await desk.erasures.finish()).toBe(true);
    expect(await away.kept.chat.conversation(conversation)).toBeNull();
    expect(desk.store.erasures.list()).toEqual([]);
  });

  test('[ERASE13] a database that cannot be read for a moment ends no later round', async () => {
    const away = openDesk();
    let isAway = true;
    const chat = { ...away.kept.chat, erase: async () => (isAway ? Promise.reject(new StoreUnavailable('away')) : []) };
    const desk = openDesk({ chat: { ...away.kept, chat } });
    await visited(desk, 'A');
    expect(await erase(desk, 'A')).toMatchObject({ complete: false });
    vi.spyOn(desk.store.erasures, 'list').mockImplementationOnce(() => {
      throw new StoreUnavailable('SQLITE_IOERR');
    });
    expect(await desk.erasures.finish()).toBe(false);
    isAway = false;
    expect(await desk.erasures.finish()).toBe(true);
    expect(desk.store.erasures.list()).toEqual([]);
  });

  test('[ERASE4] nobody of that name: not found, with the reference under which an earlier deletion stands in the log', async () => {
    const desk = openDesk();
    await visited(desk, 'A');
    const { ref } = await erase(desk, 'A');
    const again = await desk.askLater(operator, 'people', 'delete', { idPersona: 'A' });
    expect(again).toMatchObject({ ok: false, error: { code: 'not_found', details: { ref } } });
    const never = await desk.askLater(operator, 'people', 'delete', { idPersona: 'B' });
    expect(never).toMatchObject({ ok: false, error: { code: 'not_found', details: { ref: desk.refOf('B') } } });
    expect(desk.store.activity.list({ limit: 9, kinds: ['person_deleted'] })).toHaveLength(1);
  });

  test('[ERASE5] a person of the same name who comes while the rest is removed loses nothing', async () => {
    const desk = openDesk();
    await visited(desk, 'A');
    const erasing = desk.askLater(operator, 'people', 'delete', { idPersona: 'A' });
    const next = desk.paired({ idPersona: 'A' });
    const photo = desk.photo({ idPersona: 'A', sessionId: next.id });
    granted(await erasing);
    expect(desk.store.photos.get(photo.id)).toMatchObject({ idPersona: 'A', deletedAt: null });
    expect(desk.store.sessions.get(next.id)?.status).toBe('authenticated');
  });

  test('[ERASE6] the chat of a session that is forgotten for its age is forgotten too', async () => {
    const desk = openDesk();
    const { sessionId, photo, conversation } = await visited(desk, 'A');
    granted(desk.ask(operator, 'sessions', 'end', { session_id: sessionId }));
    granted(desk.ask(operator, 'photos', 'delete', { photo_id: photo.id }));
    await desk.darkroom.clear();
    desk.jump(1);
    expect(granted(desk.commit(() => ok({ reply: pruneSessions(desk.now(), desk.sessions) }))).reply).toBe(1);
    expect(await desk.erasures.finish()).toBe(true);
    expect(await desk.kept.chat.conversation(conversation)).toBeNull();
  });

  test('[ERASE7] no byte of the person is left in the database’s files, however often its pages were moved about', async () => {
    const path = join(folder, 'desk.db');
    const desk = openDesk({ path });
    for (let round = 0; round < 5; round++) {
      const idPersona = `VICTIM-${round}-${randomUUID()}`;
      // A damaged database of before lies aside, and names the person too.
      writeFileSync(`${path}.damaged-${round}`, idPersona);
      desk.store.transaction(() => {
        for (let i = 0; i < 600; i++) {
          const whose = i % 7 === 0 ? idPersona : `P${(i * 31) % 200}`;
          const { id } = desk.photo({ idPersona: whose });
          const data = { photo_id: id, idPersona: whose, reason: 'x'.repeat((i * 97) % 900) };
          desk.store.activity.append({ at: i, kind: 'photo_rejected', who: 'operator', data, idPersona: whose });
        }
      });
      expect((await erase(desk, idPersona)).complete).toBe(true);
      expect(standsIn(idPersona)).toEqual([]);
    }
  });
});
