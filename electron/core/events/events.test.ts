/** The journal, catching up, rooms and the log. (CONTRACT 4.) */
import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { activity } from '../../../protocol/activity.ts';
import { read } from '../../../protocol/codec.ts';
import { granted, openDesk, verdict } from '../../../tests/desk-fixture.ts';
import { operator, type Principal } from '../access.ts';
import { activityRoom } from '../rooms/rooms.ts';

const cliente: Principal = { role: 'cliente', userId: '7' };
const integration: Principal = { role: 'integration', userId: 'crm' };

describe('catching up', () => {
  test('[EVENT1] every kept event has the next number, and passing ones have none', () => {
    const desk = openDesk();
    desk.paired();
    desk.paired();
    const kept = desk.published.map(event => event.seq);
    expect(kept).toEqual(kept.map((_, index) => index + 1));
    expect(new Set(desk.published.map(event => event.id)).size).toBe(kept.length);
    expect(desk.store.journal.head()).toBe(kept.length);
  });

  test('[EVENT2] resume gives what came after, up to the head at connecting, in order and once', () => {
    const desk = openDesk();
    const created = Array.from({ length: 5 }, () => desk.askSession('create').id);
    const here = desk.connect(operator);
    const head = desk.store.journal.head();
    desk.askSession('create');
    const { reply, replay } = granted(here.ask('events', 'resume', { after: 2 }));
    const seqs = (replay ?? []).map(event => event.seq);
    // Two events a session: the session's own and its line in the log, which is for another room.
    expect(seqs).toEqual([3, 5, 7, 9]);
    expect(reply).toEqual({ from: 2, to: head, count: 4, complete: true });
    const told = (replay ?? []).map(event => (event.type === 'session_updated' ? event.data.session.id : null));
    expect(told).toEqual(created.slice(1));
  });

  test('[EVENT3] a phone catches up with its own session alone', () => {
    const desk = openDesk();
    const mine = desk.paired();
    desk.paired({ idPersona: 'DNI-2' });
    const { replay } = granted(desk.connect(mine.who).ask('events', 'resume', { after: 0 }));
    expect(replay?.length).toBe(2);
    for (const event of replay ?? []) expect(event.rooms).toContain(`@session:${mine.id}`);
    expect(granted(desk.connect(cliente).ask('events', 'resume', { after: 0 })).replay).toEqual([]);
  });

  test('[EVENT4] what is no longer kept, and what never was, is said to be incomplete', () => {
    const desk = openDesk();
    for (let made = 0; made < 10; made++) desk.askSession('create');
    const head = desk.store.journal.head();
    const complete = (after: number) =>
      read(
        z.object({ complete: z.boolean() }),
        granted(desk.connect(operator).ask('events', 'resume', { after })).reply,
      );
    expect(complete(0)).toEqual({ ok: true, value: { complete: true } });
    desk.store.journal.prune(5, 0);
    expect(desk.store.journal.oldest()).toBe(head - 4);
    expect(complete(head - 5)).toEqual({ ok: true, value: { complete: true } });
    expect(complete(head - 6)).toEqual({ ok: true, value: { complete: false } });
    expect(complete(head + 1)).toEqual({ ok: true, value: { complete: false } });
    desk.store.journal.prune(10_000, desk.now() + 1);
    expect(desk.store.journal.oldest()).toBe(head + 1);
    expect(complete(head)).toEqual({ ok: true, value: { complete: true } });
    expect(complete(head - 1)).toEqual({ ok: true, value: { complete: false } });
    desk.askSession('create');
    expect(desk.store.journal.head()).toBe(head + 2);
  });

  test('[EVENT5] only a connection can resume, and only from a number', () => {
    const desk = openDesk();
    expect(verdict(desk.ask(operator, 'events', 'resume', { after: 0 }))).toBe('invalid_message');
    for (const after of [-1, 1.5, '3', null, Number.MAX_VALUE]) {
      expect(verdict(desk.connect(operator).ask('events', 'resume', { after }))).toBe('invalid_message');
    }
  });

  test('[EVENT6] a connection catches up one request at a time', () => {
    const desk = openDesk();
    const here = desk.connect(operator);
    here.replaying(true);
    expect(verdict(here.ask('events', 'resume', { after: 0 }))).toBe('rate_limited');
    here.replaying(false);
    expect(verdict(here.ask('events', 'resume', { after: 0 }))).toBe('ok');
  });

  test('[EVENT7] an event of another version is passed over', () => {
    const desk = openDesk();
    desk.askSession('create');
    const kept = desk.store.journal.between(0, 10).length;
    const strange = {
      id: 'evt-x',
      at: desk.now(),
      rooms: ['@desk'],
      type: 'photo_deleted',
      data: { from: 'the future' },
    };
    // A row as another version may have written it.
    desk.store.journal.append(JSON.parse(JSON.stringify(strange)));
    expect(desk.store.journal.between(0, 10)).toHaveLength(kept);
  });
});

