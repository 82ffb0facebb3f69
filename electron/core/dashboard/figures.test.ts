/** What a commit adds to the figures, by the rules as they are put together, on a real database. */
import { afterEach, expect, test } from 'vitest';
import { fail, ok } from '../../../protocol/errors.ts';
import { type Desk, openDesk, tokenIn } from '../../../tests/desk-fixture.ts';
import { operator } from '../access.ts';
import { photoEvent, photoLine } from '../photo/photo.ts';
import { phonePresence } from '../session/handlers.ts';
import { sessionOfScan } from '../session/scan.ts';
import { createUnwritten } from './figures.ts';
import { figuresOf } from './overview.ts';

const zone = process.env.TZ;
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

const since = (desk: Desk) => desk.store.figures.total(0, desk.now());
const funnel = (desk: Desk) => desk.store.figures.funnel(0, desk.now());

function receive(desk: Desk, sessionId: string) {
  const photo = desk.photo({ sessionId });
  desk.commit(() =>
    ok({
      reply: null,
      events: [photoEvent('photo_received', photo)],
      log: [photoLine('photo_received', photo, sessionId)],
    }),
  );
  return photo;
}

test('[DASH24] a visit moves the counters and the funnel step by step, in the commits that it makes anyway', () => {
  const desk = openDesk();
  const { id } = desk.paired();
  expect(funnel(desk)).toEqual({ shown: 1, scanned: 1, paired: 1, photo: 0, accepted: 0 });
  desk.jump(5_000);
  const photo = receive(desk, id);
  receive(desk, id);
  expect(funnel(desk)).toMatchObject({ photo: 1, accepted: 0 });
  desk.ask(operator, 'photos', 'review', { photo_id: photo.id, verdict: 'rejected' });
  expect(funnel(desk)).toMatchObject({ photo: 1, accepted: 0 });
  desk.ask(operator, 'photos', 'review', { photo_id: photo.id, verdict: 'accepted' });
  expect(funnel(desk)).toEqual({ shown: 1, scanned: 1, paired: 1, photo: 1, accepted: 1 });
  const log = [
    { kind: 'photo_refused' as const, who: id, data: {} },
    { kind: 'photo_refused' as const, who: 's0', data: { quarantined: true } },
    { kind: 'photo_quarantined' as const, who: 'server', data: {} },
  ];
  desk.commit(() => ok({ reply: null, log }));
  expect(since(desk)).toMatchObject({ sessions: 1, photos: 2, refused: 1, quarantined: 1, messages: 0 });
  // Each kept event of the journal but the lines of the log.
  expect(since(desk).events).toBe(desk.published.filter(({ seq, type }) => seq !== null && type !== 'activity').length);
});

test('[DASH24] what a failure takes back is not counted', () => {
  const desk = openDesk();
  const { id } = desk.paired();
  const before = since(desk);
  desk.commit(() => fail('conflict', 'no'));
  const photo = desk.photo({ sessionId: id });
  expect(() =>
    desk.store.transaction(() => {
      desk.store.figures.add(desk.now(), { photos: 1 });
      desk.store.figures.reached(id, 'photo', desk.now());
      throw new Error(photo.id);
    }),
  ).toThrow(photo.id);
  expect(since(desk)).toEqual(before);
  expect(funnel(desk)).toMatchObject({ photo: 0 });
});

test('[DASH25] a phone that comes back is a reconnect, its first time and that of another phone is none', () => {
  const desk = openDesk();
  const { id, who } = desk.paired();
  const came = (phone = who) => desk.commit(() => phonePresence(phone, true, desk.sessions));
  came();
  expect(since(desk).reconnects).toBe(0);
  came();
  came();
  expect(since(desk).reconnects).toBe(2);
  const { qr } = desk.askSession('renew', { session_id: id });
  desk.pair({ token: tokenIn(qr), claim: 'c'.repeat(64) });
  came({ ...who, generation: desk.store.sessions.get(id)?.generation ?? 0 });
  expect(since(desk).reconnects).toBe(2);
  // One whose session is another phone's now is not counted at all.
  came();
  expect(since(desk).reconnects).toBe(2);
});

test('[DASH26] a scan and an upload that broke off are written with the next commit, once, with their own time', () => {
  const desk = openDesk();
  const { id, qr } = desk.askSession('create', { idPersona: 'A' });
  const unwritten = createUnwritten(desk.now);
  const token = tokenIn(qr);
  const parts = { store: desk.store, credentials: desk.credentials };
  expect(sessionOfScan(token.toLowerCase(), parts)).toBe(id);
  expect(sessionOfScan('A'.repeat(26), parts)).toBeNull();
  expect(sessionOfScan(qr?.code ?? '', parts)).toBeNull();
  unwritten.scanned(id);
  unwritten.brokenOff();
  desk.jump(2_000);
  unwritten.scanned(id);
  expect(desk.commit(() => fail('unavailable', 'full')).ok).toBe(false);
  desk.commit(() => {
    unwritten.write(desk.store.figures);
    return ok({ reply: null });
  });
  unwritten.written();
  desk.commit(() => {
    unwritten.write(desk.store.figures);
    return ok({ reply: null });
  });
  expect(since(desk).broken_off).toBe(1);
  expect(funnel(desk)).toMatchObject({ shown: 1, scanned: 1, paired: 0 });
  desk.jump(1_000);
  receive(desk, id);
  expect(desk.store.figures.medianScanToPhoto(0, desk.now())).toBe(3_000);
});

test.each([
  {
    tz: 'America/Lima',
    now: '2026-03-02T12:34:56Z',
    midnight: '2026-03-02T05:00:00.000Z',
    week: '2026-03-02T11:00:00.000Z',
  },
  {
    tz: 'Asia/Kolkata',
    now: '2026-03-02T12:34:56Z',
    midnight: '2026-03-01T18:30:00.000Z',
    week: '2026-03-02T12:30:00.000Z',
  },
  {
    tz: 'Europe/Madrid',
    now: '2026-03-02T23:10:00Z',
    midnight: '2026-03-02T23:00:00.000Z',
    week: '2026-03-02T23:00:00.000Z',
  },
])('[DASH27] in $tz today and the buckets begin at local times', ({ tz, now, midnight, week }) => {
  process.env.TZ = tz;
  const desk = openDesk();
  const at = Date.parse(now);
  desk.store.figures.add(at, { photos: 1 });
  desk.store.figures.add(Date.parse(midnight), { photos: 10 });
  desk.store.figures.add(Date.parse(midnight) - 60_000, { photos: 100 });
  const figures = figuresOf(desk.store.figures, '7d', at);
  expect(figures.today).toMatchObject({ since: midnight, photos: 11 });
  expect(Date.parse(figures.series.from) + 55 * 180 * 60_000).toBe(Date.parse(week));
  expect(figures.series.photos).toHaveLength(56);
  expect(figures.series.photos.reduce((sum, each) => sum + each)).toBe(111);
  const quarter = figuresOf(desk.store.figures, '15m', at);
  expect(quarter.series).toMatchObject({ step_s: 60, photos: expect.objectContaining({ length: 15 }) });
  expect(quarter.series.photos.at(-1)).toBe(1);
  expect(figuresOf(desk.store.figures, '24h', at).series.photos).toHaveLength(48);
});
