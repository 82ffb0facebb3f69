/** Who is asking. Found out once, at the edge; from there on only this counts. */
import { type Role, role, type UserRole, userRole } from '../../protocol/user.ts';

export type Principal =
  /** `tokenId` is that of a token that can be revoked. */
  { role: UserRole; userId: string; tokenId?: string } | Phone;

/** A visitor's phone: it sees its own session and nothing else. */
export interface Phone {
  role: 'phone';
  userId: string;
  sessionId: string;
  /** Of the session when this phone was paired: tells it from the one before it. */
  generation: number;
}

export const operator: Principal = { role: 'operator', userId: 'operator' };

export function phone(sessionId: string, generation: number): Phone {
  return { role: 'phone', userId: sessionId, sessionId, generation };
}

/** Roles that work with every session and photo. */
export const staff: readonly Role[] = ['operator', 'admin', 'integration'];
/** Roles that see the log and the figures. */
export const supervisors: readonly Role[] = ['operator', 'admin'];
export const staffAndPhone: readonly Role[] = [...staff, 'phone'];
export const anyone: readonly Role[] = role.options;
/** Everybody but phones. */
export const users: readonly Role[] = userRole.options;

/** Whether a phone's request is about its own session. Staff may always. */
export function maySeeSession(principal: Principal, sessionId: string | null): boolean {
  return principal.role === 'phone' ? principal.sessionId === sessionId : staff.includes(principal.role);
}