describe('rooms', () => {
  test('[EVENT8] nobody joins a room of ours by asking, and the log is for those who run the desk', () => {
    const desk = openDesk();
    const { who, id } = desk.paired();
    for (const principal of [who, cliente, integration]) {
      for (const room of ['@desk', `@session:${id}`, activityRoom, 'anything']) {
        const here = desk.connect(principal);
        const before = [...here.rooms];
        expect(verdict(here.ask('rooms', 'join', { room }))).toBe('forbidden');
        expect([...here.rooms]).toEqual(before);
      }
    }
    const here = desk.connect(operator);
    granted(here.ask('rooms', 'join', { room: activityRoom }));
    expect(granted(here.ask('rooms', 'list')).reply).toEqual({ rooms: ['admin_dashboard', activityRoom] });
    granted(here.ask('rooms', 'leave', { room: '@desk' }));
    expect(here.rooms.has('@desk')).toBe(true);
    granted(here.ask('rooms', 'leave', { room: activityRoom }));
    expect(here.rooms.has(activityRoom)).toBe(false);
    expect(verdict(desk.ask(operator, 'rooms', 'join', { room: activityRoom }))).toBe('invalid_message');
  });
});

describe('the log', () => {
  const list = (desk: ReturnType<typeof openDesk>, query: object = {}, who: Principal = operator) =>
    granted(read(z.object({ activity: z.array(activity) }), granted(desk.ask(who, 'activity', 'list', query))))
      .activity;

  test('[ACT1] the newest lines, oldest first, or those after one, or of some kinds', () => {
    const desk = openDesk();
    desk.paired();
    desk.paired();
    const all = list(desk);
    expect(all.map(line => line.kind)).toEqual([
      'session_created',
      'session_paired',
      'session_created',
      'session_paired',
    ]);
    expect(list(desk, { limit: 2 })).toEqual(all.slice(2));
    expect(list(desk, { after: all[0]?.id, limit: 2 })).toEqual(all.slice(1, 3));
    expect(list(desk, { kinds: ['session_paired'] })).toEqual([all[1], all[3]]);
    expect(list(desk, { kinds: [] })).toEqual(all);
  });

  test('[ACT5] read back page by page, each line comes once; of some kinds too', () => {
    const desk = openDesk();
    for (let visit = 0; visit < 5; visit += 1) desk.paired();
    const all = list(desk);
    const readBack = (query: object) => {
      const found = list(desk, { ...query, limit: 3 });
      for (let page = found; page.length > 0; found.unshift(...page))
        page = list(desk, { ...query, limit: 3, before: found[0]?.id });
      return found;
    };
    expect(readBack({})).toEqual(all);
    expect(readBack({ kinds: ['session_paired'] })).toEqual(all.filter(({ kind }) => kind === 'session_paired'));
    expect(list(desk, { before: all[0]?.id })).toEqual([]);
    expect(verdict(desk.ask(operator, 'activity', 'list', { before: '4', after: '1' }))).toBe('invalid_message');
    expect(verdict(desk.ask(operator, 'activity', 'list', { before: '4 OR 1' }))).toBe('invalid_message');
  });

  test('[ACT2] it is for operator and admin', () => {
    const desk = openDesk();
    const { who } = desk.paired();
    expect(verdict(desk.ask({ role: 'admin', userId: 'a' }, 'activity', 'list'))).toBe('ok');
    for (const principal of [who, cliente, integration]) {
      expect(verdict(desk.ask(principal, 'activity', 'list'))).toBe('forbidden');
    }
  });

  test('[ACT3] each line is told to the room `activity` alone, with a sentence', () => {
    const desk = openDesk();
    desk.paired({ idPersona: 'DNI-1' });
    const lines = desk.published.filter(event => event.type === 'activity');
    expect(lines.map(event => event.rooms)).toEqual([[activityRoom], [activityRoom]]);
    expect(list(desk)[1]?.text).toBe('Un teléfono (iPhone) se unió a la sesión de DNI-1.');
  });

  test('[ACT4] old lines go', () => {
    const desk = openDesk();
    desk.paired();
    desk.store.activity.prune(desk.now() + 1);
    expect(list(desk)).toEqual([]);
  });
});
