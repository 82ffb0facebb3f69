/** The one way to write, and the way of a request. (STYLE, "A message travels one way".) */
import { describe, expect, test } from 'vitest';
import { fail, ok } from '../../protocol/errors.ts';
import { atOnce, granted, openDesk, verdict } from '../../tests/desk-fixture.ts';
import { operator } from './access.ts';
import { createDispatch } from './dispatch.ts';
import { StoreUnavailable } from './ports.ts';

const line = { kind: 'server_started' as const, who: 'server', data: {} };

function everything(desk: ReturnType<typeof openDesk>) {
  const { sessions, photos, journal, activity } = desk.store;
  return { live: sessions.live(), photos: photos.totals(), head: journal.head(), log: activity.list({ limit: 100 }) };
}

describe('commit', () => {
  test('[COMMIT1] a refusal leaves nothing of the work, and tells nobody', () => {
    const desk = openDesk();
    const before = everything(desk);
    const result = desk.commit(() => {
      desk.photo();
      desk.store.activity.append({ ...line, at: 1, idPersona: null });
      return fail('conflict', 'no');
    });
    expect(verdict(atOnce(result))).toBe('conflict');
    expect(everything(desk)).toEqual(before);
    expect(desk.published).toEqual([]);
  });

  test('[COMMIT2] an exception leaves nothing either, and goes on to whoever called', () => {
    const desk = openDesk();
    const before = everything(desk);
    expect(() =>
      desk.commit(() => {
        desk.photo();
        throw new Error('a bug');
      }),
    ).toThrow('a bug');
    expect(everything(desk)).toEqual(before);
    expect(verdict(desk.commit(() => ok({ reply: null, log: [line] })))).toBe('ok');
  });

  test('[COMMIT3] where the store does not write the answer is `unavailable`, at whichever step, and nothing is told', () => {
    for (const step of ['journal', 'activity', 'transaction'] as const) {
      const desk = openDesk();
      const { id } = desk.paired();
      const before = everything(desk);
      desk.published.length = 0;
      const broken = () => {
        throw new StoreUnavailable('SQLITE_FULL');
      };
      const real = {
        append: desk.store[step === 'activity' ? 'activity' : 'journal'].append,
        begin: desk.store.transaction,
      };
      if (step === 'journal') desk.store.journal.append = broken;
      else if (step === 'activity') desk.store.activity.append = broken;
      else desk.store.transaction = broken;
      expect(verdict(desk.ask(operator, 'sessions', 'end', { session_id: id }))).toBe('unavailable store');
      expect(everything(desk)).toEqual(before);
      expect([desk.published, desk.revoked]).toEqual([[], []]);
      if (step === 'transaction') desk.store.transaction = real.begin;
      else Object.assign(desk.store[step], { append: real.append });
      expect(verdict(desk.ask(operator, 'sessions', 'end', { session_id: id }))).toBe('ok');
    }
  });

  test('[COMMIT4] events are told after the commit, in order, the log lines last', () => {
    const desk = openDesk();
    const { id } = desk.paired({ idPersona: 'A' });
    desk.photo({ sessionId: id, idPersona: 'A' });
    desk.published.length = 0;
    desk.askSession('assign', { session_id: id, idPersona: 'B' });
    expect(desk.published.map(event => event.type)).toEqual(['session_updated', 'photo_updated', 'activity']);
    expect(desk.store.journal.between(desk.store.journal.head() - 3, desk.store.journal.head())).toEqual(
      desk.published.map(event => ({ ...event, idPersona: event.idPersona ?? null })),
    );
  });
});

describe('dispatch', () => {
  test('[COMMIT5] unknown resources and actions are named, those of every JavaScript object too', () => {
    const desk = openDesk();
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '', 'Sessions']) {
      expect(verdict(desk.ask(operator, name, 'list'))).toBe('unknown_resource');
      expect(verdict(desk.ask(operator, 'sessions', name))).toBe('unknown_action');
    }
  });

  test('[COMMIT6] permission comes before the input is looked at', () => {
    const desk = openDesk();
    const { who } = desk.paired();
    expect(verdict(desk.ask(who, 'photos', 'review', { nonsense: true }))).toBe('forbidden');
  });

  test('[COMMIT7] a handler that throws is `internal`, is written down, and the next request works', () => {
    const said: string[] = [];
    const log = {
      debug() {},
      info() {},
      warn() {},
      error: (_data: object, message: string) => void said.push(message),
    };
    const desk = openDesk();
    const before = everything(desk);
    const failing = {
      who: ['operator'] as const,
      run() {
        desk.photo();
        throw new Error('a bug');
      },
    };
    const dispatch = createDispatch(
      {
        test: {
          write: { ...failing, kind: 'writes' as const },
          read: {
            ...failing,
            kind: 'reads' as const,
            run: () => {
              throw new Error('a bug');
            },
          },
        },
      },
      { commit: desk.commit, log, journal: desk.store.journal },
    );
    for (const action of ['write', 'read']) {
      const result = dispatch({ principal: operator, connection: null }, { resource: 'test', payload: { action } });
      expect(verdict(atOnce(result))).toBe('internal');
      expect(JSON.stringify(result)).not.toContain('a bug');
    }
    expect(said).toHaveLength(2);
    expect(everything(desk)).toEqual(before);
    expect(granted(desk.ask(operator, 'sessions', 'list'))).toEqual({ sessions: [] });
  });

  test('[COMMIT8] reading where the store cannot read is `unavailable`', () => {
    const desk = openDesk();
    desk.store.photos.list = () => {
      throw new StoreUnavailable('SQLITE_IOERR');
    };
    expect(verdict(desk.ask(operator, 'photos', 'list'))).toBe('unavailable store');
  });
});
