/** A phone trades what it scanned or typed for a token of its own. Exactly one phone can. (CONTRACT 3 and 6.) */
import { fail, ok, type Result } from '../../../protocol/errors.ts';
import type { PairReply, PairRequest } from '../../../protocol/session.ts';
import type { Outcome } from '../outcome.ts';
import { sessionFor } from '../present.ts';
import { type Credentials, tidyCode } from './credentials.ts';
import { type SessionParts, sessionEvent, toSession } from './handlers.ts';
import { base, claimRepeats, type Paired } from './session.ts';

export interface PairParts extends SessionParts {
  credentials: Credentials;
}

const used = () =>
  fail('expired', 'Este código ya lo usó otro teléfono. Pida en el mostrador que muestren uno nuevo.', {
    reason: 'used',
  });
const late = () =>
  fail('expired', 'Este código ya venció. Escanee el que se ve ahora en el mostrador.', { reason: 'expired' });

/** `device` is a short name for the phone ("iPhone", "Android"). */
export function pair(request: PairRequest, device: string, parts: PairParts): Result<Outcome<PairReply>> {
  const { store, clock, credentials, presence } = parts;
  const now = clock.now();
  const row = store.pairing.byHash(credentials.hash(request.token?.toUpperCase() ?? tidyCode(request.code ?? '')));
  const wanted = request.token === undefined ? 'code' : 'token';
  if (row?.kind !== wanted) {
    const message = 'Ese código no existe. Revise que sea el que se ve en el mostrador, o escanee el QR.';
    return fail('not_found', message, { reason: 'unknown' });
  }
  const session = store.sessions.get(row.sessionId);
  if (!session) return late();
  const claimHash = credentials.hash(request.claim);

  if (row.usedAt !== null) {
    // Revoked along with another one, without having been used itself: what counts is what became of the session.
    if (row.claimHash === null) return session.status === 'authenticated' ? used() : late();
    const isRepeat = row.claimHash === claimHash && now - row.usedAt <= claimRepeats;
    if (!isRepeat || session.status !== 'authenticated') return used();
    const token = credentials.phoneToken(session.id, session.generation, request.claim);
    if (credentials.hash(token) !== session.phoneTokenHash) return used();
    return ok({ reply: { session: sessionFor(toSession(session, parts), 'phone'), phone_token: token } });
  }
  if (row.expiresAt <= now || session.status !== 'qr_ready') return late();

  const token = credentials.phoneToken(session.id, session.generation, request.claim);
  const paired: Paired = { ...base(session), status: 'authenticated', device, phoneTokenHash: credentials.hash(token) };
  store.pairing.revoke(session.id, now);
  store.pairing.update({ ...row, usedAt: now, claimHash });
  store.sessions.update(paired);
  presence.touch(session.id);
  return ok({
    reply: { session: sessionFor(toSession(paired, parts), 'phone'), phone_token: token },
    events: [sessionEvent(paired, parts)],
    log: [
      {
        kind: 'session_paired',
        who: session.id,
        data: { session_id: session.id, idPersona: session.idPersona, device },
        idPersona: session.idPersona,
      },
    ],
  });
}
