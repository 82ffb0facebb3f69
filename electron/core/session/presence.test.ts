import { expect, test } from 'vitest';
import { claim, granted, openDesk, tokenIn } from '../../../tests/desk-fixture.ts';
import { phone } from '../access.ts';
import { day, minute, second } from '../time.ts';
import { phonePresence } from './handlers.ts';
import { createPresence } from './presence.ts';

test('[PAIR25] a phone is there from its first connection to its last; the sockets of the one before it do not count', () => {
  const presence = createPresence({ now: () => 0 });
  const [first, second] = [phone('s', 1), phone('s', 3)];
  expect([presence.arrived(first), presence.arrived(first), presence.left(first)]).toEqual([true, false, false]);
  expect(presence.isConnected('s', 1)).toBe(true);
  expect(presence.isConnected('s', 3)).toBe(false);
  expect(presence.arrived(second)).toBe(true);
  expect(presence.left(first)).toBe(true);
  expect(presence.isConnected('s', 3)).toBe(true);
});

test('[PAIR25] a late goodbye of the phone before is not told as one of the phone that has the session now', () => {
  const desk = openDesk();
  const { id, who } = desk.paired();
  const { qr } = desk.askSession('renew', { session_id: id });
  granted(desk.pair({ token: tokenIn(qr), claim: claim('another phone') }));
  const late = phonePresence(who, false, desk.sessions);
  expect(late).toEqual({ ok: true, value: { reply: null } });
});

test('[PAIR26] a clock that is set forward or back, or a PC that slept, ends no session as idle; awake the 15 minutes count on', () => {
  const desk = openDesk();
  const { id } = desk.paired();
  const status = () => desk.askSession('get', { session_id: id }).status;
  desk.pass(10 * minute);
  for (const slept of [8 * 60 * minute, -3 * day, 2 * day]) {
    desk.jump(slept);
    desk.pass(second);
    expect(status()).toBe('authenticated');
  }
  desk.pass(4 * minute);
  expect(status()).toBe('authenticated');
  desk.pass(minute);
  expect(status()).toBe('disconnected');
});

test('[PAIR27] what comes late from a phone whose session is over leaves nothing behind', () => {
  let now = 0;
  const presence = createPresence({ now: () => now });
  const live = new Set(['over', 'here']);
  now = 5_000;
  presence.tick(live);
  for (const id of live) presence.touch(id);
  presence.forget('over');
  presence.touch('over');
  presence.tick(new Set(['here']));
  expect([presence.idleFor('here'), presence.idleFor('over')]).toEqual([0, 5_000]);
});
