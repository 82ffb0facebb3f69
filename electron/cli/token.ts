/** A JWT for a program or a person (CONTRACT 4, "Tokens"): signed here, remembered by its id so that it can be listed and revoked. */
import { randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import { type UserRole, userRole } from '../../protocol/user.ts';
import type { TokenStore } from '../core/ports.ts';
import { day } from '../core/time.ts';

export const tokenRoles = userRole.options;

export interface Wish {
  sub: string;
  role: UserRole;
  /** Whole days that it lives. */
  days: number;
}

/** `now` is in milliseconds. The id is no secret. */
export async function issueToken(
  { sub, role, days }: Wish,
  { tokens, secretKey, now }: { tokens: TokenStore; secretKey: string; now: number },
): Promise<{ token: string; id: string; expiresAt: number }> {
  const id = randomBytes(6).toString('hex');
  const seconds = Math.floor(now / 1_000);
  const expiresAt = seconds * 1_000 + days * day;
  const token = await new SignJWT({ role })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(sub)
    .setJti(id)
    .setIssuedAt(seconds)
    .setExpirationTime(expiresAt / 1_000)
    .sign(new TextEncoder().encode(secretKey));
  tokens.insert({ id, sub, role, issuedAt: now, expiresAt, revokedAt: null });
  return { token, id, expiresAt };
}
