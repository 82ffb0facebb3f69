import { expect, test } from 'vitest';
import { fail, ok, type Result } from '../../protocol/errors.ts';
import type { PairReply, PairRequest } from '../client/index.ts';
import { Kept, memoryTexts, type TextStore } from './kept.ts';
import { cleanCode, Pairing, showCode, tokenIn } from './pairing.ts';

function reply(id: string): PairReply {
  return {
    session: {
      id,
      idPersona: '…456',
      label: null,
      status: 'authenticated',
      emoji: '🦊',
      color: '#aa5500',
      shots: [],
      conversation_id: null,
      qr: null,
      created_at: '2026-01-01T00:00:00.000Z',
      phone: { connected: false, device: null },
    },
    phone_token: `token-of-${id}`,
  };
}

/** One load of the page; `texts` is what outlives it. */
function load(texts: TextStore, answer: (body: PairRequest) => Result<PairReply>, now: () => number = () => 1_000) {
  const bodies: PairRequest[] = [];
  const kept = new Kept(texts);
  const http = {
    pair: async (body: PairRequest) => {
      bodies.push(body);
      return answer(body);
    },
  };
  return { pairing: new Pairing(http, kept, now), kept, bodies };
}

test('[PHONE20] the claim is kept before it is sent, and a reload within a minute sends the same one', async () => {
  const texts = memoryTexts();
  let time = 1_000;
  const first = load(
    texts,
    () => fail('unavailable', 'Sin red.'),
    () => time,
  );
  expect(await first.pairing.pair({ token: 'TOKEN' })).toEqual({ ok: false, why: 'unreachable' });
  const { claim } = first.bodies[0] ?? {};
  expect(claim).toMatch(/^[0-9a-f]{64}$/);

  time += 59_000;
  const second = load(
    texts,
    () => ok(reply('s1')),
    () => time,
  );
  expect(second.pairing.interrupted()).toEqual({ token: 'TOKEN' });
  const paired = await second.pairing.pair({ token: 'TOKEN' });
  expect(second.bodies).toEqual([{ token: 'TOKEN', claim }]);
  expect(paired).toMatchObject({ ok: true, visit: { phone_token: 'token-of-s1', by: 'TOKEN', consented: false } });
  expect(second.pairing.interrupted()).toBeNull();
  expect(load(texts, () => fail('internal', '')).kept.visits()).toMatchObject([{ session: { id: 's1' } }]);
});

test('[PHONE21] a claim older than a minute, or of another code, is not used again', async () => {
  const texts = memoryTexts();
  let time = 0;
  const phone = load(
    texts,
    () => fail('unavailable', 'Sin red.'),
    () => time,
  );
  await phone.pairing.pair({ token: 'A' });
  await phone.pairing.pair({ code: 'K7M9Q2' });
  time = 61_000;
  await phone.pairing.pair({ code: 'K7M9Q2' });
  expect(new Set(phone.bodies.map(body => body.claim)).size).toBe(3);
  time = 130_000;
  expect(phone.pairing.interrupted()).toBeNull();
});

test('[PHONE22] each refusal has a page of its own, and a definite one ends the attempt', async () => {
  const cases = [
    [fail('expired', '', { reason: 'used' }), 'used'],
    [fail('expired', '', { reason: 'expired' }), 'expired'],
    [fail('not_found', ''), 'unknown'],
    [fail('rate_limited', ''), 'too_many'],
    [fail('unavailable', ''), 'unreachable'],
    [fail('forbidden', ''), 'other'],
  ] as const;
  for (const [answer, why] of cases) {
    const phone = load(memoryTexts(), () => answer);
    expect(await phone.pairing.pair({ token: 'T' })).toEqual({ ok: false, why });
    expect(phone.pairing.interrupted()).toEqual(why === 'unreachable' ? { token: 'T' } : null);
  }
});

test('[PHONE23] a new pairing goes in front of an older visit, which keeps its token for what it still has to send', async () => {
  const texts = memoryTexts();
  const ids = ['s1', 's2'];
  const phone = load(texts, () => ok(reply(ids.shift() ?? '')));
  await phone.pairing.pair({ token: 'A' });
  phone.kept.consent('s1', '2026-03-02');
  await phone.pairing.pair({ token: 'B' });
  expect(phone.kept.visits().map(visit => [visit.session.id, visit.phone_token, visit.consented])).toEqual([
    ['s2', 'token-of-s2', false],
    ['s1', 'token-of-s1', true],
  ]);
  phone.kept.erase();
  expect(phone.kept.visits()).toEqual([]);
});

test('[PHONE24] what another program left in the storage is not believed', () => {
  const texts = memoryTexts();
  for (const text of ['{', '7', '[{"session":{}}]', 'null']) {
    texts.set('mostrador.visits', text);
    texts.set('mostrador.attempt', text);
    const { kept, pairing } = load(texts, () => fail('internal', ''));
    expect(kept.visits()).toEqual([]);
    expect(pairing.interrupted()).toBeNull();
  }
});

test('[PHONE25] codes and addresses are read as people write them', () => {
  expect([cleanCode('k7m-9q2'), cleanCode(' k7m 9q2x '), cleanCode('k7')]).toEqual(['K7M9Q2', 'K7M9Q2', 'K7']);
  expect([showCode('K7M9Q2'), showCode('K7M'), showCode('')]).toEqual(['K7M-9Q2', 'K7M', '']);
  expect([tokenIn('/J/abc'), tokenIn('/j/ABC/'), tokenIn('/J'), tokenIn('/J/'), tokenIn('/')]).toEqual([
    'ABC',
    'ABC',
    null,
    null,
    null,
  ]);
});

test('[PHONE454] an answer of somebody else at the desk’s address is no refusal: the same claim goes out again', async () => {
  const answers = [
    fail('invalid_message', 'Portal.', { foreign: true }),
    fail('not_found', 'Router.', { foreign: true }),
  ];
  const { pairing, bodies } = load(memoryTexts(), () => answers.shift() ?? ok(reply('s1')));
  expect(await pairing.pair({ token: 'TOKEN' })).toEqual({ ok: false, why: 'unreachable' });
  expect(await pairing.pair({ token: 'TOKEN' })).toEqual({ ok: false, why: 'unreachable' });
  expect(await pairing.pair({ token: 'TOKEN' })).toMatchObject({ ok: true });
  expect(new Set(bodies.map(({ claim }) => claim)).size).toBe(1);
});
