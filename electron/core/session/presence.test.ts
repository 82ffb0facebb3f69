import { expect, test } from 'vitest';
import { claim, granted, openDesk, tokenIn } from '../../../tests/desk-fixture.ts';
import { phone } from '../access.ts';
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
