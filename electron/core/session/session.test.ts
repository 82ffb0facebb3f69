/** Sessions and pairing by the clock. (CONTRACT 6.) */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { baseUrl, claim, granted, openDesk, tokenIn, verdict } from '../../../tests/desk-fixture.ts';
import { operator } from '../access.ts';
import { masked } from '../present.ts';
import { tidyCode } from './credentials.ts';

const second = 1_000;
const minute = 60 * second;

function waiting(desk = openDesk(), input: object = { idPersona: 'DNI-123456' }) {
  const { id, qr } = desk.askSession('create', input);
  const show = () => desk.askSession('get', { session_id: id });
  return { desk, id, token: tokenIn(qr), code: qr?.code ?? '', show };
}

describe('what a waiting session shows', () => {
  test('[PAIR1] the QR is upper case, 130 bits of base32, and lasts 60 s on the screen', () => {
    const { desk, token, show } = waiting();
    const { qr, status } = show();
    expect(status).toBe('qr_ready');
    expect(qr?.url).toBe(`${baseUrl}/J/${token}`.toUpperCase());
    expect(token).toMatch(/^[A-Z2-7]{26}$/);
    expect(Date.parse(qr?.expires_at ?? '') - desk.now()).toBe(60 * second);
    desk.pass(59 * second);
    expect(tokenIn(show().qr)).toBe(token);
    desk.pass(second);
    expect(tokenIn(show().qr)).not.toBe(token);
  });

  test('[PAIR2] each rotation is told to the desk with the new QR, and the journal never holds one', () => {
    const { desk, id } = waiting();
    desk.published.length = 0;
    desk.pass(minute);
    expect(desk.published.map(event => event.type)).toEqual(['session_updated']);
    const [event] = desk.published;
    if (!event) throw new Error('nothing was told');
    const shown = JSON.stringify(desk.present(event, 'staff'));
    expect(shown).toContain('/J/');
    expect(JSON.stringify(desk.present(event, 'phone'))).not.toContain('/J/');
    const kept = JSON.stringify(desk.store.journal.between(0, desk.store.journal.head()));
    expect(kept).toContain(id);
    expect(kept).not.toContain('/J/');
    expect(kept).not.toContain(desk.askSession('get', { session_id: id }).qr?.code);
  });

  test('[PAIR3] the token before works 30 s more, and not one longer', () => {
    const early = waiting();
    early.desk.pass(89 * second);
    expect(verdict(early.desk.pair({ token: early.token, claim: claim('a') }))).toBe('ok');
    const late = waiting();
    late.desk.pass(90 * second);
    expect(verdict(late.desk.pair({ token: late.token, claim: claim('a') }))).toBe('expired expired');
  });

  test('[PAIR4] the short code has 6 characters that nobody mistakes, and lives 5 minutes through all rotations', () => {
    const { desk, code, show } = waiting();
    expect(code).toMatch(/^[2-9A-HJKMNP-Z]{6}$/);
    desk.pass(5 * minute - second);
    expect(show().qr?.code).toBe(code);
    const other = waiting(desk);
    desk.pass(second);
    expect(show().qr?.code).not.toBe(code);
    expect(verdict(desk.pair({ code, claim: claim('a') }))).toBe('expired expired');
    expect(verdict(desk.pair({ code: other.code, claim: claim('b') }))).toBe('ok');
  });

  test('[PAIR5] a code counts however it is typed', () => {
    const ways = [
      (code: string) => code.toLowerCase(),
      (code: string) => `${code.slice(0, 3)}-${code.slice(3)}`,
      (code: string) => ` ${code.slice(0, 2)} ${code.slice(2)} `,
      (code: string) => `${code.slice(0, 3)}—${code.slice(3)}`,
    ];
    for (const way of ways) {
      const { desk, code } = waiting();
      expect(verdict(desk.pair({ code: way(code), claim: claim('a') }))).toBe('ok');
    }
    fc.assert(fc.property(fc.string(), typed => tidyCode(tidyCode(typed)) === tidyCode(typed)));
  });

  test('[PAIR6] without a network there is nothing to show; when it is back the same session shows a QR', () => {
    const { desk, show } = waiting();
    desk.network.url = null;
    expect(show().qr).toBeNull();
    desk.network.url = 'http://10.0.0.7:8080';
    expect(show().qr?.url).toContain('HTTP://10.0.0.7:8080/J/');
  });

  test('[PAIR7] emoji and colour differ among live sessions', () => {
    const desk = openDesk();
    const marks = Array.from({ length: 200 }, () => desk.askSession('create')).map(({ emoji, color }) => emoji + color);
    expect(new Set(marks).size).toBe(marks.length);
    // Other signs are drawn as black letters, as the umbrella without rain was.
    for (const mark of marks) expect(mark).toMatch(/^\p{Emoji_Presentation}#/u);
    expect(marks.filter(mark => mark.startsWith('☔'))).not.toEqual([]);
  });

  test('[PAIR7] a session that an older desk gave another sign keeps it', () => {
    const { desk, id, show } = waiting();
    const row = desk.store.sessions.get(id);
    if (!row) throw new Error('no session');
    desk.store.sessions.update({ ...row, emoji: '☂' });
    expect(show().emoji).toBe('☂');
    expect(desk.askSession('create').emoji).not.toBe('☂');
  });

  test('[PAIR8] showing a QR is not idle, for however long', () => {
    const { desk, show } = waiting();
    desk.pass(60 * minute);
    expect(show().status).toBe('qr_ready');
  });

  test('[PAIR9] a clock that jumps back leaves no QR that would never end', () => {
    const { desk, token, show } = waiting();
    desk.jump(-3 * 60 * minute);
    desk.pass(second);
    expect(tokenIn(show().qr)).not.toBe(token);
    expect(verdict(desk.pair({ token: tokenIn(show().qr), claim: claim('a') }))).toBe('ok');
  });
});

describe('pairing', () => {
  test('[PAIR10] a scan ends the QR and its code: another phone is told that it was used', () => {
    const { desk, token, code, show } = waiting();
    granted(desk.pair({ token, claim: claim('a') }, 'iPhone'));
    expect(show()).toMatchObject({ status: 'authenticated', qr: null, phone: { device: 'iPhone' } });
    expect(verdict(desk.pair({ token, claim: claim('b') }))).toBe('expired used');
    expect(verdict(desk.pair({ code, claim: claim('b') }))).toBe('expired used');
  });

  test('[PAIR11] the same claim gets the same answer again within 60 s, and not later', () => {
    const { desk, token } = waiting();
    const first = granted(desk.pair({ token, claim: claim('a') }));
    desk.jump(60 * second);
    expect(granted(desk.pair({ token, claim: claim('a') }))).toEqual(first);
    desk.jump(second);
    expect(verdict(desk.pair({ token, claim: claim('a') }))).toBe('expired used');
  });

  test('[PAIR12] what was never given out is unknown, and a code is no token', () => {
    const { desk, token, code } = waiting();
    expect(verdict(desk.pair({ token: 'A'.repeat(26), claim: claim('a') }))).toBe('not_found unknown');
    expect(verdict(desk.pair({ token: code, claim: claim('a') }))).toBe('not_found unknown');
    expect(verdict(desk.pair({ code: token, claim: claim('a') }))).toBe('not_found unknown');
    expect(verdict(desk.pair({ token: token.toLowerCase(), claim: claim('a') }))).toBe('ok');
  });

  test('[PAIR13] a used and an expired token are remembered for a day', () => {
    const used = waiting();
    granted(used.desk.pair({ token: used.token, claim: claim('a') }));
    const old = waiting(used.desk);
    used.desk.jump(23 * 60 * minute);
    used.desk.store.pairing.prune(used.desk.now() - 24 * 60 * minute);
    expect(verdict(used.desk.pair({ token: used.token, claim: claim('b') }))).toBe('expired used');
    expect(verdict(used.desk.pair({ token: old.token, claim: claim('b') }))).toBe('expired expired');
  });

  test('[PAIR14] only hashes of what lets somebody in are stored', () => {
    const folder = mkdtempSync(join(tmpdir(), 'desk-'));
    const desk = openDesk({ path: join(folder, 'd.db') });
    const { token, code } = waiting(desk);
    const { phone_token } = granted(desk.pair({ token, claim: claim('a') }));
    const rows = JSON.stringify([
      desk.store.sessions.live(),
      desk.store.journal.between(0, 1_000),
      desk.store.activity.list({ limit: 100 }),
    ]);
    for (const secret of [token, code, phone_token]) expect(rows).not.toContain(secret);
    desk.store.close();
    rmSync(folder, { recursive: true });
  });
});

describe('what becomes of a session', () => {
  test('[PAIR15] renew revokes the phone, kills its token and shows a new QR', () => {
    const desk = openDesk();
    const { id, token } = desk.paired();
    const renewed = desk.askSession('renew', { session_id: id });
    expect(renewed.status).toBe('qr_ready');
    expect(desk.revoked).toEqual([id]);
    expect(desk.store.sessions.byPhone(desk.credentials.hash(token))).toBeNull();
    const second = granted(desk.pair({ token: tokenIn(renewed.qr), claim: claim('new') }));
    expect(second.phone_token).not.toBe(token);
  });

  test('[PAIR16] renew of a waiting session replaces its QR and its code', () => {
    const { desk, id, token, code } = waiting();
    const { qr } = desk.askSession('renew', { session_id: id });
    expect(tokenIn(qr)).not.toBe(token);
    expect(qr?.code).not.toBe(code);
    expect(verdict(desk.pair({ token, claim: claim('a') }))).toBe('expired expired');
    expect(verdict(desk.pair({ code, claim: claim('a') }))).toBe('expired expired');
  });

  test('[PAIR17] a lost answer is not given again to the phone of before a renewal', () => {
    const { desk, id, token } = waiting();
    granted(desk.pair({ token, claim: claim('a') }));
    const { qr } = desk.askSession('renew', { session_id: id });
    expect(verdict(desk.pair({ token, claim: claim('a') }))).toBe('expired used');
    granted(desk.pair({ token: tokenIn(qr), claim: claim('b') }));
    expect(verdict(desk.pair({ token, claim: claim('a') }))).toBe('expired used');
  });

  test('[PAIR18] ended is terminal: no token, code, phone or renewal brings it back', () => {
    const { desk, id, token, code, show } = waiting();
    desk.askSession('end', { session_id: id });
    expect(show()).toMatchObject({ status: 'disconnected', qr: null });
    expect(verdict(desk.pair({ token, claim: claim('a') }))).toBe('expired expired');
    expect(verdict(desk.pair({ code, claim: claim('a') }))).toBe('expired expired');
    expect(verdict(desk.ask(operator, 'sessions', 'renew', { session_id: id }))).toBe('conflict');
    expect(desk.askSession('end', { session_id: id }).status).toBe('disconnected');
    desk.pass(10 * minute);
    expect(show().status).toBe('disconnected');
  });

  test('[PAIR19] a paired session ends after 15 idle minutes, and anything that is done in it begins them anew', () => {
    const desk = openDesk();
    const { id } = desk.paired();
    const status = () => desk.askSession('get', { session_id: id }).status;
    desk.pass(14 * minute);
    desk.presence.touch(id);
    desk.pass(15 * minute - second);
    expect(status()).toBe('authenticated');
    desk.pass(second);
    expect(status()).toBe('disconnected');
    expect(desk.revoked).toEqual([id]);
    const line = desk.store.activity.list({ limit: 1 })[0];
    expect(line).toMatchObject({ kind: 'session_ended', data: { reason: 'idle' } });
  });

  test('[PAIR20] assign moves the photos that were under the earlier name, and leaves those that were moved away', () => {
    const desk = openDesk();
    const { id } = desk.paired({ idPersona: 'DNI-1' });
    const mine = desk.photo({ sessionId: id, idPersona: 'DNI-1' });
    const moved = desk.photo({ sessionId: id, idPersona: 'DNI-9' });
    const foreign = desk.photo({ idPersona: 'DNI-1' });
    desk.published.length = 0;
    expect(desk.askSession('assign', { session_id: id, idPersona: 'DNI-2' }).idPersona).toBe('DNI-2');
    const of = (photo: { id: string }) => desk.store.photos.get(photo.id)?.idPersona;
    expect([of(mine), of(moved), of(foreign)]).toEqual(['DNI-2', 'DNI-9', 'DNI-1']);
    expect(desk.published.map(event => event.type)).toEqual(['session_updated', 'photo_updated', 'activity']);
  });

  test('[PAIR21] a session survives a restart: its QR, its code, its phone and its mark', () => {
    const folder = mkdtempSync(join(tmpdir(), 'desk-'));
    const path = join(folder, 'd.db');
    const before = openDesk({ path });
    const shown = before.askSession('create', { idPersona: 'DNI-1', label: 'Caja 2', shots: ['DNI anverso'] });
    const { id, token } = before.paired();
    before.store.close();
    const after = openDesk({ path, now: before.now() + 5 * second });
    expect(after.askSession('get', { session_id: shown.id })).toEqual(shown);
    expect(after.store.sessions.byPhone(after.credentials.hash(token))?.id).toBe(id);
    expect(verdict(after.pair({ token: tokenIn(shown.qr), claim: claim('a') }))).toBe('ok');
    after.pass(15 * minute - second);
    expect(after.askSession('get', { session_id: id }).status).toBe('authenticated');
    after.store.close();
    rmSync(folder, { recursive: true });
  });
});

describe('what a phone sees', () => {
  test('[PAIR22] never the whole idPersona and never a QR, in any reply or event', () => {
    const desk = openDesk();
    const person = 'DNI-48213377';
    const { id, who } = desk.paired({ idPersona: person });
    const photo = desk.photo({ sessionId: id, idPersona: person });
    const asked = [
      desk.ask(who, 'sessions', 'get', { session_id: id }),
      desk.ask(who, 'photos', 'list'),
      desk.ask(who, 'photos', 'get', { photo_id: photo.id }),
    ];
    desk.ask(operator, 'photos', 'review', { photo_id: photo.id, verdict: 'rejected', reason: 'borrosa' });
    desk.askSession('renew', { session_id: id });
    desk.askSession('assign', { session_id: id, idPersona: `${person}-B` });
    asked.push(desk.ask(who, 'sessions', 'end', { session_id: id }));
    expect(asked.map(verdict)).toEqual(['ok', 'ok', 'ok', 'ok']);
    const heard = desk.published
      .filter(event => event.rooms.includes(`@session:${id}`))
      .map(event => desk.present(event, 'phone'));
    expect(heard.length).toBeGreaterThan(5);
    const all = JSON.stringify([asked, heard]);
    expect(all).toContain('…377');
    expect(all).not.toContain(person);
    expect(all).not.toContain('/J/');
  });

  test('[PAIR23] the mask shows three characters and never more than half', () => {
    expect([null, '1', '12', '12345', '123456', 'ñandú🦊'].map(masked)).toEqual([
      null,
      '…',
      '…2',
      '…45',
      '…456',
      '…dú🦊',
    ]);
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 64, unit: 'grapheme' }), person => {
        const shown = [...(masked(person) ?? '')].length - 1;
        return shown <= 3 && shown * 2 <= [...person].length;
      }),
    );
  });

  test('[PAIR24] no session but its own: another one does not exist for it, and it may do nothing else', () => {
    const desk = openDesk();
    const { who } = desk.paired();
    const other = desk.paired({ idPersona: 'DNI-2' });
    const asked = { session_id: other.id, idPersona: 'X' };
    const answers = ['get', 'end', 'renew', 'assign', 'create', 'list'].map(action =>
      verdict(desk.ask(who, 'sessions', action, asked)),
    );
    expect(answers).toEqual(['not_found', 'not_found', 'forbidden', 'forbidden', 'forbidden', 'forbidden']);
    expect(desk.askSession('get', { session_id: other.id }).status).toBe('authenticated');
  });
});
