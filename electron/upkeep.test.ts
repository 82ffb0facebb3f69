import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { noon, openDesk } from '../tests/desk-fixture.ts';
import { createUnwritten } from './core/dashboard/figures.ts';
import { tokenRoom } from './core/rooms/rooms.ts';
import { day, minute, second } from './core/time.ts';
import { startUpkeep } from './upkeep.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());

/** The rounds on a real database; `wait` lets time go by for the clock and for the timers alike. */
function open(retentionDays = 30, desk = openDesk()) {
  const ended: string[] = [];
  const problems: string[] = [];
  const warnings: string[] = [];
  const stop = startUpkeep({
    commit: desk.commit,
    unwritten: createUnwritten(desk.now),
    connections: { end: room => void ended.push(room) },
    sessions: desk.sessions,
    darkroom: desk.darkroom,
    clearAttachments: async () => {},
    erasures: desk.erasures,
    retentionDays: () => retentionDays,
    log: {
      debug() {},
      info() {},
      warn: (_data, message) => void warnings.push(message),
      error: (_data, message) => void problems.push(message),
    },
  });
  const wait = (ms: number) => {
    desk.jump(ms);
    vi.advanceTimersByTime(Math.min(ms, 20 * minute));
  };
  return { desk, ended, problems, warnings, stop, wait };
}

test('[UPKEEP1] a photo, a session, a log line and an event that are older than they may be are gone within ten minutes, and no younger ones', () => {
  const { desk, wait, stop } = open(2);
  const { id: old } = desk.paired();
  desk.askSession('end', { session_id: old });
  const oldPhoto = desk.photo({ idPersona: 'A' });
  wait(day + second);
  const { id: young } = desk.paired();
  desk.askSession('end', { session_id: young });
  const youngPhoto = desk.photo({ idPersona: 'B' });
  const lines = () => new Set(desk.store.activity.list({ limit: 200 }).map(({ at }) => at));
  const dropped = vi.spyOn(desk.store, 'dropAside');
  expect(desk.store.journal.oldest()).toBeGreaterThan(1);
  expect(lines()).toContain(noon);
  wait(day + minute);
  expect(desk.store.sessions.get(old)).toBeNull();
  expect(desk.store.sessions.get(young)).not.toBeNull();
  expect(desk.store.photos.get(oldPhoto.id)?.deletedAt).not.toBeNull();
  expect(desk.store.photos.get(youngPhoto.id)?.deletedAt).toBeNull();
  expect(lines()).not.toContain(noon);
  // What names people in a damaged database's copy as well.
  expect(Math.abs((dropped.mock.lastCall?.[0] ?? 0) - (desk.now() - 2 * day))).toBeLessThan(20 * minute);
  stop();
});

describe('[UPKEEP380] a clock that leaps ahead deletes nothing for its age for a day, in which it can be put right', () => {
  const isThere = (desk: ReturnType<typeof openDesk>, id: string) => desk.store.photos.get(id)?.deletedAt === null;

  /** Time as it goes by while the server runs. */
  function live(desk: ReturnType<typeof openDesk>, ms: number) {
    for (let left = ms; left > 0; left -= 10 * minute) {
      desk.jump(10 * minute);
      vi.advanceTimersByTime(10 * minute);
    }
  }

  test('[UPKEEP380] while it runs: a day later it is believed', () => {
    const { desk, warnings, wait, stop } = open(30);
    const { id } = desk.photo();
    wait(365 * day);
    expect(warnings).toHaveLength(1);
    live(desk, day - 30 * minute);
    expect(isThere(desk, id)).toBe(true);
    live(desk, 20 * minute);
    expect(isThere(desk, id)).toBe(false);
    expect(warnings).toHaveLength(1);
    stop();
  });

  test('[UPKEEP380] over a restart: put right, all is as it was', () => {
    const first = open(2);
    const { id } = first.desk.photo();
    first.desk.askSession('create');
    first.stop();
    first.desk.jump(365 * day);
    const { desk, warnings, wait, stop } = open(2, first.desk);
    expect(warnings).toHaveLength(1);
    expect(isThere(desk, id)).toBe(true);
    desk.jump(-365 * day);
    live(desk, day);
    expect(isThere(desk, id)).toBe(true);
    wait(day + minute);
    expect(isThere(desk, id)).toBe(false);
    expect(warnings).toHaveLength(1);
    stop();
  });

  test('[UPKEEP450] a restart under the wrong clock, with work done by it, shortens nothing', () => {
    const first = open(2);
    const { id } = first.desk.photo();
    first.desk.askSession('create');
    first.stop();
    first.desk.jump(365 * day);
    const second = open(2, first.desk);
    second.desk.askSession('create');
    second.desk.jump(10 * minute);
    second.desk.askSession('create');
    second.stop();
    const { desk, warnings, stop } = open(2, second.desk);
    expect(warnings).toHaveLength(1);
    live(desk, day - 30 * minute);
    expect(isThere(desk, id)).toBe(true);
    live(desk, 30 * minute);
    expect(isThere(desk, id)).toBe(false);
    stop();
  });
});

test('[UPKEEP2] who came in with a token that was revoked elsewhere is shown out within a second', () => {
  const { desk, ended, wait, stop } = open();
  const token = { id: 't1', sub: 'crm', role: 'integration', issuedAt: noon, expiresAt: noon + day, revokedAt: null };
  desk.store.tokens.insert(token);
  wait(second);
  expect(ended).toEqual([]);
  desk.store.tokens.revoke('t1', desk.now());
  wait(second);
  expect(ended).toContain(tokenRoom('t1'));
  stop();
});

test('[UPKEEP3] a round that fails is logged and does not end the rounds; stopped, there are none', () => {
  const { desk, problems, wait, stop } = open();
  const { id, qr } = desk.askSession('create');
  const { revokedSince } = desk.store.tokens;
  desk.store.tokens.revokedSince = () => {
    desk.store.tokens.revokedSince = revokedSince;
    throw new Error('a bug');
  };
  wait(second);
  expect(problems).toEqual(['upkeep failed']);
  const shown = () => desk.askSession('get', { session_id: id }).qr?.url;
  wait(61 * second);
  const renewed = shown();
  expect(renewed).not.toBe(qr?.url);
  stop();
  wait(61 * second);
  expect(shown()).toBe(renewed);
});
