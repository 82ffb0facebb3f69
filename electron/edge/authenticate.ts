/** A token says who is asking. (CONTRACT 4, "Tokens".) */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { jwtVerify } from 'jose';
import * as z from 'zod/mini';
import { readInput } from '../../protocol/codec.ts';
import { fail, ok, type Result } from '../../protocol/errors.ts';
import { id } from '../../protocol/primitives.ts';
import { userRole } from '../../protocol/user.ts';
import { operator, type Principal, phone } from '../core/access.ts';
import type { Log, SessionStore, TokenStore } from '../core/ports.ts';
import type { Credentials } from '../core/session/credentials.ts';
import { queryOf } from './request-url.ts';

export type Authenticate = (token: string | null) => Promise<Result<Principal>>;

/** A token that somebody brought, and whose it is. */
export interface Presented {
  token: string;
  found: Result<Principal>;
}

/** Services that sign with the same key may have numbers for ids. */
const subject = z.pipe(
  z.pipe(
    z.union([z.string(), z.int()]),
    z.transform(value => String(value)),
  ),
  id,
);

const claims = z.object({
  sub: subject,
  /** Ours have one; those that another program signed with the same key may be without, and then cannot be revoked. */
  jti: z.optional(z.string()),
  role: z._default(userRole, 'user'),
});

export function createAuthenticate(parts: {
  credentials: Credentials;
  sessions: SessionStore;
  tokens: TokenStore;
  secretKey: string;
}): Authenticate {
  const { credentials, sessions } = parts;
  const key = new TextEncoder().encode(parts.secretKey);
  const operatorToken = digest(credentials.operatorToken());

  return async token => {
    if (token === null) return fail('unauthorized', 'Falta el token de acceso.', { reason: 'missing' });
    if (timingSafeEqual(digest(token), operatorToken)) return ok(operator);
    if (token.split('.').length === 3) return readJwt(token, key, parts.tokens);
    const session = sessions.byPhone(credentials.hash(token));
    if (session?.status === 'authenticated') return ok(phone(session.id, session.generation));
    if (session) return fail('expired', 'La sesión terminó. Pida otro código en el mostrador.', { reason: 'session' });
    return fail('unauthorized', 'El token no es válido.', { reason: 'unknown' });
  };
}

export const notNow = fail('unavailable', 'No se puede comprobar el acceso ahora mismo; inténtelo de nuevo.');

/** Never rejects. */
export async function look(
  token: string,
  { authenticate, log }: { authenticate: Authenticate; log: Log },
): Promise<Presented> {
  const found = await authenticate(token).catch(err => {
    log.error({ err }, 'a token could not be checked');
    return notNow;
  });
  return { token, found };
}

async function readJwt(token: string, key: Uint8Array, tokens: TokenStore): Promise<Result<Principal>> {
  try {
    const { payload } = await jwtVerify(token, key, { algorithms: ['HS256'], requiredClaims: ['sub', 'exp'] });
    const found = readInput(claims, payload);
    if (!found.ok) return fail('unauthorized', 'El token no dice quién lo usa.', found.error.details);
    const { role, sub: userId, jti } = found.value;
    if (jti === undefined) return ok({ role, userId });
    if (tokens.get(jti)?.revokedAt) return fail('unauthorized', 'El token fue revocado.', { reason: 'revoked' });
    return ok({ role, userId, tokenId: jti });
  } catch (error) {
    const isLate = error instanceof Error && 'code' in error && error.code === 'ERR_JWT_EXPIRED';
    if (isLate) return fail('unauthorized', 'El token ya venció.', { reason: 'expired' });
    return fail('unauthorized', 'El token no es válido.', { reason: 'forged' });
  }
}

/** Of equal length whatever the token's, for a comparison in constant time. */
function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** `Authorization: Bearer …`; `null` without one. */
export function bearer(header: string | undefined): string | null {
  return /^Bearer +(\S+)$/i.exec(header ?? '')?.[1] ?? null;
}

/** Of a handshake: `?token=`, or as a Bearer; `null` without one. */
export function tokenOf(request: IncomingMessage): string | null {
  const query = queryOf(request).get('token');
  return query ?? bearer(request.headers.authorization);
}
